"""What a plan gives in kind is bought with enough quotations, by somebody else, and charged once."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from services.reintegration.procurement.rules import Bought, LineOnOrder, check_released
from tests.reintegration.refusals import nothing_changes, refused
from tests.reintegration.story import (
    FI,
    RE,
    approved,
    at_home,
    closure_body,
    delivery_body,
    line_of,
    payment_body,
    submitted,
)
from tests.world import World


async def providers(world: World, *codes: str) -> None:
    for code in codes:
        body = {"code": code, "name": f"Firm {code}", "kind": "supplier", "country": "IRQ"}
        await world.post("/providers", body, role=RE)


async def quoted(world: World, line: str, provider: str, amount: str, **options: Any) -> Any:
    body = {"provider": provider, "reference": f"Q-{provider}", "amount": amount, "quoted_on": "2021-12-19"}
    return await world.post(f"{line}/quotations", body, role=RE, subject="buyer", **options)


async def line_with(world: World, *amounts: str) -> tuple[Any, str, list[Any]]:
    """The plan, its line in kind, and a quotation of each amount, each of another provider."""
    plan = await approved(world, await at_home(world))
    line = f"/plans/{plan['plan_id']}/lines/{line_of(plan, 'equipment')}"
    codes = [f"P-{number}" for number, _ in enumerate(amounts)]
    await providers(world, *codes)
    return plan, line, [await quoted(world, line, code, amount) for code, amount in zip(codes, amounts, strict=True)]


def ordering(quotation: Any, **more: Any) -> dict[str, Any]:
    return {"quotation_id": quotation["quotation_id"], **more}


async def test_goods_are_ordered_delivered_and_charged_and_the_three_agree(world: World) -> None:
    plan, line, (cheap, *_) = await line_with(world, "1400.00", "1450.00", "1500.00")
    order = await world.post(f"{line}/orders", ordering(cheap), role=RE, subject="orderer")
    assert (order["status"], order["charged"], order["matched"]) == ("ordered", "0.00", True)
    charge = {"number": "INV-1", "amount": "1400.00", "invoiced_on": "2021-12-20"}
    path = f"/orders/{order['order_id']}"
    charged = await world.post(f"{path}/invoices", charge, role=FI)
    assert (charged["charged"], charged["matched"]) == ("1400.00", False), "nothing was delivered yet"
    world.now = world.now.replace(year=2022, month=1, day=4)
    path_of_goods, brought = f"/plans/{plan['plan_id']}/deliveries", delivery_body(plan)
    problem = await refused(world, path_of_goods, brought, 409, "delivered-by-another", role=RE)
    assert problem["provider"] == "P-0"
    goods = await world.post(path_of_goods, {**brought, "provider_code": None}, role=RE)
    assert (goods["provider_code"], goods["provider_id"]) == ("P-0", order["provider_id"])
    assert (await world.get(path, role=FI))["matched"] is True


async def test_a_large_order_needs_three_providers_and_the_dearer_one_a_reason(world: World) -> None:
    _plan, line, (first, second) = await line_with(world, "1400.00", "1300.00")
    async with nothing_changes(world):
        problem = await world.post(f"{line}/orders", ordering(second), role=RE, subject="orderer", expect=409)
    assert problem["type"] == "/problems/too-few-quotations"
    assert (problem["needed"], problem["there"], problem["provisional"]) == (3, 2, True)
    await providers(world, "P-9")
    await quoted(world, line, "P-9", "1500.00")
    problem = await world.post(f"{line}/orders", ordering(first), role=RE, subject="orderer", expect=422)
    assert (problem["type"], problem["cheapest"]) == ("/problems/cheaper-quotation", "1300.00")
    order = await world.post(
        f"{line}/orders", ordering(first, why_not_cheapest="delivers_sooner"), role=RE, subject="orderer"
    )
    problem = await world.post(f"{line}/orders", ordering(second), role=RE, subject="orderer", expect=409)
    assert (problem["type"], problem["order"]) == ("/problems/line-ordered-already", order["order_id"])


async def test_a_quotation_is_recorded_once_for_a_line_whatever_its_capitals(world: World) -> None:
    _, line, (first,) = await line_with(world, "900.00")
    body = {"provider": "P-0", "reference": "Q-P-0", "amount": "850.00", "quoted_on": "2021-12-19"}
    for reference in ("Q-P-0", "q-p-0"):
        problem = await refused(
            world, f"{line}/quotations", {**body, "reference": reference}, 409, "quotation-known", role=RE
        )
        assert problem["quotation"] == first["quotation_id"]
    await world.post(f"{line}/quotations", {**body, "reference": "Q-2"}, role=RE)


async def test_who_recorded_the_quotation_does_not_order_on_it(world: World) -> None:
    _plan, line, (cheap, *_) = await line_with(world, "1400.00", "1450.00", "1500.00")
    problem = await world.post(f"{line}/orders", ordering(cheap), role=RE, subject="buyer", expect=403)
    assert problem["type"] == "/problems/orderer-chose-the-quotation-alone"


async def test_an_invoice_counts_once_and_never_beyond_the_order(world: World) -> None:
    _plan, line, (cheap, *_) = await line_with(world, "900.00")
    order = await world.post(f"{line}/orders", ordering(cheap), role=RE, subject="orderer")
    path = f"/orders/{order['order_id']}/invoices"
    charge = {"number": "INV-1", "amount": "500.00", "invoiced_on": "2021-12-20"}
    await world.post(path, charge, role=FI)
    async with nothing_changes(world):
        problem = await world.post(path, charge, role=FI, expect=409)
        assert (problem["type"], problem["order"]) == ("/problems/invoice-known", order["order_id"])
        problem = await world.post(path, {**charge, "number": "INV-2"}, role=FI, expect=409)
        assert (problem["type"], problem["left"]) == ("/problems/more-than-ordered", "400.00")


async def test_an_order_that_was_cancelled_makes_room_for_another(world: World) -> None:
    _plan, line, (cheap, *_) = await line_with(world, "900.00")
    order = await world.post(f"{line}/orders", ordering(cheap), role=RE, subject="orderer")
    ended = await world.post(f"/orders/{order['order_id']}/cancellation", role=RE)
    assert (ended["status"], ended["actions"]) == ("cancelled", [])
    charge = {"number": "INV-1", "amount": "1.00", "invoiced_on": "2021-12-20"}
    await world.post(f"/orders/{order['order_id']}/invoices", charge, role=FI, expect=409)
    await world.post(f"{line}/orders", ordering(cheap), role=RE, subject="orderer")


async def test_nothing_is_ordered_before_the_approval_nor_on_a_line_in_cash(world: World) -> None:
    plan = await submitted(world, await at_home(world))
    await providers(world, "P-0")
    line = f"/plans/{plan['plan_id']}/lines/{line_of(plan, 'equipment')}"
    made = await quoted(world, line, "P-0", "900.00")
    problem = await world.post(f"{line}/orders", ordering(made), role=RE, subject="orderer", expect=409)
    assert problem["type"] == "/problems/not-possible-now"
    cash = f"/plans/{plan['plan_id']}/lines/{line_of(plan, 'rent')}"
    problem = await quoted(world, cash, "P-0", "1.00", expect=422)
    assert problem["type"] == "/problems/cash-is-not-ordered"
    problem = await quoted(world, line, "NOBODY", "1.00", expect=422)
    assert problem["type"] == "/problems/provider-unknown"
    again = {"code": "P-0", "name": "Another", "kind": "clinic", "country": "IRQ"}
    problem = await world.post("/providers", again, role=RE, expect=409)
    assert problem["type"] == "/problems/provider-code-taken"


def bought(charged: int, delivered: int, paid: int) -> Bought:
    return Bought(UUID(int=1), Decimal(900), Decimal(charged), Decimal(delivered), Decimal(paid))


@pytest.mark.parametrize(
    ("charged", "delivered", "paid", "settled", "cancellable", "unpaid"),
    [
        (0, 0, 0, False, True, 0),
        (0, 900, 0, False, True, 0),
        (900, 0, 0, False, True, 0),
        (900, 0, 900, False, False, 0),
        (900, 900, 0, False, False, 900),
        (500, 900, 500, False, False, 0),
        (900, 400, 400, True, False, 0),
        (500, 500, 500, True, False, 0),
        (900, 1000, 900, True, False, 0),
    ],
)
def test_a_line_is_given_up_when_its_provider_can_ask_for_no_more(
    charged: int, delivered: int, paid: int, settled: bool, cancellable: bool, unpaid: int
) -> None:
    one = bought(charged, delivered, paid)
    assert (one.settled, one.cancellable, one.unpaid) == (settled, cancellable, Decimal(unpaid))
    if settled:
        check_released(one)
    else:
        with pytest.raises(LineOnOrder):
            check_released(one)


async def test_what_is_on_order_is_not_given_up_and_no_case_is_closed_over_it(world: World) -> None:
    plan, line, (cheap, *_) = await line_with(world, "900.00")
    order = await world.post(f"{line}/orders", ordering(cheap), role=RE, subject="orderer")
    release, bill = f"{line}/release", {"number": "INV-1", "amount": "900.00", "invoiced_on": "2022-01-04"}
    async with nothing_changes(world):
        problem = await world.post(release, {"reason": "no_longer_needed"}, role=RE, expect=409)
    assert (problem["type"], problem["order"]) == ("/problems/line-on-order", order["order_id"])
    world.now = world.now.replace(year=2022, month=1, day=4)
    closure = f"/cases/{plan['case_id']}/closure"
    problem = await world.post(closure, closure_body("died"), role=RE, expect=409)
    assert problem["missing"] == [{"code": "order_open", "line": "equipment"}]
    await world.post(f"/orders/{order['order_id']}/invoices", bill, role=FI)
    await world.post(
        f"/plans/{plan['plan_id']}/deliveries", delivery_body(plan, "900.00", provider_code="P-0"), role=RE
    )
    problem = await world.post(closure, closure_body("died"), role=RE, expect=409)
    assert problem["missing"] == [{"code": "invoice_not_paid", "line": "equipment"}]
    goods = {"evidence": {"kind": "supplier_invoice", "reference": "INV-1"}, "line_id": line_of(plan, "equipment")}
    paid = payment_body(plan, 1, "900.00", **goods)
    await world.post(f"/plans/{plan['plan_id']}/payments", paid, role=FI, subject="payer")
    await world.post(release, {"reason": "no_longer_needed"}, role=RE)
    await world.post(closure, closure_body("died"), role=RE)


async def test_goods_that_were_charged_and_never_came_are_cancelled_and_the_line_takes_no_invoice_after(
    world: World,
) -> None:
    _plan, line, (cheap, *_) = await line_with(world, "900.00")
    order = await world.post(f"{line}/orders", ordering(cheap), role=RE, subject="orderer")
    path, bill = f"/orders/{order['order_id']}", {"number": "INV-1", "amount": "500.00", "invoiced_on": "2021-12-20"}
    charged = await world.post(f"{path}/invoices", bill, role=FI)
    assert {each["action"] for each in charged["actions"]} == {"record_invoice", "cancel_order"}
    await world.post(f"{path}/cancellation", role=RE)
    await world.post(f"{line}/release", {"reason": "no_longer_needed"}, role=RE)
    problem = await world.post(f"{path}/invoices", {**bill, "number": "INV-2"}, role=FI, expect=409)
    assert problem["type"] == "/problems/line-released"


async def test_who_bought_or_took_delivery_does_not_pay_nor_the_other_way_round(world: World) -> None:
    plan, line, (cheap, *_) = await line_with(world, "900.00")
    order = await world.post(f"{line}/orders", ordering(cheap), role=RE, subject="orderer")
    world.now = world.now.replace(year=2022, month=1, day=4)
    bill = {"number": "INV-1", "amount": "900.00", "invoiced_on": "2022-01-04"}
    await world.post(f"/orders/{order['order_id']}/invoices", bill, role=FI, subject="clerk")
    path = f"/plans/{plan['plan_id']}"
    brought = delivery_body(plan, "400.00", provider_code="P-0")
    await world.post(f"{path}/deliveries", brought, role=RE, subject="receiver")
    paper = {"kind": "supplier_invoice", "reference": "INV-1"}
    paid = payment_body(plan, 1, "400.00", evidence=paper, line_id=line_of(plan, "equipment"))
    for subject in ("orderer", "clerk", "receiver"):
        await refused(world, f"{path}/payments", paid, 403, "had-a-hand-in-the-plan", role=FI, subject=subject)
    await world.post(f"{path}/payments", paid, role=FI, subject="payer")
    rest = delivery_body(plan, "500.00", certificate={"number": "HC-2", "signed_on": "2022-01-03"})
    await refused(world, f"{path}/deliveries", rest, 403, "paid-on-this-line", role=RE, subject="payer")
    bill |= {"number": "INV-2"}
    invoices = f"/orders/{order['order_id']}/invoices"
    await refused(world, invoices, bill, 403, "paid-on-this-line", role=FI, subject="payer")


async def test_a_recorded_invoice_is_paid_on_its_line_and_up_to_its_amount(world: World) -> None:
    plan, line, (cheap, *_) = await line_with(world, "900.00")
    order = await world.post(f"{line}/orders", ordering(cheap), role=RE, subject="orderer")
    world.now = world.now.replace(year=2022, month=1, day=4)
    bill = {"number": "INV-1", "amount": "900.00", "invoiced_on": "2022-01-04"}
    await world.post(f"/orders/{order['order_id']}/invoices", bill, role=FI)
    path = f"/plans/{plan['plan_id']}/payments"
    paper, goods = {"kind": "supplier_invoice", "reference": "INV-1"}, {"line_id": line_of(plan, "equipment")}
    rent = payment_body(plan, 1, "300.00", evidence=paper)
    await refused(world, path, rent, 409, "invoice-of-another-line", role=FI, subject="payer")
    for _ in range(2):
        await world.post(path, payment_body(plan, 1, "400.00", evidence=paper, **goods), role=FI, subject="payer")
    more = payment_body(plan, 1, "101.00", evidence=paper, **goods)
    problem = await refused(world, path, more, 409, "more-than-invoiced", role=FI, subject="payer")
    assert problem["left"] == "100.00"


async def test_an_invoice_that_nobody_recorded_is_not_paid_in_a_second_plan(world: World) -> None:
    first, second = [await approved(world, await at_home(world)) for _ in range(2)]
    world.now = world.now.replace(year=2022, month=1, day=4)
    paper = {"kind": "supplier_invoice", "reference": "INV-77"}
    paid = await world.post(f"/plans/{first['plan_id']}/payments", payment_body(first, evidence=paper), role=FI)
    path = f"/plans/{second['plan_id']}/payments"
    for number in ("INV-77", "inv-77"):
        other = payment_body(second, evidence={**paper, "reference": number})
        problem = await refused(world, path, other, 409, "evidence-used", role=FI)
        assert problem["payment"] == paid["payment_id"]
    await world.post(f"/payments/{paid['payment_id']}/reversal", {"reason": "wrong_line"}, role=FI, subject="other")
    await world.post(path, payment_body(second, evidence=paper), role=FI)


async def test_an_invoice_paid_before_it_was_recorded_is_not_paid_again_in_the_plan_that_records_it(
    world: World,
) -> None:
    plan, line, (cheap, *_) = await line_with(world, "900.00")
    other = await approved(world, await at_home(world))
    order = await world.post(f"{line}/orders", ordering(cheap), role=RE, subject="orderer")
    world.now = world.now.replace(year=2022, month=1, day=4)
    paper = {"kind": "supplier_invoice", "reference": "inv-1"}
    paid = await world.post(f"/plans/{other['plan_id']}/payments", payment_body(other, evidence=paper), role=FI)
    assert paid["provider_id"] is None
    bill = {"number": "INV-1", "amount": "900.00", "invoiced_on": "2022-01-04"}
    await world.post(f"/orders/{order['order_id']}/invoices", bill, role=FI)
    problem = await world.post(
        f"/orders/{order['order_id']}/invoices", {**bill, "number": "inv-1"}, role=FI, expect=409
    )
    assert problem["type"] == "/problems/invoice-known"
    path, goods = f"/plans/{plan['plan_id']}/payments", {"line_id": line_of(plan, "equipment"), "evidence": paper}
    again = payment_body(plan, 1, "900.00", **goods)
    problem = await refused(world, path, again, 409, "evidence-used", role=FI, subject="payer")
    assert problem["payment"] == paid["payment_id"]


async def test_two_suppliers_may_number_their_invoices_alike_when_both_are_named(world: World) -> None:
    first, second = [await approved(world, await at_home(world)) for _ in range(2)]
    await providers(world, "P-1", "P-2")
    world.now = world.now.replace(year=2022, month=1, day=4)
    paths = [f"/plans/{each['plan_id']}/payments" for each in (first, second)]
    paper = {"kind": "supplier_invoice", "reference": "7", "provider": "P-1"}
    await world.post(paths[0], payment_body(first, amount="1.00", evidence=paper), role=FI)
    await refused(world, paths[1], payment_body(second, evidence=paper), 409, "evidence-used", role=FI)
    unnamed = {**paper, "provider": None}
    await refused(world, paths[1], payment_body(second, evidence=unnamed), 409, "evidence-used", role=FI)
    await world.post(paths[1], payment_body(second, evidence={**paper, "provider": "P-2"}), role=FI)
    unknown, receipt = {**paper, "provider": "NOBODY"}, {**paper, "kind": "signed_receipt"}
    await refused(
        world, paths[0], payment_body(first, amount="1.00", evidence=unknown), 422, "provider-unknown", role=FI
    )
    await refused(
        world,
        paths[0],
        payment_body(first, amount="1.00", evidence=receipt),
        422,
        "only-invoices-have-suppliers",
        role=FI,
    )


async def test_on_a_line_with_an_order_no_other_suppliers_invoice_is_paid(world: World) -> None:
    plan, line, (cheap, _) = await line_with(world, "900.00", "950.00")
    await world.post(f"{line}/orders", ordering(cheap), role=RE, subject="orderer")
    world.now = world.now.replace(year=2022, month=1, day=4)
    path, goods = f"/plans/{plan['plan_id']}/payments", {"line_id": line_of(plan, "equipment")}
    for provider, status in (("P-1", 409), ("P-0", 201)):
        paper = {"kind": "supplier_invoice", "reference": "INV-5", "provider": provider}
        body = payment_body(plan, 1, "900.00", evidence=paper, **goods)
        answer = await world.post(path, body, role=FI, subject="payer", expect=status)
        assert status == 201 or answer["type"] == "/problems/invoice-of-another-line"


async def test_nothing_is_ordered_beyond_the_line_on_a_released_one_or_by_who_paid_on_it(world: World) -> None:
    plan, line, (dear,) = await line_with(world, "1500.01")
    await providers(world, "P-8", "P-9")
    cheap = await quoted(world, line, "P-8", "900.00")
    await quoted(world, line, "P-9", "1400.00")
    path, why = f"{line}/orders", {"why_not_cheapest": "closer"}
    await refused(world, path, ordering(dear, **why), 409, "more-than-approved", role=RE, subject="orderer")
    world.now = world.now.replace(year=2022, month=1, day=4)
    paper = {"kind": "supplier_invoice", "reference": "INV-6"}
    paid = payment_body(plan, 1, "100.00", evidence=paper, line_id=line_of(plan, "equipment"))
    await world.post(f"/plans/{plan['plan_id']}/payments", paid, role=FI, subject="both")
    await refused(world, path, ordering(cheap), 403, "paid-on-this-line", role=RE, subject="both")
    await world.post(f"{line}/release", {"reason": "no_longer_needed"}, role=RE)
    await refused(world, path, ordering(cheap), 409, "line-released", role=RE, subject="orderer")


async def test_papers_of_long_ago_are_refused(world: World) -> None:
    _plan, line, (cheap, *_) = await line_with(world, "900.00")
    old = {"provider": "P-0", "reference": "Q-9", "amount": "1.00", "quoted_on": "1900-01-01"}
    await refused(world, f"{line}/quotations", old, 422, "quotation-too-old", role=RE)
    order = await world.post(f"{line}/orders", ordering(cheap), role=RE, subject="orderer")
    bill = {"number": "INV-1", "amount": "900.00", "invoiced_on": "2021-12-18"}
    path = f"/orders/{order['order_id']}/invoices"
    await refused(world, path, bill, 422, "invoiced-before-the-order", role=FI)
