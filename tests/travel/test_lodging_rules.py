"""Nights, offers, vehicles and support at their edges, as plain functions: the last night, the moment of the doors."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.travel.escorts.rules import EscortKind
from services.travel.flights.rules import check_in_is_open, seats_left
from services.travel.nights.rules import (
    MOST_COST,
    MOST_NIGHTS,
    StayUnclear,
    check_stay,
    cost_of_ended,
    cost_within,
)
from services.travel.offers.rules import OfferTime, check_expiry, is_over
from services.travel.paper_flights.rules import walked_in
from services.travel.supports.rules import NEEDS, escorts_missing
from services.travel.transport.rules import RunTooLate, check_pickup

NOW = datetime(2021, 12, 9, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
ONE = timedelta(days=1)
A_LITTLE = timedelta(microseconds=1)
CENT = Decimal("0.01")


def _unclear(check: Callable[..., Any], *said: Any) -> str | None:
    try:
        check(*said)
    except StayUnclear as refusal:
        return str(refusal.members["reason"])
    return None


def test_a_stay_is_of_one_night_at_least_and_of_so_many_at_most() -> None:
    last = TODAY + MOST_NIGHTS * ONE
    far = last + 9 * ONE
    assert _unclear(check_stay, TODAY, TODAY + ONE, 2, 2, TODAY + ONE, None) is None
    assert _unclear(check_stay, TODAY, last, 2, 2, far, None) is None
    assert _unclear(check_stay, TODAY, TODAY, 2, 2, far, None) == "no_night"
    assert _unclear(check_stay, TODAY, last + ONE, 2, 2, far, None) == "too_many_nights"
    assert _unclear(check_stay, TODAY, TODAY + 2 * ONE, 2, 2, TODAY + ONE, None) == "after_departure"
    assert _unclear(check_stay, TODAY, TODAY + ONE, 1, 2, far, None) == "too_few_beds"


def test_a_house_takes_a_stay_back_until_its_last_day_and_no_longer() -> None:
    until = TODAY + ONE
    assert _unclear(check_stay, TODAY, until, 2, 2, until, NOW + ONE) is None
    assert _unclear(check_stay, TODAY, until, 2, 2, until, NOW + 2 * ONE) == "free_after_the_end"


def test_a_cost_is_one_that_can_be_sent() -> None:
    assert cost_within(MOST_COST - CENT) == MOST_COST - CENT
    assert _unclear(cost_within, MOST_COST) == "cost_too_high"


@pytest.mark.parametrize(
    ("at", "nights"),
    [
        (NOW - 2 * ONE, 0),
        (NOW, 0),
        (NOW + ONE, 1),
        (NOW + 2 * ONE, 2),
        (NOW + 2 * ONE + A_LITTLE, 5),
    ],
)
def test_what_is_owed_when_a_stay_ends_is_the_nights_slept_and_all_of_them_once_the_house_takes_none_back(
    at: datetime, nights: int
) -> None:
    assert cost_of_ended(Decimal(30), 2, TODAY, TODAY + 5 * ONE, NOW + 2 * ONE, at) == 60 * nights
    assert cost_of_ended(Decimal(30), 2, TODAY, TODAY + 5 * ONE, None, at) == 300


def test_seats_are_held_to_the_moment_the_doors_close_and_not_from_now_to_now() -> None:
    check_expiry(NOW + ONE, NOW, NOW + ONE)
    for expires_at in (NOW, NOW + ONE + A_LITTLE):
        with pytest.raises(OfferTime):
            check_expiry(expires_at, NOW, NOW + ONE)
    assert is_over(NOW, NOW, doors_open=True)
    assert not is_over(NOW + A_LITTLE, NOW, doors_open=True)
    assert is_over(NOW + A_LITTLE, NOW, doors_open=False)


def test_a_vehicle_comes_after_now_and_before_the_doors_close() -> None:
    check_pickup(NOW + A_LITTLE, NOW, NOW + ONE)
    for pickup_at in (NOW, NOW + ONE):
        with pytest.raises(RunTooLate):
            check_pickup(pickup_at, NOW, NOW + ONE)


@pytest.mark.parametrize(
    ("support", "there", "missing"),
    [
        ({"wheelchair"}, set(), False),
        ({"a_code_of_later"}, set(), False),
        ({"medical_escort"}, {EscortKind.MEDICAL}, False),
        ({"medical_escort"}, set(EscortKind) - {EscortKind.MEDICAL}, True),
        ({"escort", "wheelchair"}, {EscortKind.MEDICAL}, False),
        ({"escort"}, set(), True),
    ],
)
def test_an_escort_is_missing_where_a_code_asks_for_one_and_none_of_its_kind_is_there(
    support: set[str], there: set[str], missing: bool
) -> None:
    assert escorts_missing(support, NEEDS, there) is missing


def test_seats_that_are_taken_lost_or_set_aside_are_not_given() -> None:
    assert seats_left(100, 40, 7, 2) == 51


def test_check_in_is_open_from_its_moment_on() -> None:
    assert check_in_is_open("scheduled", NOW, NOW)
    assert not check_in_is_open("scheduled", NOW, NOW - A_LITTLE)


@dataclass(frozen=True)
class Line:
    """A line of the paper; with a case where it says that somebody walked in."""

    individual_id: UUID
    case_id: UUID | None


def test_who_walked_in_is_who_is_written_with_a_case_and_had_no_seat() -> None:
    stranger, seated, case = uuid4(), uuid4(), uuid4()
    lines = [Line(stranger, case), Line(seated, case), Line(uuid4(), None)]
    assert walked_in(lines, {seated}) == [(stranger, case)]
    assert walked_in(lines, {seated, case}) == [(stranger, case)]
