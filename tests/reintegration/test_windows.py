"""A line of the package is paid and delivered in its window by the decision, counted from the arrival."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from services.reintegration.payments.rules import LatePaymentUnexplained
from services.reintegration.windows.rules import (
    PackageLineLapsed,
    PackageLineNotDue,
    Payable,
    Window,
    check_given,
    check_in_time,
    day_that_counts,
    payable,
    read_window,
)
from shared.contracts.eligibility import EligibilityDecided, Outcome, PayableWindow
from tests.reintegration.family import AT_HOME
from tests.reintegration.refusals import refused
from tests.reintegration.story import (
    FI,
    RE,
    Family,
    approved,
    at_home,
    delivery_body,
    drafted,
    etag_of,
    hear,
    line_of,
    payment_body,
    plan_body,
)
from tests.world import World

ARRIVED = date(2021, 12, 14)


def test_the_later_first_day_and_the_earlier_end_count() -> None:
    window = Window(from_date=date(2022, 1, 1), from_arrival="P1M", until_arrival="P90D", expires_after_arrival="P12M")
    assert payable(window, ARRIVED) == Payable(date(2022, 1, 14), date(2022, 3, 14), date(2022, 12, 14))
    assert payable(window, None) == Payable(first=date(2022, 1, 1)), "spans wait for the arrival"
    assert payable(None, ARRIVED) == Payable()


def test_a_window_is_read_as_it_was_told_and_an_unknown_word_of_later_is_passed_over() -> None:
    told = PayableWindow(from_date=date(2022, 1, 1), expires_after_arrival="P12M").model_dump(mode="json")
    assert read_window(told | {"later": 1}) == Window(from_date=date(2022, 1, 1), expires_after_arrival="P12M")
    assert read_window(None) is None


def test_both_ends_of_a_window_belong_to_it() -> None:
    days = Payable(date(2022, 1, 2), date(2022, 1, 4), date(2022, 1, 6))
    for day in (2, 4):
        check_in_time(days, date(2022, 1, day), None)
    check_in_time(days, date(2022, 1, 6), "bank_delay")
    check_given(days, date(2022, 1, 6))
    for day, why, raised in (
        (1, "bank_delay", PackageLineNotDue),
        (5, None, LatePaymentUnexplained),
        (7, "bank_delay", PackageLineLapsed),
    ):
        with pytest.raises(raised):
            check_in_time(days, date(2022, 1, day), why)


def test_goods_that_came_in_time_are_paid_after_the_line_lapsed_for_as_much_as_came() -> None:
    days = Payable(date(2022, 1, 2), None, date(2022, 1, 6))
    paid_on, came = date(2022, 1, 20), date(2022, 1, 5)
    delivered = [(date(2022, 1, 3), Decimal(500)), (came, Decimal(400)), (date(2022, 1, 7), Decimal(600))]
    assert day_that_counts(days, paid_on, Decimal(900), delivered) == came
    assert day_that_counts(days, paid_on, Decimal("900.01"), delivered) == paid_on, "more than came in time"
    assert day_that_counts(days, paid_on, Decimal(1), delivered[2:]) == paid_on, "what came too late"
    assert day_that_counts(days, date(2022, 1, 4), Decimal(900), delivered) == date(2022, 1, 4), "paid ahead"


def test_an_instalment_needs_a_day_on_which_its_line_is_paid() -> None:
    days = Payable(date(2022, 1, 10), None, date(2022, 1, 20))
    for first, last, met in ((1, 9, False), (1, 10, True), (12, 13, True), (20, 31, True), (21, 31, False)):
        assert days.meets(date(2022, 1, first), date(2022, 1, last)) is met
    assert Payable().meets(date(2022, 1, 1), date(2022, 1, 2))


async def test_a_plan_whose_instalments_fall_outside_the_window_is_refused_once_the_arrival_is_known(
    world: World,
) -> None:
    expected = await expected_with(world, {"expires_after_arrival": "P2M"})
    plan = await drafted(world, expected)
    await arrive(world, expected)
    problem = await world.post(f"/plans/{plan['plan_id']}/submission", role=RE, subject="author", expect=422)
    assert (problem["type"], [each["line"] for each in problem["errors"]]) == (
        "/problems/plan-not-consistent",
        ["rent"],
    )
    assert "until 2022-02-14" in problem["errors"][0]["message"]
    revised = plan_body()["lines"]
    etag = etag_of(await world.get(f"/plans/{plan['plan_id']}", role=RE))
    path = f"/plans/{plan['plan_id']}"
    answer = await world.call("PATCH", path, {"lines": revised}, role=RE, subject="author", etag=etag)
    assert answer.status_code == 422
    revised[1]["amount"] = "600.00"
    revised[1]["instalments"].pop()
    answer = await world.call("PATCH", path, {"lines": revised}, role=RE, subject="author", etag=etag)
    assert answer.status_code == 200, answer.text
    await world.post(f"{path}/submission", role=RE, subject="author")


async def expected_with(world: World, rent: dict[str, Any]) -> Family:
    """A booked family, not there yet, whose decision names a window for the rent."""
    family = Family()
    fact, about = family.decided()
    assert isinstance(fact, EligibilityDecided)
    window = PayableWindow(**rent)
    lines = tuple(each.model_copy(update={"window": window}) if each.code == "rent" else each for each in fact.package)
    await hear(world, family, family.registered(), (fact.model_copy(update={"package": lines}), about), family.booked())
    return family


async def arrive(world: World, family: Family) -> None:
    await hear(world, family, *(fact(who) for fact in (family.departed, family.arrived) for who in family.everyone))
    world.now = AT_HOME


async def with_windows(world: World, rent: dict[str, Any], business: dict[str, Any]) -> tuple[Family, Any]:
    """A family at home whose decision names these windows, with an approved plan."""
    family = await at_home(world)
    fact, about = family.decided()
    assert isinstance(fact, EligibilityDecided)
    windows = {"rent": PayableWindow(**rent), "business": PayableWindow(**business)}
    lines = tuple(each.model_copy(update={"window": windows.get(each.code)}) for each in fact.package)
    await hear(world, family, (fact.model_copy(update={"package": lines}), about))
    return family, await approved(world, family)


async def test_money_and_goods_keep_to_the_window_of_their_line_of_the_package(world: World) -> None:
    rent = {"from_arrival": "P1M", "expires_on": "2022-03-10"}
    family, plan = await with_windows(world, rent, {"until_arrival": "P14D", "expires_after_arrival": "P15D"})
    shown = {each["code"]: each for each in (await world.get(f"/cases/{family.case}", role=FI))["money"]["lines"]}
    days = ("payable_from", "payable_until", "expires_on")
    assert [shown["rent"][day] for day in days] == ["2022-01-14", None, "2022-03-10"]
    assert [shown["business"][day] for day in days] == [None, "2021-12-28", "2021-12-29"]
    world.now = datetime(2022, 3, 20, 9, 0, tzinfo=UTC)
    path = f"/plans/{plan['plan_id']}"
    for number, day, slug, named in (
        (1, "2022-01-13", "package-line-not-due", {"payable_from": "2022-01-14"}),
        (3, "2022-03-11", "package-line-lapsed", {"expires_on": "2022-03-10"}),
    ):
        early = payment_body(plan, number, paid_on=day, rate_date=day)
        problem = await refused(world, f"{path}/payments", early, 409, slug, role=FI)
        assert named.items() <= problem.items()
    await world.post(f"{path}/payments", payment_body(plan, paid_on="2022-01-14"), role=FI)
    late = delivery_body(plan, delivered_on="2021-12-30")
    await refused(world, f"{path}/deliveries", late, 409, "package-line-lapsed", role=RE)
    await world.post(f"{path}/deliveries", delivery_body(plan, delivered_on="2021-12-29"), role=RE)


@pytest.mark.parametrize("again", [Outcome.INELIGIBLE, Outcome.ELIGIBLE])
async def test_no_later_decision_makes_a_line_payable_again_by_leaving_it_out(world: World, again: Outcome) -> None:
    family, plan = await with_windows(world, {"expires_on": "2022-03-10"}, {"expires_after_arrival": "P15D"})
    world.now = datetime(2022, 3, 20, 9, 0, tzinfo=UTC)
    fact, about = family.decided(again)
    assert isinstance(fact, EligibilityDecided)
    await hear(world, family, (fact.model_copy(update={"package": fact.package[:4]}), about))
    path = f"/plans/{plan['plan_id']}"
    lapsed = payment_body(plan, 3, paid_on="2022-03-11", rate_date="2022-03-11")
    late = delivery_body(plan, delivered_on="2021-12-30")
    for verb, body, role in (("payments", lapsed, FI), ("deliveries", late, RE)):
        await refused(world, f"{path}/{verb}", body, 409, "package-line-lapsed", role=role)
    in_time = payment_body(plan, 3, paid_on="2022-03-10", rate_date="2022-03-10")
    await world.post(f"{path}/payments", in_time, role=FI, subject="payer")


async def test_a_supplier_is_paid_after_the_line_lapsed_for_goods_that_came_in_time(world: World) -> None:
    _, plan = await with_windows(world, {}, {"expires_after_arrival": "P15D"})
    world.now = datetime(2022, 1, 20, 9, 0, tzinfo=UTC)
    path, line = f"/plans/{plan['plan_id']}", line_of(plan, "equipment")
    late = {"paid_on": "2022-01-05", "rate_date": "2022-01-05", "late_reason": "bank_delay", "line_id": line}
    invoice = {"kind": "supplier_invoice", "reference": "INV-9"}
    owed = payment_body(plan, 1, "1500.00", **late, evidence=invoice)
    await refused(world, f"{path}/payments", owed, 409, "package-line-lapsed", role=FI)
    await world.post(f"{path}/deliveries", delivery_body(plan, delivered_on="2021-12-29"), role=RE)
    receipt = payment_body(plan, 1, "1500.00", **late, evidence={"kind": "signed_receipt", "reference": "R-9"})
    await refused(world, f"{path}/payments", receipt, 409, "package-line-lapsed", role=FI)
    await world.post(f"{path}/payments", owed, role=FI, subject="payer")
