"""Pocket money: within the package, once a line, against a receipt."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.travel.allowances.queries import still_to_pay
from services.travel.allowances.rules import (
    MoreThanTheLine,
    NotInThePackage,
    PayableLine,
    check_payment,
    payable_lines,
)
from services.travel.passengers.queries import living_on
from shared.contracts import travel as t
from shared.contracts.eligibility import Basis, Modality, Outcome, PackageLine, Stage
from shared.contracts.registration import CaseCorrected
from shared.database import new_id
from tests.travel.story import AD, AT_THE_DESK, DEPARTS, FI, TO, Family, answered, one_adult, schedule, seat, two_adults
from tests.travel.watch import refused
from tests.world import World


async def booked(world: World, members: Any = one_adult, **decision: Any) -> tuple[Family, str]:
    family = await Family(world, members=members()).bookable()
    if decision:
        await family.decide(**decision)
    flight = await schedule(world)
    await family.book(flight)
    world.now = AT_THE_DESK
    return family, seat(flight, family.ids[0])


def money(line: object, amount: str = "50.00", **changes: Any) -> dict[str, Any]:
    return {"line": str(line), "amount": amount, "currency": "EUR", "receipt_number": "R-0001", **changes}


async def test_pocket_money_is_paid_once_against_a_receipt(world: World) -> None:
    family, path = await booked(world)
    line = f"pocket_money:{family.ids[0]}"
    paid = await world.post(f"{path}/allowance", money(line), role=FI, expect=201)
    assert (paid["amount"], paid["receipt_number"]) == ("50.00", "R-0001")
    (told,) = await world.told(t.AllowancePaid)
    assert (told.data["amount"], told.subject, told.data["individual"]) == ("50.00", paid["id"], str(family.ids[0]))
    again = money(line, "1.00", receipt_number="R-0002")
    await refused(world, f"{path}/allowance", again, "paid-before", 409, role=AD)
    await family.decide()  # a decision that replaces the first gives nobody their pocket money twice
    await refused(world, f"{path}/allowance", again, "paid-before", 409, role=AD)
    listed = await world.get(f"{path}/allowances", role=TO)
    assert [each["id"] for each in listed["items"]] == [paid["id"]]


@pytest.mark.parametrize(
    ("changes", "slug"),
    [
        ({"amount": "50.01"}, "more-than-the-line"),
        ({"currency": "USD"}, "more-than-the-line"),
        ({"line": "rent"}, "not-in-the-package"),
    ],
)
async def test_no_more_than_the_package_gives_is_paid(world: World, changes: dict[str, Any], slug: str) -> None:
    family, path = await booked(world)
    body = {**money(f"pocket_money:{family.ids[0]}"), **changes}
    await refused(world, f"{path}/allowance", body, slug, 409, role=FI)


NO_CODES = [{"receipt_number": each} for each in ("r-0001", "Shilan Hassan", "R_1", "-1", "R" * 31, "شیلان")]


@pytest.mark.parametrize(
    "changes", [{"amount": "0"}, {"amount": "-5"}, {"amount": "5.001"}, {"receipt_number": ""}, *NO_CODES]
)
async def test_money_in_the_wrong_form_is_refused(world: World, changes: dict[str, Any]) -> None:
    family, path = await booked(world)
    body = {**money(f"pocket_money:{family.ids[0]}"), **changes}
    await refused(world, f"{path}/allowance", body, "invalid-body", 422, role=FI)


async def test_money_of_an_attempt_in_which_nobody_flew_is_not_paid_again_unless_it_was_given_back(
    world: World,
) -> None:
    family = await Family(world, members=one_adult()).ready()
    (who,) = family.ids
    flight = await schedule(world)
    await family.book(flight)
    world.now = AT_THE_DESK
    body = money(f"pocket_money:{who}")
    early = {**body, "given_back_receipt": "B-0001"}
    await refused(world, f"{seat(flight, who)}/allowance", early, "nothing-to-give-back", 409, role=FI)
    await world.post(f"{seat(flight, who)}/allowance", body, role=FI, expect=201)
    await family.withdraw(who)

    family.members = (family.members[0].model_copy(update={"attempt": 2}),)
    await family.tell(family.case_fact(CaseCorrected))
    await family.declare(who, attempt=2)
    await family.decide({who: 2})
    later = await schedule(world, departs=DEPARTS + timedelta(days=2))
    await family.book(later)
    path = f"{seat(later, who)}/allowance"
    async with world.runtime.database.reading() as session:
        aboard = await living_on(session, later)
        assert (await still_to_pay(session, later, aboard))[who] == {}, "the sheet at the door says the same"
    await refused(world, path, body, "earlier-money-not-given-back", 409, role=FI)
    paid = await world.post(path, {**body, "given_back_receipt": "B-0001"}, role=FI, expect=201)
    assert (paid["attempt"], paid["given_back_receipt"]) == (2, "B-0001")
    first, second = await world.told(t.AllowancePaid)
    assert (first.data["given_back"], second.data["given_back"]) == (None, first.data["payment"])


async def test_a_receipt_counts_for_one_payment_on_a_flight(world: World) -> None:
    family, path = await booked(world, two_adults)
    first, second = family.ids
    other = path.replace(str(first), str(second))
    await world.post(f"{path}/allowance", money(f"pocket_money:{first}"), role=FI, expect=201)
    same = money(f"pocket_money:{second}")
    await refused(world, f"{other}/allowance", same, "receipt-used", 409, role=FI)
    await world.post(f"{other}/allowance", {**same, "receipt_number": "R-0002"}, role=FI, expect=201)
    stranger, elsewhere = await booked(world)  # another flight, another receipt book
    await world.post(f"{elsewhere}/allowance", money(f"pocket_money:{stranger.ids[0]}"), role=FI, expect=201)


async def test_one_persons_money_is_not_paid_to_another(world: World) -> None:
    family, path = await booked(world, two_adults)
    other = money(f"pocket_money:{family.ids[1]}")
    problem = await refused(world, f"{path}/allowance", other, "not-in-the-package", 409, role=FI)
    assert problem["lines"] == [f"pocket_money:{family.ids[0]}"]


async def test_nothing_is_paid_on_a_decision_that_no_longer_says_eligible(world: World) -> None:
    family, path = await booked(world)
    await family.decide(outcome=Outcome.INELIGIBLE)
    body = money(f"pocket_money:{family.ids[0]}")
    await refused(world, f"{path}/allowance", body, "not-in-the-package", 409, role=FI)


async def test_nothing_is_paid_to_who_was_taken_off(world: World) -> None:
    family, path = await booked(world)
    await world.post(f"{path}/willingness", answered("no"), role=AD)
    body = money(f"pocket_money:{family.ids[0]}")
    await refused(world, f"{path}/allowance", body, "not-possible-now", 409, role=FI)
    await refused(world, f"{path}/allowance", body, "forbidden", 403, role=TO)


async def test_an_amount_in_dinars_may_have_three_decimals(world: World) -> None:
    line = PackageLine(
        line="travel_money:case",
        code="travel_money",
        basis=Basis.CASE,
        individual=None,
        modality=Modality.CASH,
        stage=Stage.BEFORE_RETURN,
        instalments=1,
        amount=Decimal("12500.5"),
        currency="IQD",
    )
    _, path = await booked(world, package=(line,))
    paid = await world.post(f"{path}/allowance", money(line.line, "12500.125", currency="IQD"), role=FI, expect=201)
    assert Decimal(paid["amount"]) == Decimal("12500.125")


def test_only_cash_before_the_return_can_be_paid_at_the_desk() -> None:
    mine, other = new_id(), new_id()

    def line(name: str, **changes: Any) -> dict[str, Any]:
        facts = {"line": name, "stage": "before_return", "modality": "cash", "individual": str(mine)}
        return {**facts, "amount": "50.00", "currency": "EUR", **changes}

    package = [
        line("mine"),
        line("of the case", individual=None),
        line("another's", individual=str(other)),
        line("later", stage="after_return"),
        line("goods", modality="in_kind"),
    ]
    assert [each.line for each in payable_lines(package, mine)] == ["mine", "of the case"]


@given(st.decimals("0.01", "500", places=2), st.decimals("0.01", "500", places=2))
def test_a_payment_never_exceeds_its_line(given_amount: Decimal, paid: Decimal) -> None:
    lines = [PayableLine("pocket_money", given_amount, "EUR")]
    if paid > given_amount:
        with pytest.raises(MoreThanTheLine):
            check_payment(lines, "pocket_money", paid, "EUR")
    else:
        check_payment(lines, "pocket_money", paid, "EUR")
    with pytest.raises(NotInThePackage):
        check_payment(lines, "rent", paid, "EUR")
