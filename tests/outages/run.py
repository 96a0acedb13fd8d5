"""One run: the stack on servers of its own, a load of journeys, the outages, and the judgement on what is left."""

import json
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shared.settings import SERVICES
from tests.load import journal
from tests.outages.foreign import is_foreign
from tests.outages.lanes import Done, Lanes
from tests.outages.messages import parked, replay
from tests.outages.scene import SUFFERS, Scene, name_parts
from tests.outages.toxiproxy import Toxiproxy
from tests.outages.wires import Wires
from tests.servers.kafka import Kafka
from tests.servers.postgres import Postgres
from tests.servers.processes import last_lines
from tests.stack import Stack, stack

ROOT = Path(__file__).parents[2]
APIS = {"registration": 2, "eligibility": 1, "travel": 2, "reintegration": 1}
WORKERS = {"registration": 1, "eligibility": 2, "travel": 2, "reintegration": 1}
MOST = 40
"""Journeys on their way at once: after an outage those that waited all come at the same time."""
QUIET_WITHIN = 180.0
PATIENCE = 900
"""Seconds that the load gives a write or a wait: longer than all faults last. A journey that one of them holds up, a
case put aside until its handler is mended among them, goes on when they are over, or does not come to an end."""
ENDS_WITHIN = 300.0
"""Seconds for the journeys on their way to come to their end."""
Judge = Callable[[Stack, Path], list[str]]


@dataclass
class Report:
    """What a run came to. `findings` empty: nothing lost, nothing twice."""

    seed: int
    seconds: float
    counts: dict[str, int]
    done: list[dict[str, Any]]
    load: dict[str, Any]
    answered_without_kafka: int
    revived: int
    findings: list[str]
    took: dict[str, float] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)


def run(
    folder: Path,
    postgres: Postgres,
    kinds: Mapping[str, Sequence[str]],
    judge: Judge,
    *,
    seed: int,
    seconds: float,
    rate: float = 1.0,
    haste: float = 1.0,
    with_network: bool = True,
    whole: bool = True,
    tell: Callable[[str], None] = print,
) -> Report:
    """`postgres` must keep what it says it kept, and be nobody else's. `whole`: the load plays all of the operation.
    Raises `ServerMissing`."""
    watch = time.monotonic()
    took: dict[str, float] = {}

    def lap(name: str) -> None:
        nonlocal watch
        now = time.monotonic()
        took[name], watch = round(now - watch, 1), now

    with ExitStack() as opened:
        wires = Wires(opened.enter_context(Toxiproxy(folder / "toxiproxy"))) if with_network else None
        kafka = Kafka(folder / "kafka")
        kafka.make(behind={} if wires is None else wires.behind)
        kafka.start()
        opened.callback(kafka.kill)

        def fill(made: Stack) -> None:
            name_parts(made)
            if wires is not None:
                wires.join(made)

        built = opened.enter_context(
            stack(
                folder / "stack",
                postgres,
                kafka,
                apis=APIS,
                workers=WORKERS,
                addresses=None if wires is None else wires.addresses,
                sabotages={"*": SUFFERS},
                fill=fill,
            )
        )
        lap("start")
        scene = Scene(built, wires)
        lanes = Lanes(scene, kinds, seed, seconds, haste, tell)
        load = opened.enter_context(_load(built, wires, rate, seed, whole=whole))
        with _watched(scene):
            load.under_way()
            lanes.run()
            lap("outages")
        scene.heal()
        lap("healed")
        findings = [*scene.findings, *_to_quiet(scene, load)]
        lap("quiet")
        findings += [f"{kind} never came about" for kind, count in lanes.counts.items() if not count]
        findings += judge(built, load.journal)
        lap("judged")
        answered = answered_during(load.journal, lanes.done)
        if any(_is_without_kafka(each) for each in lanes.done) and not answered:
            findings.append("no write was answered while Kafka was away")
        if findings:
            _keep_logs(built)
        return Report(
            seed, seconds, lanes.counts, lanes.told(), load.summary(), answered, scene.revived, findings, took
        )


@dataclass
class _Running:
    """A load in a process of its own."""

    process: subprocess.Popen[bytes]
    folder: Path

    @property
    def journal(self) -> Path:
        return self.folder / "journal.jsonl"

    def under_way(self, seconds: float = 60) -> None:
        """Returns when it has written a little."""
        deadline = time.monotonic() + seconds
        while not self.journal.exists() or self.journal.stat().st_size < 20_000:
            assert self.process.poll() is None, f"the load ended:\n{last_lines(self.folder / 'load.log')}"
            assert time.monotonic() < deadline, f"the load does not begin:\n{last_lines(self.folder / 'load.log')}"
            time.sleep(0.1)

    def no_more(self) -> None:
        """No journey is begun any more."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)

    def ended(self, seconds: float) -> bool:
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def summary(self) -> dict[str, Any]:
        try:
            found: dict[str, Any] = json.loads((self.folder / "summary.json").read_text())
        except FileNotFoundError:
            return {}
        return found


@contextmanager
def _load(built: Stack, wires: Wires | None, rate: float, seed: int, *, whole: bool) -> Iterator[_Running]:
    folder = built.folder
    addresses = built.addresses if wires is None else wires.addresses_for_the_load(built)
    (folder / "addresses.json").write_text(json.dumps(addresses))
    command = [sys.executable, "-m", "tests.load", "--data", folder, "--addresses", folder / "addresses.json"]
    command += ["--rate", rate, "--seconds", 100_000, "--seed", seed, "--patience", PATIENCE, "--most", MOST]
    command += ["--whole"] if whole else []
    command += ["--journal", folder / "journal.jsonl", "--summary", folder / "summary.json"]
    with (folder / "load.log").open("wb") as log:
        process = subprocess.Popen([*map(str, command)], stdout=subprocess.DEVNULL, stderr=log, cwd=ROOT)
    running_in = _Running(process, folder)
    try:
        yield running_in
    finally:
        running_in.process.kill()
        running_in.process.wait()


@contextmanager
def _watched(scene: Scene) -> Iterator[None]:
    watcher = threading.Thread(target=scene.watch, name="watch")
    watcher.start()
    try:
        yield
    finally:
        scene.over.set()
        watcher.join()


def _to_quiet(scene: Scene, load: _Running) -> list[str]:
    """Lets the journeys end, has replayed what only waited for a mended handler, and waits until nothing moves."""
    from tests.stack.reading import under_way

    found: list[str] = []
    load.no_more()
    for service in SERVICES:
        replay(scene, service)
    if not load.ended(ENDS_WITHIN):
        load.process.send_signal(signal.SIGUSR1)
        time.sleep(2)
        load.process.kill()
        load.process.wait()
        found.append(f"the journeys did not come to an end:\n{last_lines(scene.stack.folder / 'load.log', 100)}")
    deadline = time.monotonic() + QUIET_WITHIN
    while moving := under_way(scene.stack):
        if time.monotonic() > deadline:
            found += [f"never came to rest: {each}" for each in moving[:20]]
            break
        time.sleep(0.5)
    for service in SERVICES:
        found += [
            f"{service} left {row['type']} of {row['key']} aside ({row['reason']})"
            for row in parked(scene, service)
            if not is_foreign(row["key"])
        ]
    found += [
        f"the load met: {surprise} ({count} times)" for surprise, count in load.summary().get("surprises", {}).items()
    ]
    return found


def answered_during(path: Path, done: Sequence[Done]) -> int:
    """Writes that were acknowledged at once while Kafka was away for a second or more."""
    windows = [(each.at + 0.5, each.until) for each in done if _is_without_kafka(each)]
    return sum(
        1
        for line in path.read_bytes().splitlines()
        if b'"status":2' in line and any(begin < json.loads(line)["at"] < end for begin, end in windows)
    )


def _is_without_kafka(each: Done) -> bool:
    return each.kind.startswith("Kafka") and each.reached and each.until - each.at > 1.5


def _keep_logs(built: Stack) -> None:
    """The logs of a run that found something, where they can be looked at."""
    kept = ROOT / "build" / "faults"
    shutil.rmtree(kept, ignore_errors=True)
    kept.mkdir(parents=True)
    for path in [*built.folder.glob("*.log"), *built.folder.glob("*.json*"), built.kafka.log, built.postgres.log]:
        if path.exists():
            shutil.copy(path, kept / (path.name if path.parent == built.folder else f"{path.parent.name}.log"))


def read_journal(path: Path) -> list[journal.Asked]:
    return list(journal.read(path))
