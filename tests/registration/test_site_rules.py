"""Sites, what people ask there, and what a report shows, at their edges, as plain functions."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from services.registration.closures.rules import ReasonDoesNotFit, check_closure
from services.registration.conditions.rules import LATRINES, WATER, Finding, Measure, against, covered_area
from services.registration.enquiries.rules import Asked, DistressWithoutPlace, Urgency, by_week, check_distress
from services.registration.reports.rules import shown_cell
from services.registration.sites.rules import LONGEST_PERIOD, PeriodUnclear, check_period

DAY = date(2021, 12, 9)
ONE = timedelta(days=1)


def test_a_report_of_a_site_is_of_one_day_or_of_the_longest_period_and_of_no_other_beyond() -> None:
    last = DAY + (LONGEST_PERIOD - 1) * ONE
    for until in (DAY, last):
        check_period(DAY, until)
    for until in (DAY - ONE, last + ONE):
        with pytest.raises(PeriodUnclear):
            check_period(DAY, until)


def test_a_latrine_more_is_needed_for_the_first_person_whom_the_others_do_not_suffice_for() -> None:
    two = Decimal(2)
    assert against(LATRINES, 2, 40) == Finding(two, 2, Decimal("0.05"), 40, meets=True)
    assert against(LATRINES, 2, 41) == Finding(Decimal(3), 2, Decimal("0.05"), 40, meets=False)
    assert against(LATRINES, None, 40) == Finding(two, None, None, None, None)


def test_what_each_person_needs_is_reckoned_with_who_is_there_and_with_nobody() -> None:
    assert against(WATER, 45, 3) == Finding(Decimal(45), 45, Decimal("15.00"), 3, meets=True)
    assert against(WATER, 44, 3) == Finding(Decimal(45), 44, Decimal("14.67"), 2, meets=False)
    assert against(WATER, 44, 0) == Finding(Decimal(0), 44, None, 2, meets=True)
    assert against(WATER, 1, 8).per_person == Decimal("0.13")  # half is rounded up
    floor = covered_area(DAY)
    assert (floor.measure, floor.unit) == (Measure.COVERED_AREA, "m2_per_person")
    assert against(floor, 10, 3).needed == Decimal("13.5")
    assert against(floor, 10, 3).room_for == 2


@pytest.mark.parametrize(("month", "figure"), [(9, "3.5"), (10, "4.5"), (3, "4.5"), (4, "3.5")])
def test_a_person_needs_more_floor_from_october_to_march(month: int, figure: str) -> None:
    assert covered_area(date(2021, month, 1)).figure == Decimal(figure)


def test_a_period_has_the_weeks_of_its_days_and_no_week_after_its_last_sunday() -> None:
    monday, sunday = date(2021, 12, 6), date(2021, 12, 12)
    asked = [Asked(sunday, "hotline", 2), Asked(monday, "office", 1), Asked(sunday, "hotline", 3)]
    [week] = by_week(asked, monday, sunday)
    assert (week.week, week.first_day, week.by_channel, week.count) == (
        "2021-W49",
        monday,
        {"hotline": 5, "office": 1},
        6,
    )
    both = by_week(asked, sunday, sunday + ONE)
    assert [(each.first_day, each.count) for each in both] == [(monday, 6), (sunday + ONE, 0)]


def test_somebody_in_distress_has_a_place_and_somebody_who_was_told() -> None:
    check_distress(Urgency.SOON, None, None)
    check_distress(Urgency.DISTRESS, "the yard", "the doctor")
    for place, told in ((None, "the doctor"), ("the yard", None), (None, None)):
        with pytest.raises(DistressWithoutPlace):
            check_distress(Urgency.DISTRESS, place, told)


def test_the_end_of_assistance_closes_a_case_of_which_somebody_departed() -> None:
    check_closure("assistance_closed", {"departed", "withdrawn"}, duplicates=False)
    with pytest.raises(ReasonDoesNotFit):
        check_closure("assistance_closed", {"withdrawn"}, duplicates=False)


@pytest.mark.parametrize(
    ("months", "shown"),
    [
        ([2, 2, 9], None),  # four together are as few as four
        ([2, 3, 9], 14),
        ([1, 1, 1, 1, 1, 9], None),  # they can only be ones
        ([1, 1, 1, 1, 2, 9], 15),
        ([4, 4, 9], None),  # they can only be fours
        ([4, 3, 9], 16),
    ],
)
def test_a_year_is_not_shown_where_it_would_tell_a_month_that_is_hidden(months: list[int], shown: int | None) -> None:
    assert shown_cell(months) == shown
