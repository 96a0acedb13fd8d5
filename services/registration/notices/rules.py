"""What people must be told, and to whom it is told. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, TypeVar
from uuid import UUID

from shared.problems import Problem


class About(StrEnum):
    CANCELLED = "booking_cancelled"
    ON_HOLD = "booking_on_hold"
    WAITING = "booking_waiting"
    RESUMED = "booking_resumed"
    CHANGED = "flight_changed"
    OFFERED = "seats_offered"
    OFFER_ENDED = "offer_ended"
    GROUND = "ground_arranged"
    GROUND_CANCELLED = "ground_cancelled"


class ToldBy(StrEnum):
    IN_PERSON = "in_person"
    PHONE = "phone"
    MESSAGE = "message"
    LETTER = "letter"


OWN_DOING = frozenset({"withdrawn", "no_show", "offloaded", "case_closed"})
"""Reasons of a cancellation that the person knows, for it came of what they did or were told."""


_ALL = frozenset(About)
_OF_THE_HOLD = frozenset({About.ON_HOLD, About.RESUMED})
_OVERTAKES: Mapping[About, frozenset[About]] = {
    About.CANCELLED: _ALL,
    About.WAITING: _ALL,
    About.ON_HOLD: _OF_THE_HOLD,
    About.RESUMED: _OF_THE_HOLD,
    About.CHANGED: frozenset({About.CHANGED}),
    # Of an offer or an arrangement, whose id stands where another notice has that of a booking.
    About.OFFERED: frozenset({About.OFFERED}),
    About.OFFER_ENDED: frozenset({About.OFFERED, About.OFFER_ENDED}),
    About.GROUND: frozenset({About.GROUND, About.GROUND_CANCELLED}),
    About.GROUND_CANCELLED: frozenset({About.GROUND, About.GROUND_CANCELLED}),
}


OF_THE_GROUND = frozenset({About.GROUND, About.GROUND_CANCELLED})
"""Of the way to a flight, or the nights before it: nothing to tell to who has nobody on that flight any more."""


def overtaken_by(about: About) -> frozenset[About]:
    """What need not be told any more of a booking once this is to be told: a changed time says nothing of a hold."""
    return _OVERTAKES[about]


class Telling(Protocol):
    """A flight as it was told at one time. `position`: the fact's place among all that travel told; none on old
    ones, whose moment of recording then says which came first."""

    @property
    def changed(self) -> bool: ...
    @property
    def legs(self) -> Sequence[Any]: ...
    @property
    def position(self) -> int | None: ...
    @property
    def recorded_at(self) -> datetime: ...


Told = TypeVar("Told", bound=Telling)


def changes_of(tellings: Sequence[Told]) -> list[Told]:
    """Those of a flight's tellings, oldest first, by which its passengers leave otherwise: other times, airports or
    flight numbers. Other seats are nothing to tell; a change of what was never heard of is taken for one."""
    found = []
    before: Told | None = None
    for telling in tellings:
        if telling.changed and (before is None or before.legs != telling.legs):
            found.append(telling)
        before = telling
    return found


def came_after(change: Telling, position: int | None, at: datetime) -> bool:
    """Whether a flight changed after a booking with that position, recorded at that moment: who was booked later was
    told the new times with the booking."""
    if change.position is not None and position is not None:
        return change.position > position
    return change.recorded_at >= at


class NoticeSettledAlready(Problem):
    slug = "notice-settled-already"
    status = 409
    title = "That was told before, or something newer has taken its place"
    remedy = "Nothing needs to be done. The open notices list what is still to be told."


@dataclass(frozen=True, slots=True)
class Concerned:
    """A member whom a fact is about."""

    id: UUID
    is_adult: bool
    responsible: Sequence[UUID]


def to_be_told(concerned: Iterable[Concerned]) -> list[UUID]:
    """Adults themselves; for a child those responsible; a child alone itself, with whoever speaks for the child."""
    found: dict[UUID, None] = {}
    for one in concerned:
        for each in [one.id] if one.is_adult or not one.responsible else one.responsible:
            found[each] = None
    return list(found)


def must_be_told(about: About, reason: str | None) -> bool:
    return about is not About.CANCELLED or reason not in OWN_DOING


LOST = frozenset({"expired", "flight_cancelled"})
"""How an offer ends without those to whom it was made having done anything."""


def hears_of_its_end(how: str, told: bool) -> bool:
    """Whether somebody must be told that the offer is over. `told`: whether they were told that it was made; who never
    heard of it has lost nothing that they knew of."""
    return told and how in LOST
