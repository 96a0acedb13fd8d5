"""Levels and outcomes of a screening, and what a hold after it is for. Pure."""

from collections.abc import Collection
from enum import StrEnum


class Level(StrEnum):
    """The levels of the model of determinants of vulnerability (source S17)."""

    INDIVIDUAL = "individual"
    HOUSEHOLD = "household"
    COMMUNITY = "community"
    STRUCTURAL = "structural"


class ScreeningOutcome(StrEnum):
    NO_CONCERN = "no_concern"
    REFER = "refer"
    HOLD = "hold"


def hold_reason(roles: Collection[str]) -> str:
    """Who screens as medical holds for medical reasons; everyone else, for protection to look at."""
    return "medical" if "medical" in roles else "protection"
