"""The moment of no return, raced a thousand times: withdrawal, hold, offload and a no at the desk against the doors."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random, SystemRandom

import pytest
import uvloop

from tests.races.course import Stopwatch, run_all, summary
from tests.races.crowd import SHAPES, Household, bring_on_board, multiply
from tests.races.race import planned
from tests.races.running import NAMES
from tests.races.sabotage import SABOTAGES, Sabotage

RACES = 1_000
PARTS = 4
AT_ONCE = 50
SABOTAGED = 100

SIDES = {
    "departed": 60,
    "stayed: withdrawn": 1,
    "stayed: not_willing": 2,
    "stayed: gate_not_passed": 2,
    "stayed: without_responsible_adult": 5,
    "refused clearance: withdrawn": 3,
    "refused clearance: held": 1,
    "cleared, then released": 10,
    "withdrawal: withdrawn": 30,
    "withdrawal: too_late_to_undo": 5,
    "late withdrawal that counted after all": 1,
    "hold: placed": 15,
    "hold: departure-already-cleared": 1,
    "offload: done": 15,
    "offload: noted while closing": 2,
    "no_at_the_desk: taken": 10,
    "no_at_the_desk: doors-closed": 10,
    "asked again: yes": 10,
}
"""How often each outcome must be met in a part at least: races that miss a side would show nothing about it."""

Note = Callable[[str, object], None]


@dataclass(frozen=True, slots=True)
class OnBoard:
    """One family of each shape on board, in files that no process has open."""

    folder: Path
    families: Sequence[Household]

    def copied(self, folder: Path, count: int, seed: int) -> list[Household]:
        """That many copies of them, in files of their own."""
        for name in NAMES:
            shutil.copyfile(self.folder / f"{name}.db", folder / f"{name}.db")
        random = Random(seed)
        return multiply(folder, self.families, [random.randrange(len(SHAPES)) for _ in range(count)])


@pytest.fixture(scope="module")
def on_board() -> Iterator[OnBoard]:
    with tempfile.TemporaryDirectory(prefix="homeward-races-") as name:
        yield OnBoard(Path(name), uvloop.run(bring_on_board(Path(name))))


def chosen_seed() -> int:
    """Another one each time, so that each run shows something new; HOMEWARD_SEED plays the plans of a run again."""
    said = os.environ.get("HOMEWARD_SEED")
    return int(said) if said else SystemRandom().randrange(1_000_000)


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.parametrize("part", range(PARTS))
def test_nobody_both_withdraws_and_departs_nothing_is_stuck_and_no_child_is_alone(
    part: int, on_board: OnBoard, tmp_path: Path, record_property: Note
) -> None:
    seed = chosen_seed()
    count = RACES // PARTS
    families = on_board.copied(tmp_path, count, seed)
    races = [planned(number, family, seed) for number, family in enumerate(families)]
    watch = Stopwatch()
    course = uvloop.run(run_all(tmp_path, races, AT_ONCE))
    told = summary(seed, count, watch.seconds, course.counts)
    print(told)
    record_property("told", told)
    assert not course.faults, "\n".join([told, *course.faults])
    missed = {side: (course.counts[side], least) for side, least in SIDES.items() if course.counts[side] < least}
    assert not missed, f"these sides were hit too seldom (found, least): {missed}; {told}"


@pytest.mark.slow
@pytest.mark.timeout(200)
@pytest.mark.parametrize("sabotage", SABOTAGES, ids=lambda sabotage: sabotage.__name__)
def test_the_races_notice_a_service_that_would(
    sabotage: Sabotage, on_board: OnBoard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed, seen = chosen_seed(), SABOTAGES[sabotage]
    families = on_board.copied(tmp_path, SABOTAGED, seed)
    races = [planned(number, family, seed, seen.by) for number, family in enumerate(families)]
    sabotage(monkeypatch)
    course = uvloop.run(run_all(tmp_path, races, SABOTAGED // 4, until=seen.fault))
    assert course.found(seen.fault), f"unnoticed in {SABOTAGED} races, seed {seed}: {course.faults}"
