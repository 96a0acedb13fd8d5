"""What tests ask the four services about a family."""

from typing import Any

from services.demo.family import Family

LATER = "looked"


def registered(family: Family) -> dict[str, str]:
    """Where each member stands in registration, by label."""
    case = family.look("registration", family.case, role="auditor", at=LATER)
    return {family.label(each["individual_id"]) or "": each["status"] for each in case["members"]}


def registration_says(family: Family, **expected: str) -> None:
    """Waits until the members named stand where they are said to."""
    family.until(
        f"registration knew of {expected}",
        "registration",
        family.case,
        lambda case: (
            expected.items()
            <= {family.label(each["individual_id"]): each["status"] for each in case["members"]}.items()
        ),
        role="auditor",
        at=LATER,
    )


def in_travel(family: Family) -> dict[str, str]:
    """The status of each passenger on the family's flight."""
    return {label: each["status"] for label, each in family.passengers(LATER).items()}


def seats(family: Family) -> dict[str, int]:
    found: dict[str, int] = flight(family)["seats"]
    return found


def flight(family: Family) -> Any:
    return family.look("travel", family.flight, role="auditor", at=LATER)


def at_home(family: Family) -> Any:
    return family.look("reintegration", family.case, role="auditor", at=LATER)


def eligibility(family: Family) -> Any:
    return family.look("eligibility", family.case, role="auditor", at=LATER)


def facts(family: Family) -> list[str]:
    """The journey as it stands, each fact as noun and verb."""
    journey = family.look("registration", f"{family.case}/journey", role="auditor", at=LATER)
    return [line["summary"] for line in journey["lines"]]


def incidents(family: Family) -> list[Any]:
    """What protection must look at in this case."""
    found = family.listed("registration", "/incidents", role="protection", at=LATER)
    return [each for each in found if each["case_id"] == family.ids["case"]]
