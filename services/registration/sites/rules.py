"""Kinds of sites, and refusals. Pure."""

from datetime import date, timedelta
from enum import StrEnum

from shared.auth import Role
from shared.problems import Problem

AT_THE_SITE = (Role.REGISTRATION_OFFICER, Role.COUNSELLOR, Role.PROTECTION, Role.RELIEF_OFFICER, Role.AIRPORT_DESK)
"""Who records what happens at a site."""
STAFF = tuple(role for role in Role if role not in (Role.SERVICE, Role.PSEA_FOCAL_POINT))
"""Who may read it: there is nothing personal in what all of them are shown."""


class SiteKind(StrEnum):
    SHELTER = "shelter"
    OFFICE = "office"
    BORDER_POINT = "border_point"
    AIRPORT_DESK = "airport_desk"
    HOTEL = "hotel"


class SiteCodeTaken(Problem):
    slug = "site-code-taken"
    status = 409
    title = "There is a site with that code"
    remedy = "Use that site, or choose another code."


class SiteUnknown(Problem):
    slug = "site-unknown"
    status = 422
    title = "There is no site with that id"
    remedy = "`GET /sites` lists them: take the id of one, or leave the site out where it need not be said."


LONGEST_PERIOD = 371
"""Days a report may be asked for: 53 weeks."""


class PeriodUnclear(Problem):
    slug = "period-unclear"
    status = 422
    title = "That is no period a report can be given for"
    remedy = (
        "Say the first and the last day (`since` and `until`, of a site `from` and `to`), in that order and at most "
        "371 days; or ask in parts."
    )


def check_period(since: date, until: date) -> None:
    """Raises `PeriodUnclear`."""
    if not since <= until <= since + timedelta(days=LONGEST_PERIOD - 1):
        raise PeriodUnclear()
