"""What follows next for one individual from all that travel told, and from where they stand here. Pure.

Each step changes where the individual stands so that the same step does not come again: looking once more at the same
facts finds nothing to do.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeVar
from uuid import UUID


class Told(Protocol):
    """A fact of travel about the individual. `kind`: booked, cancelled, no_show, offloaded, departed, not_admitted, or
    the answer at the desk. `sequence`: its place among what travel told of the case."""

    @property
    def event_id(self) -> UUID: ...
    @property
    def flight_id(self) -> UUID: ...
    @property
    def kind(self) -> str: ...
    @property
    def attempt(self) -> int | None: ...
    @property
    def clearance_id(self) -> UUID | None: ...
    @property
    def on_paper(self) -> bool: ...
    @property
    def recorded_at(self) -> datetime: ...
    @property
    def sequence(self) -> int: ...


class Follow(StrEnum):
    """What registration does about a fact."""

    WITHDRAW = "withdraw"
    HOLD = "hold"
    RELEASE = "release"
    DEPART = "depart"
    DEPART_ON_PAPER = "depart_on_paper"
    INCIDENT = "incident"
    REFUSE_ENTRY = "refuse_entry"


@dataclass(frozen=True, slots=True)
class Where:
    """Where the individual stands. `closing_at`: when the doors closed that they are cleared for. `heard`: events whose
    statement is on record already; `incidents`: events and flights that have their incident; `left`: by flight, the
    attempt in which they left on it."""

    status: str
    attempt: int
    held: bool
    case_closed: bool
    protection_pending: bool
    clearance_id: UUID | None
    flight_id: UUID | None
    closing_at: datetime | None
    heard: Collection[UUID]
    incidents: Collection[UUID]
    left: dict[UUID, int]


ENDS_CLEARANCE = frozenset({"cancelled", "no_show", "offloaded"})
UNSURE = frozenset({"not_sure", "pressed"})
LEFT = frozenset({"departed", "not_admitted"})
NEVER_SILENT = UNSURE | LEFT
"""What a person looks at though it was told of somebody who is of the case no more."""


Fact = TypeVar("Fact", bound=Told)


def next_step(facts: Sequence[Fact], where: Where) -> tuple[Follow, Fact] | None:
    """The first thing that has to be done and has not been. `facts`: of this individual, in travel's order."""
    for fact in facts:
        step = _step(fact, facts, where)
        if step is not None:
            return step, fact
    return None


def _step(fact: Told, facts: Sequence[Told], where: Where) -> Follow | None:
    current = fact.attempt is None or fact.attempt == where.attempt
    if fact.kind == "departed":
        return _departed(fact, where, current=current)
    if not current:
        return None  # of an earlier attempt: kept, and never acts
    if fact.kind == "no":
        return None if fact.event_id in where.heard else Follow.WITHDRAW
    if fact.kind in UNSURE:
        return None if fact.event_id in where.incidents else Follow.HOLD
    if fact.kind in ENDS_CLEARANCE:
        return Follow.RELEASE if _ends_this_clearance(fact, facts, where) else None
    if fact.kind == "not_admitted" and where.status == "departed" and where.left.get(fact.flight_id) == where.attempt:
        return Follow.REFUSE_ENTRY
    return None


def _departed(fact: Told, where: Where, *, current: bool) -> Follow | None:
    if fact.flight_id in where.left or fact.flight_id in where.incidents:
        return None
    if current and where.status == "cleared" and where.clearance_id == fact.clearance_id:
        return Follow.DEPART
    in_order = where.status == "declared" and not (where.held or where.case_closed or where.protection_pending)
    if current and fact.on_paper and in_order:
        return Follow.DEPART_ON_PAPER
    return Follow.INCIDENT  # somebody left whom nobody here had cleared: whatever the attempt, never silently


def _ends_this_clearance(fact: Told, facts: Sequence[Told], where: Where) -> bool:
    if where.status != "cleared" or fact.flight_id != where.flight_id or where.closing_at is None:
        return False
    if fact.clearance_id is not None:
        return fact.clearance_id == where.clearance_id
    # It names no clearance: then it ends this one if it was said since the doors closed, and no seat was given since.
    given_again = any(
        later.kind == "booked" and later.flight_id == fact.flight_id and later.sequence > fact.sequence
        for later in facts
    )
    return fact.recorded_at >= where.closing_at and not given_again
