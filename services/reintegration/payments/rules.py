"""When an instalment may be paid, and by whom. Source of the four eyes: domain.md section 9, fraud controls."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from shared.problems import Problem


class HadAHand(Problem):
    slug = "had-a-hand-in-the-plan"
    status = 403
    title = "Who wrote, approved or bought does not pay"
    remedy = (
        "Let someone of finance pay who neither wrote, submitted nor approved this plan, and who neither ordered,"
        " entered the invoice nor confirmed the delivery of this line."
    )


class PaidOnThisLine(Problem):
    slug = "paid-on-this-line"
    status = 403
    title = "Who paid on a line neither orders for it nor confirms what came of it"
    remedy = "Let somebody else order, enter the invoice or confirm the delivery."


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


RATES_KEPT: Final = timedelta(days=62)
"""How old the rate of a payment may be: rates are published by the month, and the last one may not be out yet."""


class RateTooOld(Problem):
    slug = "rate-too-old"
    status = 422
    title = "The exchange rate is of long before the payment"
    remedy = "Give the day of the rate that was used, `oldest` or later."


class InvoiceOfAnotherLine(Problem):
    slug = "invoice-of-another-line"
    status = 409
    title = "That invoice was recorded for another order, or for one that was cancelled"
    remedy = "Pay it on the line of its order, or give the number of an invoice of this line's order."


class MoreThanInvoiced(Problem):
    slug = "more-than-invoiced"
    status = 409
    title = "With this payment, more would be paid than the invoice asks"
    remedy = (
        "`left` says what of it is not paid yet, `payment` names the first payment on it: pay at most what is left."
    )


class EvidenceUsed(Problem):
    slug = "evidence-used"
    status = 409
    title = "That paper was already counted for another payment"
    remedy = (
        "`payment` names the first payment that it was counted for. Another payment has a paper of its own, in every"
        " plan, and one that was reversed frees its paper. If this is another supplier's invoice that only has the same"
        " number, say whose it is in `evidence.provider`."
    )


class OnlyInvoicesHaveSuppliers(Problem):
    slug = "only-invoices-have-suppliers"
    status = 422
    title = "Only a supplier's invoice names its supplier"
    remedy = "Leave `evidence.provider` out, or say that the paper is a `supplier_invoice`."


SHOWS_ONE_PAYMENT: Final = frozenset({"signed_receipt", "bank_transfer"})
"""Papers made out for one payment: each counts once, whatever the plan. The others, such as a list of a distribution,
may stand for several lines, and count once a line. A supplier's invoice stands for lines of one plan alone; one that
was recorded, for the line of its order, up to its amount."""
SUPPLIER_INVOICE: Final = "supplier_invoice"


class AlreadyReversed(Problem):
    slug = "already-reversed"
    status = 409
    title = "This payment was reversed already"
    remedy = "Nothing is left to reverse; look at the payment."


def paper_key(reference: str) -> str:
    """A paper's number as papers are compared: who copies it from the paper decides about capitals."""
    return reference.strip().lower()


@dataclass(frozen=True, slots=True)
class PaidOn:
    """A payment on a supplier's invoice that was not reversed. `provider`: whose invoice it is, None if not known."""

    payment: UUID
    plan: UUID
    line: UUID
    amount: Decimal
    provider: UUID | None


@dataclass(frozen=True, slots=True)
class Recorded:
    """An invoice that was recorded for the order of a line; `live`: that order was not cancelled."""

    line: UUID
    provider: UUID
    amount: Decimal
    live: bool


def check_supplier_invoice(
    paid: Iterable[PaidOn],
    recorded: Sequence[Recorded],
    supplier: UUID | None,
    plan: UUID,
    line: UUID,
    more: Decimal,
) -> None:
    """One supplier's invoice is paid in one plan: where it was recorded, on the line of its order up to its amount;
    where it was not, once on each line that it stands for. Two invoices of one number are two only where both suppliers
    are known, and one that only has the same number was recorded for another supplier. `paid`: by number, in the order
    of the payments.

    Raises `InvoiceOfAnotherLine`, `EvidenceUsed`, `MoreThanInvoiced`.
    """
    whose = {each.line: each.provider for each in recorded}
    known = [(each, each.provider or whose.get(each.line)) for each in paid]
    counted = [each for each, provider in known if None in (provider, supplier) or provider == supplier]
    recorded = [each for each in recorded if supplier in (None, each.provider)]
    ours = [each for each in recorded if each.line == line and each.live]
    if recorded and not ours:
        raise InvoiceOfAnotherLine()
    for each in counted:
        if each.plan != plan or (not recorded and each.line == line):
            raise EvidenceUsed(payment=each.payment)
    if recorded:
        first = counted[0].payment if counted else None
        so_far = sum((each.amount for each in counted), Decimal("0.00"))
        check_invoiced(sum((each.amount for each in ours), Decimal("0.00")), so_far, more, first)


def check_payer(by: str, hands: Collection[str], approved_by: str | None) -> None:
    """Raises `HadAHand` for whoever wrote, submitted or approved the plan, or bought what its line gives."""
    if by in hands or by == approved_by:
        raise HadAHand()


def check_has_not_paid(by: str, payers: Collection[str]) -> None:
    """The same the other way round, for what is done after the payment. Raises `PaidOnThisLine`."""
    if by in payers:
        raise PaidOnThisLine()


def check_invoiced(invoiced: Decimal, paid: Decimal, more: Decimal, first: UUID | None = None) -> None:
    """`first`: the first payment on the invoice, if there is one. Raises `MoreThanInvoiced`."""
    if paid + more > invoiced:
        raise MoreThanInvoiced(left=max(invoiced - paid, Decimal("0.00")), payment=first)


def check_window(paid_on: date, due_from: date, due_until: date, late_reason: str | None) -> None:
    """Raises `TooEarly`, `LatePaymentUnexplained`. Both days belong to the window."""
    if paid_on < due_from:
        raise TooEarly(due_from=due_from.isoformat())
    if paid_on > due_until and late_reason is None:
        raise LatePaymentUnexplained(due_until=due_until.isoformat())


def check_money(currency: str, approved: str, rate_date: date, paid_on: date) -> None:
    """Raises `OtherCurrency`, `RateFromLater`, `RateTooOld`."""
    if currency != approved:
        raise OtherCurrency(approved=approved)
    if rate_date > paid_on:
        raise RateFromLater()
    if paid_on - rate_date > RATES_KEPT:
        raise RateTooOld(oldest=(paid_on - RATES_KEPT).isoformat())


def check_reversal(by: str, paid_by: str, *, reversed_already: bool) -> None:
    """Raises `AlreadyReversed`, `OwnPayment`."""
    if reversed_already:
        raise AlreadyReversed()
    if by == paid_by:
        raise OwnPayment()
