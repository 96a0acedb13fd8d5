"""What a refusal of travel tells besides its sentence, and what is asked once more at check-in and at the doors."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.travel.allowances.rules import (
    MoreThanTheLine,
    NotGivenBack,
    PayableLine,
    check_given_back,
    check_payment,
)
from services.travel.bookings.rules import AgreedBeforeRegistration, NotEnoughSeats, check_agreed_on, check_seats
from services.travel.doors.rules import AtTheDoor, Left, those_left
from services.travel.fares.rules import FareUnclear, Step, Terms, check_terms
from services.travel.flights.rules import FlightImpossible, check_change, check_legs, check_times
from services.travel.gates.rules import (
    CaseKnown,
    Check,
    Decision,
    Person,
    Suspension,
    Trip,
    missing_at_check_in,
    missing_at_doors,
)
from services.travel.groups.rules import AllotmentTooSmall, GroupFull, check_allotment, left_after
from services.travel.journeys.rules import NotTheDestination, OutOfOrder, check_destination, check_order
from services.travel.manifests.rules import Sheet, as_html
from services.travel.nights.rules import MOST_COST, StayUnclear, check_stay, cost_within
from services.travel.offers.rules import OfferTime, check_expiry
from services.travel.transport.rules import (
    PickUpIsOver,
    Place,
    RunFull,
    RunTooLate,
    check_not_given,
    check_pickup,
    check_places,
)
from shared.problems import Problem

NOW = datetime(2021, 12, 9, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
HOUR, ONE = timedelta(hours=1), timedelta(days=1)
HE, SHE, CHILD = (UUID(int=n) for n in (1, 2, 3))
LINE = PayableLine("pocket:case", Decimal("50.00"), "EUR")


@dataclass(frozen=True)
class Leg:
    """A leg, of an hour from Minsk to Erbil unless it says otherwise."""

    from_airport: str = "MSQ"
    to_airport: str = "EBL"
    departs: datetime = NOW
    arrives: datetime = NOW + HOUR


def _fare(*steps: Step, currency: str = "EUR") -> Callable[[], None]:
    return lambda: check_terms(Terms(Decimal(100), currency, steps), "EUR")


def _stay(nights: int = 1, beds: int = 2, departs: int = 99, free: int | None = None) -> Callable[[], None]:
    free_until = None if free is None else NOW + free * ONE
    return lambda: check_stay(TODAY, TODAY + nights * ONE, beds, 2, TODAY + departs * ONE, free_until)


HALF = Decimal(50)
SAID: dict[str, list[tuple[Callable[[], Any], str]]] = {
    "fare": [
        (_fare(currency="USD"), "other_currency"),
        (_fare(Step(ONE, HALF), Step(ONE, HALF)), "same_hours_twice"),
        (_fare(Step(ONE, HALF, HALF)), "share_or_amount"),
        (_fare(Step(ONE, amount=Decimal(101))), "more_than_the_fare"),
        (_fare(Step(ONE, HALF), Step(HOUR, Decimal(40))), "keeps_less_later"),
    ],
    "flight": [
        (lambda: check_legs([Leg(to_airport="MSQ")]), "leg_goes_nowhere"),
        (lambda: check_legs([Leg(arrives=NOW)]), "arrives_before_departure"),
        (lambda: check_legs([Leg(), Leg()]), "legs_not_connected"),
        (lambda: check_legs([Leg(), Leg("EBL", "BGW")]), "connection_missed"),
        (lambda: check_times(NOW, NOW, NOW, NOW), "desk_times_out_of_order"),
        (lambda: check_times(NOW, NOW + HOUR, NOW - HOUR, NOW), "cut_off_after_departure"),
        (lambda: check_change(0, 9, ("BLR", "IRQ"), ("BLR", "SYR")), "other_countries"),
    ],
    "stay": [
        (_stay(nights=0), "no_night"),
        (_stay(nights=61), "too_many_nights"),
        (_stay(departs=0), "after_departure"),
        (_stay(beds=1), "too_few_beds"),
        (_stay(free=2), "free_after_the_end"),
        (lambda: cost_within(MOST_COST), "cost_too_high"),
    ],
}


@pytest.mark.parametrize(("kind", "what"), [(FareUnclear, "fare"), (FlightImpossible, "flight"), (StayUnclear, "stay")])
def test_a_refusal_with_several_grounds_says_which_it_is_as_a_code_and_in_words(kind: type[Problem], what: str) -> None:
    for refuse, reason in SAID[what]:
        with pytest.raises(kind) as refusal:
            refuse()
        assert refusal.value.members == {"reason": reason}
        assert refusal.value.detail


@pytest.mark.parametrize(
    ("refuse", "kind", "told"),
    [
        (
            lambda: check_payment([LINE], LINE.line, Decimal("50.01"), "EUR"),
            MoreThanTheLine,
            {"amount": "50.00", "currency": "EUR"},
        ),
        (lambda: check_given_back(NOW, None), NotGivenBack, {"paid_at": NOW.isoformat()}),
        (lambda: check_agreed_on(TODAY - 9 * ONE, NOW), AgreedBeforeRegistration, {"registered_at": NOW.isoformat()}),
        (lambda: check_seats(1, 2), NotEnoughSeats, {"left": 1, "wanted": 2}),
        (lambda: check_allotment(1, 2), GroupFull, {"left": 1, "wanted": 2}),
        (lambda: left_after(5, 2, 2), AllotmentTooSmall, {"booked": 3}),
        (lambda: check_order(NOW, NOW - ONE, NOW + ONE), OutOfOrder, {"since": (NOW + ONE).isoformat()}),
        (lambda: check_destination("SYR", "IRQ"), NotTheDestination, {"destination": "IRQ"}),
        (lambda: check_expiry(NOW, NOW, NOW + ONE), OfferTime, {"doors_at": (NOW + ONE).isoformat()}),
        (lambda: check_pickup(NOW, NOW, NOW + ONE), RunTooLate, {"doors_at": (NOW + ONE).isoformat()}),
        (lambda: check_not_given(NOW, NOW), PickUpIsOver, {"pickup_at": NOW.isoformat()}),
        (lambda: check_places(Place.STRETCHER, 0, 1), RunFull, {"place": "stretcher", "left": 0, "wanted": 1}),
    ],
)
def test_a_refusal_tells_what_is_needed_to_go_on(
    refuse: Callable[[], Any], kind: type[Problem], told: dict[str, Any]
) -> None:
    with pytest.raises(kind) as refusal:
        refuse()
    assert refusal.value.members == told
    assert refusal.value.detail or kind is not NotEnoughSeats


def test_what_happens_before_anything_is_recorded_is_in_order() -> None:
    check_order(NOW, None, None)
    check_order(NOW, NOW, None)


CASE = CaseKnown(False, "IRQ", "IQ-AR", Decision("eligible", TODAY + ONE, {HE: 1}), ())
PERSON = Person(HE, True, True, 1, True, False, False, False, (), Check("fit", NOW, TODAY + ONE))


@pytest.mark.parametrize(
    ("days", "destination", "missing"),
    [
        (1, "IRQ", []),
        (2, "IRQ", ["decision_expired", "flies_too_late"]),
        (1, "SYR", ["other_destination"]),
    ],
)
def test_at_check_in_and_at_the_doors_all_is_asked_for_the_trip_once_more(
    days: int, destination: str, missing: list[str]
) -> None:
    trip = Trip(NOW + days * ONE, destination)
    assert [each.code for each in missing_at_check_in(PERSON, CASE, trip, TODAY)] == missing
    assert [each.code for each in missing_at_doors(PERSON, CASE, trip, TODAY, "yes")] == missing


def test_without_a_trip_all_is_asked_for_today() -> None:
    suspended = replace(CASE, suspensions=(Suspension(None, TODAY, TODAY, None),))
    late = replace(PERSON, check=Check("fit", NOW, TODAY - ONE))
    assert missing_at_check_in(PERSON, CASE, None, TODAY) == []
    codes = [each.code for each in missing_at_doors(late, suspended, None, TODAY, "yes")]
    assert codes == ["destination_suspended", "flies_too_late"]


def test_a_child_who_would_fly_alone_stays_and_it_is_said_why() -> None:
    def cannot_fly(flying: Collection[UUID]) -> Collection[UUID]:
        return {CHILD} & set(flying) if HE not in flying else set()

    father = AtTheDoor(HE, uuid4(), True, False, False)
    child = AtTheDoor(CHILD, uuid4(), False, True, True)
    stranger = AtTheDoor(SHE, uuid4(), True, True, True)
    assert those_left([father, child, stranger], cannot_fly) == {
        HE: Left.NO_SHOW,
        CHILD: Left.WITHOUT_RESPONSIBLE_ADULT,
    }


def test_a_printed_page_names_its_flight() -> None:
    assert str(HE) in as_html(Sheet(HE, "HW1", "MSQ-EBL", NOW, NOW, "complete", [], ()))
