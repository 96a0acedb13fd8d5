"""Facts that one service cannot handle for a while, and that an operator replays: it must end as if nothing had been.

The same deliveries are handled by two worlds: one undisturbed, and one in which the handler of one type fails for one
key until it is mended.
"""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

from fastapi import FastAPI
from sqlalchemy import select

from shared.act import Act
from shared.auth import Role
from shared.brokers import Delivery, Message
from shared.consumer import topics_heard
from shared.database import Session, core, parked
from shared.events import Envelope, Event
from shared.inbox import Handler
from tests.world import World, contents, start

UUID_FORM = re.compile(rb"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
Prepare = Callable[[World], Awaitable[None]]
"""What both worlds begin with; must give the same ids to the people of its story."""
Facts = Callable[[World], Sequence[Delivery]]
"""What both hear; asked of the world that is not disturbed."""


@dataclass(frozen=True, slots=True)
class Fault:
    """The handler of `kind` fails for `key`."""

    kind: type[Event]
    key: UUID

    def put_into(self, world: World) -> None:
        handlers = world.runtime.wiring.handlers
        world.runtime.consumer.handlers = {**handlers, self.kind: self._failing(handlers[self.kind])}

    def _failing(self, handler: Handler) -> Handler:
        """Fails after all that the handler does, so that what is left of it would be seen."""

        async def fold(session: Session, envelope: Envelope, fact: Any) -> None:
            await handler.fold(session, envelope, fact)
            self._fail(envelope)

        async def react(session: Session, act: Act, envelope: Envelope, fact: Any) -> None:
            assert handler.react is not None
            await handler.react(session, act, envelope, fact)
            self._fail(envelope)

        return Handler(fold) if handler.react is None else replace(handler, react=react)

    def _fail(self, envelope: Envelope) -> None:
        if envelope.key == str(self.key):
            raise ValueError


async def arrive(world: World, deliveries: Sequence[Delivery]) -> None:
    """On their topics, and from there to the consumer, each by itself."""
    messages = [Message(each.topic, each.key, each.value, dict(each.headers)) for each in deliveries]
    assert await world.runtime.broker.publish(messages) == [None] * len(messages)
    placed = {}
    for topic in topics_heard(world.runtime.wiring.handlers):
        async for each in world.runtime.broker.read(topic):
            placed[each.value] = each
    for each in deliveries:
        await world.runtime.consumer.take([placed[each.value]])


async def waiting(world: World) -> list[tuple[str, str, int | None]]:
    """Source, key and sequence of what is parked, in order."""
    async with world.runtime.database.reading() as session:
        rows = (await core(session, select(parked).where(parked.c.settled_at.is_(None)).order_by(parked.c.id))).all()
        return [(row.source, row.key, row.sequence) for row in rows]


async def outcome(world: World, heard: Sequence[Delivery]) -> Any:
    """The service's rows and the facts it told, without the ids it made itself, which differ from world to world."""
    known = {match.group() for each in heard for match in UUID_FORM.finditer(each.value)}

    def plain(value: Any) -> Any:
        text = value if isinstance(value, bytes) else str(value).encode()
        return UUID_FORM.sub(lambda found: found.group() if found.group() in known else b"made here", text)

    tables = await contents(world)
    own = {
        table.name: sorted([plain(value) for value in row] for row in tables[table.name])
        for table in world.runtime.wiring.metadata.sorted_tables
    }
    told = await world.told()
    return own, sorted(
        (plain(each.key), each.sequence, each.type, each.attempt or 0, plain(each.data)) for each in told
    )


def expected_to_wait(heard: Sequence[Delivery], fault: Fault) -> list[tuple[str, str, int | None]]:
    """The fact that fails, and what its source tells of its key after it."""
    found: list[tuple[str, str, int | None]] = []
    sources = set()
    for envelope in (Envelope.parse(each.value) for each in heard):
        if envelope.key == str(fault.key) and (envelope.type == fault.kind.type or envelope.source in sources):
            sources.add(envelope.source)
            found.append((envelope.source, envelope.key, envelope.sequence))
    return found


async def replay_makes_up_for(
    fault: Fault, create_app: Callable[..., FastAPI], folder: Path, prepare: Prepare, facts: Facts
) -> None:
    """Asserts that what fails waits with what follows it, that the rest goes on, and that after a replay all is as in
    the world that was not disturbed."""
    async with start(create_app, folder / "undisturbed") as world:
        await prepare(world)
        before = await outcome(world, [])
        heard = facts(world)
        await arrive(world, heard)
        assert await waiting(world) == []
        undisturbed = await outcome(world, heard)
        assert before != await outcome(world, []), "something follows from these facts"
    async with start(create_app, folder / "disturbed") as world:
        await prepare(world)
        fault.put_into(world)
        await arrive(world, heard)
        line = expected_to_wait(heard, fault)
        assert 1 < len(line) < len(heard), "some wait behind it, and some do not"
        assert await waiting(world) == line
        replay = await world.post("/operations/replays", role=Role.ADMINISTRATOR)
        assert (replay["applied"], await waiting(world)) == (0, line), "it fails still, and keeps its order"
        world.runtime.consumer.handlers = world.runtime.wiring.handlers
        replay = await world.post("/operations/replays", role=Role.ADMINISTRATOR)
        assert replay == {"applied": len(line), "still_parked": 0}
        rows, told = await outcome(world, heard)
        for name in rows:
            assert rows[name] == undisturbed[0][name], name
        assert told == undisturbed[1]
