"""One service in a test, by itself: real app, real SQLite file, embedded log, and no other service running.

`hear()` hands it a foreign fact as the consumer would; `told()` gives the facts it staged.
"""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
from fastapi import FastAPI
from sqlalchemy import CompoundSelect, MetaData, Select, exists, func, literal, select, union_all

from shared.auth import Role, issue_token
from shared.brokers import Delivery
from shared.clock import machine_now, rfc3339
from shared.database import STANDING, Database, core, outbox, parked
from shared.events import Envelope, Event, event_id, source_of, topic_of, with_position
from shared.logs import configure
from shared.problems import PROBLEM_JSON
from shared.settings import Settings
from shared.wiring import TOPICS, Runtime
from tests.servers.stores import store_of

configure("test", "WARNING")

STORY_TIME = datetime(2021, 12, 9, 9, 0, tzinfo=UTC)
_templates: dict[str, tempfile.TemporaryDirectory[str]] = {}
_dialects: dict[str, Any] = {}
_compiled: dict[Any, Any] = {}


@dataclass
class World:
    """A running service. `now` is the business time of every request and fact, until it is set to another."""

    app: FastAPI
    client: httpx.AsyncClient
    now: datetime = STORY_TIME
    sequences: dict[tuple[str, str], int] = field(default_factory=dict)
    offset: int = 0

    @property
    def runtime(self) -> Runtime:
        runtime: Runtime = self.app.state.runtime
        return runtime

    def token(self, *roles: Role, subject: str | None = None) -> str:
        asked_by = "travel" if roles == (Role.SERVICE,) else "-".join(sorted(roles))[:100]
        who = subject or asked_by or "nobody"
        return issue_token(self.runtime.keys, who, roles, 3600, machine_now())

    async def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        role: Role | Sequence[Role] = (),
        subject: str | None = None,
        key: str | None = None,
        etag: str | None = None,
        now: datetime | None = None,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        """One request as somebody with these roles. A POST gets a new Idempotency-Key unless `key` is given."""
        roles = [role] if isinstance(role, Role) else list(role)
        sent = {"Business-Time": rfc3339(now or self.now)}
        if roles:
            sent["Authorization"] = f"Bearer {self.token(*roles, subject=subject)}"
        if method == "POST":
            sent["Idempotency-Key"] = key or str(uuid4())
        if etag is not None:
            sent["If-Match"] = etag
        answer = await self.client.request(method, path, json=body, headers={**sent, **(headers or {})})
        if answer.headers.get("content-type") == PROBLEM_JSON:
            assert answer.json()["status"] == answer.status_code, "a problem says the status it is sent with"
        return answer

    async def post(self, path: str, body: Any = None, *, expect: int | None = None, **options: Any) -> Any:
        """POST, the status checked (201 or 200 or 202 unless `expect` says), the JSON given back."""
        answer = await self.call("POST", path, {} if body is None else body, **options)
        good = answer.status_code in (200, 201, 202) if expect is None else answer.status_code == expect
        assert good, f"{path}: {answer.status_code} {answer.text}"
        return answer.json()

    async def get(self, path: str, *, expect: int = 200, **options: Any) -> Any:
        answer = await self.call("GET", path, **options)
        assert answer.status_code == expect, f"{path}: {answer.status_code} {answer.text}"
        return answer.json()

    def delivery(
        self,
        fact: Event,
        *,
        key: UUID | str,
        subject: UUID | str | None = None,
        attempt: int | None = None,
        sequence: int | None = None,
        cause: UUID | None = None,
        now: datetime | None = None,
    ) -> Delivery:
        """The fact as it would arrive. Sequences count by themselves per source and key."""
        service = type(fact).type.split(".")[1]
        counted = (service, str(key))
        if sequence is None:
            sequence = self.sequences.get(counted, 0) + 1
            self.sequences[counted] = sequence
        cause = cause or uuid4()
        at = now or self.now
        subject_text = None if subject is None else str(subject)
        envelope = Envelope(
            event_id(cause, fact.type, f"{key}|{subject_text or ''}"),
            source_of(service),
            fact.type,
            str(key),
            subject_text,
            sequence,
            at,
            at,
            machine_now(),
            cause,
            cause,
            attempt,
            fact.data(),
        )
        self.offset += 1
        value = with_position(envelope.body(), self.offset)
        return Delivery(topic_of(service), 0, self.offset, str(key), value, {"ce_type": fact.type.encode()})

    async def hear(self, fact: Event, *, key: UUID | str, twice: bool = True, **options: Any) -> Delivery:
        """Handles a foreign fact, and (unless told otherwise) once more, which must change nothing."""
        delivery = self.delivery(fact, key=key, **options)
        await self.runtime.consumer.take([delivery])
        assert await self.parked() == [], "the fact was parked"
        if twice:
            before = await contents(self)
            await self.runtime.consumer.take([delivery])
            assert await contents(self) == before, "handling a fact twice changed something"
        return delivery

    async def told(self, kind: type[Event] | None = None, key: UUID | str | None = None) -> list[Envelope]:
        """The facts this service staged, in the order of their rows."""
        async with self.runtime.database.reading() as session:
            rows = (await core(session, select(outbox.c.body).order_by(outbox.c.id))).all()
        found = [Envelope.parse(bytes(row.body)) for row in rows]
        if kind is not None:
            found = [e for e in found if e.type == kind.type]
        return [e for e in found if key is None or e.key == str(key)]

    async def count_told(self) -> int:
        async with self.runtime.database.reading() as session:
            return int((await core(session, select(func.count()).select_from(outbox))).one()[0])

    async def parked(self) -> list[str]:
        async with self.runtime.database.reading() as session:
            rows = select(parked.c.reason).where(parked.c.settled_at.is_(None)).order_by(parked.c.id)
            return [row.reason for row in (await core(session, rows)).all()]


async def contents(world: World) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of the service, so that two moments can be compared."""
    questions, filled = _questions(world.runtime.wiring.metadata)
    async with world.runtime.database.reading() as session:
        there = set((await core(session, filled)).scalars())
        return {
            name: [tuple(row) for row in (await core(session, rows)).all()] if name in there else []
            for name, rows in questions.items()
        }


@cache
def _questions(metadata: MetaData) -> tuple[dict[str, Select[Any]], CompoundSelect[Any]]:
    """For each table its rows, and for all of them which have any: most are empty, and are looked at often."""
    tables = {table.name: table for each in (STANDING, metadata) for table in each.sorted_tables}
    filled = union_all(*(select(literal(name)).where(exists().select_from(table)) for name, table in tables.items()))
    return {name: select(table).order_by(*table.primary_key.columns) for name, table in tables.items()}, filled


@asynccontextmanager
async def start(create_app: Callable[..., FastAPI], folder: Path, **settings: Any) -> AsyncIterator[World]:
    """Starts a service on files in `folder`, or on the PostgreSQL that was chosen (`tests/servers/stores.py`). The
    schema is migrated once and then copied."""
    name = create_app.__module__.split(".")[1]
    async with store_of(create_app) as store:
        chosen = Settings(**{"data_dir": folder, "sqlite_synchronous": "OFF", **store, **settings})
        if chosen.database_url is None:
            await _copy_template(create_app, name, folder)
        app = create_app(chosen)
        _share_what_is_compiled(app.state.runtime.database)
        async with app.router.lifespan_context(app):
            await app.state.runtime.broker.create_topics(TOPICS)
            transport = httpx.ASGITransport(app=app)
            async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
                yield World(app, client)


def _share_what_is_compiled(database: Database) -> None:
    """Every engine compiles each statement once, and every test has engines of its own: that was half of what a test
    took. A statement is known by its dialect, too, hence the one dialect for all of a kind."""
    for engine in (database._writer.sync_engine, database._reader.sync_engine):
        engine.dialect = _dialects.setdefault(engine.dialect.name, engine.dialect)
        engine.update_execution_options(compiled_cache=_compiled)


async def _copy_template(create_app: Callable[..., FastAPI], name: str, folder: Path) -> None:
    if name not in _templates:
        made = tempfile.TemporaryDirectory(prefix="homeward-template-")
        app = create_app(Settings(data_dir=Path(made.name), sqlite_synchronous="OFF"), migrate=True)
        async with app.router.lifespan_context(app):
            pass
        _templates[name] = made
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    shutil.copyfile(Path(_templates[name].name) / f"{name}.db", folder / f"{name}.db")
