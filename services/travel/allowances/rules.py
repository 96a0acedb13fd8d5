"""Pocket money is paid within the package of the decision, and once a line."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from shared.problems import Problem


class NotInThePackage(Problem):
    slug = "not-in-the-package"
    status = 409
    title = "The decision gives this person no such money before the return"
    remedy = "`lines` are those that can be paid to this person now. Ask eligibility where one is missing."


class MoreThanTheLine(Problem):
    slug = "more-than-the-line"
    status = 409
    title = "That is more than the line of the package gives, or in another currency"
    remedy = "Pay at most `amount` in `currency`, the line's own."


class PaidBefore(Problem):
    slug = "paid-before"
    status = 409
    title = "That line was paid before"
    remedy = "Each line is paid once; `paid_at` says when. Nothing was paid now."


class NotGivenBack(Problem):
    slug = "earlier-money-not-given-back"
    status = 409
    title = "That line was paid in an earlier attempt, and nobody flew with it"
    remedy = (
        "`paid_at` says when. Send `given_back_receipt`, the number of the receipt for what came back of it, or pay "
        "nothing: the money of the earlier attempt stands for this one."
    )


class NothingToGiveBack(Problem):
    slug = "nothing-to-give-back"
    status = 409
    title = "No money of an earlier attempt waits to be given back for that line"
    remedy = "Leave `given_back_receipt` out. Nothing was paid now."


class ReceiptUsed(Problem):
    slug = "receipt-used"
    status = 409
    title = "That receipt was already counted for another payment on this flight"
    remedy = "Each payment has a signed receipt of its own: send its number. Nothing was paid now."


@dataclass(frozen=True, slots=True)
class PayableLine:
    line: str
    amount: Decimal
    currency: str


def payable_lines(package: Iterable[Mapping[str, Any]], individual: UUID) -> list[PayableLine]:
    """The lines paid in cash before the return to this individual, or to the case as a whole."""
    return [
        PayableLine(each["line"], Decimal(each["amount"]), each["currency"])
        for each in package
        if each["stage"] == "before_return"
        and each["modality"] == "cash"
        and each["individual"] in (None, str(individual))
    ]


def lines_left(package: Iterable[Mapping[str, Any]], individual: UUID, settled: Collection[str]) -> list[PayableLine]:
    """Those of them that were not paid yet."""
    return [each for each in payable_lines(package, individual) if each.line not in settled]


def check_payment(lines: Iterable[PayableLine], line: str, amount: Decimal, currency: str) -> None:
    """Raises `NotInThePackage`, `MoreThanTheLine`."""
    known = {each.line: each for each in lines}
    found = known.get(line)
    if found is None:
        raise NotInThePackage(lines=sorted(known))
    if currency != found.currency or amount > found.amount:
        raise MoreThanTheLine(amount=f"{found.amount:f}", currency=found.currency)


def check_given_back(kept_since: datetime | None, receipt: str | None) -> None:
    """Who was paid in an earlier attempt and did not fly holds that money still. `kept_since`: when it was paid, or
    None; `receipt`: for what came back of it. Raises `NotGivenBack`, `NothingToGiveBack`."""
    if kept_since is not None and receipt is None:
        raise NotGivenBack(paid_at=kept_since.isoformat())
    if kept_since is None and receipt is not None:
        raise NothingToGiveBack()
