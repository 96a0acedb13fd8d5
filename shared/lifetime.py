"""From the start of a process of a service to its end: schema, broker, topics, workers, and everything closed again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from shared.brokers import BrokerUnavailable
from shared.database import StoreAway
from shared.ending import ended
from shared.relay import RelayRefused
from shared.restored import look
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
            if runtime.settings.on_servers:  # a worker's relay looks by itself
                tasks.append(asyncio.create_task(look_for_a_back_up(runtime)))
        yield
    finally:
        await ended(tasks)
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


async def look_for_a_back_up(runtime: Runtime) -> None:
    """Looks, when the broker is there, whether the database knows all that the service has told. As long as it does
    not, an API is not ready: what it would take then stands on a state that is gone."""
    pause = 0.5
    while True:
        try:
            await look(runtime.wiring.name, runtime.broker, runtime.database)
            runtime.restored = None
            return
        except RelayRefused as error:
            if runtime.restored is None:
                log.error("not ready", service=runtime.wiring.name, reason=str(error))
            runtime.restored = str(error)
        except (BrokerUnavailable, StoreAway):
            pause = min(pause * 2, LONGEST_PAUSE)
        except Exception as error:  # not migrated, perhaps; what is only looked at must end nothing
            log.warning("could not look for a back-up", exc_info=error)
            pause = min(pause * 2, LONGEST_PAUSE)
        await asyncio.sleep(pause)
