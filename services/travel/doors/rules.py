"""Who flies when the doors close, and when a flight may be said to have left."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from shared.problems import Problem


class AskAgainFirst(Problem):
    slug = "ask-again-first"
    status = 409
    title = "Somebody on board must be asked again before this flight can be said to have left"
    remedy = (
        "Since the adults in `individuals` said yes, someone of their family was taken off. Ask each alone and record "
        "the answer, or take them off."
    )


class DepartedBeforeDoorsClosed(Problem):
    slug = "departed-before-doors-closed"
    status = 422
    title = "The aircraft cannot have left before its doors closed"
    remedy = "Send the moment it left; the doors closed at `closing_at`."


class ManifestDisagrees(Problem):
    slug = "manifest-disagrees"
    status = 409
    title = "What was counted at the door is not what is recorded"
    remedy = (
        "`recorded` are on this flight as cleared, with their baggage and escorts; `counted` were sent. Count again, "
        "take off whoever is not aboard, and confirm once more. Nothing was changed."
    )


class Left(StrEnum):
    """Why somebody stays behind when the doors close."""

    NO_SHOW = "no_show"
    GATE_NOT_PASSED = "gate_not_passed"
    WITHOUT_RESPONSIBLE_ADULT = "without_responsible_adult"
    PARTY_INCOMPLETE = "party_incomplete"


@dataclass(frozen=True, slots=True)
class AtTheDoor:
    """Someone with a seat as the doors close. `booking`: theirs, or the first of those that go together with it.
    `ready`: every gate passed, the word of an adult included, and nobody joined their party who has no seat."""

    individual: UUID
    booking: UUID
    adult: bool
    boarded: bool
    ready: bool


def those_left(
    people: Iterable[AtTheDoor], cannot_fly: Callable[[Collection[UUID]], Collection[UUID]]
) -> dict[UUID, Left]:
    """Those who stay, each with why. `cannot_fly(flying)`: the children among these who would fly alone.

    A booking flies as it stands, or not at all: when somebody of it is not on board or not ready, the words of the
    others were given for another journey, and there is no time left to ask them again. The desk asks before it closes
    the doors (no-show or offload first, then the question); then a smaller booking flies.
    """
    everyone = list(people)
    left = {each.individual: Left.NO_SHOW for each in everyone if not each.boarded}
    left |= {each.individual: Left.GATE_NOT_PASSED for each in everyone if each.boarded and not each.ready}
    while True:
        before = len(left)
        broken = {each.booking for each in everyone if each.individual in left}
        left |= {
            each.individual: Left.PARTY_INCOMPLETE
            for each in everyone
            if each.booking in broken and each.individual not in left
        }
        flying = {each.individual for each in everyone if each.individual not in left}
        left |= dict.fromkeys(cannot_fly(flying), Left.WITHOUT_RESPONSIBLE_ADULT)
        if len(left) == before:
            return left


WILLING_OF_A_CHILD: Final = "not_asked"


def check_departure(departed_at: datetime, closing_at: datetime | None, must_be_asked: Collection[UUID]) -> None:
    """Raises `DepartedBeforeDoorsClosed`, `AskAgainFirst`."""
    if closing_at is None or departed_at < closing_at:
        raise DepartedBeforeDoorsClosed(closing_at=None if closing_at is None else closing_at.isoformat())
    if must_be_asked:
        raise AskAgainFirst(individuals=sorted(must_be_asked))


@dataclass(frozen=True, slots=True)
class Count:
    """Persons (passengers and escorts) and pieces of baggage aboard; `pieces` None where nobody counted them."""

    persons: int
    pieces: int | None


def check_counted(counted: Count | None, recorded: Count) -> None:
    """Raises `ManifestDisagrees`."""
    if counted is None:
        return
    pieces = recorded.pieces if counted.pieces is None else counted.pieces
    if (counted.persons, pieces) != (recorded.persons, recorded.pieces):
        raise ManifestDisagrees(
            recorded={"persons": recorded.persons, "pieces": recorded.pieces},
            counted={"persons": counted.persons, "pieces": counted.pieces},
        )
