"""How the cost of what a desk asks grows with the register: ten thousand, a hundred thousand, a million cases.

Each register is made from cases that the real services handled (`seeds.py`, `copies.py`), on a PostgreSQL of its own.
What an answer cost is told in milliseconds and in rows that the server read for it: the second is the same however busy
the machine is, and it is what must not grow.
"""

import asyncio
import math
import os
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any

import asyncpg
from sqlalchemy import MetaData

from shared.pagination import DEFAULT_LIMIT
from shared.runner import Errand
from shared.settings import SERVICES
from shared.wiring import Wiring
from tests.benchmarks import copies, seeds
from tests.benchmarks.asking import COUNTS, Ask, Cases, Cost, Desk, desk
from tests.benchmarks.desk_reads import reads
from tests.benchmarks.desk_writes import writes
from tests.benchmarks.seeds_services import services_on
from tests.servers import session
from tests.servers.postgres import ROLES, Postgres

SIZES = (10_000, 100_000, 1_000_000)
REPEATS = 30
EARLY, LATE = 9, 6
"""Sets of early and of late cases to one of families on their way: most of a register are files that went no further,
and nearly all of the open ones are young."""
BETWEEN = 20
"""How far the numbers of two copies of the families lie apart; those of the others lie between them."""
MANY = 60
"""Copies from which it is quicker to write rows without their indexes, and to make those anew."""

A_LITTLE = 30
"""Rows by which two answers to the same question differ: the server tells some of them a moment late."""

Row = dict[str, Any]


@dataclass
class Register:
    """A register that was filled. `copies`: how often the heavy set is in it."""

    server: Postgres
    urls: dict[str, str]
    folder: Path
    families: dict[str, Any]
    copies: int
    cases: int
    seconds: float = 0.0

    @property
    def counting(self) -> dict[str, Any]:
        return {"host": str(self.server.folder), "port": self.server.port, "user": "postgres"}

    def of(self, age: int, page: int) -> Cases:
        """The newest copies are the youngest: `age` 0 is the last that was made."""
        return Cases(self.families, (self.copies - 1 - age) * BETWEEN, self.copies * BETWEEN, page)


@contextmanager
def server_of_its_own() -> Iterator[tuple[Postgres, Path]]:
    """With a folder beside it; both go with the run they belong to, should nobody come to end them here."""
    opened = None if session.PLACE in os.environ else session.open_session()
    server = Postgres(session.own_folder("postgres"))
    try:
        server.make()
        server.start()
        server.run_script(ROLES, {f"{role.upper()}_PASSWORD": role for role in SERVICES})
        yield server, session.own_folder("growth")
    finally:
        server.kill()
        shutil.rmtree(server.folder, ignore_errors=True)
        if opened is not None:
            os.environ.pop(session.PLACE, None)
            os.environ.pop(session.OWNER, None)
            session.close_session(opened)


@contextmanager
def registers(sizes: Sequence[int]) -> Iterator[Iterator[Register]]:
    """One register after the other, each grown from the one before."""
    with server_of_its_own() as (server, folder):
        urls = {name: server.url(name, name) for name in SERVICES}
        with services_on(urls, folder / "data") as services:
            played: dict[str, seeds.Played] = {}
            for name, play in (("early", seeds.early), ("late", seeds.late), ("heavy", seeds.heavy)):
                earlier = list(played)
                played[name] = play(services)
                asyncio.run(_aside(server, name, earlier))
        yield _grown(server, urls, folder, played, sizes)


def _grown(
    server: Postgres, urls: dict[str, str], folder: Path, played: dict[str, seeds.Played], sizes: Sequence[int]
) -> Iterator[Register]:
    families = {name: family for each in played.values() for name, family in each.families.items()}
    per_copy = len(families) + (EARLY + LATE - 2) * seeds.LIGHT
    for size in sizes:
        count = math.ceil(size / per_copy)
        begun = time.perf_counter()
        for name in SERVICES:
            asyncio.run(_fill(server, name, count, played))
        yield Register(server, urls, folder, families, count, count * per_copy, time.perf_counter() - begun)


def _metadata(service: str) -> MetaData:
    wiring: Wiring = import_module(f"services.{service}.app").WIRING
    return wiring.metadata


async def connected(server: Postgres, service: str) -> Any:
    return await asyncpg.connect(host=str(server.folder), port=server.port, user="postgres", database=service)


async def _aside(server: Postgres, name: str, earlier: Sequence[str]) -> None:
    for service in SERVICES:
        connection = await connected(server, service)
        await copies.set_aside(connection, _metadata(service), name, earlier)
        await connection.close()


async def _fill(server: Postgres, service: str, count: int, played: dict[str, seeds.Played]) -> None:
    metadata = _metadata(service)
    connection = await connected(server, service)
    try:
        await connection.execute("SET session_replication_role = replica; SET maintenance_work_mem = '256MB'")
        await copies.empty(connection, metadata)
        many = count > MANY
        put_back = await copies.without_indexes(connection, metadata) if many else []
        turn = count * BETWEEN * EARLY // (EARLY + LATE)
        step = 1_000 * BETWEEN // (EARLY + LATE)
        sets = (
            ("early", count * EARLY, 0, step),
            ("late", count * LATE, turn, step),
            ("heavy", count, 0, 1_000 * BETWEEN),
        )
        for name, times, first, each in sets:
            of = played[name]
            begun_with = copies.beginnings(of.began, of.ended)
            known = of.known.setdefault(service, {})
            await copies.copy(connection, metadata, copies.Copying(name, times, first, each, begun_with, known))
        for statement in put_back:
            await connection.execute(statement)
        await copies.count_on(connection)
        await copies.spend(connection, metadata)
        await copies.settle(connection, metadata)
    finally:
        await connection.close()


Costs = dict[str, list[Cost]]


async def measure(register: Register, service: str, repeats: int, page: int = DEFAULT_LIMIT) -> tuple[Costs, list[str]]:
    """What each of the service's answers cost; and those that were not answered as they should."""
    costs: Costs = {}
    failed: list[str] = []
    moments = register.families["told"]
    async with desk(service, register.urls[service], register.counting, register.folder / "data") as at:
        for kind in (reads, writes):
            for age in range(min(repeats, register.copies)):
                for ask in kind(register.of(age, page)):
                    if ask.service == service:
                        await _asked(at, ask, moments.at(ask.at), costs, failed)
        await _workers(at, service, costs)
    return costs, failed


async def _workers(at: Desk, service: str, costs: Costs) -> None:
    """What the worker looks for all day long, where there is nothing to do."""
    runtime = at.runtime
    async with runtime.database.leading("relay") as leader:
        assert leader is not None
        await runtime.relay.turn(leader)  # sends what the writes left
        await runtime.relay.settle(leader)
        at.counts = None
        _, cost = await at.counted(runtime.relay.turn(leader))
        costs.setdefault(f"{service}: a turn of the relay", []).append(cost)
    for errand in runtime.wiring.errands:
        _, cost = await at.counted(_taken(at, errand))
        costs.setdefault(f"{service}: a look for {errand.name}", []).append(cost)


async def _taken(at: Desk, errand: Errand[Any, Any]) -> None:
    async with at.runtime.database.reading() as session:
        await errand.take(session)


async def _asked(at: Desk, ask: Ask, moment: Any, costs: Costs, failed: list[str]) -> None:
    answer, cost = await at.ask(ask, moment)
    if not answer.is_success:
        failed.append(f"{ask.what}: {answer.status_code} {answer.text[:300]}")
        return
    costs.setdefault(ask.what, []).append(cost)


def row_of(what: str, cases: int, costs: Sequence[Cost]) -> Row:
    times = sorted(cost.milliseconds for cost in costs)
    typical = sorted(costs, key=lambda cost: cost.read)[len(costs) // 2]
    return {
        "what": what,
        "cases": cases,
        "p50_ms": round(median(times), 2),
        "p99_ms": round(times[math.ceil(len(times) * 0.99) - 1], 2),
        "rows_read": typical.read,
        "most_rows_read": max(cost.read for cost in costs),
        "of": dict(sorted(typical.rows.items(), key=lambda each: -each[1])[:4]),
    }


def may_read(what: str, cases: int, read: float, more: int) -> float:
    """How many rows an answer may read in a register of `more` cases that reads so many in one of `cases`: no more
    than grow with the logarithm of the cases; with what it counts, for a report that does so."""
    grown = more / cases * 1.1 if what.endswith(COUNTS) else math.log(more) / math.log(cases)
    return (read + A_LITTLE) * grown


def judged(rows: list[Row]) -> list[Row]:
    """Says of each whether it was kept."""
    for what in {row["what"] for row in rows}:
        ours = sorted((row for row in rows if row["what"] == what), key=lambda row: row["cases"])
        first, last = ours[0], ours[-1]
        for row in ours:
            row["kept"] = row["rows_read"] <= may_read(what, first["cases"], first["rows_read"], last["cases"])
            row["counts"] = what.endswith(COUNTS)
    return rows


def run(sizes: Sequence[int] = SIZES, repeats: int = REPEATS) -> list[Row]:
    rows: list[Row] = []
    with registers(sizes) as grown:
        for register in grown:
            rows.append(
                {
                    "what": "filling the four databases",
                    "cases": register.cases,
                    "seconds": round(register.seconds, 1),
                    "kept": True,
                    "p50_ms": 0,
                    "rows_read": 0,
                }
            )
            for service in SERVICES:
                costs, failed = asyncio.run(measure(register, service, repeats))
                if failed:
                    raise RuntimeError("\n".join(sorted(set(failed))[:20]))
                rows += [row_of(what, register.cases, each) for what, each in costs.items()]
    return judged(rows)
