"""Wishes carried on: asked outside with no transaction open, settled once, and kept until their result is recorded."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, select

from shared.contracts.travel import FlightCancelled
from shared.database import Session, StoreAway, transaction_is_open
from shared.http import AnswerUnexpected
from shared.outbox import stage
from shared.problems import OtherServiceUnavailable
from shared.runner import Errand, Runner
from tests.faults import fail_next_commit
from tests.shared.test_outbox import an_act
from tests.shared.toy import Note, notes, until
from tests.world import World


class Outside:
    """Stands for the other service. `trouble` is raised for the wish of that text."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.trouble: dict[str, Exception] = {}
        self.spoilt: dict[str, Exception] = {}

    async def take(self, session: Session) -> Sequence[Note]:
        waiting = select(Note).where(~col(Note.text).startswith("done")).order_by(col(Note.id))
        return (await session.exec(waiting)).all()

    async def go(self, _others: Any, wish: Note) -> str:
        assert not transaction_is_open()
        self.asked.append(wish.text)
        if wish.text in self.trouble:
            raise self.trouble[wish.text]
        return f"done {wish.text}"

    async def settle(self, session: Session, act: Any, wish: Note, result: str) -> None:
        if wish.text in self.spoilt:
            raise self.spoilt[wish.text]
        note = await session.get_one(Note, wish.id, with_for_update=True)
        if note.text == result:
            return
        note.text = result
        await stage(session, act, FlightCancelled(flight=note.id), key=note.id)

    def errand(self) -> Errand[Note, str]:
        return Errand("ask", self.take, self.go, self.settle, lambda wish: an_act(wish.id))


def runner_of(world: World, outside: Outside) -> Runner:
    return Runner("travel", world.runtime.database, world.runtime.others, [outside.errand()], poll=0.02)


async def wish_for(world: World, *texts: str) -> None:
    async with world.runtime.database.transaction() as session:
        session.add_all([Note(id=UUID(int=number), text=each) for number, each in enumerate(texts, 1)])


async def test_a_wish_is_settled_once(world: World) -> None:
    await wish_for(world, "one", "two")
    outside = Outside()
    runner = runner_of(world, outside)
    assert await runner.turn() == 2
    assert await runner.turn() == 0
    assert outside.asked == ["one", "two"]
    assert await notes(world) == ["done one", "done two"]
    assert [e.cause for e in await world.told()] == [UUID(int=1), UUID(int=2)]


async def test_a_wish_stays_while_the_other_service_is_away(world: World) -> None:
    await wish_for(world, "one", "two")
    outside = Outside()
    outside.trouble["one"] = OtherServiceUnavailable(service="registration")
    with pytest.raises(OtherServiceUnavailable):
        await runner_of(world, outside).turn()
    assert await notes(world) == ["one", "done two"]
    outside.trouble.clear()
    assert await runner_of(world, outside).turn() == 1
    assert await notes(world) == ["done one", "done two"]


@pytest.mark.parametrize("error", [ValueError(), AnswerUnexpected()])
@pytest.mark.parametrize("place", ["trouble", "spoilt"])
async def test_a_wish_that_fails_keeps_no_other_waiting(world: World, error: Exception, place: str) -> None:
    await wish_for(world, "one", "two", "three")
    outside = Outside()
    getattr(outside, place).update(one=error, two=KeyError())
    with pytest.raises(type(error)):
        await runner_of(world, outside).turn()
    assert await notes(world) == ["one", "two", "done three"]


async def test_a_result_that_could_not_be_recorded_is_asked_for_again(world: World) -> None:
    await wish_for(world, "one")
    outside = Outside()
    with pytest.raises(StoreAway), fail_next_commit(world, StoreAway("gone")):
        await runner_of(world, outside).turn()
    assert (await notes(world), await world.count_told()) == (["one"], 0)
    assert await runner_of(world, outside).turn() == 1
    assert outside.asked == ["one", "one"]
    assert (await notes(world), await world.count_told()) == (["done one"], 1)


async def test_a_store_that_is_away_is_not_asked_for_the_next_wish(world: World) -> None:
    await wish_for(world, "one", "two")
    outside = Outside()
    outside.spoilt["one"] = StoreAway("gone")
    with pytest.raises(StoreAway):
        await runner_of(world, outside).turn()
    assert outside.asked == ["one"]


async def test_the_runner_goes_on_by_itself_and_does_not_hurry_what_fails(world: World) -> None:
    outside = Outside()
    outside.trouble["one"] = ValueError()
    running = asyncio.create_task(runner_of(world, outside).run())
    try:
        await wish_for(world, "one", "two")
        await until(lambda: outside.asked.count("one") > 2)
        assert await notes(world) == ["one", "done two"]
        await asyncio.sleep(0.3)
        assert outside.asked.count("one") < 8
        outside.trouble.clear()
        await until(lambda: _done(world))
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def _done(world: World) -> bool:
    return await notes(world) == ["done one", "done two"]
