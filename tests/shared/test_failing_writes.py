"""A database that reads and does not take writes, as when its disk is full: it is said, logged, and seen to be over."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from shared.database import Database, StoreAway, core
from tests.faults import contents
from tests.shared import toy
from tests.shared.things import raise_count, thing, with_things
from tests.world import World

FULL = "OperationalError SQLITE_FULL"
SECRET = "Zohreh"


@contextmanager
def full_disk(world: World) -> Iterator[None]:
    """Every commit of the writer fails as on a full disk; reads go on."""
    engine = world.runtime.database._writer.sync_engine

    def fail(connection: Any) -> None:
        if connection.get_execution_options().get("postgresql_readonly"):
            return
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorname = "SQLITE_FULL"
        raise OperationalError(f"COMMIT {SECRET}", {}, error)

    event.listen(engine, "commit", fail)
    try:
        yield
    finally:
        event.remove(engine, "commit", fail)


async def test_a_full_disk_is_logged_once_a_request_with_its_code_and_nothing_of_what_was_sent(
    world: World, capfd: pytest.CaptureFixture[str]
) -> None:
    before, request = await contents(world), str(uuid4())
    with full_disk(world):
        answer = await world.call("POST", "/notes", {"text": SECRET}, role=toy.ROLE, headers={"X-Request-Id": request})
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/store-unavailable")
    logged = capfd.readouterr().err
    assert SECRET not in logged
    lines = [orjson.loads(line) for line in logged.splitlines() if line.startswith("{")]
    [told] = [line for line in lines if line["event"] == "the store is away"]
    assert (told["level"], told["reason"], told["request"], told["action"]) == ("error", FULL, request, "make_note")
    assert await contents(world) == before


async def test_a_service_whose_writes_fail_is_not_ready_until_one_is_taken(world: World) -> None:
    assert (await world.call("GET", "/health/ready")).status_code == 200
    before = await contents(world)
    with full_disk(world):
        await world.call("POST", "/notes", {"text": "a"}, role=toy.ROLE)
        for _ in range(2):
            ready = await world.call("GET", "/health/ready")
            assert (ready.status_code, ready.json()["ready"]) == (503, False)
            assert ready.json()["reasons"] == [f"The database does not take writes ({FULL})."]
        assert (await world.call("GET", "/health/live")).status_code == 200
        assert (await world.call("GET", "/notes", role=toy.ROLE)).status_code == 200
    # no write was sent meanwhile, as to a service that is not ready: it finds out by itself
    assert (await world.call("GET", "/health/ready")).json() == {"ready": True, "reasons": [], "degraded": []}
    assert await contents(world) == before
    assert (await world.call("POST", "/notes", {"text": "a"}, role=toy.ROLE)).status_code == 201


async def test_a_write_that_is_taken_makes_ready_again_and_a_refusal_never_made_unready(world: World) -> None:
    database = world.runtime.database
    await world.call("POST", "/notes", {"text": 7}, role=toy.ROLE)
    await world.call("POST", "/failures", {"text": "a"}, role=toy.ROLE)
    assert database.takes_no_writes is None
    with full_disk(world):
        await world.call("POST", "/notes", {"text": "a"}, role=toy.ROLE)
    assert database.takes_no_writes == FULL
    await world.call("POST", "/notes", {"text": "a"}, role=toy.ROLE)
    assert database.takes_no_writes is None


async def test_a_file_that_may_not_grow_is_a_store_that_is_away(tmp_path: Path) -> None:
    database: Database = await with_things(f"sqlite+aiosqlite:///{tmp_path / 'one.db'}")
    async with database.transaction() as session:
        pages = (await core(session, text("PRAGMA page_count"))).one()[0]
        await core(session, text(f"PRAGMA max_page_count={pages}"))

    async def write_much() -> None:
        async with database.transaction() as session:
            await core(session, thing.insert(), [{"id": number} for number in range(100, 20_000)])

    with pytest.raises(StoreAway, match=FULL):
        await write_much()
    assert database.takes_no_writes == FULL
    async with database.transaction() as session:
        await core(session, text("PRAGMA max_page_count=1000000"))
    await write_much()
    await raise_count(database)
    assert database.takes_no_writes is None
    await database.close()
