"""When a return without us may be recorded, and where its undoing leads. Pure."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from services.registration.cases.rules import DatesImpossible
from shared.problems import Problem


class Mistake(StrEnum):
    """How a return came to be recorded that was none."""

    WRONG_PERSON = "wrong_person"
    MISINFORMED = "misinformed"
    TYPING_ERROR = "typing_error"


class NoReturnRecorded(Problem):
    slug = "no-return-recorded"
    status = 409
    title = "No return is recorded that could be undone"
    remedy = "Read the returns of the case: those without `undone_at` stand. `without` lists who has none."


_WAYS_BACK: Mapping[str, tuple[str, ...]] = {
    "open": ("undo_return",),
    "counselled": ("undo_return", "record_counselling"),
    "declared": ("undo_return", "sign_declaration"),
    "withdrawn": ("undo_return", "withdraw"),
    "not_admitted": ("refuse_entry",),
}
"""The verbs of the state table that lead from `departed` to where somebody stood."""


def check_return(returned_on: date, arrived: date) -> None:
    """Raises `DatesImpossible`: nobody leaves a country before coming into it."""
    if returned_on < arrived:
        raise DatesImpossible(why="the return must not lie before the arrival in the host country")


def way_back(stood: str | None, *, declared: bool) -> tuple[str, ...]:
    """The verbs that lead back to where they `stood`, if known. `declared`: whether a declaration of theirs
    stands; one that fell meanwhile does not come back. Where nothing is known, only one that stands counts."""
    if declared:
        return _WAYS_BACK["declared"]
    if stood == "declared":
        return _WAYS_BACK["counselled"]
    return _WAYS_BACK[stood or "open"]
