"""Hints between processes on PostgreSQL: a commit in one wakes what waits in another, and losing them costs little."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import text

from shared.contracts.travel import FlightCancelled
from shared.database import STAGED, WISHED, Database, core, new_id
from shared.hints import GAP, Hints
from shared.outbox import stage
from shared.runner import wished
from tests.servers.databases import Databases
from tests.shared.test_outbox import an_act
from tests.shared.toy import until

SOON = 3.0
"""Seconds within which a machine with much to do passes a hint on; a poll that would take longer shows nothing."""


@asynccontextmanager
async def two_processes(databases: Databases) -> AsyncIterator[tuple[Database, Database, asyncio.Event]]:
    """The API's database, the worker's, and what is set in the worker when a fact was staged."""
    async with databases.standing() as url:
        api, worker = Database(url), Database(url)
        wake = worker.waker(STAGED)
        tasks = [asyncio.create_task(Hints(each).run()) for each in (api, worker)]
        try:
            async with asyncio.timeout(10):
                await wake.wait()  # who begins to listen looks once
                while not await listeners(api):  # noqa: ASYNC110 - nobody tells when a connection is there
                    await asyncio.sleep(0.02)
            wake.clear()
            yield api, worker, wake
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await api.close()
            await worker.close()


async def listeners(database: Database) -> list[int]:
    """The processes of PostgreSQL that listen for hints in this database."""
    asked = text(
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%homeward%'"
        " OR datname = current_database() AND query LIKE 'NOTIFY homeward%'"
    )
    async with database.reading() as session:
        return [row.pid for row in (await core(session, asked)).all()]


async def told(wake: asyncio.Event) -> bool:
    try:
        async with asyncio.timeout(SOON):
            await wake.wait()
    except TimeoutError:
        return False
    return True


async def write(database: Database, *, staged: bool) -> None:
    async with database.transaction() as session:
        if staged:
            flight = new_id()
            await stage(session, an_act(), FlightCancelled(flight=flight), key=flight)
        else:
            await core(session, text("SELECT 1"))


async def test_a_commit_in_one_process_wakes_the_other(databases: Databases) -> None:
    async with two_processes(databases) as (api, _worker, wake):
        await write(api, staged=True)
        assert await told(wake)


async def test_a_commit_that_staged_nothing_does_not_wake_the_relay(databases: Databases) -> None:
    async with two_processes(databases) as (api, worker, wake):
        wishes = worker.waker(WISHED)
        async with api.transaction() as session:
            wished(session)
        assert await told(wishes)
        assert not wake.is_set()


async def test_a_commit_for_which_nobody_waits_is_not_told(
    databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []
    monkeypatch.setattr(Hints, "_heard", lambda _self, _connection, _process, _channel, said: heard.append(said))
    async with two_processes(databases) as (api, _worker, _wake):
        await write(api, staged=False)
        await asyncio.sleep(0.2)
        assert heard == []
        await write(api, staged=True)
        await until(lambda: len(heard) == 1)


async def test_a_burst_of_commits_is_told_by_few_hints(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []
    monkeypatch.setattr(Hints, "_heard", lambda _self, _connection, _process, _channel, said: heard.append(said))
    monkeypatch.setattr("shared.hints.GAP", 0.2)
    async with two_processes(databases) as (api, _worker, _wake):
        for _ in range(20):
            assert api.on_commit is not None
            api.on_commit(True, False)
            await asyncio.sleep(GAP)
        await until(lambda: bool(heard))
        await asyncio.sleep(0.5)
        assert 1 <= len(heard) <= 5


async def test_a_cut_connection_is_made_again_and_what_came_meanwhile_is_looked_for(databases: Databases) -> None:
    async with two_processes(databases) as (api, _worker, wake):
        cut: list[int] = await listeners(api)
        assert cut
        for pid in cut:
            await databases.ask(f"SELECT pg_terminate_backend({pid})")
        assert await told(wake)  # it listens again, and looks once
        wake.clear()
        await write(api, staged=True)
        assert await told(wake)


async def test_a_process_does_not_wake_itself(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> None:
    woken: list[Any] = []
    async with two_processes(databases) as (_api, worker, _wake):
        monkeypatch.setattr(worker, "wake", lambda **said: woken.append(said))
        assert worker.on_commit is not None
        worker.on_commit(True, False)
        await asyncio.sleep(0.3)
        assert woken == []
