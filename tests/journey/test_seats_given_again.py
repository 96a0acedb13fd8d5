"""Who gets a seat that is free again, who waits, and who comes in time for a flight of the same morning."""

from datetime import datetime
from itertools import cycle
from typing import Any

from services.demo.departure import ask, check_health, wait_for_gate
from services.demo.family import Family
from services.demo.scenario import read_scenario
from tests.journey.hosting import Hosted
from tests.journey.looking import flight, in_travel, registered, registration_says, seats
from tests.journey.parties import (
    asked_to_book,
    at,
    at_the_gate,
    booked,
    decided,
    desk,
    flown,
    four_days_later,
    gate_asks,
    man,
    on_flight,
    parents_and_child,
    woman,
)
from tests.journey.parties import registered as party_of

_countries = cycle(("LBN", "IRN", "LKA", "EGY", "CUB", "CMR"))


def somewhere() -> dict[str, Any]:
    """A case that goes to another country in each story, so that the waiting list there is its own."""
    destination = {"country": next(_countries), "area": None}
    return {**read_scenario("family.json")["case"], "destination": destination}


def waits(services: Hosted, case: dict[str, Any], on: str) -> Family:
    """A man who waits for a seat."""
    party = on_flight(decided(party_of(services, [man()], case=case)), on)
    wait_for_gate(party, "at_booking", "booked")
    body = {"case_id": party.ids["case"]}
    party.do("he waited for a seat", "travel", "/waiting-list", body, role="travel_officer", at="booked")
    return party


def listed(party: Family) -> list[Any]:
    country = party.story["case"]["destination"]["country"]
    found = party.look("travel", f"/waiting-list?destination={country}", role="travel_officer", at="asked")
    return list(found["items"])


def seat_those_who_wait(party: Family, moment: str | datetime) -> list[Any]:
    path = f"{party.flight}/seating"
    said = party.do("seats were given from the list", "travel", path, {}, role="airport_desk", at=moment)
    return list(said["seated"])


def his(found: list[Any], party: Family) -> list[Any]:
    """What is said of that case: somebody of another story may wait for the same place."""
    return [each for each in found if each["case_id"] == party.ids["case"]]


def gate_and_list(services: Hosted) -> tuple[Family, Family]:
    """A woman at the gate of a full flight, and a man who waits for a seat on it."""
    case = somewhere()
    her = at_the_gate(services, [woman()], case=case, seats=1)
    return her, waits(services, case, her.ids["flight"])


def test_her_seat_goes_to_who_waits_for_it_before_the_airlines_cut_off(services: Hosted) -> None:
    her, him = gate_and_list(services)
    said = ask(her, "woman", "no", at=at("08:00"))
    assert said["seat"] == "freed", "before the cut-off the seat is given back"
    him.until(
        "he was given her seat, and nobody had to ask for it",
        "travel",
        f"/bookings?case_id={him.ids['case']}",
        lambda found: [each["status"] for each in found["items"]] == ["confirmed"],
        role="travel_officer",
        at="looked",
    )
    assert in_travel(him) == {"man": "booked"}
    assert listed(him) == []
    assert seats(her) == {"held": 1, "taken": 1, "lost": 0, "left": 0}
    registration_says(her, woman="withdrawn")
    him.until(
        "those at home were told of him",
        "reintegration",
        him.case,
        lambda case: case["status"] == "expected",
        role="auditor",
        at="looked",
    )


def test_after_the_cut_off_nobody_gets_her_seat_and_the_programme_records_the_loss(services: Hosted) -> None:
    her, him = gate_and_list(services)
    said = ask(her, "woman", "no", at=at("08:50"))
    assert said["seat"] == "lost", "after the cut-off the airline keeps the fare"
    (passed_over,) = his(seat_those_who_wait(him, at("08:55")), him)
    assert (passed_over["booking_id"], passed_over["why"]) == (None, "not-enough-seats")
    assert len(his(listed(him), him)) == 1, "he keeps his place"
    assert seats(her) == {"held": 1, "taken": 0, "lost": 1, "left": 0}
    assert flight(her)["fares_lost"] == {"amount": "310.00", "currency": "EUR"}
    paid = her.look("travel", f"{her.passenger('woman')}/allowances", role="auditor", at="looked")["items"]
    assert paid == [], "and nothing is charged to her"


def notices(party: Family, status: str) -> list[Any]:
    path = f"/notices?status={status}&case_id={party.ids['case']}"
    return party.listed("registration", path, role="travel_officer", at="again")


def cancelled_with(services: Hosted, families: int) -> None:
    """A flight is cancelled with so many families of three on it; there is room for all but one on the next."""
    case = somewhere()
    parties = [decided(party_of(services, parents_and_child(), case=case)) for _ in range(families)]
    first = on_flight(parties[0], seats=3 * families)
    for party in parties:
        booked(on_flight(party, first.ids["flight"]))
    check_health(first, first.everyone)
    path = f"{first.flight}/cancellation"
    first.do("the flight was cancelled", "travel", path, role="travel_officer", at="late_check")

    waiting = listed(first)
    assert {each["case_id"] for each in waiting} == {party.ids["case"] for party in parties}, "everyone waits"
    assert sum(len(each["individuals"]) for each in waiting) == 3 * families, "and nobody is lost"
    for party in parties:
        _told_each(party)

    on_flight(four_days_later(first), seats=3 * max(families - 1, 1))
    seated = seat_those_who_wait(first, "booked")
    assert [each["why"] for each in seated] == [None] * (families - 1 or 1) + ["not-enough-seats"] * (families > 1)
    assert len(listed(first)) == families - (families - 1 or 1), "rebooked or waiting"
    asks = gate_asks(first, "at_check_in")
    assert set(asks) == {"father", "mother", "daughter"}
    assert all(asked == {"check_too_old"} for asked in asks.values()), "checks that grow too old are asked again"


def _told_each(party: Family) -> None:
    """A notice to each adult, and how they were told of it."""
    adults = {party.people[label] for label in ("father", "mother")}
    party.until(
        "a notice to each was on the list",
        "registration",
        f"/notices?status=open&case_id={party.ids['case']}",
        lambda found: (
            {(e["individual_id"], e["about"]) for e in found["items"]}
            >= {(each, about) for each in adults for about in ("booking_cancelled", "booking_waiting")}
        ),
        role="travel_officer",
        at="late_check",
    )
    for notice in notices(party, "open"):
        path = f"/notices/{notice['id']}/telling"
        body = {"channel": "phone", "reached": True}
        party.do(f"{notice['id']} was told", "registration", path, body, role="travel_officer", at="late_check")
    told = notices(party, "told")
    assert {each["individual_id"] for each in told} == adults
    assert {telling["channel"] for each in told for telling in each["tellings"]} == {"phone"}


def test_a_flight_is_cancelled_with_24_people_on_it_and_all_are_rebooked_or_wait_and_none_is_lost(
    services: Hosted,
) -> None:
    cancelled_with(services, 8)


BEFORE_DAWN = {
    "registered": "2021-12-14T03:30:00+03:00",
    "counselled": "2021-12-14T03:45:00+03:00",
    "declared": "2021-12-14T04:00:00+03:00",
    "answered": "2021-12-14T04:10:00+03:00",
    "booked": "2021-12-14T04:20:00+03:00",
    "checked": "2021-12-14T05:30:00+03:00",
}


def test_a_walk_in_at_the_airport_desk_flies_six_hours_later_and_passes_every_gate(services: Hosted) -> None:
    case = {**read_scenario("family.json")["case"], "channel": "airport_desk"}
    party = on_flight(party_of(services, [man()], case=case, times=BEFORE_DAWN))
    early = asked_to_book(party, expect=409, step=" at once")
    assert early["type"] in ("/problems/case-not-known-yet", "/problems/gate-not-passed"), "haste opens no gate"
    decided(party)
    booked(party)
    refused = desk(party, "man", "check-in", "check_in", expect=409)
    asked = {item["code"] for items in refused["missing"].values() for item in items}
    assert asked == {"check_missing"}, "his passport is valid; he was not examined"
    check_health(party, ["man"])
    party.until(
        "the desk knew that he was examined",
        "travel",
        f"{party.flight}/passengers",
        lambda _listed: party.passengers("check_in")["man"]["gates"]["at_check_in"]["passed"],
        role="airport_desk",
        at="check_in",
    )
    party.do("he was checked in", "travel", f"{party.passenger('man')}/check-in", role="airport_desk", at="check_in")
    flown(party)
    registration_says(party, man="departed")
    assert registered(party) == {"man": "departed"}
