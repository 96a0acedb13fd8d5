"""The moment of no return, raced a thousand times: withdrawal, hold, offload and a no at the desk against the doors."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
import uvloop

from tests.races.course import Stopwatch, chosen_seed, run_all, summary
from tests.races.crowd import OnBoard
from tests.races.race import planned
from tests.races.sabotage import SABOTAGES, Sabotage
from tests.races.tally import BETWEEN, BETWEEN_MET, BOTH_SIDES, PLANNED, one_sided

RACES = 150
"""In every run of the tests; `make races` has a thousand, on real servers."""
AT_ONCE = 50
SABOTAGED = 100

Note = Callable[[str, object], None]


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_nobody_both_withdraws_and_departs_nothing_is_stuck_and_no_child_is_alone(
    on_board: OnBoard, tmp_path: Path, record_property: Note
) -> None:
    seed = chosen_seed()
    families = on_board.copied(tmp_path, RACES, seed)
    races = [planned(number, family, seed) for number, family in enumerate(families)]
    watch = Stopwatch()
    course = uvloop.run(run_all(tmp_path, races, AT_ONCE))
    told = summary(seed, RACES, watch.seconds, course.counts)
    print(told)
    record_property("told", told)
    assert not course.faults, "\n".join([told, *course.faults])
    missed = {side: (course.counts[side], least) for side, least in PLANNED.items() if course.counts[side] < least}
    assert not missed, f"these outcomes were met too seldom (found, least): {missed}; {told}"
    assert not one_sided(course.counts), f"{one_sided(course.counts)}; {told}"


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
