"""What Prometheus scrapes: what was counted, and what is looked up at the moment of asking."""

import asyncio
from dataclasses import dataclass, field

import structlog
from sqlalchemy.exc import DBAPIError

from shared import outbox
from shared.brokers import BrokerUnavailable
from shared.clock import monotonic
from shared.consumer import topics_heard
from shared.database import StoreAway
from shared.inbox import parked_count
from shared.telemetry import render
from shared.wiring import Runtime

log = structlog.get_logger("scrape")

PATIENCE = 3.0
"""Seconds the database has to answer; a scrape that finds it away still tells everything else."""
LAG_EVERY = 10.0
"""Seconds between two looks at how far the topics are ahead."""


@dataclass(slots=True)
class Scrape:
    """Several scrapes at once are one look at the database."""

    runtime: Runtime
    _look: asyncio.Task[None] | None = field(default=None)

    async def told(self) -> tuple[bytes, str]:
        """The text and its content type."""
        if self._look is None or self._look.done():
            self._look = asyncio.create_task(_look(self.runtime))
        await asyncio.shield(self._look)
        return render(self.runtime.metrics)


async def _look(runtime: Runtime) -> None:
    metrics = runtime.metrics
    used, size = runtime.database.pool_in_use()
    metrics.pool_in_use.set(used)
    metrics.pool_size.set(size)
    if runtime.working:
        for name, pulse in runtime.pulses().items():
            metrics.turned(name, pulse.age, waits=pulse.waits_for is not None)
        for errand, since in runtime.runner.waiting.items():
            oldest = monotonic() - min(since.values()) if since else 0.0
            metrics.waiting_errands(errand, len(since), oldest)
    try:
        async with asyncio.timeout(PATIENCE):
            async with runtime.database.reading() as session:
                depth, age = await outbox.waiting(session)
                metrics.outbox_depth.set(depth)
                metrics.outbox_age.set(age)
                metrics.parked.set(await parked_count(session))
        metrics.database_up.set(1)
    except (StoreAway, TimeoutError, DBAPIError) as error:  # away, busy, or not migrated yet
        metrics.database_up.set(0)
        log.warning("the database told nothing", reason=type(error).__name__)


async def watch_the_topics(runtime: Runtime) -> None:
    """Looks now and again how far this service is behind the topics it hears, until cancelled. A scrape must not wait
    for a broker, so it is told what was seen last."""
    topics = topics_heard(runtime.wiring.handlers)
    while True:
        try:
            for (topic, partition), messages in (await runtime.broker.lag(runtime.consumer.group, topics)).items():
                runtime.metrics.lagging(topic, partition, messages)
            runtime.metrics.broker_up.set(1)
        except BrokerUnavailable:
            runtime.metrics.broker_up.set(0)
        except Exception as error:  # what is only looked at must end nothing
            runtime.metrics.broker_up.set(0)
            log.error("the topics could not be looked at", exc_info=error)
        await asyncio.sleep(LAG_EVERY)
