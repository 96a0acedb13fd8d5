"""Where a case stands at home, whom to expect and when contact is lost, as plain functions."""

from datetime import UTC, date, datetime, timedelta

import pytest

from services.reintegration.arrivals.rules import LONGEST, DaysCannotBeAsked, check_days
from services.reintegration.attempts.rules import LOST_AFTER, ContactNotLostYet, Tried, check_lost
from services.reintegration.cases.rules import BeforeTheArrival, check_not_before, status_of

DAY = date(2021, 12, 20)
ONE = timedelta(days=1)


def test_days_of_arrivals_are_asked_for_up_to_the_longest_stretch() -> None:
    check_days(DAY, DAY + LONGEST)
    with pytest.raises(DaysCannotBeAsked):
        check_days(DAY, DAY + LONGEST + ONE)


def test_who_says_how_little_was_tried_counts_whole_days_and_each_way_once() -> None:
    now = datetime(2021, 12, 20, 9, 0, tzinfo=UTC)
    tried = [Tried(now - timedelta(days=days), way, "no_answer") for days, way in ((14, "a"), (5, "b"), (1, "b"))]
    assert check_lost(tried, now) == tried[0].at
    with pytest.raises(ContactNotLostYet) as refusal:
        check_lost(tried, now - timedelta(seconds=1))
    assert refusal.value.members == {
        "needed": {"attempts": 3, "days": 14, "ways": 2, "provisional": LOST_AFTER.provisional},
        "tried": {"attempts": 3, "days": 13, "ways": 2},
    }
    with pytest.raises(ContactNotLostYet) as nothing:
        check_lost([], now)
    assert nothing.value.members["tried"] == {"attempts": 0, "days": 0, "ways": 0}


@pytest.mark.parametrize(
    ("stage", "plan", "spent", "closed", "status"),
    [
        ("nobody", None, False, False, "cancelled"),
        ("nobody", "submitted", False, False, "cancelled"),
        ("nobody", "approved", False, False, "approved"),
        ("expected", "approved", True, False, "in_delivery"),
        ("expected", "draft", False, False, "expected"),
        ("arrived", "draft", False, False, "planning"),
        ("arrived", "submitted", False, False, "submitted"),
        ("arrived", None, False, False, "arrived"),
        ("arrived", "approved", True, True, "closed"),
    ],
)
def test_a_case_stands_where_the_journey_and_its_plan_put_it(
    stage: str, plan: str | None, spent: bool, closed: bool, status: str
) -> None:
    assert status_of(stage, plan, spent=spent, closed=closed) == status


def test_what_was_done_on_the_day_of_arrival_is_not_before_it_wherever_that_day_was_still_the_one_before() -> None:
    arrived = datetime(2021, 12, 20, 9, 0, tzinfo=UTC)  # in the farthest west it is the evening of the 19th
    check_not_before(DAY - ONE, arrived)
    with pytest.raises(BeforeTheArrival):
        check_not_before(DAY - ONE - ONE, arrived)
