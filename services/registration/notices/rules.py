"""What people must be told, and to whom it is told. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from shared.problems import Problem


class About(StrEnum):
    CANCELLED = "booking_cancelled"
    ON_HOLD = "booking_on_hold"
    WAITING = "booking_waiting"
    RESUMED = "booking_resumed"


class ToldBy(StrEnum):
    IN_PERSON = "in_person"
    PHONE = "phone"
    MESSAGE = "message"
    LETTER = "letter"


OWN_DOING = frozenset({"withdrawn", "no_show", "offloaded", "case_closed"})
"""Reasons of a cancellation that the person knows, for it came of what they did or were told."""


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
