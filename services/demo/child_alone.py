"""A boy of 16 without his parents: not bookable until protection has every item, one by one; then he flies."""

from dataclasses import replace
from typing import Any

from services.demo.family import Family
from services.demo.one_flight import OneFlight
from services.demo.returns import Party
from services.demo.year import Flight, flight_otherwise, year

PART = "child_alone"
PENDING = ["protection_pending"]
"""All that travel is told: nothing of what protection waits for."""


def see_a_child_home(family: Family) -> None:
    story = year()["otherwise"][PART]
    his = OneFlight(family, flight_with_a_child_alone())
    his.hold_seats()
    his.decide()
    (boy,) = (party for party in his.parties if party.case.speaks is not None)
    his.until_asked_of(boy, "at_booking", PENDING, his.at("papers"))
    refused = family.do(
        "the boy could not be booked before protection had every item",
        "travel",
        "/bookings",
        {"case_id": boy.id, "flight_id": his.id},
        role="travel_officer",
        at=his.at("papers"),
        expect=409,
    )
    family.found["a child alone, travel is told before"] = ", ".join(
        sorted({item["code"].replace("_", " ") for items in refused["missing"].values() for item in items})
    )
    _recorded_one_by_one(family, his, boy, story)
    his.book()
    his.fly()
    _found(family, his, boy)


def flight_with_a_child_alone() -> Flight:
    """The same people; one of them who goes alone is 16, and somebody speaks for him."""
    story, flight = year()["otherwise"][PART], flight_otherwise(PART)

    def so(member: dict[str, Any]) -> dict[str, Any]:
        return {**member, "birth_date": story["birth_date"]}

    cases = [
        replace(case, members=tuple(map(so, case.members)), speaks=story["speaks"])
        if case.name == story["case"]
        else case
        for case in flight.cases
    ]
    return replace(flight, cases=tuple(cases))


def _recorded_one_by_one(family: Family, his: OneFlight, boy: Party, story: dict[str, Any]) -> None:
    (child,) = boy.people.values()
    left = [_missing(family, boy)]
    for item in story["items"]:
        family.do(
            f"protection recorded the {item['item'].replace('_', ' ')} of the boy",
            "registration",
            f"{boy.path}/protection-items",
            {**item, "individual_id": child},
            role="protection",
            at=his.at("papers"),
        )
        left.append(_missing(family, boy))
    family.found["a child alone, items missing as protection records them"] = " ".join(map(str, left))


def _missing(family: Family, boy: Party) -> int:
    seen = family.look("registration", f"{boy.path}/protection", role="protection", at="looked")
    return sum(len(child["missing"]) for child in seen["children"])


def _found(family: Family, his: OneFlight, boy: Party) -> None:
    journey = family.until(
        "it was told that the boy arrived",
        "registration",
        f"{boy.path}/journey",
        lambda found: any(line["summary"] == "passenger_arrived" for line in found["lines"]),
        role="auditor",
        at="looked",
    )
    told = [line["summary"] for line in journey["lines"]]
    family.found["a child alone, cleared as the doors closed"] = told.count("departure_cleared")
    family.found["a child alone, asked at the desk as adults are"] = told.count("willingness_stated")
    (child,) = boy.people.values()
    there = family.look("travel", f"{his.path}/passengers/{child}", role="auditor", at="looked")
    family.found["a child alone, in the end"] = there["status"]
