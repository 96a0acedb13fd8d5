"""Every list of a desk asks its database as often for many rows as for few, of cases in every state. The seconds are in
`desks.py`."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from services.demo.family import Family
from services.demo.ground import add_sites, lay_the_ground
from tests.benchmarks.crowded import STAGES, Drawn, fill, go_home, raise_voices
from tests.benchmarks.desks import ask, length, lists_of
from tests.benchmarks.rare import one_of_each
from tests.benchmarks.states import nobody_is_in
from tests.journey.hosting import hosted

FLEW = date(2021, 12, 9), date(2021, 12, 9)
TURNS = ("said no", "approved")

counted: ContextVar[list[str] | None] = ContextVar("counted", default=None)


def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
    seen = counted.get()
    if seen is not None:
        seen.append(statement)


@contextmanager
def counting() -> Iterator[None]:
    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield
    finally:
        event.remove(Engine, "before_cursor_execute", note)


class Counted:
    """Around the services: the statements of requests since they were last cleared, also of one service that asks
    another; what workers do meanwhile is not among them."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.last: list[str] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            counted.set(self.last)
        await self.app(scope, receive, send)


def each_stage(first: int) -> list[Drawn]:
    return [Drawn(first + place, 1 + place % 3, stage) for place, stage in enumerate(STAGES)]


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_no_list_of_a_desk_asks_more_queries_for_more_rows(tmp_path: Path) -> None:
    around: list[Counted] = []

    def wrapped(app: Any) -> Any:
        around.append(Counted(app))
        return around[0]

    def asked(family: Family) -> dict[str, tuple[int, int]]:
        found = {}
        for service, path, role in lists_of(family):
            around[0].last.clear()
            answer = ask(family, service, path, role)
            found[f"{service} {path}"] = length(answer), len(around[0].last)
        return found

    with hosted(tmp_path, around=wrapped) as services, counting():
        family = services.family()
        lay_the_ground(family)
        add_sites(family)
        one_of_each(family)  # before others wait, for it gives seats to whoever does
        asyncio.run(fill(family, each_stage(0), 1))
        raise_voices(family, 2)
        few = asked(family)
        asyncio.run(fill(family, each_stage(100), 2))
        go_home(family, *FLEW, TURNS)
        raise_voices(family, 5)
        many = asked(family)
        assert nobody_is_in(tmp_path) == [], "a generator that makes every state has forgotten these"
    assert [what for what, (rows, _) in few.items() if rows == 0] == []
    assert [what for what, (rows, _) in many.items() if rows <= few[what][0]] == []
    assert {what: queries for what, (_, queries) in many.items()} == {what: q for what, (_, q) in few.items()}
    assert all(queries > 0 for _, queries in many.values())
