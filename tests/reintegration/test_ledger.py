"""Properties of the money rules: no sequence of payments, deliveries and reversals passes what was approved."""

from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from services.reintegration.lines.rules import (
    Entitled,
    LineState,
    MoreThanApproved,
    MoreThanPackage,
    TooManyDecimals,
    budget_of,
    check_fits,
    check_within,
)

amounts = st.decimals("0.01", "500", places=2)


class Ledger(RuleBasedStateMachine):
    """One line of 900: paid and reversed, delivered, released, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.amount = Decimal("900.00")
        self.payments: list[Decimal] = []
        self.delivered = Decimal(0)
        self.released = False

    @property
    def paid(self) -> Decimal:
        return sum(self.payments, Decimal(0))

    def state(self, modality: str) -> LineState:
        return LineState(uuid4(), "x", modality, "p", self.amount, self.paid, self.delivered, self.released)

    @precondition(lambda self: not self.released)
    @rule(amount=amounts)
    def pay(self, amount: Decimal) -> None:
        try:
            after = check_fits(self.paid, self.amount, amount, "EUR")
        except MoreThanApproved:
            assert self.paid + amount > self.amount
        else:
            self.payments.append(amount)
            assert after == self.paid

    @precondition(lambda self: bool(self.payments))
    @rule(which=st.integers(0, 99))
    def reverse(self, which: int) -> None:
        self.payments.pop(which % len(self.payments))

    @precondition(lambda self: not self.released)
    @rule(amount=amounts)
    def deliver(self, amount: Decimal) -> None:
        try:
            self.delivered = check_fits(self.delivered, self.amount, amount, "EUR")
        except MoreThanApproved:
            assert self.delivered + amount > self.amount

    @rule()
    def release(self) -> None:
        self.released = True

    @invariant()
    def nothing_passes_what_was_approved(self) -> None:
        package = {"p": Entitled("cash", None, Decimal("1000.00"), "EUR")}
        for modality in ("cash", "in_kind"):
            line = self.state(modality)
            assert 0 <= line.spent <= line.planned <= line.amount
            assert line.committed + line.spent <= line.amount
            (budget,) = budget_of(package, [line], approved=True)
            assert budget.left + budget.committed + budget.spent == Decimal("1000.00")
            assert budget.left >= Decimal("100.00")


TestLedger = Ledger.TestCase
TestLedger.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)


@given(st.lists(st.tuples(st.sampled_from("abc"), amounts), max_size=8))
def test_lines_together_never_pass_what_the_package_gives(asked: list[tuple[str, Decimal]]) -> None:
    package = {name: Entitled("cash", None, Decimal("600.00"), "EUR") for name in "ab"}
    sums = {name: sum((amount for each, amount in asked if each == name), Decimal(0)) for name in "abc"}
    fits = sums["a"] <= 600 and sums["b"] <= 600 and not sums["c"]
    if fits:
        check_within(asked, package)
    else:
        with pytest.raises(MoreThanPackage):
            check_within(asked, package)


@pytest.mark.parametrize(("currency", "smallest"), [("EUR", "0.01"), ("IQD", "0.001"), ("JPY", "1")])
def test_no_amount_is_smaller_than_the_smallest_coin(currency: str, smallest: str) -> None:
    coin = Decimal(smallest)
    assert check_fits(Decimal(0), Decimal(10), coin, currency) == coin
    with pytest.raises(TooManyDecimals):
        check_fits(Decimal(0), Decimal(10), coin / 10, currency)


def test_before_the_approval_nothing_is_committed() -> None:
    package = {"p": Entitled("cash", None, Decimal("100.00"), "EUR")}
    line = LineState(uuid4(), "x", "cash", "p", Decimal("80.00"), Decimal(0), Decimal(0), released=False)
    (draft,) = budget_of(package, [line], approved=False)
    (done,) = budget_of(package, [line], approved=True)
    assert [draft.planned, draft.committed, draft.left] == [Decimal(80), Decimal(0), Decimal(100)]
    assert [done.planned, done.committed, done.left] == [Decimal(80), Decimal(80), Decimal(20)]
