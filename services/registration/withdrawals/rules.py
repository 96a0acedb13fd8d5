"""What a withdrawal undoes. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared.occurrence import AT_ONCE, CLOCKS_DIFFER, WITHOUT_EVIDENCE

ON_THE_WAY = ("open", "counselled", "declared")
PAST_THE_DOORS = ("cleared", "departed")


class WithdrawalChannel(StrEnum):
    IN_PERSON = "in_person"
    PHONE = "phone"
    PAPER = "paper"
    MESSAGE = "message"
    DESK = "desk"


class Outcome(StrEnum):
    """`kept`: there was nothing left to withdraw from; what was said is on record."""

    WITHDRAWN = "withdrawn"
    TOO_LATE = "too_late_to_undo"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Stands:
    """A member as the rule looks at it. `signed_by`: who signed the live declaration, none without one."""

    id: UUID
    status: str
    is_adult: bool
    responsible: Sequence[UUID]
    signed_by: Collection[UUID] = ()


@dataclass(frozen=True, slots=True)
class Unwinding:
    """`withdrawn`: out by it, in the case's order, with the children whom nobody is left to go with. `lapsed`:
    children whose declaration falls. `late`: who is past the doors, with the child of a parent who stays behind.
    `whole_case`: nobody of the case is on the way any more."""

    withdrawn: tuple[UUID, ...]
    lapsed: tuple[UUID, ...]
    late: tuple[UUID, ...]
    kept: tuple[UUID, ...]
    whole_case: bool


def stated_at(now: datetime, said: datetime | None) -> datetime:
    """When a withdrawal was stated: as told, and never later than now. Unlike any other happening it needs neither a
    reason for its lateness nor evidence to be taken; what is missing is shown on the statement instead."""
    return now if said is None else min(said, now)


def is_ahead(now: datetime, said: datetime | None) -> bool:
    """Whether it came with a date to come: taken as of now all the same, and marked so that a person asks."""
    return said is not None and said - now > CLOCKS_DIFFER


def lacks_explanation(stated: datetime, recorded: datetime, *, reason: bool, evidence: bool) -> bool:
    """Whether a statement was recorded so late that a person should ask why, or for the paper that shows it."""
    late = recorded - stated
    return (late > AT_ONCE and not reason) or (late > WITHOUT_EVIDENCE and not evidence)


def unwind(members: Sequence[Stands], said_by: Collection[UUID]) -> Unwinding:
    """What follows when `said_by` withdraw. Whether the case is closed does not matter: it may be opened again, and
    nobody who said no may then stand as if they had not."""
    known = {member.id: member for member in members}
    leaving = {one for one in said_by if known[one].status in ON_THE_WAY}
    late = {one for one in said_by if known[one].status in PAST_THE_DOORS}
    along: set[UUID] = set()
    lapsed: set[UUID] = set()
    for child in members:
        if child.is_adult or child.id in said_by or not _concerned(child, members, leaving):
            continue
        if child.status == "cleared":
            late.add(child.id)
        elif child.status in ON_THE_WAY and not _anyone_left(child, known, leaving):
            along.add(child.id)
        elif child.status == "declared" and not leaving.isdisjoint(child.signed_by):
            lapsed.add(child.id)
    out = leaving | along
    staying = [member for member in members if member.status != "withdrawn" and member.id not in out]
    order = [member.id for member in members]
    return Unwinding(
        withdrawn=_sorted(out, order),
        lapsed=_sorted(lapsed, order),
        late=_sorted(late, order),
        kept=_sorted(set(said_by) - leaving - late, order),
        whole_case=bool(out) and not staying,
    )


def _holders(child: Stands, members: Sequence[Stands]) -> list[UUID]:
    # Where no holder of parental responsibility is in the case, the child came with the adults who are.
    return list(child.responsible) or [member.id for member in members if member.is_adult]


def _concerned(child: Stands, members: Sequence[Stands], leaving: set[UUID]) -> bool:
    return not leaving.isdisjoint([*_holders(child, members), *child.signed_by])


def _anyone_left(child: Stands, known: Mapping[UUID, Stands], leaving: set[UUID]) -> bool:
    holders = _holders(child, list(known.values()))
    return any(known[one].status != "withdrawn" and one not in leaving for one in holders)


def _sorted(ids: set[UUID], order: list[UUID]) -> tuple[UUID, ...]:
    return tuple(one for one in order if one in ids)


def overall(unwinding: Unwinding) -> Outcome:
    """The answer to all of them in one word: what could not be undone is said first."""
    if unwinding.late:
        return Outcome.TOO_LATE
    return Outcome.WITHDRAWN if unwinding.withdrawn else Outcome.KEPT


STILL_POSSIBLE: Mapping[str, tuple[tuple[str, str], ...]] = {
    "cleared": (
        (
            "take_off_at_the_desk",
            "Until the aircraft has left, the airport desk can take the person off. The withdrawal "
            "then counts at once, from the moment it was said.",
        ),
        ("protection_can_be_asked", "Protection staff can speak with the person alone before the departure."),
    ),
    "departed": (
        (
            "reintegration_is_told",
            "The reintegration service is told, and speaks about it first when it meets the person.",
        ),
        (
            "counselling_after_arrival",
            "Counselling on the situation and on legal ways to travel is open after arrival.",
        ),
        ("complaint_can_be_made", "If the person was pressed or not heard, a complaint is taken and followed up."),
    ),
}
"""By status: what can still be done when it is too late to undo, as codes and sentences."""

STILL_POSSIBLE_FOR_A_CHILD: Mapping[str, tuple[tuple[str, str], ...]] = {
    "cleared": (
        (
            "take_off_at_the_desk",
            "Until the aircraft has left, the airport desk can take the child off, whoever else the child travels "
            "with. The parent's withdrawal then counts for the child, from the moment it was said.",
        ),
        STILL_POSSIBLE["cleared"][1],
    ),
}
"""The same where a parent's word is kept for a child who is cleared with somebody else."""


def still_possible(late: Sequence[tuple[UUID, str, bool]]) -> list[tuple[str, str, list[UUID]]]:
    """What can still be done for those past the doors: code, sentence, and for whom. `late`: each with their status,
    and whether it is a child for whom a parent's word is kept."""
    found: dict[tuple[str, str], list[UUID]] = {}
    for one, status, said_for in sorted(late, key=lambda each: each[1]):
        for possible in (STILL_POSSIBLE_FOR_A_CHILD if said_for else STILL_POSSIBLE).get(status, ()):
            found.setdefault(possible, []).append(one)
    return [(code, sentence, who) for (code, sentence), who in found.items()]
