"""What a desk asks, of which case; and what an answer cost: its time, and the rows that PostgreSQL read for it.

Rows are counted by the server itself, so that they count alike on a quiet machine and on a busy one.
"""

import time
from collections.abc import AsyncIterator, Awaitable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import asyncpg
import httpx
from sqlalchemy import text

from services.demo.family import Family
from services.together import CREATE
from shared.auth import Role, issue_token
from shared.clock import machine_now, rfc3339
from shared.settings import Settings
from shared.wiring import Runtime
from tests.benchmarks.copies import card_code, prefix_of

Done = TypeVar("Done")

FOR_EVERYONE = frozenset({"site", "programme", "restriction", "scheme_id", "scheme", "scheme_version", "budget"})
"""Ids that are the same in every copy."""

COUNTS = ", reads what it counts"
"""Ends the name of an ask that does."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One request. `route`: its action's name. `at`: the moment of the story at which it is made. `counts`: it is a
    report over a period, and reads what it counts, so that it grows with that."""

    service: str
    route: str
    path: str
    role: str
    body: Any = None
    at: str = "looked"
    method: str = "GET"
    asked_by: str | None = None
    etag: bool = False
    counts: bool = False

    @property
    def what(self) -> str:
        query = self.path.partition("?")[2]
        filters = [each for each in query.split("&") if each and not each.startswith("limit=")]
        shown = "&".join(sorted(_shown(each) for each in filters))
        if self.route == "search_cases":
            shown = " and ".join(each for each in self.body if each != "limit")
        return f"{self.service}: {self.route}" + (f" ({shown})" if shown else "") + (COUNTS if self.counts else "")


def _shown(parameter: str) -> str:
    """A filter without the id in it, so that the same question is called the same in every register."""
    name, _, value = parameter.partition("=")
    return name if name in ("cursor", "case_id", "flight_id") else f"{name}={value[:30]}"


@dataclass(frozen=True, slots=True)
class Cases:
    """The copies with one number of all the played families. `numbers`: how many numbers there are. `page`: how
    long a list is asked for."""

    families: Mapping[str, Family]
    number: int
    numbers: int
    page: int

    def id(self, name: str, what: str) -> str:
        return self._of(self.families[name].ids[what], what, self.number)

    def person(self, name: str, label: str) -> str:
        return self._of(self.families[name].people[label], label, self.number)

    def halfway_person(self, name: str, label: str) -> str:
        return self._of(self.families[name].people[label], label, self.numbers // 2)

    def card(self, name: str, what: str) -> str:
        """The code of a relief card."""
        return card_code(self.families[name].ids[what], self.number)

    def people(self, name: str) -> list[str]:
        return [self.person(name, label) for label in self.families[name].people]

    def story(self, name: str) -> Any:
        return self.families[name].story

    def halfway(self, name: str, what: str) -> str:
        """The same of the copy in the middle of the register."""
        return self._of(self.families[name].ids[what], what, self.numbers // 2)

    @staticmethod
    def _of(played: str, what: str, number: int) -> str:
        beginning, dash, rest = played.partition("-")
        if what in FOR_EVERYONE or not dash:
            return played
        return f"{beginning[:-8]}{prefix_of(number)}-{rest}"  # a line of the package has a word before its id


@dataclass(slots=True)
class Cost:
    """`rows`: read by the server, by table or index."""

    milliseconds: float
    rows: dict[str, int]

    @property
    def read(self) -> int:
        return sum(self.rows.values())

    @property
    def scanned(self) -> list[str]:
        """The tables that were read from one end to the other."""
        return [name for name in self.rows if not name.startswith(("ix_", "pk_", "uq_", "alembic_"))]


COUNTED = """
    SELECT relname AS name, seq_tup_read AS read FROM pg_stat_user_tables WHERE seq_tup_read > 0
    UNION ALL SELECT indexrelname, idx_tup_read FROM pg_stat_user_indexes WHERE idx_tup_read > 0
"""


@dataclass(slots=True)
class Desk:
    """One service in this process, on its database. It answers one at a time, on one connection."""

    runtime: Runtime
    client: httpx.AsyncClient
    counting: Any
    tokens: dict[str, str] = field(default_factory=dict)
    counts: dict[str, int] | None = None
    """As they were after what was counted last, while nothing else was asked."""

    async def ask(self, ask: Ask, at: datetime) -> tuple[httpx.Response, Cost]:
        headers = {"Authorization": f"Bearer {self._token(ask)}", "Business-Time": rfc3339(at)}
        if ask.method == "POST":
            headers["Idempotency-Key"] = str(uuid4())
        if ask.etag:
            case = ask.path.partition("/members")[0]
            headers["If-Match"] = (await self.client.get(case, headers=headers)).headers["etag"]
            self.counts = None
        return await self.counted(self.client.request(ask.method, ask.path, json=ask.body, headers=headers))

    async def counted(self, doing: Awaitable[Done]) -> tuple[Done, Cost]:
        """Does it, and says what it cost."""
        before = await self.read_so_far() if self.counts is None else self.counts
        begun = time.perf_counter()
        done = await doing
        took = (time.perf_counter() - begun) * 1_000
        after = self.counts = await self.read_so_far()
        read = {name: count - before.get(name, 0) for name, count in after.items()}
        return done, Cost(took, {name: count for name, count in read.items() if count})

    async def read_so_far(self) -> dict[str, int]:
        async with self.runtime.database.schema_connection() as connection:
            # A server tells its counts once a second, unless it is asked to.
            await connection.execute(text("SELECT pg_stat_force_next_flush()"))
        return {row["name"]: row["read"] for row in await self.counting.fetch(COUNTED)}

    def _token(self, ask: Ask) -> str:
        who = ask.asked_by or f"desk-{ask.role}"
        if who not in self.tokens:
            self.tokens[who] = issue_token(self.runtime.keys, who, [Role(ask.role)], 36_000, machine_now())
        return self.tokens[who]


NOBODY_THERE = "http://127.0.0.1:1"
"""Where a desk looks for other services: a name or contact that it would show is missing then, and nothing else."""


@asynccontextmanager
async def desk(service: str, url: str, counting: Mapping[str, Any], folder: Path) -> AsyncIterator[Desk]:
    """`counting`: how to reach the database beside the service, as the server's owner."""
    app = CREATE[service](Settings(data_dir=folder, base_url=NOBODY_THERE, database_url=url, pool=2))
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app)
        connection = await asyncpg.connect(**counting, database=service)
        try:
            async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
                yield Desk(app.state.runtime, client, connection)
        finally:
            await connection.close()
