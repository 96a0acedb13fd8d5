"""From the start of a process of a service to its end: schema, broker, topics, workers, and everything closed again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from shared.brokers import BrokerUnavailable
from shared.scrape import watch_the_topics
from shared.wiring import TOPICS, Runtime

log = structlog.get_logger("lifetime")

LONGEST_PAUSE = 30.0


@asynccontextmanager
async def lifetime(runtime: Runtime, *, workers: bool, migrate: bool) -> AsyncIterator[None]:
    """Serves inside the block. A broker that is away delays no start: its topics are made when it is there."""
    tasks: list[asyncio.Task[None]] = []
    try:
        if migrate:
            from shared.migrations import upgrade  # it loads Alembic, which only who migrates needs

            await upgrade(runtime.wiring, runtime.database)
        await runtime.broker.start()
        if migrate and not await _topics_made(runtime):
            tasks.append(asyncio.create_task(_make_topics(runtime)))
        if workers:
            tasks += [asyncio.create_task(job) for job in (*runtime.work(), watch_the_topics(runtime))]
        else:
            tasks.append(asyncio.create_task(runtime.hints.run()))  # to the worker, which is another process
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await runtime.close()


async def _topics_made(runtime: Runtime) -> bool:
    try:
        await runtime.broker.create_topics(TOPICS)
    except BrokerUnavailable as error:
        log.warning("topics wait for the broker", reason=type(error).__name__)
        return False
    return True


async def _make_topics(runtime: Runtime) -> None:
    pause = 0.5
    while True:
        await asyncio.sleep(pause)
        if await _topics_made(runtime):
            return
        pause = min(pause * 2, LONGEST_PAUSE)
