"""Registration on a real PostgreSQL: its schema, and the moment of no return when two come at once."""

import asyncio
import random
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest_asyncio
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from services.registration.app import WIRING, create_app
from shared.contracts import registration as r
from shared.database import STANDING
from tests.registration.story import DOORS, PR, SV, Case, register
from tests.servers.databases import Databases
from tests.world import World, start


@pytest_asyncio.fixture
async def world(tmp_path: Path, databases: Databases) -> AsyncIterator[World]:
    async with databases.of(create_app) as url, start(create_app, tmp_path, database_url=url) as running:
        yield running


async def test_the_migrations_make_what_the_models_say_on_postgres(world: World) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found: list[object] = list(compare_metadata(context, [WIRING.metadata, STANDING]))  # type: ignore[arg-type]  # it takes several metadata, as alembic's own env does
        return found

    async with world.runtime.database.schema_connection() as connection:
        assert await connection.run_sync(differences) == []


async def _later(seconds: float, call: Any) -> Any:
    await asyncio.sleep(seconds)
    return await call


async def test_a_withdrawal_and_the_doors_at_once_never_both_win(world: World) -> None:
    dice = random.Random(20211214)
    family = await (await register(world)).declare()
    for round_ in range(12):
        family.clearance, family.flight = uuid4(), uuid4()
        closing = _later(dice.random() / 50, family.clear("father"))
        saying = _later(dice.random() / 50, family.withdraw("father", now=DOORS))
        cleared, said = await asyncio.gather(closing, saying)
        won = bool(cleared["cleared"])
        assert won == (said["outcome"] == "too_late_to_undo"), f"round {round_}"
        standing = (await family.statuses())["father"]
        assert standing == ("cleared" if won else "withdrawn")
        family = await (await register(world)).declare()


async def test_a_hold_and_the_doors_at_once_never_both_win(world: World) -> None:
    dice = random.Random(7)
    for _ in range(8):
        family = await (await register(world)).declare()
        hold = {"individuals": [str(family.ids["father"])], "reason": "safety"}
        placing = _later(dice.random() / 50, world.call("POST", f"{family.path}/holds", hold, role=PR))
        cleared, held = await asyncio.gather(_later(dice.random() / 50, family.clear("father")), placing)
        assert bool(cleared["cleared"]) == (held.status_code == 409)


async def test_the_same_clearance_asked_four_times_at_once_is_decided_once(world: World) -> None:
    families = [await (await register(world)).declare() for _ in range(2)]
    body = families[0].clearance_body([one for case in families for one in _passengers(case)])
    reverse = {**body, "passengers": list(reversed(body["passengers"]))}
    asked = [world.post("/clearances", each, role=SV, now=DOORS) for each in (body, reverse, body, reverse)]
    answers = await asyncio.gather(*asked)
    assert all(answer == answers[0] for answer in answers)
    assert len(answers[0]["cleared"]) == 8
    for case in families:
        assert len(await world.told(r.DepartureCleared, case.id)) == 1


def _passengers(case: Case) -> list[dict[str, Any]]:
    return [
        {"individual_id": str(one), "case_id": str(case.id), "attempt": 1, "willing": "yes"}
        for one in case.ids.values()
    ]
