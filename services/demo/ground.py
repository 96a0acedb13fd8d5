"""What must be there before a family comes: the site, the programme, the rules, and seats on a flight.

All but the seats stand for everyone: they are looked for first, so that a second family finds those of the first.
"""

from collections.abc import Callable
from typing import Any

from services.demo.family import Family, the
from services.demo.scenario import read_scenario


def lay_the_ground(family: Family) -> None:
    record_site(family)
    found_programme(family)
    suspend_returns(family)
    add_paper_rules(family)
    add_survey_scheme(family)
    hold_seats(family)


def record_site(family: Family) -> None:
    family.ids["site"] = _site(family, family.story["site"])


def add_sites(family: Family) -> None:
    """The places of the year beside the warehouse."""
    for place, body in read_scenario("year.json")["sites"].items():
        family.ids[place] = _site(family, body)


def _site(family: Family, body: dict[str, Any]) -> str:
    made = _found_or_made(
        family,
        f"the site {body['code']} was recorded",
        "registration",
        "/sites",
        body,
        lambda site: bool(site["code"] == body["code"]),
        role="registration_officer",
    )
    return str(made["id"])


def found_programme(family: Family) -> None:
    """A programme with no version yet gets its first: that is what a story that was cut off left behind."""
    story = read_scenario("programme_story.json")
    programme = _found_or_made(
        family,
        "the programme was founded",
        "eligibility",
        "/programmes",
        story["programme"],
        lambda each: bool(each["code"] == story["programme"]["code"]),
        role="programme_officer",
    )
    family.ids["programme"] = programme["programme_id"]
    if programme["latest_version"] == 0:
        family.do(
            "the programme got its rules and its package",
            "eligibility",
            f"/programmes/{programme['programme_id']}/versions",
            story["version"],
            role="programme_officer",
            at="ground",
        )


def suspend_returns(family: Family) -> None:
    for body in read_scenario("programme_story.json")["restrictions"]:
        _found_or_made(
            family,
            f"returns to {body['country']} were suspended, with date and source",
            "eligibility",
            "/restrictions",
            body,
            _with_the_same(body, "country", "area", "valid_from"),
            role="programme_officer",
        )


def add_paper_rules(family: Family) -> None:
    for body in family.story["papers"]:
        _found_or_made(
            family,
            f"the rule of {body['country']} on {body['applies']} was added",
            "travel",
            "/papers",
            body,
            _with_the_same(body, *body),
            role="travel_officer",
        )


def add_survey_scheme(family: Family) -> None:
    scheme = read_scenario("survey_scheme_provisional.json")
    _found_or_made(
        family,
        "the survey's scheme was added, as provisional",
        "reintegration",
        "/survey-schemes",
        scheme,
        lambda each: bool((each["scheme"], each["version"]) == (scheme["scheme"], scheme["version"])),
        role="programme_officer",
    )
    family.ids["scheme"] = scheme["scheme"]
    family.ids["scheme_version"] = str(scheme["version"])


def hold_seats(family: Family, name: str = "flight") -> None:
    """Seats on the flight that the scenario calls `name`, for this family's story alone."""
    flight = family.do(
        f"seats were held on {the(name)}",
        "travel",
        "/flights",
        family.story[name],
        role="travel_officer",
        at="ground",
    )
    family.ids["flight"] = flight["id"]


def _with_the_same(body: dict[str, Any], *names: str) -> Callable[[Any], bool]:
    return lambda each: all(each[name] == body[name] for name in names)


def _found_or_made(
    family: Family, step: str, service: str, path: str, body: Any, same: Callable[[Any], bool], *, role: str
) -> Any:
    for each in family.listed(service, path, role=role, at="ground"):
        if same(each):
            return each
    return family.do(step, service, path, body, role=role, at="ground")
