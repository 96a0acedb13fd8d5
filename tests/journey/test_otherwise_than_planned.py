"""A destination that closes, somebody who is not let in, somebody who waited at the wrong terminal."""

from datetime import datetime
from typing import Any

from services.demo.chapters import AT_THE_DESK, CHECKED, LEFT, tell, up_to
from services.demo.departure import ask, board, book, clear, close_doors
from services.demo.family import Family
from services.demo.ground import hold_seats
from tests.journey.hosting import Hosted
from tests.journey.looking import at_home, facts, in_travel, incidents, registration_says, seats

SULAYMANIYAH = {"country": "IRQ", "area": "IQ-SU"}


def asked_for(problem: Any) -> set[str]:
    """What a gate still asks, by its codes."""
    return {item["code"] for items in problem["missing"].values() for item in items}


def suspend(family: Family, step: str) -> str:
    body = {**SULAYMANIYAH, "valid_from": "2021-12-13", "source": "ours: suspended while this is tested"}
    made = family.do(step, "eligibility", "/restrictions", body, role="programme_officer", at="checked")
    return str(made["restriction_id"])


def lift(family: Family, restriction: str) -> None:
    path = f"/restrictions/{restriction}/lifting"
    body = {"lifted_on": "2021-12-14"}
    family.do("the suspension was lifted", "eligibility", path, body, role="programme_officer", at="check_in")


def suspended(family: Family, gate: str) -> bool:
    path = f"{family.case}/readiness?flight_id={family.ids['flight']}"
    ready = family.look("travel", path, role="travel_officer", at="check_in")
    return all("destination_suspended" in str(each[gate]) for each in ready["individuals"])


def test_a_suspension_after_booking_stops_them_at_check_in_and_at_the_doors(services: Hosted) -> None:
    case = {**services.family().story["case"], "destination": SULAYMANIYAH}
    family = tell(services.family(case=case), up_to(AT_THE_DESK))
    for label in family.adults:
        ask(family, label, "yes")
    board(family, [label for label in family.everyone if label != "father"])
    restriction = suspend(family, "returns to Sulaymaniyah were suspended when they were at the desk")
    family.until(
        "travel knew of the suspension",
        "travel",
        f"{family.case}/readiness?flight_id={family.ids['flight']}",
        lambda _ready: suspended(family, "at_check_in"),
        role="travel_officer",
        at="check_in",
    )
    father = f"{family.passenger('father')}/boarding"
    problem = family.do("the father wanted to board", "travel", father, role="airport_desk", at="boarded", expect=409)
    assert "destination_suspended" in str(problem)

    close_doors(family)
    clear(family)
    stayed = in_travel(family)
    assert "departed" not in stayed.values()
    assert not {"boarded", "cleared"} & set(stayed.values()), "who sat on board came off again"
    lift(family, restriction)


def test_who_is_refused_entry_has_not_arrived_and_protection_is_told(services: Hosted) -> None:
    family = tell(services.family(), up_to(LEFT))
    registration_says(family, **dict.fromkeys(family.everyone, "departed"))
    body = {"country": "TUR", "kind": "refused_entry", "at": family.at("arrived").isoformat()}
    for label in family.everyone:
        path = f"{family.passenger(label)}/non-admission"
        step = f"the {label} was refused entry"
        family.do(step, "travel", path, body, role="reintegration_officer", at="arrived")
    registration_says(family, **dict.fromkeys(family.everyone, "not_admitted"))
    assert set(in_travel(family).values()) == {"not_admitted"}
    assert "passenger_arrived" not in facts(family)
    found = incidents(family)
    assert {each["kind"] for each in found} == {"not_admitted"}
    assert {each["individual_id"] for each in found} == set(family.people.values())
    assert at_home(family)["status"] == "expected", "whoever has not arrived is given nothing yet"


def test_who_waited_at_the_wrong_terminal_is_booked_again_and_counted_once(services: Hosted) -> None:
    family = tell(services.family(), up_to(CHECKED))
    for label in family.adults:
        step = f"the {label} did not come"
        family.do(step, "travel", f"{family.passenger(label)}/no-show", role="airport_desk", at="doors")
    stands = in_travel(family)
    assert [stands[label] for label in family.adults] == ["no_show"] * 2
    assert [stands[label] for label in family.children] == ["offloaded"] * 2, "and no child is sent without them"
    assert "passenger_departed" not in facts(family)

    hold_seats(family, "flight_after")
    book(family, "the family was booked on the next flight", at="again")
    day = datetime.fromisoformat("2021-12-17T09:30:00+03:00")
    _fly(family, day)
    assert seats(family)["taken"] == 4
    registration_says(family, **dict.fromkeys(family.everyone, "departed"))
    left = [each for each in facts(family) if each == "passenger_departed"]
    assert len(left) == 4, "four people, once each"


def _fly(family: Family, checked: datetime) -> None:
    """The same family on the flight of the eighteenth."""

    def at(hour: int, minute: int) -> datetime:
        return checked.replace(day=18, hour=hour, minute=minute)

    for label in family.everyone:
        family.do(
            f"the {label} was examined again",
            "registration",
            f"{family.case}/fitness-checks",
            {"individual_id": family.people[label], "outcome": "fit", "checked_at": checked.isoformat()},
            role="medical",
            at=checked,
        )
    family.until(
        "the desk knew of the second checks",
        "travel",
        f"{family.flight}/passengers",
        lambda listed: all(each["gates"]["at_check_in"]["passed"] for each in listed["passengers"]),
        role="airport_desk",
        at=at(6, 30),
    )
    for verb, when, body in (("check-in", at(6, 30), None), ("boarding", at(8, 40), None)):
        if verb == "boarding":
            for label in family.adults:
                ask(family, label, "yes", at=at(8, 0), step="was asked before the second flight")
        for label in family.everyone:
            path = f"{family.passenger(label)}/{verb}"
            family.do(f"the {label} passed {verb} again", "travel", path, body, role="airport_desk", at=when)
    family.do("the second doors were closed", "travel", f"{family.flight}/doors", role="airport_desk", at=at(9, 15))
    family.until(
        "registration cleared the second flight",
        "travel",
        f"{family.flight}/doors",
        lambda doors: doors["status"] == "closed",
        role="airport_desk",
        at=at(9, 15),
    )
    left = {"departed_at": at(9, 35).isoformat()}
    path = f"{family.flight}/departure"
    family.do("the second aircraft left", "travel", path, left, role="travel_officer", at=at(9, 35))
