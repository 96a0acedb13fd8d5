"""Whoever goes home is counted once, and nobody who did not go with us is: twins of the register, missed flights,
refused entry, people who are home already."""

from typing import Any

from services.demo.family import Family
from tests.journey.hosting import Hosted
from tests.journey.looking import at_home, eligibility, facts, in_travel, incidents, registered, registration_says
from tests.journey.parties import (
    asked_to_book,
    at,
    at_the_gate,
    booked,
    checked_in,
    decided,
    desk,
    flown,
    four_days_later,
    gate_asks,
    man,
    on_flight,
    parents_and_child,
    returns_counted,
    woman,
)
from tests.journey.parties import registered as party_of


def candidates(party: Family, member: dict[str, Any], step: str) -> set[tuple[str, str]]:
    """Who is shown before somebody is saved: the case, and why."""
    body = {name: member[name] for name in ("given_name", "family_name", "birth_date")}
    body["documents"] = [{name: paper[name] for name in ("number", "issuing_country")} for paper in member["documents"]]
    found = party.do(step, "registration", "/candidates", body, role="registration_officer", at="booked")
    return {(each["record"]["case_id"], why) for each in found["items"] for why in each["likeness"]}


def likeness_of(party: Family, other: Family) -> Any:
    """What the register noticed by itself about two records."""
    path = "/duplicate-reviews"
    while party.do(f"compared {other.people}", "registration", path, {}, role="registration_officer", at="papers")[
        "more"
    ]:
        party.teller.run += "."
    two = {party.people["man"], other.people["man"]}
    open_ones = party.listed("registration", "/possible-duplicates", role="registration_officer", at="papers")
    (found,) = [each for each in open_ones if {each["one_id"], each["other_id"]} == two]
    return found


def test_the_same_person_twice_is_shown_before_saving_linked_by_a_persons_decision_and_counted_once(
    services: Hosted,
) -> None:
    him = man()
    first = on_flight(decided(party_of(services, [him])))
    by_document = {**him, "given_name": "Kawa", "family_name": None}
    assert candidates(first, by_document, "another name was typed") == {(first.ids["case"], "same_document")}
    by_name = {**him, "documents": []}
    assert candidates(first, by_name, "no document was typed") == {(first.ids["case"], "same_name_and_birth_date")}

    again = on_flight(decided(party_of(services, [him])), first.ids["flight"])
    likeness = likeness_of(first, again)
    assert set(likeness["likeness"]) == {"same_document", "same_name_and_birth_date"}
    body = {"verdict": "same_person", "stands": first.people["man"]}
    path = f"/possible-duplicates/{likeness['id']}/decision"
    linked = first.do("a person decided", "registration", path, body, role="registration_officer", at="papers")
    assert linked["stands"] == first.people["man"]
    again.until(
        "travel knew that the other record stands",
        "travel",
        f"{again.case}/readiness?flight_id={again.ids['flight']}",
        lambda _ready: "other_record_stands" in gate_asks(again)["man"],
        role="travel_officer",
        at="booked",
    )
    refused = asked_to_book(again, expect=409)
    assert "other_record_stands" in str(refused["missing"]), "nobody is booked twice"

    before = returns_counted(first)
    booked(first)
    flown(checked_in(first))
    registration_says(first, man="departed")
    assert returns_counted(first) == before + 1
    assert registered(again) == {"man": "declared"}
    assert "passenger_departed" not in facts(again)


def test_who_waited_at_the_wrong_terminal_is_booked_again_and_counted_once(services: Hosted) -> None:
    party = at_the_gate(services, parents_and_child())
    for label in party.adults:
        desk(party, label, "no-show", at("09:00"))
    stands = in_travel(party)
    assert [stands[label] for label in party.adults] == ["no_show"] * 2
    assert stands["daughter"] == "offloaded", "and no child is sent without them"
    missed = party.ids["flight"]
    on_flight(four_days_later(party))
    assert asked_to_book(party)["status"] == "confirmed"
    twice = asked_to_book(party, expect=409, step=" once more")
    assert twice["type"] == "/problems/already-booked", "they have their seats"
    before = returns_counted(party)
    flown(checked_in(party))
    registration_says(party, **dict.fromkeys(party.everyone, "departed"))
    assert returns_counted(party) == before + 3
    assert facts(party).count("passenger_departed") == 3, "three people, once each"
    party.until(
        "those at home know that they missed one and are under way",
        "reintegration",
        party.case,
        lambda case: {(each["position"], each["missed"]) for each in case["individuals"]} == {("under_way", 1)},
        role="auditor",
        at="looked",
    )
    party.ids["flight"] = missed
    assert set(in_travel(party).values()) == {"no_show", "offloaded"}, "and nobody was on that one"


def test_whoever_has_left_is_not_booked_and_counted_a_second_time(services: Hosted) -> None:
    party = flown(at_the_gate(services, [man()]))
    registration_says(party, man="departed")
    on_flight(four_days_later(party))
    after = asked_to_book(party, expect=409, step=" after he left")
    assert after["type"] == "/problems/nobody-to-book", "he has travelled"


def test_who_is_refused_entry_has_not_arrived_is_no_return_and_protection_is_told(services: Hosted) -> None:
    party = flown(at_the_gate(services, [man()]))
    registration_says(party, man="departed")
    before = returns_counted(party)
    body = {"country": "TUR", "kind": "refused_entry", "at": party.at("arrived").isoformat()}
    path = f"{party.passenger('man')}/non-admission"
    party.do("he was refused entry", "travel", path, body, role="reintegration_officer", at="arrived")
    assert in_travel(party) == {"man": "not_admitted"}
    registration_says(party, man="not_admitted")
    told = [(each["kind"], each["individual_id"]) for each in incidents(party)]
    assert told == [("not_admitted", party.people["man"])], "protection was told of it"
    assert returns_counted(party) == before - 1, "a journey that ended elsewhere is no return"
    assert (at_home(party)["status"], "passenger_arrived" in facts(party)) == ("expected", False)


def home_without_us(party: Family, body: dict[str, Any]) -> None:
    path = f"{party.case}/returns"
    party.do("it was recorded that they are home", "registration", path, body, role="registration_officer", at="again")
    assert registered(party) == dict.fromkeys(party.everyone, "departed")


def test_home_already_on_a_government_flight_is_no_assisted_return_and_takes_nobodys_seat(services: Hosted) -> None:
    party = on_flight(four_days_later(decided(party_of(services, [man()]))))
    booked(party)
    before = returns_counted(party)
    party.story = {**party.story, "times": {**party.story["times"], "again": "2021-12-16T10:00:00+03:00"}}
    home_without_us(party, {"kind": "own_government", "country": "IRQ", "returned_on": "2021-12-15"})
    party.until(
        "the seat was free again",
        "travel",
        party.flight,
        lambda found: found["seats"]["taken"] == 0,
        role="auditor",
        at="again",
    )
    refused = asked_to_book(party, expect=409, moment="again", step=" for who is home")
    assert refused["type"] == "/problems/nobody-to-book"
    assert returns_counted(party) == before, "not a return of ours"
    home = party.until(
        "those at home knew it",
        "reintegration",
        party.case,
        lambda case: case["status"] == "cancelled",
        role="auditor",
        at="looked",
    )
    assert [each["home_by"] for each in home["individuals"]] == ["own_government"], "nobody is given what others get"


def test_back_home_before_anyone_knew_of_her_has_reintegration_and_no_flight_of_ours(services: Hosted) -> None:
    party = party_of(services, [woman()], times={"registered": "2021-12-15T09:00:00+03:00"})
    before = returns_counted(party)
    home_without_us(party, {"kind": "retroactive", "country": "IRQ", "returned_on": "2021-12-15"})
    home = party.until(
        "those at home have her with them",
        "reintegration",
        party.case,
        lambda case: case["status"] == "arrived",
        role="auditor",
        at="looked",
    )
    assert [each["home_by"] for each in home["individuals"]] == ["retroactive"]
    talk = {**party.story["talk_at_home"], "individuals": [party.people["woman"]]}
    path = f"{party.case}/counselling-sessions"
    party.do("she was counselled at home", "reintegration", path, talk, role="reintegration_officer", at="talk")
    assert returns_counted(party) == before, "not a departure of ours"
    assert party.seats("looked") == []
    assert eligibility(party)["status"] != "ineligible"
