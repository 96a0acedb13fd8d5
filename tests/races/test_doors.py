"""The moment of no return, raced a thousand times: withdrawal, hold, offload and a no at the desk against the doors."""

import os
import shutil
import tempfile
from collections import Counter
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

PLANNED = {"departed": 60, "asked again: yes": 10, "hold: placed": 15, "withdrawal: withdrawn": 30}
"""How often each outcome must be met in a part at least. These follow from what is planned more than from how quick the
machine is, and their least is far below what is found."""

BOTH_SIDES = {
    "a withdrawal before and after the doors": ("withdrawal: withdrawn", "withdrawal: too_late_to_undo"),
    "an offload before and while the doors close": ("offload: done", "offload: noted while closing"),
    "a no at the desk before and after the doors": ("no_at_the_desk: taken", "no_at_the_desk: doors-closed"),
}
"""What each kind of move must have met on either side of the doors, in each part. Load shifts how often each side is
hit, not whether: moves come from well before the doors until well after them."""

BETWEEN = (
    "cleared, then released",
    "refused clearance: withdrawn",
    "refused clearance: held",
    "hold: departure-already-cleared",
    "late withdrawal that counted after all",
)
"""What only a race between the two services brings about. How often each is hit is a matter of moments, so some of
them must be met in each part, and not all."""
BETWEEN_MET = 2

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
    missed = {side: (course.counts[side], least) for side, least in PLANNED.items() if course.counts[side] < least}
    assert not missed, f"these outcomes were met too seldom (found, least): {missed}; {told}"
    assert not one_sided(course.counts), f"{one_sided(course.counts)}; {told}"


def one_sided(counts: Counter[str]) -> list[str]:
    """What these races show nothing about, since they met one side of it only."""
    found = [f"not met: {what}" for what, sides in BOTH_SIDES.items() if not all(counts[side] for side in sides)]
    between = [side for side in BETWEEN if counts[side]]
    if len(between) < BETWEEN_MET:
        found.append(f"of what only a race brings about, this alone was met: {between}")
    return found


def test_races_that_all_fall_on_one_side_are_noticed() -> None:
    sides = [side for both in BOTH_SIDES.values() for side in both]
    met = Counter([*sides, *BETWEEN])
    assert one_sided(met) == []
    assert one_sided(met - Counter(BETWEEN[: len(BETWEEN) - BETWEEN_MET])) == []
    assert len(one_sided(met - Counter(BETWEEN[: len(BETWEEN) - BETWEEN_MET + 1]))) == 1
    for side in sides:
        assert len(one_sided(met - Counter([side]))) == 1


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
