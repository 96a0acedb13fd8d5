"""A child is born after the decision, and a son goes his own way: across the four services."""

from typing import Any

from services.demo.family import Family
from services.demo.warehouse import declare
from tests.journey.hosting import Hosted
from tests.journey.looking import at_home, eligibility, facts, in_travel, seats
from tests.journey.parties import (
    booked,
    checked_in,
    decided,
    flown,
    man,
    on_flight,
    parents_and_child,
    person,
    registered,
)


def etag(family: Family, moment: str) -> str:
    path = f"{family.teller.addresses['registration']}{family.case}"
    headers = {"Authorization": f"Bearer {family.teller.token('registration_officer')}"}
    headers["Business-Time"] = family.at(moment).isoformat()
    return str(family.teller.client.get(path, headers=headers).headers["etag"])


def changed(family: Family, step: str, path: str, body: dict[str, Any], moment: str = "booked") -> Any:
    where, version = f"{family.case}{path}", etag(family, moment)
    return family.do(step, "registration", where, body, role="registration_officer", at=moment, etag=version)


def test_a_child_is_born_after_the_decision_and_flies_with_a_seat_and_lines_of_its_own(services: Hosted) -> None:
    family = on_flight(decided(registered(services, parents_and_child())), seats=4)
    booked(family)
    before = eligibility(family)["decision"]
    baby = person("baby", "2021-12-08", "female", responsible=("father", "mother"))
    parents = [family.people[label] for label in ("father", "mother")]
    body = {**{name: value for name, value in baby.items() if name != "ref"}, "responsible": parents, "how": "born"}
    family.people["baby"] = changed(family, "a child was born", "/members", body)["individual_id"]
    family.story = {**family.story, "members": [*family.members, baby]}
    held = family.until(
        "those booked waited for the child",
        "travel",
        f"/bookings?case_id={family.ids['case']}",
        lambda found: [each["held_for"] for each in found["items"]] == ["party_grew"],
        role="travel_officer",
        at="booked",
    )
    assert held["items"][0]["status"] == "on_hold"
    declare(family, "baby", at="booked")
    family.until(
        "it was decided again with the child",
        "eligibility",
        family.case,
        lambda standing: standing["decision"]["because"] == "member_joined" and standing["status"] == "eligible",
        role="counsellor",
        at="booked",
    )
    after = eligibility(family)["decision"]
    lines = {line["code"] for line in after["package"] if line["individual"] == family.people["baby"]}
    assert lines, "the child has lines of its own"
    assert float(after["total"]) > float(before["total"])
    family.until(
        "travel knew of all that",
        "travel",
        f"{family.case}/readiness?flight_id={family.ids['flight']}",
        lambda ready: any(
            each["individual_id"] == family.people["baby"] and each["at_booking"]["passed"]
            for each in ready["individuals"]
        ),
        role="travel_officer",
        at="booked",
    )
    seat = {"case_id": family.ids["case"], "flight_id": family.ids["flight"], "individuals": [family.people["baby"]]}
    family.do("a seat beside them was booked", "travel", "/bookings", seat, role="travel_officer", at="booked")
    assert seats(family) == {"held": 4, "taken": 4, "lost": 0, "left": 0}
    assert {each["status"] for each in family.seats("booked")} == {"confirmed"}
    flown(checked_in(family))
    assert set(in_travel(family).values()) == {"departed"}
    family.until(
        "those at home expected all four",
        "reintegration",
        family.case,
        lambda case: {each["position"] for each in case["individuals"]} == {"under_way"},
        role="auditor",
        at="looked",
    )
    assert len(at_home(family)["individuals"]) == 4
    assert "member_joined" in facts(family)


def test_a_son_goes_his_own_way_and_the_rest_goes_on(services: Hosted) -> None:
    son = man("son", relation="child", birth_date="2001-05-05")
    family = on_flight(decided(registered(services, [*parents_and_child(), son])), seats=4)
    booked(family)
    his = family.people["son"]
    changed(family, "the son went his own way", f"/members/{his}/leaving", {"how": "another_case"})
    family.until(
        "his seat was given back",
        "travel",
        f"/flights/{family.ids['flight']}",
        lambda found: found["seats"]["taken"] == 3,
        role="auditor",
        at="booked",
    )
    family.until(
        "it was decided again without him",
        "eligibility",
        family.case,
        lambda standing: standing["decision"]["because"] == "member_left",
        role="counsellor",
        at="booked",
    )
    decision = eligibility(family)["decision"]
    assert his not in {line["individual"] for line in decision["package"]}
    assert his not in decision["attempts"]
    del family.people["son"]
    family.story = {**family.story, "members": [each for each in family.members if each["ref"] != "son"]}
    flown(checked_in(family))
    assert in_travel(family) == dict.fromkeys(("father", "mother", "daughter"), "departed")
    assert "member_left" in facts(family)
