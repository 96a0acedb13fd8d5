"""The order of the waiting list, and what ends a wait."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from shared.problems import Problem
from shared.states import NotPossibleNow

ORDINARY: Final = 3
"""The level of who was given none: 1 goes first."""
ORDER: Final = (
    "Level 1 before level 2 before level 3 (registration assigns it, and never says why; 3 where it assigned none); of "
    "the same level who has waited longest; of the same moment the lower id. A family is never split to fill a seat: "
    "one that does not fit is passed over, keeps its place, and is asked for again at the next flight."
)


class WaitsAlready(Problem):
    slug = "waits-already"
    status = 409
    title = "This case is on the waiting list already"
    remedy = (
        "`entry` is its place, and keeps it. If others of the case are to wait, end that wait first (its `leaving`)."
    )


class NothingToWaitFor(Problem):
    slug = "nothing-to-wait-for"
    status = 409
    title = "Nobody of that case is waiting for a seat"
    remedy = "Everyone in it has a seat, has travelled or has withdrawn."


def check_waits(status: str) -> None:
    """A wait ends once. Raises `NotPossibleNow`."""
    if status != "waiting":
        raise NotPossibleNow(f"the wait has ended: {status}", state=status, asked="end_waiting", possible=[])


@dataclass(frozen=True, slots=True)
class Place:
    """What decides where somebody stands."""

    level: int
    since: datetime
    entry: UUID

    @property
    def key(self) -> tuple[int, datetime, UUID]:
        return (self.level, self.since, self.entry)


def place_from(level: str, since: str, entry: str) -> Place:
    """The place that a cursor of the list names. Raises `ValueError`, also for one that no entry can have."""
    found = Place(int(level), datetime.fromisoformat(since), UUID(entry))
    if not 1 <= found.level <= ORDINARY or found.since.utcoffset() != timedelta(0):
        raise ValueError("no place of the list")
    return found


def in_order(places: Iterable[Place]) -> list[Place]:
    return sorted(places, key=lambda place: place.key)


def level_of(of_people: Iterable[int], of_case: int | None) -> int:
    """A case goes with the first of its people."""
    return min([*of_people, *([] if of_case is None else [of_case])], default=ORDINARY)
