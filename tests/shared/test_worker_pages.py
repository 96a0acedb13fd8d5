"""What a worker shows of itself, and what probes mean: live, ready, degraded, and how many may ask at once."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import Context
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from alembic.script import ScriptDirectory
from sqlalchemy import select

from services.command.run import listen
from services.together import CREATE
from services.travel.app import create_app
from shared.brokers import BrokerUnavailable
from shared.clock import monotonic
from shared.database import Database, StoreAway, core
from shared.migrations import config_of
from shared.pages import pages, shown
from shared.problems import OtherServiceUnavailable
from shared.pulse import STALLED
from shared.readiness import Readiness
from shared.revisions import Revisions, is_behind, revisions_in
from shared.settings import Settings
from tests.servers.databases import Databases
from tests.shared import toy
from tests.world import World, start


@asynccontextmanager
async def looking_at(world: World) -> AsyncIterator[httpx.AsyncClient]:
    """The pages of the world's worker, without a worker: its jobs are what the tests make of them."""
    for job in world.runtime.work():
        job.close()
    transport = httpx.ASGITransport(app=pages(world.runtime))
    async with httpx.AsyncClient(transport=transport, base_url="http://worker") as client:
        yield client


async def health(client: httpx.AsyncClient, page: str = "ready") -> tuple[int, dict[str, Any]]:
    answer = await client.get(f"/health/{page}")
    return answer.status_code, answer.json()


async def test_a_worker_whose_jobs_turn_is_live_and_ready(world: World) -> None:
    async with looking_at(world) as client:
        for page in ("live", "ready"):
            assert await health(client, page) == (200, {"ready": True, "reasons": [], "degraded": []})


@pytest.mark.parametrize("job", ["relay", "consumer", "runner"])
async def test_a_job_that_hangs_ends_the_workers_life(world: World, job: str) -> None:
    async with looking_at(world) as client:
        world.runtime.pulses()[job].last = monotonic() - STALLED - 1
        for page in ("live", "ready"):
            status, said = await health(client, page)
            assert (status, len(said["reasons"])) == (503, 1)
            assert said["reasons"][0].startswith(f"The {job} has not turned for ")


async def test_what_a_job_waits_for_is_told_and_makes_nothing_unready(world: World) -> None:
    pulses = world.runtime.pulses()
    async with looking_at(world) as client:
        pulses["relay"].waits(BrokerUnavailable())
        pulses["consumer"].waits(StoreAway())
        pulses["runner"].waits(OtherServiceUnavailable(service="registration"))
        assert await health(client, "live") == (200, {"ready": True, "reasons": [], "degraded": []})
        status, said = await health(client)
        assert status == 200
        assert said["degraded"] == [
            "The relay waits for the broker.",
            "The consumer waits for the database.",
            "The runner waits for another service.",
        ]
        for pulse in pulses.values():
            pulse.well()
        assert (await health(client))[1]["degraded"] == []


async def test_the_jobs_of_a_real_worker_turn(world: World) -> None:
    tasks = [asyncio.create_task(job) for job in world.runtime.work()]
    try:
        for pulse in world.runtime.pulses().values():
            pulse.last = 0.0
        await toy.until(lambda: not any(pulse.stalled for pulse in world.runtime.pulses().values()))
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def test_the_pages_answer_on_a_port_and_leave_it(world: World) -> None:
    with listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        async with shown(world.runtime, listener), httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            for page in ("/health/live", "/health/ready", "/metrics"):
                assert (await client.get(page)).status_code == 200, page
            assert "homeward_outbox_depth" in (await client.get("/metrics")).text
            assert (await client.get("/operations/parked")).status_code == 404
    with socket.socket() as again:
        assert again.connect_ex(("127.0.0.1", port)) != 0


async def test_live_asks_no_database(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("it was asked")

    monkeypatch.setattr(world.runtime.database, "reading", never)
    monkeypatch.setattr(world.runtime.database, "transaction", never)
    assert (await world.call("GET", "/health/live")).status_code == 200
    async with looking_at(world) as client:
        assert (await health(client, "live"))[0] == 200


async def test_fifty_probes_at_once_are_one_look(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    reading = Database.reading
    at_once = [0, 0]

    @asynccontextmanager
    async def counted(database: Database) -> AsyncIterator[Any]:
        at_once[0] += 1
        at_once[1] = max(at_once)
        try:
            await asyncio.sleep(0.01)
            async with reading(database) as session:
                yield session
        finally:
            at_once[0] -= 1

    monkeypatch.setattr(Database, "reading", counted)
    answers = await asyncio.gather(*(world.call("GET", "/health/ready") for _ in range(50)))
    assert {answer.status_code for answer in answers} == {200}
    scraped = await asyncio.gather(*(world.call("GET", "/metrics") for _ in range(50)))
    assert {answer.status_code for answer in scraped} == {200}
    assert at_once == [0, 1]


async def test_a_probe_that_gives_up_takes_the_answer_from_no_other(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    readiness = Readiness(world.runtime)
    hasty = asyncio.create_task(readiness.told())
    patient = asyncio.create_task(readiness.told())
    await asyncio.sleep(0)
    hasty.cancel()
    assert (await patient).ready


async def test_a_database_that_does_not_answer_is_not_waited_for(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    @asynccontextmanager
    async def hangs(_: Database) -> AsyncIterator[Any]:
        await asyncio.sleep(60)
        yield

    monkeypatch.setattr("shared.readiness.PATIENCE", 0.05)
    monkeypatch.setattr("shared.scrape.PATIENCE", 0.05)
    monkeypatch.setattr(Database, "reading", hangs)
    answer = await world.call("GET", "/health/ready")
    assert answer.status_code == 503
    assert "did not answer" in answer.json()["reasons"][0]
    assert 'homeward_database_up{service="travel"} 0.0' in (await world.call("GET", "/metrics")).text


@pytest_asyncio.fixture
async def on_postgres(tmp_path: Path, databases: Databases) -> AsyncIterator[World]:
    async with databases.of(create_app) as url, start(create_app, tmp_path, database_url=url) as running:
        yield running


async def test_a_pool_that_is_full_is_told_and_makes_nothing_unready(on_postgres: World) -> None:
    database = on_postgres.runtime.database
    enough, held = asyncio.Event(), asyncio.Barrier(11)

    async def hold() -> None:
        async with database.transaction() as session:
            await core(session, select(1))
            await held.wait()
            await enough.wait()

    holders = [asyncio.create_task(hold(), context=Context()) for _ in range(10)]
    await held.wait()
    answer = await on_postgres.call("GET", "/health/ready")
    enough.set()
    await asyncio.gather(*holders)
    full = ["All 10 connections to the database are in use."]
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "reasons": [], "degraded": full})
    assert (await on_postgres.call("GET", "/health/ready")).json() == {"ready": True, "reasons": [], "degraded": []}


async def test_a_database_that_is_gone_is_said_to_be(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise StoreAway("gone")

    monkeypatch.setattr(world.runtime.database, "reading", away)
    answer = await world.call("GET", "/health/ready")
    assert (answer.status_code, answer.json()["reasons"]) == (503, ["The database cannot be reached."])


async def test_facts_that_wait_long_are_told_and_leave_it_ready(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await world.call("POST", "/notes", {"text": "a"}, role=toy.ROLE)
    monkeypatch.setattr("shared.readiness.WAITED_LONG", -1.0)
    answer = await world.call("GET", "/health/ready")
    assert answer.status_code == 200
    [said] = answer.json()["degraded"]
    assert said.startswith("Facts have waited to leave for ")


def test_a_schema_of_a_later_day_is_not_behind() -> None:
    wanted = Revisions(frozenset({"0001", "0002"}), frozenset({"0002"}))
    assert is_behind(frozenset(), wanted)
    assert is_behind(frozenset({"0001"}), wanted)
    assert not is_behind(frozenset({"0002"}), wanted)
    assert not is_behind(frozenset({"0003"}), wanted)


def test_the_heads_are_those_that_alembic_finds(tmp_path: Path) -> None:
    for create in CREATE.values():
        wiring = create(Settings(data_dir=tmp_path)).state.runtime.wiring
        script = ScriptDirectory.from_config(config_of(wiring))
        found = revisions_in(wiring.migrations)
        assert found.heads == set(script.get_heads())
        assert found.known == {each.revision for each in script.walk_revisions()}
