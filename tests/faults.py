"""Faults put in on purpose, so that tests can show that nothing is lost, and nothing done by half, when they happen."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from sqlalchemy import MetaData, event, select

from shared.database import STANDING, core
from tests.world import World


class CommitFailed(Exception):
    """Raised where a commit would have been."""


@contextmanager
def fail_next_commit(world: World, error: Exception | None = None) -> Iterator[None]:
    """The service's next write fails at its commit, after all it changed and told; reads and later writes go on.

    `error` is raised in place of `CommitFailed`. Raises AssertionError when nothing was about to be committed.
    """
    engine = world.runtime.database._writer.sync_engine
    waiting = [error or CommitFailed()]

    def fail(connection: Any) -> None:
        if waiting and not connection.get_execution_options().get("postgresql_readonly"):
            raise waiting.pop()

    event.listen(engine, "commit", fail)
    try:
        yield
    finally:
        event.remove(engine, "commit", fail)
    assert not waiting, "nothing came to its commit"


async def contents(world: World) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of the service, so that two moments can be compared."""
    metadata: list[MetaData] = [STANDING, world.runtime.wiring.metadata]
    tables = {table.name: table for each in metadata for table in each.sorted_tables}
    found = {}
    async with world.runtime.database.reading() as session:
        for name, table in tables.items():
            rows = (await core(session, select(table).order_by(*table.primary_key.columns))).all()
            found[name] = [tuple(row) for row in rows]
    return found


async def failed_once(world: World, method: str, path: str, body: Any = None, **options: Any) -> httpx.Response:
    """Sends a request whose commit fails, checks that it left nothing, and gives the answer to its repeat.

    Takes the options of `World.call`; a POST is repeated with the same key.
    """
    if method == "POST":
        options.setdefault("key", f"failed-once-{path}"[:100].replace('"', ""))
    before = await contents(world)
    with fail_next_commit(world):
        answer = await world.call(method, path, body, **options)
    assert answer.status_code == 500, f"{path}: {answer.status_code} {answer.text}"
    assert await contents(world) == before, f"{path}: a write that failed at its commit left something"
    return await world.call(method, path, body, **options)
