"""Everything was down while the flight left: what was written on paper is entered afterwards, across the services."""

from typing import Any

from tests.journey.hosting import Hosted
from tests.journey.looking import at_home, in_travel, incidents, registration_says
from tests.journey.parties import at, at_the_gate, parents_and_child, returns_counted


def test_a_flight_worked_on_paper_is_known_everywhere_and_who_was_pressed_on_it_is_an_incident(
    services: Hosted,
) -> None:
    party = at_the_gate(services, parents_and_child())
    before = returns_counted(party)
    said: dict[str, dict[str, Any]] = {
        "father": {"willingness": "yes", "asked_alone": True, "language": "ckb"},
        "mother": {"willingness": "pressed", "language": "ckb"},
        "daughter": {},
    }
    lines = [{"individual_id": party.people[who], "outcome": "departed", **said[who]} for who in said]
    paper = {
        "departed_at": at("10:05").isoformat(),
        "reason": "network_down",
        "worked_by": "desk-2",
        "evidence": "folder 12, sheet 3",
        "lines": lines,
    }
    path = f"{party.flight}/paper-manifests"
    entered = party.do("the paper was entered", "travel", path, paper, role="airport_desk", at="looked")
    assert (entered["status"], entered["persons"], entered["not_in_order"]) == ("entered", 3, 1)
    assert in_travel(party) == dict.fromkeys(said, "departed"), "it happened"
    registration_says(party, father="departed", daughter="departed", mother="declared")
    found = {(party.label(each["individual_id"]), each["kind"]) for each in incidents(party)}
    assert found == {("mother", "pressed_at_desk"), ("mother", "departed_uncleared")}, "and never silently"
    assert returns_counted(party) == before + 3
    assert at_home(party)["case_id"] == party.ids["case"]
