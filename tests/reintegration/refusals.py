"""How a test shows that a refusal changed nothing and told nothing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import select

from services.reintegration.app import WIRING
from shared.auth import Role
from shared.database import core
from tests.world import World


async def everything(world: World) -> dict[str, list[Any]]:
    """Every row of every table of the service's own."""
    async with world.runtime.database.reading() as session:
        tables = WIRING.metadata.sorted_tables
        return {t.name: [tuple(row) for row in (await core(session, select(t))).all()] for t in tables}


@asynccontextmanager
async def nothing_changes(world: World) -> AsyncIterator[None]:
    rows, told = await everything(world), await world.count_told()
    yield
    assert await everything(world) == rows, "a refusal changed something"
    assert await world.count_told() == told, "a refusal told something"


async def refused(
    world: World,
    path: str,
    body: Any,
    status: int,
    slug: str,
    *,
    role: Role,
    subject: str | None = None,
    method: str = "POST",
    etag: str | None = None,
) -> Any:
    """The request is refused as said, with a remedy, and leaves everything as it was."""
    async with nothing_changes(world):
        answer = await world.call(method, path, body, role=role, subject=subject, etag=etag)
    document = answer.json()
    assert (answer.status_code, document["type"]) == (status, f"/problems/{slug}"), answer.text
    assert document["remedy"]
    return document
