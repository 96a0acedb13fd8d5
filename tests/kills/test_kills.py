"""`homeward up`, killed twenty times while the family's story plays: nothing is lost, and nothing happens twice."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random, SystemRandom

import pytest

from services.demo.chapters import DECIDED, GROUND, Chapter, up_to
from tests.kills.auditor import audit
from tests.kills.files import Folder
from tests.kills.nest import Nest, nest
from tests.kills.sabotage import DIED
from tests.kills.telling import Killer, blows, family_at, names_of, tell_to_the_end, until_quiet
from tests.kills.timeline import timeline
from tests.servers import kafka, postgres
from tests.servers.processes import ServerMissing, free_port

KILLS = 20

Note = Callable[[str, object], None]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_story_is_the_same_when_the_services_are_killed_twenty_times(tmp_path: Path, record_property: Note) -> None:
    seed = int(os.environ.get("HOMEWARD_SEED") or SystemRandom().randrange(1_000_000))
    undisturbed, disturbed = tmp_path / "undisturbed", tmp_path / "disturbed"
    watch = time.monotonic()
    for folder in (undisturbed, disturbed):
        folder.mkdir()
    steps: list[float] = []
    with nest(undisturbed, free_port()) as running, family_at(running.url, undisturbed) as family:
        running.start()
        family.teller.on_step = lambda _step: steps.append(time.monotonic())
        tell_to_the_end(family, times=1)
        until_quiet(undisturbed)
        running.kill()
    plain = timeline(Folder(undisturbed), names_of(family))
    assert audit(Folder(undisturbed)) == []

    journal = tmp_path / "journal.jsonl"
    step_seconds = (steps[-1] - steps[1]) / len(steps)
    with nest(disturbed, free_port()) as running, family_at(running.url, disturbed, journal) as family:
        killer = Killer(running, blows(Random(seed), len(steps), KILLS, step_seconds, start_seconds=1.0))
        killer.start()
        running.start()
        family.teller.on_step = killer.on_step
        told = tell_to_the_end(family)
        killer.finish()
        until_quiet(disturbed)
        kills = running.kills
        running.kill()
    left = Folder(disturbed, journal)
    said = (
        f"{kills} kills in {len(steps)} steps, seed {seed}, told {told} times, {len(left.journal)} acknowledged "
        f"requests, {len(left.logged)} messages in the log for {sum(map(len, left.told.values()))} facts, "
        f"{time.monotonic() - watch:.1f} s"
    )
    print(said)
    record_property("told", said)
    assert audit(left) == [], said
    assert timeline(left, names_of(family)) == plain, said
    assert kills == KILLS, said


SABOTAGED: dict[str, tuple[Chapter, str]] = {
    "inbox_is_not_asked": (DECIDED, "the journey has 2 lines for"),
    "relay_remembers_the_highest": (GROUND, "log: missing"),
    "answers_before_the_commit": (DECIDED, "does not know the key"),
}


def real_servers_are_there() -> bool:
    try:
        kafka.needed()
    except ServerMissing:
        return False
    return bool(postgres.found())


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("sabotage", SABOTAGED)
def test_the_auditor_notices_each_sabotage(sabotage: str, tmp_path: Path) -> None:
    """By the rules that judge a run on real servers, too: where these are, they are sabotaged, and not the files."""
    if real_servers_are_there():
        pytest.skip("sabotaged on real servers instead, by tests/outages/test_the_auditor_notices.py")
    last, finding = SABOTAGED[sabotage]
    folder, journal = tmp_path / "data", tmp_path / "journal.jsonl"
    folder.mkdir()
    with nest(folder, free_port(), sabotage) as running, family_at(running.url, folder, journal) as family:
        running.start()
        with revived(running, folder):
            tell_to_the_end(family, up_to(last))
            until_quiet(folder, seconds=3)
        running.kill()
    found = audit(Folder(folder, journal))
    assert any(finding in each for each in found), found


@contextmanager
def revived(running: Nest, folder: Path) -> Iterator[None]:
    """Starts the services again when they die of their own sabotage, as long as the block lasts."""
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.05):
            if (folder / DIED).exists() and running.kills == 0:
                running.kill()
                running.start()

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()
