"""Kinds of incidents and how they are resolved. Pure."""

from enum import StrEnum

from shared.problems import Problem


class IncidentKind(StrEnum):
    NOT_SURE_AT_DESK = "not_sure_at_desk"
    PRESSED_AT_DESK = "pressed_at_desk"
    PAPER_CONTRADICTS_DEPARTURE = "paper_contradicts_departure"
    DEPARTED_UNCLEARED = "departed_uncleared"
    NOT_ADMITTED = "not_admitted"


class Resolution(StrEnum):
    """`departure_confirmed`: the person is gone, though nobody had cleared them; their status follows."""

    SPOKEN_WITH = "spoken_with"
    REFERRED = "referred"
    UNFOUNDED = "unfounded"
    DEPARTURE_CONFIRMED = "departure_confirmed"
    DEPARTURE_WRONG = "departure_wrong"


class IncidentResolvedAlready(Problem):
    slug = "incident-resolved-already"
    status = 409
    title = "That incident was resolved before"
    remedy = "Nothing needs to be done. What was decided then stands on it."


class ResolutionDoesNotFit(Problem):
    slug = "resolution-does-not-fit"
    status = 422
    title = "That resolution does not answer an incident of this kind"
    remedy = "A departure is confirmed, or found to be wrong, where somebody departed uncleared; nowhere else."


def check_resolution(kind: str, resolution: Resolution) -> None:
    """Raises `ResolutionDoesNotFit`."""
    about_departure = resolution in (Resolution.DEPARTURE_CONFIRMED, Resolution.DEPARTURE_WRONG)
    if about_departure != (kind == IncidentKind.DEPARTED_UNCLEARED):
        raise ResolutionDoesNotFit(kind=kind)
