"""Reasons of the register, and what two counts and the register between them disagree on. Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from typing import Final
from uuid import UUID

from shared.auth import Role
from shared.problems import Problem

MOST_COUNTS: Final = 1000
"""Counts that one answer lists. What it adds up is added up over all of them."""

SEES_WHO: Final = frozenset({Role.REGISTRATION_OFFICER, Role.COUNSELLOR, Role.PROTECTION, Role.MEDICAL})
"""Who reads whom an entry names, and its paper: beside `taken_to_hospital` a name is a finding on health."""


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


_ORDER: Final = [reason.value for reason in MovementReason]


def direction_of(reason: MovementReason, said: Direction | None) -> Direction:
    """Raises `DirectionUnclear`."""
    known = DIRECTIONS.get(reason)
    if (known is None) == (said is None):
        raise DirectionUnclear(reason=reason)
    direction = known or said
    assert direction is not None  # one of the two is there
    return direction


def sees_who(roles: Collection[str]) -> bool:
    return not SEES_WHO.isdisjoint(roles)


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
class Moved:
    """What moved up to a count since the one before it, for a reason and in a direction. `came`: in; `change`: by how
    many people the site had more (negative: fewer)."""

    count_id: UUID
    reason: str
    came: bool
    change: int


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


def reconcile(counts: Sequence[Counted], moved: Iterable[Moved]) -> list[Between]:
    """Each pair of neighbours. The counts are never made to fit."""
    of_count: dict[UUID, list[Moved]] = defaultdict(list)
    for each in moved:
        of_count[each.count_id].append(each)
    found = []
    for earlier, later in pairwise(counts):
        here = of_count[later.id]
        came = sum(each.change for each in here if each.came)
        went = -sum(each.change for each in here if not each.came)
        by_reason: dict[str, int] = {}
        for each in sorted(here, key=lambda one: _ORDER.index(one.reason)):
            by_reason[each.reason] = by_reason.get(each.reason, 0) + each.change
        difference, known = later.people - earlier.people, came - went
        found.append(Between(earlier, later, came, went, by_reason, difference, known, difference - known))
    return found
