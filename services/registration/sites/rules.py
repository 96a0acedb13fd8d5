"""Kinds of sites, and refusals. Pure."""

from enum import StrEnum

from shared.problems import Problem


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
    remedy = "List the sites and take the id of one, or leave the site out."
