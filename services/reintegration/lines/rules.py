"""Money of a plan: what its lines may ask for, and what has become of each."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from services.reintegration.windows.rules import ALWAYS, Payable
from shared.codes import minor_units
from shared.problems import Problem

ZERO = Decimal("0.00")
CASH = "cash"


class PlanNotConsistent(Problem):
    slug = "plan-not-consistent"
    status = 422
    title = "The lines of this plan contradict themselves or the package"
    remedy = "Look at `errors`: each names a line by its code and says what must be so. Nothing was changed."


class MoreThanPackage(Problem):
    slug = "more-than-package"
    status = 409
    title = "The plan asks for more than the package gives"
    remedy = "`over` names the lines of the package with what they give and what was asked; plan within them."


class NoPackage(Problem):
    slug = "no-package"
    status = 409
    title = "There is no positive decision with a package for this case"
    remedy = "Wait until eligibility has decided, or ask there why not; the plan is drawn up within the package."


class MoreThanApproved(Problem):
    slug = "more-than-approved"
    status = 409
    title = "That is more than was approved"
    remedy = "`left` is what can still be moved on this line or instalment. More needs an approved plan that says so."


class TooManyDecimals(Problem):
    slug = "too-many-decimals"
    status = 422
    title = "That amount is smaller than the smallest coin of its currency"
    remedy = "Give the amount with at most `decimals` decimals."


class LineReleased(Problem):
    slug = "line-released"
    status = 409
    title = "What was left of this line has been released"
    remedy = "Nothing moves on a released line. Use another line of the plan."


class PaidInCash(Problem):
    slug = "paid-in-cash"
    status = 409
    title = "A cash line is paid, not delivered"
    remedy = "Record a payment of its instalment instead."


class LineKeepsItsAccount(Problem):
    slug = "line-keeps-its-account"
    status = 422
    title = "A line of an approved plan keeps its account and its way of helping"
    remedy = "Change `line` in amount, words and instalments only; for anything else release it and add a line."


class LessThanMoved(Problem):
    slug = "less-than-moved"
    status = 409
    title = "More than that has moved, or is ordered or shared, on this line"
    remedy = "`line` and its instalments stay at least as large as `at_least` says; reverse or cancel first."


class InstalmentDays(Protocol):
    """When an instalment is due: between two days, both included."""

    @property
    def due_from(self) -> date: ...
    @property
    def due_until(self) -> date: ...


class InstalmentAsked(InstalmentDays, Protocol):
    """An instalment as a plan's author writes it."""

    @property
    def amount(self) -> Decimal: ...


class Account(Protocol):
    """What money on a line refers to, and how it helps."""

    @property
    def modality(self) -> str: ...
    @property
    def package_line(self) -> str: ...
    @property
    def currency(self) -> str: ...
    @property
    def project_code(self) -> str: ...
    @property
    def budget_line(self) -> str: ...


class LineAsked(Protocol):
    """A line as a plan's author writes it."""

    @property
    def code(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def project_code(self) -> str: ...
    @property
    def budget_line(self) -> str: ...
    @property
    def modality(self) -> str: ...
    @property
    def package_line(self) -> str: ...
    @property
    def amount(self) -> Decimal: ...
    @property
    def currency(self) -> str: ...
    @property
    def instalments(self) -> Sequence[InstalmentAsked]: ...


@dataclass(frozen=True, slots=True)
class Entitled:
    """A line of the package for after the return. `individual` None: the case's. `days`: when it is paid."""

    modality: str
    individual: UUID | None
    amount: Decimal
    currency: str
    days: Payable = ALWAYS


def check_lines(lines: Sequence[LineAsked], package: Mapping[str, Entitled]) -> None:
    """Raises `PlanNotConsistent` for lines that do not add up or fit no line of the package, then `MoreThanPackage`."""
    errors = [{"line": line.code, "message": message} for line in lines for message in _faults(line, package)]
    codes = [line.code for line in lines]
    errors += [{"line": c, "message": "stands twice in this plan"} for c in sorted(set(codes)) if codes.count(c) > 1]
    if errors:
        raise PlanNotConsistent(errors=errors)
    check_within([(line.package_line, line.amount) for line in lines], package)


def check_within(asked: Iterable[tuple[str, Decimal]], package: Mapping[str, Entitled]) -> None:
    """Raises `MoreThanPackage` when the amounts asked of a line of the package pass what it gives."""
    sums: dict[str, Decimal] = {}
    for name, amount in asked:
        sums[name] = sums.get(name, ZERO) + amount
    given = {name: package[name].amount if name in package else ZERO for name in sums}
    over = [
        {"package_line": name, "gives": f"{given[name]:f}", "asked": f"{total:f}"}
        for name, total in sorted(sums.items())
        if total > given[name]
    ]
    if over:
        raise MoreThanPackage(over=over)


def _faults(line: LineAsked, package: Mapping[str, Entitled]) -> Iterable[str]:
    if line.amount <= ZERO or any(each.amount <= ZERO for each in line.instalments):
        yield "amounts must be above zero"
    if sum((each.amount for each in line.instalments), ZERO) != line.amount:
        yield "the instalments must add up to the line's amount"
    if any(each.due_from > each.due_until for each in line.instalments):
        yield "an instalment's window must not end before it begins"
    for earlier, later in zip(line.instalments, line.instalments[1:], strict=False):
        if later.due_from < earlier.due_from or later.due_until < earlier.due_until:
            yield "the windows of the instalments must follow each other"
            break
    entitled = package.get(line.package_line)
    if entitled is None:
        yield "names no line of the package for after the return"
        return
    if line.currency != entitled.currency:
        yield f"must be in the package's currency, {entitled.currency}"
    # What a package gives in kind is never handed out as money; what it gives as money may be spent on goods.
    if line.modality == CASH and entitled.modality != CASH:
        yield f"the package gives this as {entitled.modality}, not as cash"
    yield from _outside(entitled.days, line.instalments)


def _outside(days: Payable, instalments: Iterable[InstalmentDays]) -> Iterable[str]:
    if not all(days.meets(each.due_from, each.due_until) for each in instalments):
        bounds = (("from", days.first), ("until", days.expires))
        said = ", ".join(f"{word} {day}" for word, day in bounds if day is not None)
        yield f"an instalment is due when the package does not pay this line: it does {said}"


def check_days(lines: Iterable[tuple[str, Payable, Sequence[InstalmentDays]]]) -> None:
    """The instalments of lines, by their codes, beside the days of the package. Raises `PlanNotConsistent`."""
    errors = [{"line": code, "message": message} for code, days, each in lines for message in _outside(days, each)]
    if errors:
        raise PlanNotConsistent(errors=errors)


@dataclass(frozen=True, slots=True)
class LineState:
    """What has become of one line. Amounts are in the line's own currency."""

    line: UUID
    code: str
    modality: str
    package_line: str
    amount: Decimal
    paid: Decimal
    delivered: Decimal
    released: bool

    @property
    def spent(self) -> Decimal:
        """Money for cash; for the rest the larger of invoice and certificate, which speak of the same goods."""
        return self.paid if self.modality == CASH else max(self.paid, self.delivered)

    @property
    def planned(self) -> Decimal:
        """What the plan takes of the package: of a released line only what was spent."""
        return self.spent if self.released else self.amount

    @property
    def committed(self) -> Decimal:
        """Approved and still to be moved."""
        return ZERO if self.released else self.amount - self.spent

    @property
    def owed(self) -> Decimal:
        """What still has to reach the people: cash to be paid, goods and services to be delivered."""
        return ZERO if self.released else self.amount - (self.paid if self.modality == CASH else self.delivered)

    @property
    def paid_for_nothing(self) -> Decimal:
        """Paid for goods or services that no certificate shows."""
        return ZERO if self.modality == CASH else max(ZERO, self.paid - self.delivered)


@dataclass(frozen=True, slots=True)
class PackageLineBudget:
    """One line of the package, and what of it is planned, committed, spent and left."""

    package_line: str
    entitled: Entitled
    planned: Decimal
    committed: Decimal
    spent: Decimal

    @property
    def left(self) -> Decimal:
        return self.entitled.amount - self.committed - self.spent


def budget_of(
    package: Mapping[str, Entitled], lines: Collection[LineState], *, approved: bool
) -> list[PackageLineBudget]:
    """The package line by line. Nothing is committed or spent before the plan is approved."""
    found = []
    for name, entitled in package.items():
        of_it = [line for line in lines if line.package_line == name]
        found.append(
            PackageLineBudget(
                name,
                entitled,
                planned=sum((line.planned for line in of_it), ZERO),
                committed=sum((line.committed for line in of_it), ZERO) if approved else ZERO,
                spent=sum((line.spent for line in of_it), ZERO),
            )
        )
    return found


def as_kept(amount: Decimal) -> Decimal:
    """The amount as the tables give it back: with at least two decimals, so that `300` and `300.00` read alike."""
    return amount + ZERO


def check_fits(moved: Decimal, approved: Decimal, more: Decimal, currency: str) -> Decimal:
    """What will have been moved after `more`. Raises `TooManyDecimals`, `MoreThanApproved`."""
    decimals = minor_units(currency)
    if round(more, decimals) != more:
        raise TooManyDecimals(decimals=decimals)
    if moved + more > approved:
        raise MoreThanApproved(left=f"{approved - moved:f}")
    return moved + more


def check_keeps_account(line: LineAsked, existing: Account) -> None:
    """What entries of the ledger and payments refer to stays. Raises `LineKeepsItsAccount`."""
    kept = ("modality", "package_line", "currency", "project_code", "budget_line")
    if any(getattr(line, name) != getattr(existing, name) for name in kept):
        raise LineKeepsItsAccount(line=line.code)


def check_not_less(code: str, amount: Decimal, moved: Decimal) -> None:
    """Raises `LessThanMoved`."""
    if amount < moved:
        raise LessThanMoved(line=code, at_least=f"{moved:f}")


def check_shape(lines: Sequence[LineAsked], package: Mapping[str, Entitled]) -> None:
    """The lines of a change, each by itself. Raises `PlanNotConsistent`."""
    errors = [{"line": line.code, "message": message} for line in lines for message in _faults(line, package)]
    codes = [line.code for line in lines]
    errors += [{"line": c, "message": "stands twice in this change"} for c in sorted(set(codes)) if codes.count(c) > 1]
    if errors:
        raise PlanNotConsistent(errors=errors)
