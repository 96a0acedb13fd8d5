"""Reasons of the register, and what two counts and the register between them disagree on. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from typing import Final
from uuid import UUID

from shared.problems import Problem


class MovementReason(StrEnum):
    CAME_IN = "came_in"
    MOVED_TO_HOTEL = "moved_to_hotel"
    LEFT_ON_THEIR_OWN = "left_on_their_own"
    HELPED_HOME = "helped_home"
    TAKEN_TO_HOSPITAL = "taken_to_hospital"
    OTHER = "other"


class Direction(StrEnum):
    IN = "in"
    OUT = "out"


DIRECTIONS: Final[Mapping[MovementReason, Direction]] = {
    MovementReason.CAME_IN: Direction.IN,
    MovementReason.MOVED_TO_HOTEL: Direction.OUT,
    MovementReason.LEFT_ON_THEIR_OWN: Direction.OUT,
    MovementReason.HELPED_HOME: Direction.OUT,
    MovementReason.TAKEN_TO_HOSPITAL: Direction.OUT,
}
"""Where the reason says it; `other` is told with its direction."""


class DirectionUnclear(Problem):
    slug = "direction-unclear"
    status = 422
    title = "It is not clear whether people came in or went out"
    remedy = "Say `direction` (in or out) with the reason `other`, and leave it out with every other reason."


class MorePeopleNamedThanMoved(Problem):
    slug = "more-people-named-than-moved"
    status = 422
    title = "More individuals are named than people moved"
    remedy = "Count in `people` everyone who moved, and name in `individuals` those of them who are registered, once."


class PersonUnknown(Problem):
    slug = "person-unknown"
    status = 422
    title = "An individual is named who is not registered"
    remedy = "Search for the person and take the id from there, or count them in `people` without naming them."


class EntryReversedAlready(Problem):
    slug = "entry-reversed-already"
    status = 409
    title = "That entry of the register was taken back before"
    remedy = "Nothing needs to be done: the entry and what takes it back cancel out."


def direction_of(reason: MovementReason, said: Direction | None) -> Direction:
    """Raises `DirectionUnclear`."""
    known = DIRECTIONS.get(reason)
    if (known is None) == (said is None):
        raise DirectionUnclear(reason=reason)
    direction = known or said
    assert direction is not None  # one of the two is there
    return direction


def check_named(people: int, individuals: Sequence[UUID]) -> None:
    """Raises `MorePeopleNamedThanMoved`."""
    if len(individuals) > people or len(set(individuals)) != len(individuals):
        raise MorePeopleNamedThanMoved(people=people, named=len(individuals))


@dataclass(frozen=True, slots=True)
class Counted:
    id: UUID
    at: datetime
    people: int


@dataclass(frozen=True, slots=True)
class Between:
    """Two counts, one after the other. Moved in and out by reason, as the register says it; `unexplained`: what the
    counts changed by and the register does not say."""

    earlier: Counted
    later: Counted
    came_in: int
    went_out: int
    by_reason: Mapping[str, int]
    counted_difference: int
    register_difference: int
    unexplained: int


def reconcile(counts: Sequence[Counted], moved: Iterable[tuple[UUID, str, int]]) -> list[Between]:
    """Each pair of neighbours. `moved`: id of the later count, reason, and by how many people it changed the site
    (negative: out). The counts are never made to fit."""
    by_count: dict[UUID, dict[str, int]] = {}
    gone: dict[UUID, tuple[int, int]] = {}
    for count_id, reason, change in moved:
        by_reason = by_count.setdefault(count_id, {})
        by_reason[reason] = by_reason.get(reason, 0) + change
        came, went = gone.get(count_id, (0, 0))
        gone[count_id] = (came + max(change, 0), went + max(-change, 0))
    found = []
    for earlier, later in pairwise(counts):
        by_reason = by_count.get(later.id, {})
        came, went = gone.get(later.id, (0, 0))
        difference, known = later.people - earlier.people, came - went
        ordered = {reason.value: by_reason[reason] for reason in MovementReason if reason in by_reason}
        found.append(Between(earlier, later, came, went, ordered, difference, known, difference - known))
    return found
