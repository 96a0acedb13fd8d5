"""When a line of the package is paid: what the decision says, counted from the arrival. Source: domain.md, sections 1
and 4 (due windows and expiry of package lines)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from services.reintegration.followups.rules import months_after
from services.reintegration.payments.rules import LatePaymentUnexplained
from shared.problems import Problem

_SPAN: Final = re.compile(r"P(\d{1,3})([MD])")


class PackageLineNotDue(Problem):
    slug = "package-line-not-due"
    status = 409
    title = "The package does not give this line yet"
    remedy = "`payable_from` is its first day by the decision: pay or deliver then, or later."


class PackageLineLapsed(Problem):
    slug = "package-line-lapsed"
    status = 409
    title = "The package does not give this line any more"
    remedy = (
        "`expires_on` was its last day by the decision: release the line, or have the case decided by another version."
    )


@dataclass(frozen=True, slots=True)
class Window:
    """As the decision tells it: days, and spans after the arrival."""

    from_date: date | None = None
    from_arrival: str | None = None
    until_date: date | None = None
    until_arrival: str | None = None
    expires_on: date | None = None
    expires_after_arrival: str | None = None


@dataclass(frozen=True, slots=True)
class Payable:
    """The days that follow, each included; None: no bound, or not known before the arrival."""

    first: date | None = None
    last: date | None = None
    expires: date | None = None

    def meets(self, first: date, last: date) -> bool:
        """Whether any of those days is one on which the line is paid."""
        return (self.first is None or last >= self.first) and (self.expires is None or first <= self.expires)


ALWAYS: Final = Payable()


def read_window(told: Mapping[str, Any] | None) -> Window | None:
    """A window as it stands in a decision that was kept; what a later decision says beside it is not looked at."""
    if told is None:
        return None

    def day(name: str) -> date | None:
        return date.fromisoformat(told[name]) if told.get(name) else None

    return Window(
        from_date=day("from_date"),
        from_arrival=told.get("from_arrival"),
        until_date=day("until_date"),
        until_arrival=told.get("until_arrival"),
        expires_on=day("expires_on"),
        expires_after_arrival=told.get("expires_after_arrival"),
    )


def payable(window: Window | None, arrived: date | None) -> Payable:
    """The days of a window for who arrived that day. Of a date and a span the later `from` and the earlier end."""
    if window is None:
        return Payable()
    first = [window.from_date, _after(arrived, window.from_arrival)]
    last = [window.until_date, _after(arrived, window.until_arrival)]
    expires = [window.expires_on, _after(arrived, window.expires_after_arrival)]
    return Payable(
        first=max((day for day in first if day is not None), default=None),
        last=min((day for day in last if day is not None), default=None),
        expires=min((day for day in expires if day is not None), default=None),
    )


def days_for(window: Window | None, individual: UUID | None, arrived: Mapping[UUID, datetime]) -> Payable:
    """The days for whose line it is; the case's counts from the first who arrived."""
    moment = arrived.get(individual) if individual is not None else min(arrived.values(), default=None)
    return payable(window, None if moment is None else moment.date())


def check_given(days: Payable, on: date) -> None:
    """Of a payment and a delivery alike. Raises `PackageLineNotDue`, `PackageLineLapsed`."""
    if days.first is not None and on < days.first:
        raise PackageLineNotDue(payable_from=days.first.isoformat())
    if days.expires is not None and on > days.expires:
        raise PackageLineLapsed(expires_on=days.expires.isoformat())


def day_that_counts(days: Payable, paid_on: date, paid: Decimal, delivered: Iterable[tuple[date, Decimal]]) -> date:
    """The day by which a supplier's invoice is in time: of goods that came while the package gave the line, the last
    such day, for as much as came until then; else the day of the payment. What was given in time was given, and the
    supplier is owed it after the line has lapsed. `paid`: all that is paid on the line, this payment included."""
    in_time = [(day, worth) for day, worth in delivered if days.meets(day, day)]
    if not in_time or paid > sum((worth for _, worth in in_time), Decimal("0.00")):
        return paid_on
    return min(paid_on, max(day for day, _ in in_time))


def check_in_time(days: Payable, paid_on: date, late_reason: str | None) -> None:
    """Raises `PackageLineNotDue`, `PackageLineLapsed`, `LatePaymentUnexplained`."""
    check_given(days, paid_on)
    if days.last is not None and paid_on > days.last and late_reason is None:
        raise LatePaymentUnexplained(due_until=days.last.isoformat())


def _after(arrived: date | None, span: str | None) -> date | None:
    found = None if span is None else _SPAN.fullmatch(span)
    if arrived is None or found is None:
        return None
    number = int(found.group(1))
    return months_after(arrived, number) if found.group(2) == "M" else arrived + timedelta(days=number)
