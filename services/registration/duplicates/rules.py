"""When two records may be linked as one person. Pure."""

from collections.abc import Collection, Iterable
from enum import StrEnum
from typing import Final
from uuid import UUID

from shared.problems import Problem

MOST_TOLD: Final = 50


class Likeness(StrEnum):
    """Why two records may be of one person."""

    SAME_DOCUMENT = "same_document"
    SAME_NAME_AND_BIRTH_DATE = "same_name_and_birth_date"


class Verdict(StrEnum):
    SAME = "same_person"
    DIFFERENT = "different_people"


class AlikeRegistered(Problem):
    slug = "possible-duplicate"
    status = 409
    title = "Somebody of this household looks like a person who is registered"
    remedy = (
        "`candidates` are the first of `count` individuals with the same document, or the same name and birth date; "
        "POST /candidates shows who they are. Go on with their case, or send them in `seen_alike` to register another "
        "one. Nothing was saved."
    )


class DecidedAlready(Problem):
    slug = "likeness-decided-already"
    status = 409
    title = "Whether these are one person was decided"
    remedy = "Nothing needs to be done. A link can be undone; then they are two people again."


class StandsUnclear(Problem):
    slug = "stands-unclear"
    status = 422
    title = "Which of the two records goes on is not said"
    remedy = "For the same person, name in `stands` one of the two; for different people, none."


class LinkMakesAChain(Problem):
    slug = "link-makes-a-chain"
    status = 409
    title = "One of the two is part of another link"
    remedy = "Link each duplicate with the record that stands. `linked` names those that are linked; undo that first."


class DuplicateOnTheWay(Problem):
    slug = "duplicate-on-the-way"
    status = 409
    title = "The record that would not go on is cleared to depart, or has departed"
    remedy = "Let that one stand, and link the other with it."


class LinkUndoneAlready(Problem):
    slug = "link-undone-already"
    status = 409
    title = "That link was undone before"
    remedy = "Nothing needs to be done: they are two people."


def pair(one: UUID, other: UUID) -> tuple[UUID, UUID]:
    """The same two in the same order, whichever comes first."""
    return (one, other) if one < other else (other, one)


def check_alike_seen(alike: Iterable[UUID], seen: Collection[UUID]) -> None:
    """Raises `AlikeRegistered` where one of those who look alike was not seen by who registers: up to 50 of them."""
    unseen = sorted(str(one) for one in set(alike).difference(seen))
    if unseen:
        raise AlikeRegistered(candidates=unseen[:MOST_TOLD], count=len(unseen))


def check_stands(verdict: Verdict, stands: UUID | None, two: tuple[UUID, UUID]) -> None:
    """Raises `StandsUnclear`."""
    if (verdict is Verdict.SAME) != (stands is not None) or (stands is not None and stands not in two):
        raise StandsUnclear()


def check_on_the_way(duplicate: str, stands: str) -> None:
    """`duplicate`, `stands`: the statuses of the two. Raises `DuplicateOnTheWay`."""
    if duplicate == "cleared" or (duplicate == "departed" and stands != "departed"):
        raise DuplicateOnTheWay()
