"""Rules on fares: what the airline keeps of one, and what is refunded and lost when a seat is not flown. Pure.

Nothing here is ever charged to the person: what is lost is borne by the fare's project and budget line.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Final

from shared.codes import minor_units
from shared.contracts.travel import BookingReason
from shared.problems import Problem

NOTHING: Final = Decimal(0)
A_HUNDRED: Final = Decimal(100)


class FareFor(StrEnum):
    """Whose seat a fare is for."""

    ADULT = "adult"
    CHILD = "child"
    ANYBODY = "anybody"


class FareOutcome(StrEnum):
    """What became of a seat's fare. `reversed` takes an earlier entry back: who was down as left behind flew."""

    FLOWN = "flown"
    CANCELLED = "cancelled"
    CHANGED_MIND = "changed_mind"
    NO_SHOW = "no_show"
    OFFLOADED = "offloaded"
    FLIGHT_CANCELLED = "flight_cancelled"
    REVERSED = "reversed"


OUTCOME_OF: Final = {
    BookingReason.WITHDRAWN: FareOutcome.CHANGED_MIND,
    BookingReason.NO_SHOW: FareOutcome.NO_SHOW,
    BookingReason.OFFLOADED: FareOutcome.OFFLOADED,
    BookingReason.FLIGHT_CANCELLED: FareOutcome.FLIGHT_CANCELLED,
}
"""Every other reason is a cancellation."""


class FareUnclear(Problem):
    slug = "fare-unclear"
    status = 422
    title = "What the airline keeps of that fare cannot be told from this"
    remedy = "`reason` says what does not fit: mend the steps or the currency and send the fare again."


@dataclass(frozen=True, slots=True)
class Step:
    """From `before` ahead of the departure on, the airline keeps this: a share of the fare in per cent, or an amount;
    exactly one of the two."""

    before: timedelta
    share: Decimal | None = None
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """A fare and what is kept of it. Amounts in one currency (ISO 4217). Before the first step nothing is kept."""

    amount: Decimal
    currency: str
    steps: tuple[Step, ...]
    no_show_fee: Decimal = NOTHING


@dataclass(frozen=True, slots=True)
class Settled:
    """What comes back, and what the programme bears. Together they are the fare, or more by the part of a no-show fee
    that exceeds what was left of it."""

    refunded: Decimal
    lost: Decimal


def check_terms(terms: Terms, flight_currency: str) -> None:
    """Raises `FareUnclear`."""
    if terms.currency != flight_currency:
        raise FareUnclear("the flight is paid in another currency", reason="other_currency")
    if len({step.before for step in terms.steps}) < len(terms.steps):
        raise FareUnclear("two steps begin at the same moment", reason="same_hours_twice")
    if any((step.share is None) == (step.amount is None) for step in terms.steps):
        raise FareUnclear("a step keeps either a share or an amount", reason="share_or_amount")
    kept = [kept_by(terms, step) for step in _in_time(terms.steps)]
    if any(each > terms.amount for each in kept):
        raise FareUnclear("more is kept than the fare is", reason="more_than_the_fare")
    if kept != sorted(kept):
        raise FareUnclear("a later step keeps less than an earlier one", reason="keeps_less_later")


def kept_by(terms: Terms, step: Step) -> Decimal:
    """The amount one step keeps, to the currency's smallest unit, a half rounded up."""
    if step.amount is not None:
        return step.amount
    smallest = Decimal(1).scaleb(-minor_units(terms.currency))
    return (terms.amount * (step.share or NOTHING) / A_HUNDRED).quantize(smallest, rounding=ROUND_HALF_UP)


def until_cut_off(amount: Decimal, currency: str, departs: datetime, cut_off_at: datetime) -> Terms:
    """The terms of a flight for which no fare was written down: whole until the airline's cut-off, lost from then."""
    return Terms(amount, currency, (Step(departs - cut_off_at, share=A_HUNDRED),))


def settled(terms: Terms, departs: datetime, at: datetime, outcome: FareOutcome) -> Settled:
    """What is refunded and lost of one seat that is given up at a moment; of one that is flown, neither."""
    if outcome is FareOutcome.FLOWN:
        return Settled(NOTHING, NOTHING)
    if outcome is FareOutcome.FLIGHT_CANCELLED:
        return Settled(terms.amount, NOTHING)
    left = departs - at
    begun = [step for step in _in_time(terms.steps) if left <= step.before]
    kept = kept_by(terms, begun[-1]) if begun else NOTHING
    if outcome is FareOutcome.NO_SHOW:
        last = [kept_by(terms, step) for step in _in_time(terms.steps)]
        kept = (last[-1] if last else NOTHING) + terms.no_show_fee
    return Settled(max(NOTHING, terms.amount - kept), kept)


def _in_time(steps: Iterable[Step]) -> Sequence[Step]:
    return sorted(steps, key=lambda step: step.before, reverse=True)
