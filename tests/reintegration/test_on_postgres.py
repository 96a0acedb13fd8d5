"""What only a database with many writers at once can show."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

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


async def approved_at_once(world: World, plan: Any, who: list[str]) -> list[int]:
    """Each with the version that was read: the others are told that it is another one now."""
    path = f"/plans/{plan['plan_id']}/approval"
    calls = [world.call("POST", path, {}, role=AP, subject=each, etag=etag_of(plan)) for each in who]
    return [answer.status_code for answer in await asyncio.gather(*calls)]
