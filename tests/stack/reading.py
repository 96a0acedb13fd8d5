"""Reading what the services of a stack keep, straight from their databases. Nothing is asked of them."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import asyncpg
import orjson

from shared.settings import SERVICES
from tests.kills.auditor import HEARD
from tests.kills.files import Told
from tests.stack.parts import Stack

Row = dict[str, Any]
TOLD = "SELECT key, sequence, type, position, sent_at IS NOT NULL AS sent, body FROM outbox ORDER BY key, sequence"
APPLIED = "SELECT source, key, sequence FROM inbox"


async def connect(stack: Stack, service: str) -> asyncpg.Connection:
    """A connection to the service's database, as its role, with JSON read."""
    role, database = service, stack.databases[service]
    connection = await asyncpg.connect(
        host=str(stack.postgres.folder), port=stack.postgres.port, user=role, database=database
    )
    for kind in ("json", "jsonb"):
        await connection.set_type_codec(kind, encoder=_encoded, decoder=_decoded, schema="pg_catalog")
    return connection


async def fetch(stack: Stack, service: str, query: str, *values: Any) -> list[Row]:
    """The rows that a query gives."""
    connection = await connect(stack, service)
    try:
        return [dict(row) for row in await connection.fetch(query, *values)]
    finally:
        await connection.close()


def rows(stack: Stack, service: str, query: str, *values: Any) -> list[Row]:
    """The same for who has no loop."""
    return asyncio.run(fetch(stack, service, query, *values))


class Left:
    """What a stack told, read once and kept."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack

    @cached_property
    def told(self) -> Mapping[str, Sequence[Told]]:
        """What each service told, by key and sequence."""
        return {service: [_told(service, row) for row in rows(self.stack, service, TOLD)] for service in SERVICES}


def _told(service: str, row: Row) -> Told:
    document = orjson.loads(row["body"])
    return Told(service, row["key"], row["sequence"], row["type"], row["position"], row["sent"], document)


def until_quiet(stack: Stack, services: Sequence[str] = SERVICES, seconds: float = 60) -> None:
    """Waits until nothing waits to leave these services or to arrive there. Raises `AssertionError` with what does."""
    deadline = time.monotonic() + seconds
    while on_its_way := under_way(stack, services):
        assert time.monotonic() < deadline, "\n".join(on_its_way[:20])
        time.sleep(0.2)


def under_way(stack: Stack, services: Sequence[str] = SERVICES) -> list[str]:
    """What was told and has not left, or has not been applied by each that hears it."""
    told = {service: facts for service, facts in Left(stack).told.items() if service in services}
    found = [f"not sent: {fact.type} of {fact.key}" for facts in told.values() for fact in facts if not fact.sent]
    for listener in services:
        types = {kind.type for kind in HEARD[listener]}
        applied = {
            (row["source"].rsplit("/", 1)[-1], row["key"]): row["sequence"] for row in rows(stack, listener, APPLIED)
        }
        found += [
            f"not applied by {listener}: {fact.type} of {fact.key}"
            for service, facts in told.items()
            for fact in facts
            if fact.type in types and applied.get((service, fact.key), 0) < fact.sequence
        ]
    return found


def _decoded(text: str) -> Any:
    return orjson.loads(text)


def _encoded(value: Any) -> str:
    return orjson.dumps(value).decode()
