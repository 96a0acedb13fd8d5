"""No child goes home without protection: a boy alone, a girl with her uncle, a young man whose age is disputed."""

from collections.abc import Callable
from typing import Any

from services.demo.family import Family
from services.demo.warehouse import declare
from tests.journey.hosting import Hosted
from tests.journey.looking import in_travel, registration_says
from tests.journey.parties import (
    answered,
    asked_to_book,
    checked_in,
    counsel,
    decided,
    desk,
    gate_asks,
    man,
    on_flight,
    person,
    registered,
)

ITEMS = {
    "best_interests_assessment": {"finding": "done"},
    "best_interests_determination": {"finding": "return"},
    "family_tracing": {"finding": "found"},
    "family_assessment": {"finding": "suitable"},
    "consent_of_guardian": {"finding": "given"},
    "consent_of_child": {"finding": "given"},
    "consent_of_family": {"finding": "given"},
    "named_reception": {"finding": "named", "receiver": "Rêzan Barzinjî", "place": "Erbil, Ankawa"},
}
PENDING = "protection_pending"


def declared_for(party: Family, child: str, signer: str) -> None:
    """Who speaks for the child shows a paper."""
    paper = {"paper": "court_order", "reference": "G-1", "why": "guardian of the court"}
    body = {
        "individual_id": party.people[child],
        "form_version": "2021-03",
        "language": "ckb",
        "signatures": [{"signer": party.people[signer], "method": "signature", "witness": None}],
        "sole_responsibility": paper,
    }
    path = f"{party.case}/declarations"
    party.do(f"the {signer} signed for the {child}", "registration", path, body, role="counsellor", at="declared")


def record(party: Family, child: str, item: str, again: str = "") -> str:
    body = {"individual_id": party.people[child], "item": item, **ITEMS[item]}
    path = f"{party.case}/protection-items"
    made = party.do(f"{item} was recorded{again}", "registration", path, body, role="protection", at="papers")
    return str(made["id"])


def take_back(party: Family, item: str, item_id: str) -> Any:
    path = f"{party.case}/protection-items/{item_id}/taking-back"
    return party.do(f"{item} was taken back", "registration", path, role="protection", at="checked")


def missing(party: Family) -> list[str]:
    """What protection sees."""
    seen = party.look("registration", f"{party.case}/protection", role="protection", at="papers")
    return [item for child in seen["children"] for item in child["missing"]]


def wait_for(party: Family, what: str, good: Callable[[dict[str, set[str]]], bool], gate: str = "at_booking") -> None:
    path = f"{party.case}/readiness?flight_id={party.ids['flight']}"
    party.until(
        f"travel knew {what}",
        "travel",
        path,
        lambda _ready: good(gate_asks(party, gate)),
        role="travel_officer",
        at="booked",
    )


def boy_alone(services: Hosted) -> Family:
    party = registered(services, [person("boy", "2005-06-01", "male")])
    counsel(party)
    declared_for(party, "boy", "boy")
    answered(party)
    on_flight(party)
    wait_for(party, "of his declaration", lambda asks: bool(asks) and asks["boy"] <= {PENDING})
    return party


def not_bookable_yet(party: Family, child: str, step: str) -> None:
    """Travel is told that protection is pending, and nothing of what it waits for."""
    problem = asked_to_book(party, expect=409, step=step)
    said = {item["code"] for items in problem["missing"].values() for item in items}
    assert (problem["type"], said) == ("/problems/gate-not-passed", {PENDING}), "travel sees only that it is pending"
    assert gate_asks(party)[child] == {PENDING}
    assert not any(item in str(problem) for item in ITEMS)


def test_a_boy_of_16_alone_is_not_bookable_until_protection_has_every_item(services: Hosted) -> None:
    party = boy_alone(services)
    for number, item in enumerate(ITEMS):
        not_bookable_yet(party, "boy", f" before {item}")
        assert missing(party) == list(ITEMS)[number:], "protection sees each missing item"
        record(party, "boy", item)
    wait_for(party, "that protection is cleared", lambda asks: asks["boy"] == set())
    assert missing(party) == []
    asked_to_book(party)
    assert in_travel(party) == {"boy": "booked"}


def test_any_of_the_three_consents_taken_back_stops_the_boys_journey_his_own_first_of_all(services: Hosted) -> None:
    party = boy_alone(services)
    given = {item: record(party, "boy", item) for item in ITEMS}
    wait_for(party, "that protection is cleared", lambda asks: asks["boy"] == set())
    asked_to_book(party)
    for item in ("consent_of_guardian", "consent_of_family"):
        take_back(party, item, given[item])
        wait_for(party, f"that it waits for {item}", lambda asks: asks["boy"] == {PENDING})
        refused = desk(party, "boy", "check-in", "check_in", expect=409)
        assert PENDING in str(refused), "the journey stops at the next gate"
        record(party, "boy", item, " again")
        wait_for(party, f"that {item} is there again", lambda asks: asks["boy"] == set())
    assert in_travel(party) == {"boy": "booked"}, "no seat was lost by it"

    said = take_back(party, "consent_of_child", given["consent_of_child"])
    assert said["individual_status"] == "withdrawn", "his own word counts at once, and is a withdrawal"
    party.until(
        "he was taken off",
        "travel",
        f"{party.flight}/passengers",
        lambda _listed: set(in_travel(party).values()) <= {"cancelled"},
        role="airport_desk",
        at="checked",
    )
    problem = asked_to_book(party, expect=409, step=" after he took his word back")
    assert problem["type"] == "/problems/nobody-to-book"


def test_a_girl_with_her_uncle_waits_for_the_same_items_and_does_not_fly_without_him(services: Hosted) -> None:
    girl = person("girl", "2010-03-04", "female", relation="other_relative")
    party = registered(services, [man("uncle"), girl])
    counsel(party)
    declare(party, "uncle")
    declared_for(party, "girl", "uncle")
    answered(party)
    on_flight(party)
    wait_for(party, "of their declarations", lambda asks: len(asks) == 2 and all(a <= {PENDING} for a in asks.values()))
    not_bookable_yet(party, "girl", " before protection looked")
    assert gate_asks(party)["uncle"] == set(), "she is separated, he is not"
    assert missing(party) == list(ITEMS), "no parent in the case: the same items"
    for item in ITEMS:
        record(party, "girl", item)
    wait_for(party, "that protection is cleared", lambda asks: not any(asks.values()))
    asked_to_book(party)
    checked_in(party)
    body = {"answer": "no", "asked_alone": True, "language": "ckb"}
    path = f"{party.passenger('uncle')}/willingness"
    party.do("the uncle said no", "travel", path, body, role="airport_desk", at="asked")
    assert in_travel(party) == {"uncle": "offloaded", "girl": "offloaded"}, "she does not fly alone"


def test_a_girl_whose_uncle_is_named_responsible_waits_until_protection_has_seen_his_paper(services: Hosted) -> None:
    girl = person("girl", "2010-03-04", "female", relation="other_relative")
    party = registered(services, [man("uncle"), girl])
    officer: Any = {"role": "registration_officer", "at": party.at("papers"), "expect": 422}
    body = {
        **party.story["case"],
        "site_id": party.ids["site"],
        "members": [man("uncle"), {**girl, "responsible": ["uncle"]}],
    }
    told = {"reason": "told_otherwise", "relation": "child", "responsible": [party.people["uncle"]]}
    path = f"{party.case}/members/{party.people['girl']}"
    for refused in (
        party.teller.do("the desk named her uncle", "registration", "/cases", body, **officer),
        party.teller.do("the desk said so later", "registration", path, told, method="PATCH", etag='"1"', **officer),
    ):
        assert refused["type"] == "/problems/responsibility-not-shown"
    assert missing(party) == list(ITEMS)
    counsel(party)
    declare(party, "uncle")
    paper = {"individual_id": party.people["girl"], "guardian_id": party.people["uncle"]}
    paper |= {"showing": "appointment_of_guardian", "reference": "G-4"}
    path = f"{party.case}/guardians"
    recorded = party.do("protection saw his paper", "registration", path, paper, role="protection", at="declared")
    assert recorded["protection_pending"] is False
    sign = {
        "individual_id": party.people["girl"],
        "form_version": "2021-03",
        "language": "ckb",
        "signatures": [{"signer": party.people["uncle"], "method": "signature", "witness": None}],
    }
    path = f"{party.case}/declarations"
    party.do("he signed as her guardian", "registration", path, sign, role="counsellor", at="declared")
    answered(party)
    on_flight(party)
    wait_for(party, "that nothing is missing", lambda asks: len(asks) == 2 and not any(asks.values()))
    asked_to_book(party)
    assert in_travel(party) == {"uncle": "booked", "girl": "booked"}


def test_a_boy_whose_age_is_disputed_is_treated_as_a_child_by_every_service(services: Hosted) -> None:
    party = on_flight(decided(registered(services, [person("man", "2002-06-01", "male")])))
    wait_for(party, "that he may be booked", lambda asks: bool(asks) and asks["man"] == set())
    asked_to_book(party)
    path = f"{party.case}/members/{party.people['man']}/age-dispute"
    disputed = party.do("his age was disputed", "registration", path, role="counsellor", at="papers")
    assert (disputed["age_band"], disputed["protection_pending"]) == ("12_17", True)
    wait_for(party, "of the dispute", lambda asks: asks["man"] == {PENDING, "not_declared"})
    assert missing(party) == list(ITEMS)
    party.until(
        "nobody asks him alone whether he wants to fly",
        "travel",
        f"{party.flight}/passengers",
        lambda listed: [each["adult"] for each in listed["passengers"]] == [False],
        role="airport_desk",
        at="checked",
    )
    refused = desk(party, "man", "check-in", "check_in", expect=409)
    assert {PENDING, "not_declared"} <= {item["code"] for items in refused["missing"].values() for item in items}

    settled = party.do(
        "protection settled his age by a document",
        "registration",
        f"{path}/settlement",
        {"basis": "document"},
        role="protection",
        at="checked",
    )
    assert settled["age_band"] == "adult"
    wait_for(party, "that he is grown up", lambda asks: asks["man"] == {"not_declared"})
    declare(party, "man", again=" as an adult", at="again")
    registration_says(party, man="declared")
