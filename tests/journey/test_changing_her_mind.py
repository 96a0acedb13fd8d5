"""Nobody travels against their word, and nobody pays for it."""

from datetime import datetime
from typing import Any

import pytest

from services.demo.departure import ask, board, book, clear, close_doors, hand_out_allowance, leave, travel_home
from services.demo.family import Family
from services.demo.ground import hold_seats
from services.demo.warehouse import declare
from tests.journey.hosting import Hosted
from tests.journey.looking import (
    at_home,
    eligibility,
    facts,
    flight,
    in_travel,
    incidents,
    registered,
    registration_says,
    seats,
)
from tests.journey.parties import at_the_gate, flown, parents_and_child

NO_REASON = {"reason", "why", "because", "note"}


def half_asked(services: Hosted) -> Family:
    """Checked in, which stands for the boarding pass that the airline prints; the father has said yes already."""
    family = at_the_gate(services, parents_and_child(), seats=4)
    ask(family, "father", "yes")
    return family


def withdrawals(family: Family) -> list[Any]:
    found: list[Any] = family.look("registration", f"{family.case}/withdrawals", role="auditor", at="looked")["items"]
    return found


def test_she_changes_her_mind_at_the_gate_and_the_children_do_not_fly_on_his_word_alone(services: Hosted) -> None:
    family = half_asked(services)
    path = f"{family.passenger('mother')}/baggage"
    family.do("her bags went into the hold", "travel", path, {"pieces": 2}, role="airport_desk", at="asked")
    said = ask(family, "mother", "no")
    assert (said["status"], said["taken_off_for"], said["seat"]) == ("offloaded", "not_willing", "freed")
    assert (said["bags"], said["bags_taken_off"]) == (0, 2), "her baggage comes off with her"
    assert in_travel(family) == {
        "father": "checked_in",
        "mother": "offloaded",
        "daughter": "offloaded",
    }
    father = family.passengers("asked")["father"]
    assert (father["willingness"], father["ask_again"]) == (None, True), "his yes was to another journey"
    assert seats(family) == {"held": 4, "taken": 1, "lost": 0, "left": 3}
    assert flight(family)["fares_lost"]["amount"] == "0.00"

    registration_says(family, mother="withdrawn", father="declared", daughter="counselled")
    (statement,) = [each for each in withdrawals(family) if each["individual_id"] == family.people["mother"]]
    assert statement["outcome"] == "withdrawn"
    assert NO_REASON.isdisjoint(statement), "nobody is asked why"


def test_after_the_airlines_cut_off_the_programme_bears_the_loss_and_records_it(services: Hosted) -> None:
    family = half_asked(services)
    allowance = {**family.story["allowance"], "receipts": {"mother": "R-1214-02"}}
    family.story = {**family.story, "allowance": allowance}
    hand_out_allowance(family)
    said = ask(family, "mother", "no", at=datetime.fromisoformat("2021-12-14T08:50:00+03:00"))
    assert said["seat"] == "lost"
    assert seats(family) == {"held": 4, "taken": 1, "lost": 2, "left": 1}
    assert flight(family)["fares_lost"] == {"amount": "620.00", "currency": "EUR"}
    paid = family.look("travel", f"{family.passenger('mother')}/allowances", role="auditor", at="looked")["items"]
    assert [each["amount"] for each in paid] == ["50.00"], "and nothing is asked back of her"


def test_her_decision_is_not_held_against_her_and_a_new_declaration_opens_the_way_again(services: Hosted) -> None:
    family = half_asked(services)
    before = eligibility(family)["decision"]["total"]
    ask(family, "mother", "no")
    ask(family, "father", "no", step="was asked again")
    registration_says(family, **dict.fromkeys(family.everyone, "withdrawn"))
    family.until(
        "those at home expect nobody",
        "reintegration",
        family.case,
        lambda case: case["status"] == "cancelled",
        role="auditor",
        at="looked",
    )
    assert "case_withdrawn" in facts(family)
    assert eligibility(family)["status"] != "ineligible"

    for label in family.everyone:
        declare(family, label, again=" once more", at="again")
    assert registered(family) == dict.fromkeys(family.everyone, "declared")
    standing = family.until(
        "the programme decided for the second attempt",
        "eligibility",
        family.case,
        lambda case: case["status"] == "eligible" and list(case["decision"]["attempts"].values()) == [2] * 3,
        role="auditor",
        at="again",
    )
    assert standing["decision"]["total"] == before, "the package is what it was"

    hold_seats(family, "flight_after")
    booking = book(family, "the family was booked again", at="again")
    assert booking["status"] == "confirmed"
    assert {each["attempt"] for each in booking["passengers"]} == {2}
    family.until(
        "those at home expect them again",
        "reintegration",
        family.case,
        lambda case: case["status"] == "expected",
        role="auditor",
        at="again",
    )


def test_he_may_fly_without_them_if_he_says_so_again(services: Hosted) -> None:
    family = half_asked(services)
    ask(family, "mother", "no")
    registration_says(family, mother="withdrawn")
    ask(family, "father", "yes", step="was asked again")
    board(family, ["father"])
    close_doors(family)
    clear(family)
    leave(family)
    assert in_travel(family)["father"] == "departed"
    registration_says(family, father="departed", mother="withdrawn", daughter="counselled")


@pytest.mark.parametrize(("answer", "kind"), [("not_sure", "not_sure_at_desk"), ("pressed", "pressed_at_desk")])
def test_whoever_is_not_sure_or_pressed_does_not_board_and_protection_is_told(
    services: Hosted, answer: str, kind: str
) -> None:
    family = half_asked(services)
    said = ask(family, "mother", answer)
    assert said["status"] == "offloaded"
    family.until(
        "protection was told",
        "registration",
        family.case,
        lambda case: any(each["held"] for each in case["members"]),
        role="auditor",
        at="looked",
    )
    assert [each["kind"] for each in incidents(family)] == [kind]
    assert in_travel(family)["daughter"] == "offloaded"
    assert family.passengers("asked")["father"]["ask_again"]
    assert registered(family)["mother"] == "declared", "not sure is no withdrawal"
    assert withdrawals(family) == []
    assert eligibility(family)["status"] == "eligible"


def test_he_changes_his_mind_after_departure_and_is_told_what_can_still_be_done(services: Hosted) -> None:
    family = flown(at_the_gate(services, parents_and_child()))
    registration_says(family, father="departed")
    said = family.do(
        "the father said that he does not want this any more",
        "registration",
        f"{family.case}/withdrawal",
        {"individuals": [family.people["father"]], "channel": "phone"},
        role="counsellor",
        at="transit",
    )
    assert (said["outcome"], said["incident"]) == ("too_late_to_undo", False)
    possible = {each["code"]: each["sentence"] for each in said["what_can_still_be_done"]}
    assert "reintegration_is_told" in possible
    assert all(possible.values())
    assert registered(family)["father"] == "departed", "nothing is undone silently"
    home = family.until(
        "those at home knew of it",
        "reintegration",
        family.case,
        lambda case: bool(case["marks"]),
        role="auditor",
        at="looked",
    )
    (mark,) = home["marks"]
    assert (mark["code"], mark["individual_id"], mark["open"]) == (
        "late_withdrawal_statement",
        family.people["father"],
        True,
    )
    travel_home(family)
    assert in_travel(family) == dict.fromkeys(family.everyone, "arrived")
    assert at_home(family)["marks"], "the mark stays for whoever meets him"
    assert "withdrawal_stated_late" in facts(family)


def test_a_withdrawal_on_paper_from_before_a_recorded_departure_opens_an_incident(services: Hosted) -> None:
    family = flown(at_the_gate(services, parents_and_child()))
    travel_home(family)
    registration_says(family, mother="departed")
    body = {
        "individuals": [family.people["mother"]],
        "channel": "paper",
        "occurred_at": "2021-12-13T17:00:00+03:00",
        "late_reason": "paper_form",
        "evidence": "FORM-2021-1213",
    }
    said = family.do(
        "a withdrawal on paper was entered a week later",
        "registration",
        f"{family.case}/withdrawal",
        body,
        role="registration_officer",
        at=datetime.fromisoformat("2021-12-21T10:00:00+03:00"),
    )
    assert (said["outcome"], said["incident"]) == ("too_late_to_undo", True)
    (incident,) = incidents(family)
    assert (incident["kind"], incident["status"]) == ("paper_contradicts_departure", "open")
    assert incident["individual_id"] == family.people["mother"]
    assert registered(family)["mother"] == "departed"
    assert in_travel(family)["mother"] == "arrived"
    assert "member_withdrawn" not in facts(family)
