"""Rules on escorts: their kinds and statuses."""

from enum import StrEnum
from typing import Final

from shared.problems import Problem
from shared.states import StateTable, move

ESCORT: Final = StateTable(
    "escort",
    ("booked", "cancelled"),
    "booked",
    (move("cancel_escort", "booked", to="cancelled"),),
)


class EscortKind(StrEnum):
    """Whose task it is to go along."""

    MEDICAL = "medical"
    OPERATIONAL = "operational"
    FAMILY = "family"


class EscortBookedAlready(Problem):
    slug = "escort-booked-already"
    status = 409
    title = "That escort has a seat on this flight already"
    remedy = "The seat is in `escort`. Cancel it first, if others are to be escorted."
