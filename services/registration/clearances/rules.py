"""Who is cleared to depart. Pure; `The moment of no return` of the house."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from shared.contracts.registration import ClearanceRefusal
from shared.problems import Problem


class Willing(StrEnum):
    """What was said at the desk. A child is not asked, or its own no is heard."""

    YES = "yes"
    NO = "no"
    NOT_SURE = "not_sure"
    PRESSED = "pressed"
    NOT_ASKED = "not_asked"


class ClearanceDiffers(Problem):
    slug = "clearance-differs"
    status = 409
    title = "That clearance was decided for another flight or other people"
    remedy = "Read what was decided under the id, and use a new id for another question."


@dataclass(frozen=True, slots=True)
class Asked:
    """One passenger, as travel asks."""

    individual: UUID
    case: UUID
    attempt: int
    willing: Willing


@dataclass(frozen=True, slots=True)
class Known:
    """One member of a case that is asked about, passenger or not, as registration knows them.

    `signed_by`, `signed_at`: of the live declaration. `withdrawn_at`: when they withdrew, if they did.
    """

    individual: UUID
    case: UUID
    status: str
    attempt: int
    is_adult: bool
    responsible: Sequence[UUID]
    held: bool
    protection_pending: bool
    case_closed: bool
    signed_by: Collection[UUID] = ()
    signed_at: datetime | None = None
    withdrawn_at: datetime | None = None
    cleared_elsewhere: bool = False


Refusals = dict[UUID, ClearanceRefusal]

_GONE: Final = frozenset({"cleared", "departed"})
"""Who stands there has left, or is about to: with nobody who stays, and not left behind."""


def decide_clearance(asked: Sequence[Asked], known: Mapping[UUID, Known]) -> Refusals:
    """Those who are refused, each with the first reason found; everyone else who is asked about is cleared.

    First each by themselves; then families, until nothing changes: no child goes without those who must agree, and
    nobody leaves a child behind alone, whether it was to fly along or has no seat at all.
    """
    refused: Refusals = {}
    for one in asked:
        reason = _by_themselves(one, known.get(one.individual))
        if reason is not None:
            refused[one.individual] = reason
    passengers = {one.individual for one in asked}
    while _families(passengers, known, refused):
        pass
    return refused


def _by_themselves(one: Asked, who: Known | None) -> ClearanceRefusal | None:
    if who is None or who.case != one.case:
        return ClearanceRefusal.UNKNOWN
    said_no = one.willing in (Willing.NO, Willing.NOT_SURE, Willing.PRESSED)
    checks = (
        (who.case_closed, ClearanceRefusal.CASE_CLOSED),
        (who.attempt != one.attempt, ClearanceRefusal.OTHER_ATTEMPT),
        (who.status == "cleared" or who.cleared_elsewhere, ClearanceRefusal.ALREADY_CLEARED_ELSEWHERE),
        (who.status == "withdrawn", ClearanceRefusal.WITHDRAWN),
        (who.status != "declared" or who.signed_at is None, ClearanceRefusal.NOT_DECLARED),
        (who.held, ClearanceRefusal.HELD),
        (who.protection_pending, ClearanceRefusal.PROTECTION_PENDING),
        (said_no or (who.is_adult and one.willing is not Willing.YES), ClearanceRefusal.NOT_WILLING),
    )
    return next((reason for wrong, reason in checks if wrong), None)


def _families(passengers: set[UUID], known: Mapping[UUID, Known], refused: Refusals) -> bool:
    """One round over children and adults; whether anybody more was refused."""
    before = len(refused)
    cleared = {one for one in passengers if one not in refused}
    for one in sorted(cleared):
        if not known[one].is_adult and not _goes_with_those_responsible(known[one], passengers, cleared, known):
            refused[one] = ClearanceRefusal.NOT_WITH_THOSE_RESPONSIBLE
    cleared -= refused.keys()
    staying = _children_who_stay(passengers, cleared, known)
    for one in sorted(cleared):
        if known[one].is_adult and _leaves_a_child_alone(known[one], staying, cleared, known):
            # All of them: which one stays with the child is theirs to say, not ours.
            refused[one] = ClearanceRefusal.CHILD_WOULD_STAY_ALONE
    return len(refused) > before


def _goes_with_those_responsible(
    child: Known, passengers: set[UUID], cleared: set[UUID], known: Mapping[UUID, Known]
) -> bool:
    holders = [known[one] for one in child.responsible if one in known]
    travelling = [one.individual for one in holders if one.individual in passengers]
    if not all(one in cleared for one in travelling):
        return False
    # Who took their word back after signing for the child has taken back the child's, travelling or not.
    if any(_withdrew_since(holder, child) for holder in holders):
        return False
    # Without a holder in the case it is protection that lets the child go (asked before), and whoever signed for the
    # child and was to fly along must.
    return bool(travelling) or (not holders and _with_who_signed(child, passengers, cleared))


def _with_who_signed(child: Known, passengers: set[UUID], cleared: set[UUID]) -> bool:
    return all(one in cleared for one in child.signed_by if one in passengers and one != child.individual)


def _withdrew_since(holder: Known, child: Known) -> bool:
    if holder.withdrawn_at is None or child.signed_at is None:
        return False
    return holder.withdrawn_at >= child.signed_at


def _children_who_stay(passengers: set[UUID], cleared: set[UUID], known: Mapping[UUID, Known]) -> list[Known]:
    """Those who were to fly along and do not, and those of these cases nobody asked about: born since they were booked,
    or left out of the booking. Of the latter only whose parents are here: who came without any is in protection's care,
    and nobody is kept back for a child that was never to go with them."""
    return [
        child
        for one, child in sorted(known.items())
        if not child.is_adult
        and one not in cleared
        and (one in passengers or (child.responsible and child.status not in _GONE))
    ]


def _leaves_a_child_alone(
    adult: Known, staying: Sequence[Known], cleared: set[UUID], known: Mapping[UUID, Known]
) -> bool:
    for child in staying:
        if child.case != adult.case:
            continue
        # Where nobody in the case holds parental responsibility, the child came with the adults who are.
        came_with = child.responsible or [h.individual for h in known.values() if h.is_adult and h.case == child.case]
        others = [known[h] for h in came_with if h in known and h != adult.individual]
        stays = any(h.individual not in cleared and h.status not in _GONE for h in others)
        if adult.individual in came_with and not stays:
            return True
    return False
