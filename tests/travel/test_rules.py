"""Rules of travel at their edges, as plain functions: the exact moment, the last seat, the first place of the list."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from services.travel.bookings.rules import AgreedBeforeRegistration, check_agreed_on
from services.travel.doors.rules import (
    Count,
    DepartedBeforeDoorsClosed,
    ManifestDisagrees,
    check_counted,
    check_departure,
)
from services.travel.flights.rules import FlightImpossible, check_legs, check_times
from services.travel.gates.rules import (
    CaseKnown,
    Check,
    Decision,
    Person,
    Suspension,
    Trip,
    missing_at_booking,
    missing_at_check_in,
)
from services.travel.manifests.rules import COLUMNS, Sheet, SheetRow, as_csv, as_html
from services.travel.paper_flights.rules import DepartedBeforeCheckIn, check_left, differences
from services.travel.papers.rules import (
    Asked,
    Document,
    Journey,
    Stop,
    papers_asked,
    papers_missing,
    papers_relied_on,
)
from services.travel.passengers.rules import Seat, boarded_and_expected, seat_after, verbs_now
from services.travel.returns.rules import DaysTurned, check_days, shown_to_the_public
from services.travel.waiting.rules import ORDINARY, place_from

NOW = datetime(2021, 12, 9, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
A_LITTLE = timedelta(microseconds=1)
WHO = uuid4()
TRIP = Trip(NOW + timedelta(days=3), "IRQ")
CASE = CaseKnown(False, "IRQ", "IQ-AR", Decision("eligible", None, {WHO: 1}), ())
PERSON = Person(WHO, True, True, 1, True, False, False, False, (), Check("fit", TRIP.departs, None))


def _booking(case: CaseKnown, trip: Trip | None = TRIP) -> list[str]:
    return [each.code for each in missing_at_booking(PERSON, case, trip, TODAY)]


def _check_in(person: Person, trip: Trip | None = TRIP) -> list[str]:
    return [each.code for each in missing_at_check_in(person, CASE, trip, TODAY)]


def test_a_home_without_an_area_is_open_where_no_part_of_the_country_is_suspended() -> None:
    nowhere = replace(CASE, destination_area=None)
    assert _booking(nowhere) == []
    assert _booking(replace(nowhere, suspensions=(Suspension("IQ-BA", TODAY, None, None),))) == [
        "destination_area_unknown"
    ]
    assert _booking(replace(CASE, suspensions=(Suspension("IQ-AR", TODAY, None, None),))) == ["destination_suspended"]


def test_a_decision_is_asked_for_the_day_of_departure_or_for_today_where_there_is_no_trip() -> None:
    until_tomorrow = replace(CASE, decision=Decision("eligible", TODAY + timedelta(days=1), {WHO: 1}))
    assert _booking(until_tomorrow) == ["decision_expired"]
    assert _booking(until_tomorrow, None) == []


def test_who_is_still_cleared_for_another_flight_is_not_checked_in() -> None:
    assert _check_in(replace(PERSON, still_cleared=True)) == ["still_cleared"]
    assert _check_in(PERSON) == []


def test_health_lets_fly_on_its_last_day_and_to_its_last_hour() -> None:
    departs = TRIP.departs
    last_day = replace(PERSON, check=Check("fit", departs, departs.date()))
    assert _check_in(last_day) == []
    assert _check_in(last_day, Trip(departs + timedelta(days=1), "IRQ")) == ["flies_too_late"]
    short = timedelta(hours=24)
    assert _check_in(replace(PERSON, check=Check("fit", departs - short, None, short))) == []
    assert _check_in(replace(PERSON, check=Check("fit", departs - short - A_LITTLE, None, short))) == ["check_too_old"]


def test_an_aircraft_may_leave_in_the_moment_its_doors_close_and_not_before() -> None:
    check_departure(NOW, NOW, [])
    with pytest.raises(DepartedBeforeDoorsClosed) as early:
        check_departure(NOW - A_LITTLE, NOW, [])
    assert early.value.members["closing_at"] == NOW.isoformat()
    with pytest.raises(DepartedBeforeDoorsClosed) as open_still:
        check_departure(NOW, None, [])
    assert open_still.value.members["closing_at"] is None


def test_who_counted_otherwise_at_the_door_is_told_both_counts() -> None:
    check_counted(Count(23, None), Count(23, 40))
    with pytest.raises(ManifestDisagrees) as refusal:
        check_counted(Count(24, None), Count(23, 40))
    assert refusal.value.members == {
        "recorded": {"persons": 23, "pieces": 40},
        "counted": {"persons": 24, "pieces": None},
    }


def test_a_word_is_of_the_day_of_registration_where_that_day_is_still_the_one_before() -> None:
    at_night = datetime(2021, 12, 9, 9, 0, tzinfo=UTC)  # in the farthest west it is 21:00 of the day before
    check_agreed_on(date(2021, 12, 8), at_night)
    with pytest.raises(AgreedBeforeRegistration):
        check_agreed_on(date(2021, 12, 7), at_night)
    check_agreed_on(date(2021, 12, 7), None)


@pytest.mark.parametrize(("level", "good"), [(0, False), (1, True), (ORDINARY, True), (ORDINARY + 1, False)])
def test_a_cursor_names_a_level_that_the_waiting_list_has(level: int, good: bool) -> None:
    if good:
        assert place_from(str(level), NOW.isoformat(), str(WHO)).key == (level, NOW, WHO)
        return
    with pytest.raises(ValueError, match="no place"):
        place_from(str(level), NOW.isoformat(), str(WHO))


def test_who_was_cancelled_is_not_expected_and_who_flew_was_aboard() -> None:
    assert boarded_and_expected({"booked": 1, "boarded": 2, "arrived": 4, "no_show": 8, "cancelled": 16}) == (6, 15)


def test_a_seat_is_lost_from_the_cut_off_on_where_its_fare_is() -> None:
    assert seat_after(NOW, NOW, fare_is_lost=True) is Seat.LOST
    assert seat_after(NOW - A_LITTLE, NOW, fare_is_lost=True) is Seat.FREED
    assert seat_after(NOW, NOW, fare_is_lost=False) is Seat.FREED


DOORS_OPEN = ["pay_allowance", "state_willingness"]


@pytest.mark.parametrize(
    ("status", "flight", "checks_in", "adult", "ask_again", "verbs"),
    [
        ("booked", "scheduled", False, True, False, [*DOORS_OPEN, "mark_no_show", "offload_passenger"]),
        ("booked", "check_in", True, True, False, ["check_in", *DOORS_OPEN, "mark_no_show", "offload_passenger"]),
        (
            "checked_in",
            "check_in",
            True,
            False,
            False,
            [*DOORS_OPEN, "check_baggage", "board_passenger", "mark_no_show", "offload_passenger"],
        ),
        ("boarded", "check_in", True, True, False, [*DOORS_OPEN, "check_baggage", "offload_passenger"]),
        ("cleared", "closing", False, True, False, ["pay_allowance", "offload_passenger"]),
        ("cleared", "closing", False, True, True, [*DOORS_OPEN, "offload_passenger"]),
        ("cleared", "closing", False, False, True, ["pay_allowance", "offload_passenger"]),
        ("boarded", "closing", False, True, True, ["pay_allowance", "offload_passenger"]),
        ("cleared", "departed", False, True, False, ["offload_passenger"]),
        ("departed", "departed", False, True, False, ["record_transit", "record_arrival", "record_non_admission"]),
        ("checked_in", "closing", False, True, False, ["pay_allowance", "offload_passenger"]),
        ("no_show", "closing", False, True, False, []),
    ],
)
def test_the_desk_is_offered_what_can_be_done_with_a_passenger_now_and_nothing_else(
    status: str, flight: str, checks_in: bool, adult: bool, ask_again: bool, verbs: list[str]
) -> None:
    assert verbs_now(status, flight, checks_in=checks_in, adult=adult, ask_again=ask_again) == verbs


def test_returns_of_one_day_are_asked_from_that_day_to_that_day() -> None:
    check_days(TODAY, TODAY)
    with pytest.raises(DaysTurned):
        check_days(TODAY + timedelta(days=1), TODAY)


def _paper(applies: str, country: str, day: date, document: str = "visa") -> Asked:
    return Asked(country, applies, document, None, day, day)


def test_each_paper_of_a_journey_is_asked_on_the_day_of_its_own_place() -> None:
    first, second, third = (TODAY + timedelta(days=number) for number in range(3))
    stops = (
        Stop("BLR", "TUR", NOW, NOW + timedelta(days=1), "IST"),
        Stop("TUR", "IRQ", NOW + timedelta(days=1, hours=20), NOW + timedelta(days=2), "EBL"),
    )
    asked = (
        _paper("exit", "BLR", first, "exit_permit"),
        _paper("transit", "TUR", second),
        _paper("entry", "IRQ", third),
        _paper("exit", "TUR", second),
        _paper("entry", "TUR", second),
        replace(_paper("exit", "BLR", first), longer_than_hours=1, airport="MSQ"),  # of a transit alone
    )
    journey = Journey(stops, asked)
    assert (journey.departs, journey.arrives, journey.destination) == (NOW, NOW + timedelta(days=2), "IRQ")
    found = papers_asked("SYR", journey)
    assert [(each.applies, each.country, on) for each, on in found] == [
        ("exit", "BLR", first),
        ("exit", "BLR", first),
        ("transit", "TUR", second),
        ("entry", "IRQ", third),
    ]
    assert papers_asked("SYR", None) == []


def test_a_paper_of_the_right_kind_for_another_country_is_none_and_so_is_another_kind_for_this_one() -> None:
    journey = Journey((Stop("BLR", "IRQ", NOW, NOW),), (_paper("entry", "IRQ", TODAY),))
    passport = Document(uuid4(), "passport", None, None, None, single_journey=False)
    visa = Document(uuid4(), "visa", None, None, "IRQ", single_journey=False)
    elsewhere, permit = replace(visa, id=uuid4(), for_country="TUR"), replace(visa, id=uuid4(), kind="exit_permit")
    assert papers_missing("SYR", [passport, visa], journey, TODAY) == []
    assert papers_missing("SYR", [passport, elsewhere, permit], journey, TODAY) == [("visa_missing", "IRQ")]
    assert papers_relied_on("SYR", [elsewhere, permit, passport, visa], journey) == [passport.id, visa.id]
    assert papers_relied_on("SYR", [elsewhere, permit, passport], journey) == [passport.id]


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ({"a": 5, "b": 6, "c": 7}, ""),
        ({"a": 4, "b": 6, "c": 7}, "ab"),  # one alone could be worked out from the total
        ({"a": 1, "b": 3, "c": 7, "d": 9}, "abc"),  # so could two that are fewer than five together
        ({"a": 1, "b": 4, "c": 7}, "ab"),
        ({"a": 2, "b": 0, "c": 7}, "ac"),  # nobody is nobody's secret
        ({"a": 4}, "a"),
        ({"a": 0, "b": 0}, ""),
    ],
)
def test_a_small_number_is_hidden_with_so_many_that_it_cannot_be_worked_out(
    counts: dict[str | None, int], hidden: str
) -> None:
    assert shown_to_the_public(counts) == {
        key: None if key in set(hidden) else number for key, number in counts.items()
    }


def test_an_aircraft_worked_on_paper_left_when_its_doors_were_closed_or_its_check_in_open() -> None:
    opens, closed = NOW, NOW + timedelta(hours=2)
    check_left(opens, opens, None)
    check_left(closed, opens, closed)
    for closing, told in ((None, None), (closed, closed.isoformat())):
        with pytest.raises(DepartedBeforeCheckIn) as refusal:
            check_left((closing or opens) - A_LITTLE, opens, closing)
        assert refusal.value.members == {"opens_at": opens.isoformat(), "closed_at": told}


def test_a_paper_of_a_flight_that_left_at_no_known_moment_differs_in_the_moment() -> None:
    [found] = differences([], {}, NOW, None)
    assert found.as_told() == {
        "individual_id": None,
        "what": "departed_at",
        "recorded": None,
        "written": NOW.isoformat(),
    }


def _sheet(*escorts: tuple[str, str]) -> Sheet:
    adult = SheetRow(uuid4(), 1, "Ahmed", "=Karwan", "1984-02-29", "IRQ", "P1", True, "booked", 2, {"EUR": Decimal(50)})
    child = replace(adult, individual=uuid4(), given_name="Sara", adult=False, pocket_money={}, bags=0)
    return Sheet(WHO, "HW1", "MSQ-EBL", NOW, NOW, "complete", [adult, child], escorts)


def test_a_printed_table_has_a_line_for_each_passenger_and_escort_and_a_cell_for_each_column() -> None:
    sheet = _sheet(("E-1", "medical"))
    head, adult, child, escort = list(csv.reader(io.StringIO(as_csv(sheet))))
    assert head == list(COLUMNS)
    for_hand = [""] * 5
    names = ["1", "Ahmed", "'=Karwan", "1984-02-29", "IRQ", "P1"]
    assert adult == ["1", *names, "adult", "booked", "2", "50 EUR", "", "", *for_hand, str(sheet.rows[0].individual)]
    names[2] = "Sara"
    assert child == ["2", *names, "child", "booked", "0", "", "", "", *for_hand, str(sheet.rows[1].individual)]
    assert escort == ["3", "", "E-1", "", "", "", "", "escort", "medical", *[""] * 10]


def test_a_printed_page_numbers_its_passengers_and_names_its_escorts() -> None:
    page = as_html(_sheet())
    assert "<p>Escorts: none</p>" in page
    assert "<tr><th>No</th><th>Party</th><th>Family name</th>" in page
    first, second = [line for line in page.splitlines() if line.startswith("<tr>")]
    assert first.startswith("<tr><td>1</td><td>1</td><td>Ahmed</td>")
    assert second.startswith("<tr><td>2</td>")
    assert "<p>Escorts: E-1 (medical), E-2 (family)</p>" in as_html(_sheet(("E-1", "medical"), ("E-2", "family")))


@dataclass(frozen=True)
class Flown:
    """A leg, from Minsk to Erbil unless it says otherwise."""

    departs: datetime
    arrives: datetime
    from_airport: str = "MSQ"
    to_airport: str = "EBL"


def _impossible(check: Callable[..., None], *said: Any) -> str | None:
    try:
        check(*said)
    except FlightImpossible as refusal:
        return str(refusal.members["reason"])
    return None


def test_legs_follow_each_other_to_the_minute_and_none_takes_no_time() -> None:
    hour = timedelta(hours=1)
    first = Flown(NOW, NOW + hour, to_airport="IST")
    assert _impossible(check_legs, [first, Flown(NOW + hour, NOW + 2 * hour, "IST")]) is None
    assert _impossible(check_legs, [first, Flown(NOW + hour - A_LITTLE, NOW + 2 * hour, "IST")]) == "connection_missed"
    assert _impossible(check_legs, [first, Flown(NOW + hour, NOW + 2 * hour)]) == "legs_not_connected"
    assert _impossible(check_legs, [Flown(NOW, NOW)]) == "arrives_before_departure"
    assert _impossible(check_legs, [Flown(NOW, NOW + hour, to_airport="MSQ")]) == "leg_goes_nowhere"


def test_the_doors_may_close_and_the_cut_off_be_in_the_moment_of_departure_and_no_later() -> None:
    assert _impossible(check_times, NOW, NOW, NOW - A_LITTLE, NOW) is None
    assert _impossible(check_times, NOW, NOW, NOW, NOW) == "desk_times_out_of_order"
    assert _impossible(check_times, NOW, NOW, NOW - A_LITTLE, NOW + A_LITTLE) == "desk_times_out_of_order"
    assert _impossible(check_times, NOW, NOW + A_LITTLE, NOW - A_LITTLE, NOW) == "cut_off_after_departure"
