"""What only a database with many writers at once can show."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest_asyncio
from alembic import command
from sqlalchemy import Connection

from services.reintegration.app import WIRING, create_app
from shared.brokers import Delivery
from shared.contracts.reintegration import AssistanceClosed, InstalmentPaid, PlanApproved
from shared.database import StoreAway, new_id
from shared.migrations import config_of
from tests.reintegration.story import (
    AP,
    FI,
    PO,
    RE,
    SCHEME,
    Family,
    approved,
    at_home,
    etag_of,
    line_of,
    payment_body,
    project_body,
    submitted,
)
from tests.servers.databases import Databases
from tests.world import World, start


@pytest_asyncio.fixture
async def world(databases: Databases, tmp_path: Path) -> AsyncIterator[World]:
    async with databases.of(create_app) as url, start(create_app, tmp_path, database_url=url) as running:
        yield running


async def test_the_migrations_make_what_the_models_say_on_postgres_too(world: World) -> None:
    def check(connection: Connection) -> None:
        config = config_of(WIRING)
        config.attributes["connection"] = connection
        command.check(config)

    async with world.runtime.database.schema_connection() as connection:
        await connection.run_sync(check)


async def test_facts_of_two_services_folded_at_the_same_moment_are_both_seen(world: World) -> None:
    """Otherwise each of two workers decides before the other's fact is there, and who withdrew stays expected."""
    families = [Family() for _ in range(24)]
    for family in families:
        fact, about = family.registered()
        await world.hear(fact, key=family.case, twice=False, **about)
    races = []
    for family in families:
        for fact, about in (family.booked(), family.withdrawn()):
            races.append(_taken(world, world.delivery(fact, key=family.case, **about)))
    await asyncio.gather(*races)
    assert await world.parked() == []
    for family in families:
        assert (await world.get(f"/cases/{family.case}", role=RE))["status"] == "cancelled"
        assert len(await world.told(AssistanceClosed, family.case)) == 1


async def _taken(world: World, delivery: Delivery) -> None:
    """As the consumer does it: on a busy machine connections may be long in coming."""
    for _ in range(10):
        try:
            return await world.runtime.consumer.take([delivery])
        except StoreAway:
            await asyncio.sleep(0.2)
    await world.runtime.consumer.take([delivery])


async def test_many_who_pay_at_once_never_pass_the_instalment(world: World) -> None:
    family = await at_home(world)
    plan = await approved(world, family)
    world.now = datetime(2022, 1, 10, 9, 0, tzinfo=UTC)
    path = f"/plans/{plan['plan_id']}/payments"
    papers: list[Any] = [{"evidence": {"kind": "signed_receipt", "reference": f"R-{n}"}} for n in range(10)]
    calls = [world.call("POST", path, payment_body(plan, amount="40.00", **each), role=FI) for each in papers]
    codes = [answer.status_code for answer in await asyncio.gather(*calls)]
    assert sorted(codes) == [201] * 7 + [409] * 3
    assert len(await world.told(InstalmentPaid, family.case)) == 7
    assert (await world.get(f"/cases/{family.case}", role=FI))["money"]["paid"] == "280.00"


async def test_many_cases_that_share_a_project_at_once_never_pass_what_it_costs(world: World) -> None:
    project = await world.post("/community-projects", project_body(amount="1000.00"), role=PO)
    parts = []
    for _ in range(6):
        plan = await approved(world, await at_home(world))
        parts.append({"plan_id": plan["plan_id"], "line_id": line_of(plan, "equipment"), "amount": "300.00"})
    path = f"/community-projects/{project['project_id']}"
    calls = [world.call("POST", f"{path}/shares", part, role=RE) for part in parts]
    codes = [answer.status_code for answer in await asyncio.gather(*calls)]
    assert sorted(codes) == [201] * 3 + [409] * 3
    assert (await world.get(path, role=RE))["left"] == "100.00"


async def test_two_records_of_one_person_that_are_approved_at_once_get_one_package(world: World) -> None:
    first, second = await at_home(world), await at_home(world)
    plans = [await submitted(world, first), await submitted(world, second)]
    fact, about = second.linked(first.father, first.case, new_id())
    await world.hear(fact, key=second.case, twice=False, **about)
    calls = [
        world.call("POST", f"/plans/{plan['plan_id']}/approval", {}, role=AP, subject="approver", etag=etag_of(plan))
        for plan in plans
    ]
    codes = [answer.status_code for answer in await asyncio.gather(*calls)]
    assert sorted(codes) == [200, 409]


async def test_two_who_approve_a_large_plan_at_once_both_count_and_commit_once(world: World) -> None:
    family = await at_home(world)
    plan = await submitted(world, family)
    made = await approved_at_once(world, plan, ["first", "second", "first"])
    assert made.count(200) == 1
    assert len(await world.told(PlanApproved, family.case)) == 1


async def test_papers_entered_for_several_families_at_once_pay_one_of_them_each(world: World) -> None:
    plans = [await approved(world, await at_home(world)) for _ in range(4)]
    world.now = datetime(2022, 1, 10, 9, 0, tzinfo=UTC)
    papers = [{"kind": "signed_receipt", "reference": f"R-{number}"} for number in range(5)]
    codes = await answers_of(
        world.call(
            "POST", f"/plans/{plan['plan_id']}/payments", payment_body(plan, amount="10.00", evidence=paper), role=FI
        )
        for paper in papers
        for plan in plans
    )
    assert sorted(codes) == [201] * 5 + [409] * 15
    assert len(await world.told(InstalmentPaid)) == 5


async def test_one_invoice_entered_for_several_families_at_once_in_any_capitals_is_paid_in_one_plan(
    world: World,
) -> None:
    plans = [await approved(world, await at_home(world)) for _ in range(3)]
    world.now = datetime(2022, 1, 10, 9, 0, tzinfo=UTC)
    codes = await answers_of(
        world.call(
            "POST",
            f"/plans/{plan['plan_id']}/payments",
            payment_body(plan, evidence={"kind": "supplier_invoice", "reference": number}),
            role=FI,
        )
        for plan, number in zip(plans, ("INV-9", "inv-9", "Inv-9"), strict=True)
    )
    assert sorted(codes) == [201, 409, 409]


async def test_two_who_pay_and_take_back_the_same_payment_at_once_do_it_once(world: World) -> None:
    plan = await approved(world, await at_home(world))
    world.now = datetime(2022, 1, 10, 9, 0, tzinfo=UTC)
    path, body = f"/plans/{plan['plan_id']}/payments", payment_body(plan)
    codes = await answers_of(world.call("POST", path, body, role=FI, subject=each) for each in ("one", "two", "three"))
    assert sorted(codes) == [201, 409, 409]
    (paid,) = (await world.get(path, role=FI))["items"]
    back, why = f"/payments/{paid['payment_id']}/reversal", {"reason": "wrong_amount"}
    codes = await answers_of(world.call("POST", back, why, role=FI, subject=each) for each in ("four", "five", "six"))
    assert sorted(codes) == [201, 409, 409]
    shown = await world.get(f"/plans/{plan['plan_id']}", role=FI)
    assert [line["paid"] for line in shown["lines"]] == ["0.00", "0.00"]


async def test_plans_approved_at_once_never_commit_more_than_the_budget_holds(world: World) -> None:
    account = {"project_code": "RT.0123", "budget_line": "2.1", "currency": "EUR", "donor": "ours", "amount": "5000.00"}
    held = await world.post("/budgets", account, role=PO)
    plans = [await submitted(world, await at_home(world)) for _ in range(4)]
    codes = await answers_of(
        world.call("POST", f"/plans/{plan['plan_id']}/approval", {}, role=AP, subject="approver", etag=etag_of(plan))
        for plan in plans
    )
    assert sorted(codes) == [200, 200, 409, 409]
    assert (await world.get(f"/budgets/{held['budget_id']}", role=PO))["committed"] == "4800.00"


async def test_what_two_add_at_once_under_one_code_is_there_once(world: World) -> None:
    account = {"project_code": "RT.7", "budget_line": "1", "currency": "EUR", "donor": "ours", "amount": "10.00"}
    firm = {"code": "ETTC", "name": "A firm", "kind": "supplier", "country": "IRQ"}
    bodies = (("/budgets", account, PO), ("/providers", firm, FI), ("/community-projects", project_body(), PO))
    for path, body, role in (*bodies, ("/survey-schemes", SCHEME, PO)):
        codes = await answers_of(world.call("POST", path, body, role=role) for _ in range(3))
        assert sorted(codes) == [201, 409, 409], path


async def answers_of(calls: Iterable[Awaitable[httpx.Response]]) -> list[int]:
    """The statuses of calls that are made at once."""
    return [answer.status_code for answer in await asyncio.gather(*calls)]


async def approved_at_once(world: World, plan: Any, who: list[str]) -> list[int]:
    """Each with the version that was read: the others are told that it is another one now."""
    path = f"/plans/{plan['plan_id']}/approval"
    calls = [world.call("POST", path, {}, role=AP, subject=each, etag=etag_of(plan)) for each in who]
    return [answer.status_code for answer in await asyncio.gather(*calls)]
