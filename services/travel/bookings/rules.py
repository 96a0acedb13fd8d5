"""Rules on bookings: their statuses, seats, and that no family is split without its word."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from shared.contracts.travel import BookingReason
from shared.occurrence import FARTHEST_WEST
from shared.problems import Problem
from shared.states import StateTable, move

BOOKING: Final = StateTable(
    "booking",
    ("confirmed", "on_hold", "closed", "cancelled"),
    "confirmed",
    (
        move("hold_booking", "confirmed", "on_hold", to="on_hold"),
        move("resume_booking", "on_hold", to="confirmed"),
        move("cancel_booking", "confirmed", "on_hold", to="cancelled"),
        move("close_booking", "confirmed", "on_hold", to="closed"),
        move("close_on_paper", "confirmed", "on_hold", "cancelled", to="closed"),
    ),
)
STATUSES: Final = ("waiting", "held_seats", "confirmed", "on_hold", "closed", "cancelled")
"""Every status the language of the services knows. No code here reaches `waiting` and `held_seats`: who waits has
an entry on the waiting list, and seats are given for good. On hold, the seats are kept and the next gate stops their
people; whom it does not stop any more flies, so that a booking on hold may be closed by a departure."""


class NotEnoughSeats(Problem):
    slug = "not-enough-seats"
    status = 409
    title = "There are not enough seats left for all of them"
    remedy = "`left` of the seats held are free and `wanted` were asked for; none was taken. Choose another flight."


class NeverSplitWithoutTheirWord(Problem):
    slug = "never-split-without-their-word"
    status = 409
    title = "This would split a family that has not agreed to it"
    remedy = (
        "Ask each adult in `adults_to_ask` alone, and send `split_agreed` with all who agreed and the day they did; "
        "or take everyone in `left_behind` along."
    )


class AgreedBeforeRegistration(Problem):
    slug = "agreed-before-registration"
    status = 422
    title = "Nobody agreed to be split before the family was registered"
    remedy = "Ask each adult alone, and send in `split_agreed` the day they said so: it is not before `registered_at`."


class ChildWouldFlyAlone(Problem):
    slug = "child-would-fly-alone"
    status = 409
    title = "A child would fly without an adult who is responsible for the child"
    remedy = (
        "Put an adult who holds parental responsibility on the same flight, or leave the children in `children` out. "
        "To change flights, send the `rebooking` of that adult's booking: the child's own comes along."
    )


class PartyGrew(Problem):
    slug = "party-grew"
    status = 409
    title = "Somebody joined the case since this booking was made, and has no seat"
    remedy = (
        "Book a seat on the same flight for whoever joined (`joined`); or cancel the booking, and book again for all "
        "of them, or with the word of each adult for some. Who withdraws, or leaves the case, needs none."
    )


class GateNotPassed(Problem):
    slug = "gate-not-passed"
    status = 409
    title = "Something that this step asks for is still missing"
    remedy = "`missing` says for each person what, in a sentence, and who can help. Nothing was changed."


class AlreadyBooked(Problem):
    slug = "already-booked"
    status = 409
    title = "Somebody of these already has a seat"
    remedy = "Those in `individuals` are on a flight that has not ended. Cancel that booking first, or leave them out."


class AlreadyTravelled(Problem):
    slug = "already-travelled"
    status = 409
    title = "Somebody of these has travelled already"
    remedy = (
        "Those in `individuals` have departed in this attempt. Leave them out; who was not admitted declares again "
        "first."
    )


class SameFlight(Problem):
    slug = "same-flight"
    status = 409
    title = "They are booked on that flight already"
    remedy = "Name another flight to change to; nothing was changed."


class CaseNotKnownYet(Problem):
    slug = "case-not-known-yet"
    status = 409
    title = "Nothing is known here about that case yet"
    remedy = "Check the id. A case that was registered a moment ago arrives within seconds: try again then."


class NobodyToBook(Problem):
    slug = "nobody-to-book"
    status = 409
    title = "Nobody of that case can be booked"
    remedy = "Everyone in it has withdrawn or travelled. A new declaration opens the way again."


class NotOfThisCase(Problem):
    slug = "not-of-this-case"
    status = 422
    title = "Somebody named here does not belong to that case or booking"
    remedy = "Leave out those in `individuals`, or name the case or booking they belong to."


@dataclass(frozen=True, slots=True)
class Relative:
    """A member of a case as this rule needs it. `going`: will have a seat on this flight. `elsewhere`: withdrew, or
    travelled before, so that the family is not split by leaving them out."""

    individual: UUID
    adult: bool
    going: bool
    elsewhere: bool = False


def left_behind(family: Iterable[Relative]) -> list[UUID]:
    """Those of a family who would stay while others fly."""
    members = list(family)
    if not any(each.going for each in members):
        return []
    return sorted(each.individual for each in members if not each.going and not each.elsewhere)


def check_split(family: Collection[Relative], stated_by: Collection[UUID]) -> None:
    """Every adult of the family has said yes to a split, those who go and those who stay.

    Raises `NeverSplitWithoutTheirWord`.
    """
    behind = left_behind(family)
    if not behind:
        return
    asked = [each.individual for each in family if each.adult and not each.elsewhere]
    missing = sorted(set(asked) - set(stated_by))
    if missing or not asked:
        raise NeverSplitWithoutTheirWord(left_behind=behind, adults_to_ask=missing)


def check_agreed_on(on: date, registered_at: datetime | None) -> None:
    """A word given before the case was registered is not about this journey. Raises `AgreedBeforeRegistration`."""
    if registered_at is not None and on < (registered_at - FARTHEST_WEST).date():
        raise AgreedBeforeRegistration(registered_at=registered_at.isoformat())


HELD_BY: Final = {
    "destination_suspended": BookingReason.RESTRICTION,
    "destination_area_unknown": BookingReason.RESTRICTION,
    "held": BookingReason.HELD,
    "not_eligible": BookingReason.NOT_ELIGIBLE,
    "eligibility_needs_information": BookingReason.NOT_ELIGIBLE,
    "decision_expired": BookingReason.EXPIRED,
    "joined_without_seat": BookingReason.PARTY_GREW,
}
"""What a gate may say that puts those booked on hold at once, the first that applies going before the others. That
eligibility waits for an answer holds as a no does: until it is given, nothing is known that would let them fly."""


def has_grown(joined: Collection[str], members: Collection[UUID], seated: Collection[UUID]) -> bool:
    """Whether somebody who joined since the booking was made has no seat beside the others. `members`: who is of the
    case and has not withdrawn. The word that the adults gave to travel apart was given for another party."""
    return not {UUID(each) for each in joined}.intersection(members).issubset(seated)


def check_party(joined: Collection[str], members: Collection[UUID], seated: Collection[UUID]) -> None:
    """At the desk: nobody goes ahead of who joined their party, whatever else holds them. Raises `PartyGrew`."""
    if has_grown(joined, members, seated):
        raise PartyGrew(joined=sorted(joined))


def parties(joined: Mapping[UUID, Collection[str]], seats: Mapping[UUID, UUID]) -> dict[UUID, UUID]:
    """The bookings of a flight, each with the first of those it goes together with: who joined since one was made has
    the seat by another, and they are one party all the same. `joined`: by booking, who joined since; `seats`: by
    individual, the booking of their last seat."""
    party = {each: each for each in joined}
    for booking in sorted(joined):
        for one in sorted(joined[booking]):
            other = seats.get(UUID(one), booking)
            both = {party[booking], party.get(other, party[booking])}
            party = {each: min(both) if of in both else of for each, of in party.items()}
    return party


def hold_reason(missing: Collection[str]) -> BookingReason | None:
    """Why a booking is on hold, from everything its people's gates say; None where nothing of it holds them."""
    return next((reason for code, reason in HELD_BY.items() if code in missing), None)


def check_seats(left: int, wanted: int) -> None:
    """Raises `NotEnoughSeats`."""
    if wanted > left:
        raise NotEnoughSeats(f"{left} left, {wanted} wanted", left=left, wanted=wanted)


def check_gate(missing: Mapping[UUID, list[dict[str, Any]]]) -> None:
    """Raises `GateNotPassed` when anything is missing for anybody."""
    found = {str(individual): items for individual, items in missing.items() if items}
    if found:
        raise GateNotPassed(missing=found)
