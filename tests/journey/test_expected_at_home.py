"""Who meets them at home knows whom to expect, and how to reach those who consented to it."""

from typing import Any

from services.demo.family import Family
from services.demo.scenario import read_scenario
from tests.journey.hosting import Hosted
from tests.journey.looking import at_home
from tests.journey.parties import booked, decided, on_flight, parents_and_child, registered

PHONE = "+375 29 555 01 77"


def expected(family: Family) -> dict[str | None, Any]:
    """The family's lines of the list of the day of arrival, by label."""
    path = "/arrivals?since=2021-12-14&until=2021-12-14&limit=200"
    listed = family.look("reintegration", path, role="reintegration_officer", at="looked")
    assert listed["contacts_available"] is True
    return {
        family.label(each["individual_id"]): each for each in listed["items"] if each["case_id"] == family.ids["case"]
    }


def test_arrivals_are_listed_with_the_contact_and_language_of_those_who_consent_to_it(services: Hosted) -> None:
    case = {**read_scenario("family.json")["case"], "contact": {"phone": PHONE, "email": None, "address": None}}
    family = on_flight(decided(registered(services, parents_and_child(), case=case)), seats=3)
    consent = {"purpose": "reintegration_contact", "recipient": "IOM Iraq", "form_version": "2021-02"}
    given = {
        label: family.do(
            f"the {label} consented",
            "registration",
            f"{family.case}/consents",
            {**consent, "individual_id": family.people[label], "language": "ckb", "form": "written"} | other,
            role="counsellor",
            at="consented",
        )
        for label, other in (("mother", {}), ("father", {"purpose": "publication_of_words"}))
    }
    booked(family)
    family.until(
        "those at home expect them",
        "reintegration",
        family.case,
        lambda case: case["status"] == "expected",
        role="auditor",
        at="looked",
    )
    found = expected(family)
    assert set(found) == set(family.everyone)
    assert (found["mother"]["contact"]["phone"], found["mother"]["contact"]["language"]) == (PHONE, "ckb")
    assert [found[label]["contact"] for label in ("father", "daughter")] == [None, None], "another purpose, and none"
    path = f"{family.case}/consents/{given['mother']['id']}/withdrawal"
    family.do("the mother took it back", "registration", path, role="counsellor", at="looked")
    found = expected(family)
    assert {each["contact"] for each in found.values()} == {None}, "it counts at once, for nothing of it is kept here"
    assert at_home(family)["status"] == "expected", "and her return is another matter"
