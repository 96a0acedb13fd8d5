"""Deliveries, payments and reversals: never more than approved, never by one pair of eyes, never before the arrival."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest_asyncio

from shared.contracts.reintegration import DeliveryConfirmed, InstalmentPaid, PaymentReversed
from shared.contracts.travel import AllowancePaid
from shared.database import new_id
from tests.reintegration.refusals import nothing_changes, refused
from tests.reintegration.story import (
    AP,
    FI,
    RE,
    Family,
    approved,
    at_home,
    delivery_body,
    drafted,
    expected,
    hear,
    line_of,
    payment_body,
    submitted,
)
from tests.world import World

FEBRUARY = datetime(2022, 2, 10, 9, 0, tzinfo=UTC)


@pytest_asyncio.fixture
async def family(world: World) -> Family:
    return await at_home(world)


@pytest_asyncio.fixture
async def plan(world: World, family: Family) -> Any:
    """An approved plan; business time is February."""
    made = await approved(world, family)
    world.now = FEBRUARY
    return made


async def pay(world: World, plan: Any, body: dict[str, Any], **options: Any) -> Any:
    return await world.post(f"/plans/{plan['plan_id']}/payments", body, role=FI, **options)


async def test_an_instalment_is_paid_in_parts_and_never_beyond_it(world: World, family: Family, plan: Any) -> None:
    path = f"/plans/{plan['plan_id']}/payments"
    await pay(world, plan, payment_body(plan, amount="200.00"))
    document = await refused(world, path, payment_body(plan, amount="100.01"), 409, "more-than-approved", role=FI)
    assert document["left"] == "100.00"
    second = {"kind": "signed_receipt", "reference": "R-1-2"}
    await pay(world, plan, payment_body(plan, amount="100.00", evidence=second))
    await refused(world, path, payment_body(plan, amount="0.01"), 409, "more-than-approved", role=FI)
    assert [e.data["amount"] for e in await world.told(InstalmentPaid, family.case)] == ["200.00", "100.00"]
    assert (await world.get(f"/cases/{family.case}", role=FI))["status"] == "in_delivery"


async def test_a_paper_shows_one_payment_unless_that_was_reversed(world: World, plan: Any) -> None:
    path = f"/plans/{plan['plan_id']}/payments"
    equipment = {"line_id": line_of(plan, "equipment"), "instalment": 1, "amount": "50.00"}
    for kind in ("signed_receipt", "bank_transfer"):
        paper: Any = {"evidence": {"kind": kind, "reference": "P-7"}}
        paid = await pay(world, plan, payment_body(plan, amount="10.00", **paper), subject="payer")
        for again in ({}, {"amount": "11.00"}, equipment):
            await refused(
                world, path, payment_body(plan, amount="10.00", **paper) | again, 409, "evidence-used", role=FI
            )
        reversal = f"/payments/{paid['payment_id']}/reversal"
        await world.post(reversal, {"reason": "wrong_amount"}, role=FI, subject="other")
        await pay(world, plan, payment_body(plan, amount="12.00", **paper))
        await refused(world, path, payment_body(plan, amount="1.00", **paper), 409, "evidence-used", role=FI)


async def test_an_invoice_or_a_list_may_stand_for_several_lines_and_counts_once_a_line(world: World, plan: Any) -> None:
    path = f"/plans/{plan['plan_id']}/payments"
    equipment = {"line_id": line_of(plan, "equipment"), "instalment": 1}
    for kind in ("supplier_invoice", "cash_distribution_report", "voucher_list"):
        body = payment_body(plan, amount="10.00", evidence={"kind": kind, "reference": "P-7"})
        await pay(world, plan, body)
        await pay(world, plan, body | equipment)
        await refused(world, path, body, 409, "evidence-used", role=FI)


async def test_eight_who_pay_at_once_pay_once(world: World, family: Family, plan: Any) -> None:
    path = f"/plans/{plan['plan_id']}/payments"
    calls = [world.call("POST", path, payment_body(plan, amount="200.00"), role=FI) for _ in range(8)]
    codes = sorted(answer.status_code for answer in await asyncio.gather(*calls))
    assert codes == [201, *[409] * 7]
    assert len(await world.told(InstalmentPaid, family.case)) == 1


async def test_a_payment_repeated_after_a_lost_answer_is_paid_once(world: World, plan: Any) -> None:
    path, body, key = f"/plans/{plan['plan_id']}/payments", payment_body(plan), "a-lost-answer"
    first = await world.call("POST", path, body, role=FI, key=key)
    async with nothing_changes(world):
        again = await world.call("POST", path, body, role=FI, key=key)
        other = await world.call("POST", path, payment_body(plan, 2), role=FI, key=key)
    assert (again.status_code, again.content) == (201, first.content)
    assert (other.status_code, other.json()["type"]) == (422, "/problems/idempotency-key-reused")


REFUSED_PAYMENTS: dict[str, tuple[dict[str, Any], int, str]] = {
    "it is not due yet": ({"instalment": 3}, 409, "instalment-not-due"),
    "it is late without a reason": ({"paid_on": "2022-02-03"}, 422, "late-payment-unexplained"),
    "it is another currency": ({"currency": "USD"}, 422, "other-currency"),
    "the rate is of long ago": ({"rate_date": "2021-11-01"}, 422, "rate-too-old"),
    "the rate is of a later day": ({"rate_date": "2022-01-04"}, 422, "rate-from-later"),
    "it lies before the arrival": ({"paid_on": "2021-12-10", "rate_date": "2021-12-10"}, 422, "before-the-arrival"),
    "it has not happened": ({"paid_on": "2022-03-01"}, 422, "in-the-future"),
    "there is no such instalment": ({"instalment": 4}, 404, "not-found"),
    "there is no such line": ({"line_id": str(new_id())}, 404, "not-found"),
    "no coin is that small": ({"amount": "0.001"}, 422, "too-many-decimals"),
    "nothing is no payment": ({"amount": "0"}, 422, "invalid-body"),
    "an amount is not a binary fraction": ({"amount": 300.5}, 422, "invalid-body"),
    "it has fields that nobody knows": ({"to": "somebody"}, 422, "invalid-body"),
}


async def test_a_payment_outside_what_was_approved_is_refused(world: World, plan: Any) -> None:
    for change, status, slug in REFUSED_PAYMENTS.values():
        body = payment_body(plan) | change
        await refused(world, f"/plans/{plan['plan_id']}/payments", body, status, slug, role=FI)


async def test_a_late_payment_says_why_it_is_late(world: World, plan: Any) -> None:
    body = payment_body(plan, paid_on="2022-02-03", late_reason="returnee_not_reached")
    assert (await pay(world, plan, body))["late_reason"] == "returnee_not_reached"


async def test_who_wrote_or_approved_a_plan_does_not_pay_it(world: World, plan: Any) -> None:
    path = f"/plans/{plan['plan_id']}"
    for subject in ("author", "approver"):
        body = payment_body(plan)
        await refused(world, f"{path}/payments", body, 403, "had-a-hand-in-the-plan", role=FI, subject=subject)
        assert (await world.get(path, role=FI, subject=subject))["actions"] == []


async def test_no_money_moves_on_a_plan_that_is_not_approved(world: World, family: Family) -> None:
    plan = await submitted(world, family)
    path = f"/plans/{plan['plan_id']}"
    await refused(world, f"{path}/payments", payment_body(plan), 409, "not-possible-now", role=FI)
    await refused(world, f"{path}/deliveries", delivery_body(plan), 409, "not-possible-now", role=RE)


async def test_no_money_moves_before_the_arrival(world: World) -> None:
    family = await expected(world)
    plan = await drafted(world, family)
    path = f"/plans/{plan['plan_id']}"
    await refused(world, f"{path}/payments", payment_body(plan), 409, "not-possible-now", role=FI)
    await refused(world, f"{path}/approval", {}, 409, "not-possible-now", role=AP, etag=f'"{plan["version"]}"')


async def test_a_payment_is_reversed_by_somebody_else_and_can_be_made_again(
    world: World, family: Family, plan: Any
) -> None:
    payment = await pay(world, plan, payment_body(plan), subject="payer")
    path = f"/payments/{payment['payment_id']}"
    body = {"reason": "returned_by_bank"}
    await refused(world, f"{path}/reversal", body, 403, "own-payment", role=FI, subject="payer")
    assert payment["actions"] == []
    shown = await world.get(path, role=FI, subject="other")
    assert [a["action"] for a in shown["actions"]] == ["reverse_payment"]
    answer = await world.post(f"{path}/reversal", body, role=FI, subject="other")
    assert (answer["status"], answer["reversal"]["reason"]) == ("reversed", "returned_by_bank")
    await refused(world, f"{path}/reversal", body, 409, "already-reversed", role=FI, subject="other")
    (told,) = await world.told(PaymentReversed, family.case)
    assert told.data["amount"] == "300.00"
    money = (await world.get(f"/cases/{family.case}", role=FI))["money"]
    assert (money["paid"], money["committed"]) == ("0.00", "2400.00")
    await pay(world, plan, payment_body(plan))
    listed = (await world.get(f"/plans/{plan['plan_id']}/payments", role=FI))["items"]
    assert [each["status"] for each in listed] == ["reversed", "paid"]


async def test_goods_are_delivered_against_certificates_and_never_beyond_the_line(
    world: World, family: Family, plan: Any
) -> None:
    path = f"/plans/{plan['plan_id']}/deliveries"
    first = await world.post(path, delivery_body(plan, "1000.00"), role=RE)
    assert first["currency"] == "EUR"
    for number in ("HC-1", "hc-1"):
        again = delivery_body(plan, "100.00", certificate={"number": number, "signed_on": "2022-01-03"})
        await refused(world, path, again, 409, "certificate-used", role=RE)
    second = {"number": "HC-2", "signed_on": "2022-01-04"}
    more = delivery_body(plan, "500.01", certificate=second)
    assert (await refused(world, path, more, 409, "more-than-approved", role=RE))["left"] == "500.00"
    await world.post(path, delivery_body(plan, "500.00", certificate=second), role=RE)
    assert len(await world.told(DeliveryConfirmed, family.case)) == 2
    assert len((await world.get(path, role=FI))["items"]) == 2


REFUSED_DELIVERIES: dict[str, tuple[dict[str, Any], int, str]] = {
    "the certificate is older than the delivery": (
        {"certificate": {"number": "HC-1", "signed_on": "2022-01-02"}},
        422,
        "certificate-before-delivery",
    ),
    "it lies before the arrival": ({"delivered_on": "2021-12-10"}, 422, "before-the-arrival"),
    "it has not happened": (
        {"delivered_on": "2022-03-01", "certificate": {"number": "HC-1", "signed_on": "2022-03-01"}},
        422,
        "in-the-future",
    ),
    "there is no such line": ({"line_id": str(new_id())}, 404, "not-found"),
}


async def test_a_delivery_that_its_certificate_does_not_show_is_refused(world: World, plan: Any) -> None:
    for change, status, slug in REFUSED_DELIVERIES.values():
        body = delivery_body(plan) | change
        await refused(world, f"/plans/{plan['plan_id']}/deliveries", body, status, slug, role=RE)


async def test_cash_is_paid_and_not_delivered(world: World, plan: Any) -> None:
    body = delivery_body(plan, "300.00", line_id=line_of(plan, "rent"))
    await refused(world, f"/plans/{plan['plan_id']}/deliveries", body, 409, "paid-in-cash", role=RE)


async def test_an_invoice_and_a_certificate_speak_of_the_same_goods(world: World, family: Family, plan: Any) -> None:
    equipment = {"line_id": line_of(plan, "equipment"), "instalment": 1, "amount": "1200.00"}
    invoice = {"kind": "supplier_invoice", "reference": "INV-7"}
    await pay(world, plan, payment_body(plan, evidence=invoice) | equipment)
    await world.post(f"/plans/{plan['plan_id']}/deliveries", delivery_body(plan, "1000.00"), role=RE, subject="other")
    money = (await world.get(f"/cases/{family.case}", role=FI))["money"]
    assert (money["paid"], money["delivered"], money["spent"]) == ("1200.00", "1000.00", "1200.00")
    assert (money["committed"], money["left"]) == ("1200.00", "0.00")


async def test_nothing_moves_on_a_case_that_registration_has_closed(world: World, family: Family, plan: Any) -> None:
    await hear(world, family, family.closed_there())
    path = f"/plans/{plan['plan_id']}"
    await refused(world, f"{path}/payments", payment_body(plan), 409, "case-closed-elsewhere", role=FI)
    await refused(world, f"{path}/deliveries", delivery_body(plan), 409, "case-closed-elsewhere", role=RE)
    await hear(world, family, family.reopened_there())
    await pay(world, plan, payment_body(plan))


async def test_pocket_money_is_shown_as_spent_before_departure(world: World, family: Family) -> None:
    await hear(world, family, family.allowance(family.father), family.allowance(family.mother))
    case = await world.get(f"/cases/{family.case}", role=FI)
    assert case["spent_before_departure"] == [{"currency": "EUR", "amount": "100.00"}]
    assert case["money"]["spent"] == "0.00"


async def test_pocket_money_that_came_back_counts_no_more_whichever_payment_is_heard_of_first(
    world: World, family: Family
) -> None:
    early, details = family.allowance(family.father)
    assert isinstance(early, AllowancePaid)
    payment = new_id()
    again = early.model_copy(update={"payment": payment, "given_back": early.payment}), {"subject": payment}
    await hear(world, family, again, (early, details))
    case = await world.get(f"/cases/{family.case}", role=FI)
    assert case["spent_before_departure"] == [{"currency": "EUR", "amount": "50.00"}]
