"""Whole journeys, more of them each minute, until it bends: at which rate, and what was used up by then.

It begins with `FIRST` journeys a second and takes `MORE` with each step, on the stack of `tests.benchmarks.journeys`.
Every `SAMPLED` seconds it notes memory, lag, processor time by who took it, and how long writes took that were answered
meanwhile (from the load's own journal). It bends where a step's p99 of a write passes the bar, or its lag grows.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil

from tests.benchmarks.journeys import NICE, P99_MS, SEED, burnt, memory
from tests.benchmarks.lags import Lags
from tests.benchmarks.real_parts import Row, real_parts
from tests.load.desk import percentile
from tests.stack import Stack, stack
from tests.stack.parts import HOST

FIRST, MORE, HIGHEST = 1.0, 1.0, 12.0
STEP = 60.0
SAMPLED = 5.0
SETTLES = 0.4
"""The share of a step that is left out of its judgement: its first flights have yet to fill."""
MORE_LAG = 100
FULL = 0.9
"""The share of all cores, or of one by one process, from which it counts as used up."""
WAITS_FOR_DISK = 0.2


@dataclass(slots=True)
class Sample:
    """`took`: seconds of processor time since the last sample, by who took it. `busy`, `disk`: shares of all cores."""

    at: float
    memory: float
    lag: int
    took: dict[str, float]
    most: tuple[str, float]
    busy: float
    disk: float
    waits: list[float]


@dataclass(slots=True)
class Step:
    rate: float
    samples: list[Sample] = field(default_factory=list)

    @property
    def settled(self) -> Sequence[Sample]:
        return self.samples[int(len(self.samples) * SETTLES) :]

    @property
    def p99(self) -> float:
        return percentile([each for sample in self.settled for each in sample.waits], 0.99) * 1_000


class Watch:
    """Reads what a journal has more than at the last look: seconds from each write's intent to its end."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read = 0
        self._open: dict[int, float] = {}

    def ended(self) -> list[float]:
        if not self._path.exists():
            return []
        with self._path.open("rb") as file:
            file.seek(self._read)
            text = file.read()
        whole = text[: text.rfind(b"\n") + 1]
        self._read += len(whole)
        return list(self._waits(json.loads(line) for line in whole.splitlines()))

    def _waits(self, lines: Iterable[dict[str, Any]]) -> Iterable[float]:
        for line in lines:
            if "status" not in line:
                self._open[line["n"]] = line["at"]
            elif line["n"] in self._open:
                yield line["at"] - self._open.pop(line["n"])


def bends(step: Step) -> str | None:
    """Why it does; None where it holds."""
    if step.p99 > P99_MS:
        return f"p99 of a write {step.p99:.0f} ms"
    found = [sample.lag for sample in step.settled]
    third = max(1, len(found) // 3)
    first, last = sum(found[:third]) / third, sum(found[-third:]) / third
    return f"lag grows from {first:.0f} to {last:.0f}" if last > first * 1.5 + MORE_LAG else None


def used_up(step: Step) -> str:
    """What was, in a step."""
    samples = step.settled
    busy = sum(each.busy for each in samples) / len(samples)
    disk = sum(each.disk for each in samples) / len(samples)
    if busy >= FULL:
        return f"the processor: {busy:.0%} of all cores, {shares(samples)}"
    if disk >= WAITS_FOR_DISK:
        return f"the disk: all cores waited for it {disk:.0%} of the time ({busy:.0%} busy)"
    name, most = max((each.most for each in samples), key=lambda each: each[1])
    if most >= FULL:
        return f"one core by one process: {name}, {most:.0%} ({busy:.0%} of all cores busy)"
    return f"nothing wholly: {busy:.0%} of all cores busy, {disk:.0%} waiting for the disk, {shares(samples)}"


def shares(samples: Sequence[Sample]) -> str:
    sums: dict[str, float] = {}
    for each in samples:
        for name, seconds in each.took.items():
            sums[name] = sums.get(name, 0.0) + seconds
    whole = sum(sums.values()) or 1.0
    ordered = sorted(sums.items(), key=lambda each: -each[1])
    return ", ".join(f"{name} {seconds / whole:.0%}" for name, seconds in ordered)


class Climb:
    """The loads on their way, one a step, and what is seen of them."""

    def __init__(self, services: Stack) -> None:
        self.services = services
        self.steps: list[Step] = []
        self._addresses = services.folder / "addresses.json"
        self._addresses.write_text(json.dumps(services.addresses))
        self._loads: list[subprocess.Popen[bytes]] = []
        self._watches: list[Watch] = []
        self._lags = Lags(f"{HOST}:{services.kafka.port}")
        self._burnt = self._all_burnt()
        self._each = self._by_process()
        self._looked = time.monotonic()
        psutil.cpu_times_percent()  # counts from here

    def step(self, rate: float, seconds: float) -> Step:
        """Begins so many journeys a second beside those still on their way, and watches for as long."""
        self._begin(rate, seconds)
        step = Step(rate)
        self.steps.append(step)
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            time.sleep(min(SAMPLED, left))
            step.samples.append(self._sample())
        return step

    def end(self) -> list[int]:
        """Waits for the journeys on their way; gives how the loads ended."""
        return [load.wait(timeout=600) for load in self._loads]

    def stop(self) -> None:
        for load in self._loads:
            load.kill()
            load.wait()
        self._lags.close()

    def _begin(self, rate: float, seconds: float) -> None:
        number = len(self._loads)
        journal = self.services.folder / f"ramp-{number}.jsonl"
        command = [sys.executable, "-m", "tests.load", "--addresses", str(self._addresses)]
        command += ["--data", str(self.services.folder), "--rate", str(rate), "--seconds", str(seconds)]
        command += ["--seed", str(SEED + number), "--most", "2000", "--journal", str(journal)]
        self._loads.append(subprocess.Popen(command, stdout=subprocess.DEVNULL))
        self._watches.append(Watch(journal))

    def _sample(self) -> Sample:
        before, self._burnt = self._burnt, self._all_burnt()
        each, self._each = self._each, self._by_process()
        since, self._looked = self._looked, time.monotonic()
        cores = psutil.cpu_times_percent()
        grown = {name: seconds - each.get(name, 0.0) for name, seconds in self._each.items()}
        name, most = max(grown.items(), key=lambda one: one[1])
        return Sample(
            at=time.time(),
            memory=memory(self.services),
            lag=self._lags.most(),
            took={name: seconds - before.get(name, 0.0) for name, seconds in self._burnt.items()},
            most=(name, most / (self._looked - since)),
            busy=1 - (cores.idle + getattr(cores, "iowait", 0.0)) / 100,
            disk=getattr(cores, "iowait", 0.0) / 100,
            waits=[wait for watch in self._watches for wait in watch.ended()],
        )

    def _all_burnt(self) -> dict[str, float]:
        own = psutil.Process().cpu_times()
        return {**burnt(self.services), "the load": self._load(), "this watch": own.user + own.system}

    def _load(self) -> float:
        children = psutil.Process().cpu_times()  # of loads that ended, and were waited for
        alive = [_seconds(each.pid) for each in self._loads if each.poll() is None]
        return float(children.children_user + children.children_system) + sum(alive)

    def _by_process(self) -> dict[str, float]:
        found = {name: _seconds(part.pid) for name, part in self.services.parts.items() if part.pid}
        return {**found, **{f"load {n}": _seconds(each.pid) for n, each in enumerate(self._loads)}}


def _seconds(pid: int) -> float:
    try:
        times = psutil.Process(pid).cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)


def climbed(climb: Climb, seconds: float, highest: float) -> tuple[Step | None, str | None]:
    """The step at which it bends, and why; None where the highest rate was held."""
    rate = FIRST
    while rate <= highest:
        step = climb.step(rate, seconds)
        print(f"{rate:g}/s: p99 {step.p99:.0f} ms, lag {step.samples[-1].lag}, {used_up(step)}", flush=True)
        why = bends(step)
        if why is not None:
            return step, why
        rate += MORE
    return None, None


def rows_of(steps: Sequence[Step], bent: Step | None, why: str | None) -> list[Row]:
    held = [step.rate for step in steps if step is not bent]
    row: Row = {
        "what": f"whole journeys, {MORE:g}/s more each step, to where it bends; all on the same cores",
        "ours": max(held, default=0.0),
        "unit": "journeys/s held",
        "bends at": None if bent is None else bent.rate,
        "why": why,
        "used up": None if bent is None else used_up(bent),
    }
    return [row, *(_told(step) for step in steps)]


def _told(step: Step) -> Row:
    return {
        "what": f"{step.rate:g} journeys/s",
        "ours": round(step.p99, 1),
        "unit": "ms, p99 of a write",
        "used up": used_up(step),
        "samples": [
            {
                "at": round(each.at),
                "memory MB": round(each.memory),
                "lag": each.lag,
                "p99 ms": round(percentile(each.waits, 0.99) * 1_000),
                "busy": round(each.busy, 2),
                "disk": round(each.disk, 2),
                "processor s": {name: round(seconds, 2) for name, seconds in each.took.items()},
            }
            for each in step.samples
        ],
    }


def run(seconds: float = STEP, highest: float = HIGHEST) -> list[Row]:
    with (
        real_parts() as parts,
        TemporaryDirectory(prefix="homeward-bench-") as folder,
        stack(Path(folder), parts.postgres, parts.kafka) as services,
    ):
        for part in services.parts.values():
            if part.kind == "worker" and part.pid:
                os.setpriority(os.PRIO_PROCESS, part.pid, NICE)
        climb = Climb(services)
        try:
            bent, why = climbed(climb, seconds, highest)
            if bent is None:
                climb.end()
        finally:
            climb.stop()
        return rows_of(climb.steps, bent, why)


if __name__ == "__main__":
    for line in run(*(float(each) for each in sys.argv[1:])):
        print({name: value for name, value in line.items() if name != "samples"})
