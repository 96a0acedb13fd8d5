"""Which payments on a supplier's invoice go together, as plain functions."""

from decimal import Decimal
from uuid import UUID

import pytest

from services.reintegration.deliveries.rules import DeliveredByAnother, check_provider
from services.reintegration.payments.rules import (
    EvidenceUsed,
    InvoiceOfAnotherLine,
    MoreThanInvoiced,
    PaidOn,
    Recorded,
    check_supplier_invoice,
    paper_key,
)

OURS, OTHERS = UUID(int=1), UUID(int=2)
"""Plans."""
LINE, SECOND, ELSEWHERE = UUID(int=11), UUID(int=12), UUID(int=21)
"""Lines: two of our plan, one of the other."""
SHOP, RIVAL = UUID(int=31), UUID(int=32)


def paid(plan: UUID, line: UUID, provider: UUID | None, amount: str = "300.00", payment: int = 41) -> PaidOn:
    return PaidOn(UUID(int=payment), plan, line, Decimal(amount), provider)


def recorded(line: UUID, provider: UUID = SHOP, *, live: bool = True) -> Recorded:
    return Recorded(line, provider, Decimal("900.00"), live)


def check(before: list[PaidOn], known: list[Recorded], supplier: UUID | None, amount: str = "300.00") -> None:
    check_supplier_invoice(before, known, supplier, OURS, LINE, Decimal(amount))


def test_papers_are_compared_without_capitals_and_spaces_around() -> None:
    assert paper_key(" INV-7/A ") == paper_key("inv-7/a") != paper_key("inv-7a")
    assert paper_key("INV-7/A") == "inv-7/a", "as the papers are kept that were recorded before"


@pytest.mark.parametrize("theirs", [SHOP, None])
@pytest.mark.parametrize("mine", [SHOP, None])
@pytest.mark.parametrize("known", [[], [recorded(LINE)]])
def test_what_another_plan_paid_is_not_paid_here_unless_both_suppliers_are_known_and_two(
    mine: UUID | None, theirs: UUID | None, known: list[Recorded]
) -> None:
    with pytest.raises(EvidenceUsed) as raised:
        check([paid(OTHERS, ELSEWHERE, theirs, payment=41), paid(OTHERS, ELSEWHERE, theirs, payment=42)], known, mine)
    assert raised.value.members["payment"] == UUID(int=41), "the first one is named"
    check([paid(OTHERS, ELSEWHERE, RIVAL)], known, SHOP)


def test_an_invoice_nobody_recorded_stands_for_each_line_of_a_plan_once() -> None:
    check([paid(OURS, SECOND, None)], [], None)
    with pytest.raises(EvidenceUsed):
        check([paid(OURS, SECOND, None), paid(OURS, LINE, None, payment=42)], [], None)


def test_a_recorded_invoice_is_paid_on_its_line_in_parts_up_to_its_amount() -> None:
    before = [paid(OURS, LINE, SHOP), paid(OURS, LINE, SHOP, payment=42)]
    check(before, [recorded(LINE)], SHOP, "300.00")
    with pytest.raises(MoreThanInvoiced) as raised:
        check(before, [recorded(LINE)], SHOP, "300.01")
    assert raised.value.members == {"left": Decimal("300.00"), "payment": UUID(int=41)}
    for known in ([recorded(SECOND)], [recorded(LINE, live=False)]):
        with pytest.raises(InvoiceOfAnotherLine):
            check([], known, SHOP)


def test_whose_invoice_was_paid_is_known_from_the_order_of_its_line_too() -> None:
    known = [recorded(LINE, SHOP), recorded(ELSEWHERE, RIVAL)]
    check([paid(OTHERS, ELSEWHERE, None, "900.00")], known, SHOP, "900.00")


def test_another_suppliers_invoice_of_the_same_number_is_another_invoice() -> None:
    check([], [recorded(ELSEWHERE, RIVAL)], SHOP)
    check([paid(OTHERS, ELSEWHERE, RIVAL, "900.00")], [recorded(ELSEWHERE, RIVAL), recorded(LINE)], SHOP, "900.00")
    for supplier in (RIVAL, None):
        with pytest.raises(InvoiceOfAnotherLine):
            check([], [recorded(ELSEWHERE, RIVAL)], supplier)


def test_goods_come_from_who_they_were_ordered_from() -> None:
    for said, ordered in ((None, None), ("A", None), (None, "A"), ("A", "A")):
        check_provider(said, ordered)
    with pytest.raises(DeliveredByAnother) as raised:
        check_provider("B", "A")
    assert raised.value.members["provider"] == "A"
