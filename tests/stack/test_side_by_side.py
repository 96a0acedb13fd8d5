"""Several processes of a service side by side, and how each of them ends when it is told to."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from uuid import uuid4

import asyncpg
import httpx
import pytest

from shared.clock import rfc3339
from tests.registration.story import family_body
from tests.servers.kafka import Kafka
from tests.servers.postgres import Postgres
from tests.stack import Part, Stack, stack
from tests.stack.reading import rows, until_quiet
from tests.world import STORY_TIME

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

PAIR = {"registration": 1, "eligibility": 1}
ENDED = {0, -signal.SIGTERM}
HEARD = "SELECT count(*) AS cases, count(DISTINCT key) AS keys FROM inbox WHERE source LIKE '%/registration'"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, postgres: Postgres, kafka: Kafka) -> Iterator[Stack]:
    """Registration and eligibility, which hears it, with two workers each."""
    folder: Path = tmp_path_factory.mktemp("side-by-side")
    with stack(folder, postgres, kafka, apis=PAIR, workers={name: 2 for name in PAIR}) as built:
        yield built


def register(running: Stack, client: httpx.Client) -> httpx.Response:
    headers = {
        "Authorization": f"Bearer {running.token('registration_officer')}",
        "Idempotency-Key": str(uuid4()),
        "Business-Time": rfc3339(STORY_TIME),
    }
    url = running.addresses["registration"][0]
    return client.post(f"{url}/cases", json=family_body(), headers=headers, timeout=30)


def registered(running: Stack, count: int) -> None:
    with httpx.Client(trust_env=False) as client:
        for _ in range(count):
            assert register(running, client).status_code == 201


def heard(running: Stack) -> int:
    """How many cases eligibility has heard of."""
    return int(rows(running, "eligibility", HEARD)[0]["cases"])


@asynccontextmanager
async def held(running: Stack, service: str, table: str) -> AsyncIterator[asyncpg.Connection]:
    """Nobody but who has the connection gets at the table."""
    line = await asyncpg.connect(
        host=str(running.postgres.folder),
        port=running.postgres.port,
        user="postgres",
        database=running.databases[service],
    )
    try:
        async with line.transaction():
            await line.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
            yield line
    finally:
        await line.close()


async def until_somebody_waits(line: asyncpg.Connection, table: str) -> None:
    """Until a process has come to the table that is held."""
    query = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = $1::regclass"
    async with asyncio.timeout(15):
        while True:
            if await line.fetchval(query, table):
                return
            await asyncio.sleep(0.02)


@contextmanager
def ending(part: Part) -> Iterator["Future[int]"]:
    """The part is told to end, and gives its code when it has; it is started again behind the block."""
    with ThreadPoolExecutor(1) as aside:
        told = aside.submit(part.stop)
        time.sleep(0.3)
        assert part.alive(), "it did not wait for what is in flight"
        yield told
    part.start()


async def test_a_request_in_flight_is_answered_before_an_api_ends(running: Stack) -> None:
    part = running.parts["registration-api-0"]
    with ThreadPoolExecutor(1) as aside, httpx.Client(trust_env=False) as client:
        async with held(running, "registration", "case_file") as line:
            asked = aside.submit(register, running, client)
            await until_somebody_waits(line, "case_file")
            leaving = ending(part)
            told = await asyncio.to_thread(leaving.__enter__)
        answer = await asyncio.wrap_future(asked)
        assert answer.status_code == 201
        assert await asyncio.wrap_future(told) in ENDED
        await asyncio.to_thread(leaving.__exit__, None, None, None)
    await asyncio.to_thread(running.until_ready)
    await asyncio.to_thread(until_quiet, running, list(PAIR))


async def test_a_worker_finishes_the_batch_in_its_hands_before_it_ends(running: Stack) -> None:
    one, other = running.of("eligibility", "worker")
    await asyncio.to_thread(other.stop)
    before = await asyncio.to_thread(heard, running)
    async with held(running, "eligibility", "inbox") as line:
        await asyncio.to_thread(registered, running, 3)
        await until_somebody_waits(line, "inbox")
        leaving = ending(one)
        told = await asyncio.to_thread(leaving.__enter__)
    assert await asyncio.wrap_future(told) in ENDED
    assert await asyncio.to_thread(heard, running) > before, "the batch was thrown away"
    await asyncio.to_thread(leaving.__exit__, None, None, None)
    other.start()
    await asyncio.to_thread(running.until_ready)
    await asyncio.to_thread(until_quiet, running, list(PAIR))
    assert await asyncio.to_thread(heard, running) == before + 3


def test_one_worker_goes_on_sending_where_the_other_was_killed(running: Stack) -> None:
    """One of the two leads; whichever is killed, the facts leave."""
    for part in running.of("registration", "worker"):
        part.kill()
        registered(running, 3)
        until_quiet(running, list(PAIR))
        part.start()
        running.until_ready()


def test_what_a_killed_worker_was_to_hear_the_other_hears_before_ten_seconds_are_over(running: Stack) -> None:
    """It said no goodbye: Kafka has to miss it first, and by its own default would not before ten seconds."""
    one, _other = running.of("eligibility", "worker")
    before = heard(running)
    one.kill()
    killed = time.monotonic()
    registered(running, 6)  # some lie where the killed one was reading
    while heard(running) < before + 6:
        assert time.monotonic() - killed < 10, "Kafka waits for the one that is gone"
        time.sleep(0.1)
    one.start()
    running.until_ready()


def test_partitions_change_hands_in_the_middle_and_each_fact_is_applied_once(running: Stack) -> None:
    before = heard(running)
    with ThreadPoolExecutor(1) as aside:
        coming = aside.submit(registered, running, 60)
        third = running.add("eligibility", "worker")
        running.until_ready(parts=[third])
        assert third.stop() in ENDED
        one, _, _ = running.of("eligibility", "worker")
        one.kill()
        one.start()
        coming.result(120)
    until_quiet(running, list(PAIR))
    assert heard(running) == before + 60
    assert rows(running, "eligibility", "SELECT * FROM parked") == []
