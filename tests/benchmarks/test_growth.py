"""No desk waits longer because the register has grown: the rows that PostgreSQL reads for an answer stay the same.

The server is told to use an index wherever there is one, as it does by itself once tables are large. So a question that
has none reads more rows in the larger of two small registers, however fast both are.
"""

import asyncio
import math
from collections.abc import Mapping

import pytest

from shared.settings import SERVICES
from tests.benchmarks.asking import COUNTS, Cost
from tests.benchmarks.copies import FOR_EVERYONE
from tests.benchmarks.growth import Register, connected, measure, registers
from tests.servers.plugin import leave_out
from tests.servers.postgres import found
from tests.servers.processes import ServerMissing

pytestmark = pytest.mark.timeout(600)

SIZES = (1_000, 4_000)
PAGE = 4
AS_IF = 1_000
"""How many times as full the server takes its tables for. Of a few dozen it reads all in any order."""
A_LITTLE = 20
"""Rows by which an answer may read more: a page that the smaller register did not fill, for one."""


def _measured() -> list[tuple[Register, dict[str, list[Cost]], list[str]]]:
    if not found():
        leave_out("PostgreSQL", ServerMissing("no PostgreSQL"))
    told = []
    with registers(SIZES) as grown:
        for register in grown:
            asyncio.run(_by_index_alone(register))
            costs: dict[str, list[Cost]] = {}
            failed: list[str] = []
            for service in SERVICES:
                some, wrong = asyncio.run(measure(register, service, 1, page=PAGE))
                costs |= some
                failed += wrong
            told.append((register, costs, failed))
    return told


async def _by_index_alone(register: Register) -> None:
    for service in SERVICES:
        connection = await connected(register.server, service)
        # A forbidden way has an enormous price, for which the server would compile each statement first.
        for way in ("jit", "enable_seqscan", "enable_hashjoin", "enable_mergejoin"):
            await connection.execute(f"ALTER DATABASE {service} SET {way} = off")
        await connection.execute("UPDATE pg_class SET reltuples = reltuples * $1 WHERE relkind IN ('r', 'i')", AS_IF)
        await connection.close()


# One test, since its registers are made for it: as three they would be made by every worker that has one of them.
@pytest.mark.slow
def test_every_desk_is_answered_from_a_register_that_grows_without_reading_more_rows_or_a_whole_table() -> None:
    told = _measured()
    for _, costs, failed in told:
        assert failed == []
        assert len(costs) > 100
    (before, small, _), (now, large, _) = told
    grown = {
        what: (_least(small[what]), _least(costs), costs[0].rows)
        for what, costs in large.items()
        if _least(costs) > _allowed(what, before, _least(small[what]), now)
    }
    assert grown == {}
    whole: Mapping[str, set[str]] = {
        what: {table for cost in each for table in cost.scanned if table not in FOR_EVERYONE}
        for what, each in large.items()
    }
    assert {what: tables for what, tables in whole.items() if tables} == {}


def _allowed(what: str, before: Register, read: float, now: Register) -> float:
    more = now.cases / before.cases if what.endswith(COUNTS) else 1
    return read * more * 1.1 + A_LITTLE


def _least(costs: list[Cost]) -> float:
    return min((cost.read for cost in costs), default=math.inf)
