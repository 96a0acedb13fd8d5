"""When an instalment may be paid, and by whom. Source of the four eyes: domain.md section 9, fraud controls."""

from collections.abc import Collection
from datetime import date
from typing import Final

from shared.problems import Problem


class HadAHand(Problem):
    slug = "had-a-hand-in-the-plan"
    status = 403
    title = "Who wrote or approved a plan does not pay it"
    remedy = "Let someone of finance pay who neither wrote, submitted nor approved this plan."


class OwnPayment(Problem):
    slug = "own-payment"
    status = 403
    title = "Nobody reverses a payment of their own"
    remedy = "Let someone else of finance look at it and reverse it."


class TooEarly(Problem):
    slug = "instalment-not-due"
    status = 409
    title = "This instalment is not due yet"
    remedy = "Pay it from the day in `due_from` on, or have a plan approved that says otherwise."


class LatePaymentUnexplained(Problem):
    slug = "late-payment-unexplained"
    status = 422
    title = "This instalment was due earlier"
    remedy = "Say in `late_reason` why it is paid after `due_until`."


class OtherCurrency(Problem):
    slug = "other-currency"
    status = 422
    title = "That is not the currency that was approved"
    remedy = "Pay in the line's currency, which `approved` names; `rate_date` says which exchange rate the books use."


class RateFromLater(Problem):
    slug = "rate-from-later"
    status = 422
    title = "The exchange rate is of a day after the payment"
    remedy = "Give the day of the rate that was used: the day of the payment or an earlier one."


class EvidenceUsed(Problem):
    slug = "evidence-used"
    status = 409
    title = "That paper was already counted for another payment"
    remedy = "Another payment has a paper of its own, in every plan. One that was reversed frees its paper."


SHOWS_ONE_PAYMENT: Final = frozenset({"signed_receipt", "bank_transfer"})
"""Papers made out for one payment: each counts once, whatever the plan. The others, such as a supplier's invoice or a
list of a distribution, may stand for several lines, and count once a line."""


class AlreadyReversed(Problem):
    slug = "already-reversed"
    status = 409
    title = "This payment was reversed already"
    remedy = "Nothing is left to reverse; look at the payment."


def check_payer(by: str, hands: Collection[str], approved_by: str | None) -> None:
    """Raises `HadAHand` for whoever wrote, submitted or approved the plan."""
    if by in hands or by == approved_by:
        raise HadAHand()


def check_window(paid_on: date, due_from: date, due_until: date, late_reason: str | None) -> None:
    """Raises `TooEarly`, `LatePaymentUnexplained`. Both days belong to the window."""
    if paid_on < due_from:
        raise TooEarly(due_from=due_from.isoformat())
    if paid_on > due_until and late_reason is None:
        raise LatePaymentUnexplained(due_until=due_until.isoformat())


def check_money(currency: str, approved: str, rate_date: date, paid_on: date) -> None:
    """Raises `OtherCurrency`, `RateFromLater`."""
    if currency != approved:
        raise OtherCurrency(approved=approved)
    if rate_date > paid_on:
        raise RateFromLater()


def check_reversal(by: str, paid_by: str, *, reversed_already: bool) -> None:
    """Raises `AlreadyReversed`, `OwnPayment`."""
    if reversed_already:
        raise AlreadyReversed()
    if by == paid_by:
        raise OwnPayment()
