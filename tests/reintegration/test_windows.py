"""A line of the package is paid and delivered in its window by the decision, counted from the arrival."""

from datetime import UTC, date, datetime
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
    payable,
    read_window,
)
from shared.contracts.eligibility import EligibilityDecided, PayableWindow
from tests.reintegration.refusals import refused
from tests.reintegration.story import FI, RE, Family, approved, at_home, delivery_body, hear, payment_body
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
    rent = {"from_arrival": "P1M", "expires_on": "2022-01-20"}
    family, plan = await with_windows(world, rent, {"until_arrival": "P14D", "expires_after_arrival": "P15D"})
    shown = {each["code"]: each for each in (await world.get(f"/cases/{family.case}", role=FI))["money"]["lines"]}
    days = ("payable_from", "payable_until", "expires_on")
    assert [shown["rent"][day] for day in days] == ["2022-01-14", None, "2022-01-20"]
    assert [shown["business"][day] for day in days] == [None, "2021-12-28", "2021-12-29"]
    world.now = datetime(2022, 1, 25, 9, 0, tzinfo=UTC)
    path = f"/plans/{plan['plan_id']}"
    for day, slug, named in (
        ("2022-01-13", "package-line-not-due", {"payable_from": "2022-01-14"}),
        ("2022-01-21", "package-line-lapsed", {"expires_on": "2022-01-20"}),
    ):
        problem = await refused(world, f"{path}/payments", payment_body(plan, paid_on=day), 409, slug, role=FI)
        assert named.items() <= problem.items()
    await world.post(f"{path}/payments", payment_body(plan, paid_on="2022-01-14"), role=FI)
    late = delivery_body(plan, delivered_on="2021-12-30")
    await refused(world, f"{path}/deliveries", late, 409, "package-line-lapsed", role=RE)
    await world.post(f"{path}/deliveries", delivery_body(plan, delivered_on="2021-12-29"), role=RE)
