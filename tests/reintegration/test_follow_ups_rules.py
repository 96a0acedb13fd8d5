"""Follow-ups, the grid, the first days at home, shares and sums at their edges, as plain functions."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from services.reintegration.community.rules import (
    ProjectFull,
    SharedAlready,
    ShareDoesNotFit,
    check_not_shared,
    check_share,
    shared_after,
)
from services.reintegration.feasibility.rules import GRID, Finding, Verdict, verdict_of
from services.reintegration.followups.rules import (
    SCHEDULE,
    Kind,
    Standing,
    counts_for,
    days_of,
    missing_on,
    months_after,
    planned_for,
    standing_of,
)
from services.reintegration.postarrival.rules import (
    WINDOW,
    PostArrivalWindowOver,
    check_in_window,
    last_day,
)
from services.reintegration.reports.rules import AccountTotals, Moved, PeriodTurned, check_period, totals
from services.reintegration.surveys.rules import kept_form

DAY = date(2021, 12, 20)
ONE = timedelta(days=1)
EARLY, GRACE, LOST, LATE = (
    timedelta(days=each) for each in (SCHEDULE.early, SCHEDULE.grace, SCHEDULE.lost, SCHEDULE.late_plan)
)
CENT = Decimal("0.01")


@pytest.mark.parametrize(
    ("day", "months", "after"),
    [
        (date(2021, 12, 20), 12, date(2022, 12, 20)),
        (date(2021, 11, 30), 3, date(2022, 2, 28)),
        (date(2023, 11, 30), 3, date(2024, 2, 29)),
        (date(2021, 10, 31), 1, date(2021, 11, 30)),
        (date(2021, 6, 30), 6, date(2021, 12, 30)),
    ],
)
def test_so_many_months_later_is_the_same_day_or_the_last_of_that_month(day: date, months: int, after: date) -> None:
    assert months_after(day, months) == after


def test_a_plan_is_followed_up_from_the_return_or_from_an_approval_that_came_late() -> None:
    in_time = planned_for(DAY, DAY + LATE)
    assert [(each.kind, each.number) for each in in_time] == [(kind, n) for kind in Kind for n in (1, 2, 3)]
    assert [each.due_on for each in in_time[:3]] == [months_after(DAY, each) for each in SCHEDULE.months]
    assert planned_for(DAY, DAY + LATE + ONE)[0].due_on == months_after(DAY + LATE + ONE, SCHEDULE.months[0])


@pytest.mark.parametrize(
    ("after", "standing"),
    [
        (-EARLY - ONE, Standing.PLANNED),
        (-EARLY, Standing.DUE),
        (GRACE, Standing.DUE),
        (GRACE + ONE, Standing.OVERDUE),
        (LOST, Standing.OVERDUE),
        (LOST + ONE, Standing.LOST),
    ],
)
def test_a_follow_up_is_due_overdue_and_lost_from_the_day_after_its_bound(after: timedelta, standing: Standing) -> None:
    assert standing_of("open", DAY, DAY + after) is standing
    assert standing_of("made", DAY, DAY + after) is Standing.MADE


def test_a_list_of_the_follow_ups_that_stand_so_holds_those_that_do_and_no_other() -> None:
    open_ones = (Standing.PLANNED, Standing.DUE, Standing.OVERDUE, Standing.LOST)
    between = {each: days_of(each, DAY) for each in open_ones}
    for days in range(-LOST.days - 3, EARLY.days + 4):
        due_on = DAY + days * ONE
        listed = [each for each, (first, last) in between.items() if first <= due_on <= last]
        assert listed == [standing_of("open", due_on, DAY)], due_on


def test_a_visit_counts_for_the_earliest_it_is_not_too_early_for() -> None:
    first, second = DAY, DAY + 90 * ONE
    assert counts_for(first - EARLY, [second, first]) == first
    assert counts_for(first - EARLY - ONE, [second, first]) is None
    assert counts_for(second - EARLY, [second]) == second
    assert counts_for(second, [second, first]) == first


def test_what_is_missing_on_a_day_is_what_was_overdue_by_then() -> None:
    later, sooner = DAY + ONE, DAY
    assert missing_on(DAY + GRACE, [later, sooner]) == []
    assert missing_on(DAY + GRACE + ONE, [later, sooner]) == [sooner]
    assert missing_on(DAY + GRACE + 2 * ONE, [later, sooner]) == [sooner, later]


@pytest.mark.parametrize(
    ("first", "others", "tension", "verdict"),
    [
        (Finding.MET, Finding.NOT_MET, Finding.MET, Verdict.SUITABLE),
        (Finding.MET, Finding.UNKNOWN, Finding.MET, Verdict.SUITABLE),
        (Finding.NOT_MET, Finding.NOT_MET, Finding.MET, Verdict.NOT_SUITABLE),
        (Finding.NOT_APPLICABLE, Finding.NOT_MET, Finding.MET, Verdict.NOT_SUITABLE),
        (Finding.NOT_APPLICABLE, Finding.NOT_APPLICABLE, Finding.MET, Verdict.NOT_SUITABLE),
        (Finding.UNKNOWN, Finding.NOT_MET, Finding.MET, Verdict.OPEN),
        (Finding.MET, Finding.NOT_MET, Finding.NOT_APPLICABLE, Verdict.SUITABLE),
        (Finding.MET, Finding.NOT_MET, Finding.UNKNOWN, Verdict.OPEN),
        (Finding.UNKNOWN, Finding.NOT_MET, Finding.NOT_MET, Verdict.NOT_SUITABLE),
    ],
)
def test_a_way_of_helping_suits_for_one_reason_and_where_no_condition_fails(
    first: Finding, others: Finding, tension: Finding, verdict: Verdict
) -> None:
    row = GRID.options[0]
    useful = {**dict.fromkeys(row.useful_when, others), row.useful_when[0]: first}
    provided = {**dict.fromkeys(row.provided, Finding.MET), "little_tension": tension}
    assert verdict_of(row, {**useful, **provided}) is verdict


def test_the_first_days_at_home_are_counted_by_the_weekend_of_the_country() -> None:
    monday = date(2021, 12, 20)
    # 14 working days after it: without the 25th and 26th, the 1st and 2nd, and the 8th and 9th; or Fridays instead.
    assert last_day(monday, "GEO") == last_day(monday, None) == date(2022, 1, 7)
    assert last_day(monday, "IRQ") == date(2022, 1, 9)
    assert WINDOW.working_days == 14
    check_in_window(date(2022, 1, 9), monday, "IRQ")
    with pytest.raises(PostArrivalWindowOver) as refusal:
        check_in_window(date(2022, 1, 10), monday, "IRQ")
    assert refusal.value.members == {"until": "2022-01-09"}


def test_money_that_was_released_or_came_back_is_taken_off_what_was_committed_or_paid() -> None:
    sums = {"committed": 100, "released": 30, "paid": 50, "reversed": 20, "delivered": 7}
    moved = [Moved("A", "EUR", kind, Decimal(amount)) for kind, amount in sums.items()]
    of_another = Moved("A", "USD", "paid", Decimal(3))
    euro, dollar = totals([of_another, *moved, moved[2]])
    assert euro == AccountTotals("A", "EUR", *(Decimal(each) for each in (100, 30, 100, 20, 7)))
    assert (euro.net_committed, euro.net_paid) == (Decimal(70), Decimal(80))
    assert (dollar.currency, dollar.paid, dollar.net_committed) == ("USD", Decimal(3), Decimal(0))


def test_a_report_may_be_of_one_day_and_not_of_less() -> None:
    check_period(DAY, DAY)
    with pytest.raises(PeriodTurned):
        check_period(DAY, DAY - ONE)


@dataclass(frozen=True)
class Made:
    """A score; None where too little was answered."""

    value: Decimal | None
    answered_weight_share: Decimal


def test_scores_are_kept_as_exact_text_and_one_that_nobody_could_make_as_none() -> None:
    kept = kept_form({"economic": Made(None, Decimal("0.10"))}, Made(Decimal("1E+1"), Decimal("0.90")))
    assert kept == {
        "economic": {"value": None, "answered_weight_share": "0.10"},
        "composite": {"value": "10", "answered_weight_share": "0.90"},
    }


def test_a_share_is_taken_to_the_last_cent_of_the_line_and_of_the_project() -> None:
    ten = Decimal(10)
    check_share(ten, ten, same_currency=True, cash=False)
    for same_currency, cash, left in ((True, False, ten - CENT), (False, False, ten), (True, True, ten)):
        with pytest.raises(ShareDoesNotFit) as refusal:
            check_share(ten, left, same_currency=same_currency, cash=cash)
        fits = same_currency and not cash
        assert refusal.value.members == {"left": left if fits else Decimal("0.00")}
    assert shared_after(Decimal(100), Decimal(90), ten) == 100
    with pytest.raises(ProjectFull) as full:
        shared_after(Decimal(100), Decimal(90), ten + CENT)
    assert full.value.members == {"left": ten}
    check_not_shared(None)
    with pytest.raises(SharedAlready):
        check_not_shared(uuid4())
