"""What a service is made of, and what one running process of it holds."""

from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from sqlalchemy import MetaData, Table

from shared.access import broker_options, database_options
from shared.auth import Keys, Role, issue_token
from shared.brokers import Broker, TopicSpec, open_broker
from shared.clock import machine_now
from shared.consumer import Consumer
from shared.database import Database
from shared.events import Event, topic_of
from shared.hints import Hints
from shared.http import OtherServices
from shared.inbox import Handlers
from shared.keys import load_keys
from shared.offers import Offer
from shared.pulse import Pulse
from shared.relay import Relay
from shared.restored import look
from shared.runner import Errand, Runner
from shared.settings import SERVICES, Settings
from shared.telemetry import Metrics, make_metrics

PARTITIONS = 6
"""Of each topic, for good: another number would break the order of keys."""

TOPICS = [TopicSpec(topic_of(service), PARTITIONS) for service in SERVICES]

TOKEN_LIFE = 300
"""Seconds a service's own token is good for."""


@dataclass(frozen=True, slots=True)
class Wiring:
    """One service, as its app.py says it: its tables, routes, what it tells, what it hears, what it carries on."""

    name: str
    title: str
    summary: str
    metadata: MetaData
    migrations: Path
    routers: Sequence[APIRouter]
    tells: Sequence[type[Event]]
    handlers: Handlers
    facts: Sequence[Table]
    errands: Sequence[Errand[Any, Any]] = ()


@dataclass(slots=True)
class Runtime:
    """What one process of a service holds open."""

    wiring: Wiring
    settings: Settings
    database: Database
    broker: Broker
    keys: Keys
    metrics: Metrics
    others: OtherServices
    consumer: Consumer
    relay: Relay
    runner: Runner
    hints: Hints
    offers: dict[str, Offer] = field(default_factory=dict)
    migrated: bool = False
    working: bool = False
    """Whether relay, consumer and runner run in this process."""
    restored: str | None = None
    """Why this process should not serve: its database is older than what the service has told."""

    def pulses(self) -> dict[str, Pulse]:
        """What the jobs of a worker say of themselves."""
        return {"relay": self.relay.pulse, "consumer": self.consumer.pulse, "runner": self.runner.pulse}

    def work(self) -> list[Coroutine[Any, Any, None]]:
        """The jobs of a worker, each to be run in a task of its own until it is cancelled."""
        self.working = True
        for pulse in self.pulses().values():
            pulse.turned()
        # The hints last: they listen where somebody waits.
        return [self.relay.run(), self.consumer.run(), self.runner.run(), self.hints.run()]

    async def close(self) -> None:
        await self.others.close()
        await self.broker.stop()
        await self.database.close()


def open_database(service: str, settings: Settings) -> Database:
    """The database of a service, not yet connected. Raises `CertificateRefused`."""
    return Database(
        settings.database_of(service),
        synchronous=settings.sqlite_synchronous,
        pool=settings.pool,
        options=database_options(settings),
    )


def open_runtime(wiring: Wiring, settings: Settings) -> Runtime:
    """Opens everything a process of the service needs; nothing is connected yet.

    Raises `KeysRefused` and `CertificateRefused`.
    """
    keys = load_keys(settings)  # before the database, whose opening makes a file
    database = open_database(wiring.name, settings)
    broker = open_broker(settings.broker(), broker_options(settings))
    metrics = make_metrics(wiring.name)

    def own_token() -> str:
        return issue_token(keys, wiring.name, [Role.SERVICE], TOKEN_LIFE, machine_now())

    errands = [each for each in wiring.errands if not (settings.development and each.production_only)]
    others = OtherServices(settings.addresses(), own_token, dev_time=settings.development)
    return Runtime(
        wiring,
        settings,
        database,
        broker,
        keys,
        metrics,
        others,
        Consumer(wiring.name, database, broker, wiring.handlers, metrics),
        Relay(wiring.name, database, broker, metrics, look=partial(look, wiring.name, broker, database)),
        Runner(wiring.name, database, others, errands),
        Hints(database),
    )
