"""Looking at everything travel holds, to see that a refusal changed nothing."""

from typing import Any

from sqlalchemy import select

from services.travel.tables import Base
from shared.database import audit, core, inbox, outbox, stream
from tests.world import World


async def snapshot(world: World, *, facts: bool = True) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of travel, and of the standing tables that an act writes to."""
    tables = [*Base.metadata.sorted_tables, outbox, stream, audit, inbox]
    found = {}
    async with world.runtime.database.reading() as session:
        for table in tables:
            if facts or not table.name.endswith("_fact"):
                rows = (await core(session, select(table))).all()
                found[table.name] = sorted(tuple(map(repr, row)) for row in rows)
    return found


async def refused(world: World, path: str, body: Any, slug: str, status: int, **options: Any) -> Any:
    """POST that must be refused with this kind of problem, and must leave every row as it was. Gives the problem."""
    before = await snapshot(world)
    answer = await world.call("POST", path, {} if body is None else body, **options)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{slug}"), answer.text
    assert await snapshot(world) == before, "a refusal changed something"
    return answer.json()
