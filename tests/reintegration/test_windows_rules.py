"""On which days a line of the package is paid, counted from whose arrival, as plain functions."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from services.reintegration.payments.rules import LatePaymentUnexplained
from services.reintegration.windows.rules import (
    ALWAYS,
    PackageLineLapsed,
    PackageLineNotDue,
    Payable,
    Window,
    check_given,
    check_in_time,
    days_for,
    payable,
    read_window,
)

DAY = date(2021, 12, 20)
ONE = timedelta(days=1)
MOTHER, SON, AWAY = (UUID(int=n) for n in (1, 2, 3))
ARRIVED = {SON: datetime(2021, 12, 25, 9, tzinfo=UTC), MOTHER: datetime(2021, 12, 20, 9, tzinfo=UTC)}


def test_a_window_is_read_as_a_decision_tells_it_whatever_else_it_says() -> None:
    days = {"from_date": "2021-12-20", "until_date": "2021-12-21", "expires_on": "2021-12-22"}
    spans = {"from_arrival": "P1D", "until_arrival": "P2D", "expires_after_arrival": "P3D"}
    assert read_window(None) is None
    assert read_window({**days, **spans, "more": 1}) == Window(DAY, "P1D", DAY + ONE, "P2D", DAY + 2 * ONE, "P3D")
    assert read_window({**dict.fromkeys(days), **spans}) == Window(None, "P1D", None, "P2D", None, "P3D")


def test_a_line_counts_from_the_arrival_of_whose_it_is_and_the_cases_from_the_first() -> None:
    window = Window(from_arrival="P1D")
    found = [days_for(window, who, ARRIVED).first for who in (MOTHER, SON, None, AWAY)]
    assert found == [DAY + ONE, DAY + 6 * ONE, DAY + ONE, None]
    assert days_for(window, None, {}) == ALWAYS
    assert days_for(None, MOTHER, ARRIVED) == ALWAYS


def test_of_a_day_and_a_span_the_later_beginning_counts_and_the_earlier_end() -> None:
    both = Window(DAY, "P2D", DAY, "P2D", DAY, "P2D")
    assert payable(both, DAY) == Payable(DAY + 2 * ONE, DAY, DAY)
    assert payable(both, DAY - 9 * ONE) == Payable(DAY, DAY - 7 * ONE, DAY - 7 * ONE)
    assert payable(both, None) == Payable(DAY, DAY, DAY)
    assert payable(Window(from_arrival="P2M"), date(2021, 12, 31)).first == date(2022, 2, 28)


def test_a_line_is_given_from_its_first_day_until_it_is_lost_and_late_only_with_a_reason() -> None:
    days = Payable(DAY, DAY + ONE, DAY + 2 * ONE)
    for on in (DAY, DAY + 2 * ONE):
        check_given(days, on)
    check_in_time(days, DAY + ONE, None)
    check_in_time(days, DAY + 2 * ONE, "the bank was closed")
    check_in_time(ALWAYS, DAY, None)
    with pytest.raises(PackageLineNotDue) as early:
        check_in_time(days, DAY - ONE, "early")
    assert early.value.members == {"payable_from": "2021-12-20"}
    with pytest.raises(PackageLineLapsed) as lost:
        check_in_time(days, DAY + 3 * ONE, "late")
    assert lost.value.members == {"expires_on": "2021-12-22"}
    with pytest.raises(LatePaymentUnexplained) as late:
        check_in_time(days, DAY + 2 * ONE, None)
    assert late.value.members == {"due_until": "2021-12-21"}


@pytest.mark.parametrize(
    ("first", "last", "meets"),
    [(-9, -1, False), (-9, 0, True), (2, 9, True), (3, 9, False), (-9, 9, True)],
)
def test_an_instalment_meets_a_window_with_which_it_shares_a_day(first: int, last: int, meets: bool) -> None:
    days = Payable(DAY, None, DAY + 2 * ONE)
    assert days.meets(DAY + first * ONE, DAY + last * ONE) is meets
    assert ALWAYS.meets(DAY, DAY)
