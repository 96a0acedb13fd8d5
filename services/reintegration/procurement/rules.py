"""How goods and services are bought: quotations, an order, an invoice that fits it. Source of the flow: domain.md,
section 9. The threshold and the number of quotations are provisional: no published figure was found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from shared.occurrence import FARTHEST_WEST
from shared.problems import Problem


class ProviderKind(StrEnum):
    SUPPLIER = "supplier"
    TRAINER = "trainer"
    CLINIC = "clinic"
    LANDLORD = "landlord"
    REINTEGRATION_PARTNER = "reintegration_partner"


class WhyNotCheapest(StrEnum):
    """Why another than the cheapest quotation was taken."""

    DELIVERS_SOONER = "delivers_sooner"
    BETTER_QUALITY = "better_quality"
    CLOSER = "closer"
    ONLY_ONE_THAT_CAN = "only_one_that_can"


@dataclass(frozen=True, slots=True)
class QuotationRule:
    """From `threshold` on, an order needs this many quotations, each of another provider."""

    threshold: Decimal
    quotations: int
    provisional: bool = True


QUOTATIONS_NEEDED: Final = QuotationRule(threshold=Decimal("1000.00"), quotations=3)


class ProviderCodeTaken(Problem):
    slug = "provider-code-taken"
    status = 409
    title = "There is a provider with that code"
    remedy = "Use that provider, or choose another code."


class ProviderUnknown(Problem):
    slug = "provider-unknown"
    status = 422
    title = "No provider has that code"
    remedy = "Add the provider first, or take the code of one that is listed."


class CashIsNotOrdered(Problem):
    slug = "cash-is-not-ordered"
    status = 422
    title = "A line in cash is paid to people, and nothing is ordered on it"
    remedy = "Order on a line in kind, a service or a voucher."


class QuotationKnown(Problem):
    slug = "quotation-known"
    status = 409
    title = "That provider's quotation is recorded for this line already"
    remedy = "`quotation` names it: order on it. Another quotation has a reference of its own."


class TooFewQuotations(Problem):
    slug = "too-few-quotations"
    status = 409
    title = "An order of this size needs more quotations"
    remedy = "`needed` says how many, each of another provider; record them first."


class CheaperThere(Problem):
    slug = "cheaper-quotation"
    status = 422
    title = "A cheaper quotation is there"
    remedy = "Say in `why_not_cheapest` why this one is taken, or order the cheapest."


class OrderedAlready(Problem):
    slug = "line-ordered-already"
    status = 409
    title = "This line has an order"
    remedy = "`order` names it. Cancel it first, if it is not what is wanted."


class MoreThanOrdered(Problem):
    slug = "more-than-ordered"
    status = 409
    title = "With this invoice, more would be charged than was ordered"
    remedy = "`left` says what of the order is not charged yet: have the invoice corrected."


OFFERS_STAND: Final = timedelta(days=365)
"""A quotation older than this is no price any more. Provisional: no published figure was found."""


class QuotationTooOld(Problem):
    slug = "quotation-too-old"
    status = 422
    title = "That quotation is too old to order on"
    remedy = "Give the day that stands on it, or ask the provider for a new one: of `oldest` or later."


class InvoicedBeforeTheOrder(Problem):
    slug = "invoiced-before-the-order"
    status = 422
    title = "That invoice is of a day before its order"
    remedy = "Give the day that stands on the invoice; an invoice that came before any order is not one of this order."


class InvoiceKnown(Problem):
    slug = "invoice-known"
    status = 409
    title = "That provider's invoice is recorded already"
    remedy = "`invoice` names it, and the order it was counted for: the same paper is not counted twice, in no plan."


class LineOnOrder(Problem):
    slug = "line-on-order"
    status = 409
    title = "What this line buys is on order, and not all of it is delivered, charged and paid"
    remedy = (
        "`order` names it: cancel it while nothing came of it, or have it delivered, charged and paid first."
        " A line that costs less than was planned is lowered by a change to the plan."
    )


class BoughtFromThemselves(Problem):
    slug = "orderer-chose-the-quotation-alone"
    status = 403
    title = "Who recorded a quotation does not order on it"
    remedy = "Let somebody else of the team place the order."


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quotation as the rules look at it."""

    quotation: UUID
    provider: UUID
    amount: Decimal
    by: str


@dataclass(frozen=True, slots=True)
class Bought:
    """An order that was not cancelled: what it asks and was charged for it, beside what certificates and payments of
    its line show."""

    order: UUID
    amount: Decimal
    charged: Decimal
    delivered: Decimal
    paid: Decimal

    @property
    def open(self) -> bool:
        """Nothing was delivered, or nothing charged: it is to be gone on with, or cancelled."""
        return not self.delivered or not self.charged

    @property
    def unpaid(self) -> Decimal:
        """Charged and delivered, and not paid: what the provider is owed."""
        return max(min(self.charged, self.delivered) - self.paid, Decimal("0.00"))

    @property
    def settled(self) -> bool:
        """The provider can ask for no more. A part that was neither delivered nor charged ends with the line."""
        return not self.open and not self.unpaid and self.charged >= min(self.amount, self.delivered)

    @property
    def cancellable(self) -> bool:
        """Nothing was charged, or what was charged was neither delivered nor paid: then nobody owes it."""
        return not self.charged or not (self.delivered or self.paid)


def check_released(bought: Bought | None) -> None:
    """Raises `LineOnOrder` for a line that is given up while a provider may still ask for its money."""
    if bought is not None and not bought.settled:
        raise LineOnOrder(order=bought.order)


def check_order(
    chosen: Quoted,
    quoted: Sequence[Quoted],
    why: WhyNotCheapest | None,
    by: str,
    rule: QuotationRule = QUOTATIONS_NEEDED,
) -> None:
    """Raises `BoughtFromThemselves`, `TooFewQuotations`, `CheaperThere`."""
    if by == chosen.by:
        raise BoughtFromThemselves()
    providers = len({each.provider for each in quoted})
    if chosen.amount >= rule.threshold and providers < rule.quotations:
        raise TooFewQuotations(needed=rule.quotations, there=providers, provisional=rule.provisional)
    cheapest = min(each.amount for each in quoted)
    if chosen.amount > cheapest and why is None:
        raise CheaperThere(cheapest=cheapest)


def check_quotation_day(quoted_on: date, today: date) -> None:
    """Raises `QuotationTooOld`."""
    if quoted_on < today - OFFERS_STAND:
        raise QuotationTooOld(oldest=(today - OFFERS_STAND).isoformat())


def check_invoice_day(invoiced_on: date, ordered_at: datetime) -> None:
    """Days are local: where it is farthest behind, it may still be the day before. Raises `InvoicedBeforeTheOrder`."""
    if invoiced_on < (ordered_at - FARTHEST_WEST).date():
        raise InvoicedBeforeTheOrder()


def check_invoice(ordered: Decimal, charged: Decimal, amount: Decimal) -> Decimal:
    """What is charged with this invoice. Raises `MoreThanOrdered`."""
    if charged + amount > ordered:
        raise MoreThanOrdered(left=ordered - charged)
    return charged + amount
