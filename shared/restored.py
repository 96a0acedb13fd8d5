"""A service whose database comes from a back-up: its own topic knows more of what it told than it does itself.

It must not give the same positions and sequences out again: the others would take its new facts for repeats. So the
relay sends nothing until `homeward catch-up SERVICE` has taken back from the topic what was told after the back-up.
A message counts as told by the service if its id is made as its own ids are: what others put on the topic does not.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import func, insert, select, text, update

from shared.brokers import Broker
from shared.clock import machine_now
from shared.database import Database, Session, core, outbox, stream
from shared.events import Envelope, EventUnreadable, event_id, source_of, topic_of
from shared.relay import BATCH, RelayRefused

LOOK_BACK = 3 * BATCH
"""Messages at the end of a partition among which the highest position is: what was sent and not marked is sent again
behind it, and that is never more than two batches."""

_POSITION = re.compile(rb'\{"position":(\d+),')


@dataclass(frozen=True, slots=True)
class Told:
    """A fact as it lies in the service's own topic; `body` as the outbox keeps it, without the position."""

    envelope: Envelope
    position: int
    body: bytes


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What a catch-up did. `added`: facts told after the back-up, by type. `keys`: what they are about. `known`: facts
    that were here and not marked as sent. `renumbered`: facts of nobody's knowledge yet that have a new sequence.
    `lost`: positions that were given and never sent; those facts are gone with the database."""

    added: Mapping[str, int]
    keys: Sequence[str]
    known: int
    renumbered: int
    lost: int


async def look(service: str, broker: Broker, database: Database) -> None:
    """Raises `RelayRefused` where the topic holds what this database does not know it told, and `BrokerUnavailable`."""
    async with database.reading() as session:
        known = await _last_sent(session)
    told: dict[UUID, int] = {}
    async for delivery in broker.read(topic_of(service), last=LOOK_BACK):
        if _position(delivery.value) > known and (fact := _own(service, delivery.value)) is not None:
            told[fact.envelope.id] = fact.position
    if told:  # what was sent and not marked before the process ended is here; what was told after a back-up is not
        async with database.reading() as session:
            here = select(outbox.c.event_id).where(outbox.c.event_id.in_(list(told)))
            for row in (await core(session, here)).all():
                del told[row.event_id]
    if told:
        raise RelayRefused(
            f"The topic holds facts of {service} up to position {max(told.values())} that this database does not know: "
            f"it comes from a back-up, or is a new one. Nothing is sent. Stop the workers of {service}, run "
            f"`homeward catch-up {service}`, and start them again."
        )


async def told_since(service: str, broker: Broker, database: Database) -> dict[UUID, Told]:
    """What the topic holds and this database does not know to be told, by event id. Raises `BrokerUnavailable`."""
    async with database.reading() as session:
        known = await _last_sent(session)
        waiting = {row.event_id for row in (await core(session, _UNSENT)).all()}
    found: dict[UUID, Told] = {}
    async for delivery in broker.read(topic_of(service)):
        if not waiting and _position(delivery.value) <= known:
            continue
        fact = _own(service, delivery.value)
        if fact is not None and (fact.position > known or fact.envelope.id in waiting):
            found[fact.envelope.id] = fact
    return found


async def take_back(session: Session, facts: Mapping[UUID, Told]) -> TakenBack:
    """Puts into the outbox, as sent, what was told; what is here and was told to nobody comes behind it."""
    if session.get_bind().dialect.name == "postgresql":  # an API tells on: in the order in which it takes them itself
        await core(session, text("LOCK TABLE stream, outbox IN SHARE ROW EXCLUSIVE MODE"))
    known = await _last_sent(session)
    here = {row.event_id: row for row in (await core(session, _UNSENT)).all()}
    for row in here.values():  # out of the way: told facts may stand at its place
        position = row.position if row.position is not None and row.position < known else None
        await _change(session, row.id, sequence=-row.id, position=position)
    for event, fact in sorted(facts.items(), key=lambda each: each[1].position):
        told = {"position": fact.position, "sequence": fact.envelope.sequence, "sent_at": machine_now()}
        if event in here:
            await _change(session, here[event].id, **told)
        else:
            await core(session, insert(outbox).inline(), {**_row(fact), **told})
    alone = [row for event, row in here.items() if event not in facts]
    renumbered = await _renumber(session, alone)
    await _count_on(session, {fact.envelope.key for fact in facts.values()} | {row.key for row in alone})
    added = [fact.envelope for event, fact in facts.items() if event not in here]
    positions = {fact.position for fact in facts.values() if fact.position > known}
    return TakenBack(
        added=Counter(each.type for each in added),
        keys=sorted({each.key for each in added}),
        known=len(facts) - len(added),
        renumbered=renumbered,
        lost=max(positions, default=known) - known - len(positions),
    )


_UNSENT = (
    select(outbox.c.id, outbox.c.event_id, outbox.c.key, outbox.c.sequence, outbox.c.position, outbox.c.body)
    .where(outbox.c.sent_at.is_(None))
    .order_by(outbox.c.id)
)


async def _renumber(session: Session, rows: Sequence[Any]) -> int:
    changed = 0
    last: dict[str, int] = defaultdict(int)
    for row in rows:
        if row.key not in last:
            latest = select(func.max(outbox.c.sequence)).where(outbox.c.key == row.key, outbox.c.sequence > 0)
            last[row.key] = (await core(session, latest)).scalar_one() or 0
        last[row.key] += 1
        body = bytes(row.body)
        if last[row.key] != row.sequence:
            changed += 1
            body = orjson.dumps(orjson.loads(body) | {"sequence": last[row.key]}, option=orjson.OPT_SORT_KEYS)
        await _change(session, row.id, sequence=last[row.key], body=body)
    return changed


async def _count_on(session: Session, keys: set[str]) -> None:
    """The next fact of each key comes behind the last of them all."""
    for key in sorted(keys):
        latest = select(func.max(outbox.c.sequence), func.max(outbox.c.recorded)).where(outbox.c.key == key)
        row: Any = (await core(session, latest)).one()
        counted = {"sequence": row[0], "recorded": row[1]}
        done = await core(session, update(stream).where(stream.c.key == key).values(**counted))
        if not done.rowcount:
            await core(session, insert(stream).inline(), {"key": key, **counted})


async def _change(session: Session, row: int, **values: Any) -> None:
    await core(session, update(outbox).where(outbox.c.id == row).values(**values))


async def _last_sent(session: Session) -> int:
    latest = select(func.max(outbox.c.position)).where(outbox.c.sent_at.is_not(None))
    return int((await core(session, latest)).scalar_one() or 0)


def _row(fact: Told) -> dict[str, Any]:
    envelope = fact.envelope
    return {
        "event_id": envelope.id,
        "key": envelope.key,
        "type": envelope.type,
        "subject": envelope.subject,
        "attempt": envelope.attempt,
        "occurred": envelope.time,
        "recorded": envelope.recorded,
        "body": fact.body,
    }


def _position(value: bytes) -> int:
    """The position a message claims, read without parsing the rest; 0 where there is none."""
    found = _POSITION.match(value)
    return int(found[1]) if found else 0


def _own(service: str, value: bytes) -> Told | None:
    position = _position(value)
    try:
        envelope = Envelope.parse(value)
    except EventUnreadable:
        return None
    made = event_id(envelope.cause, envelope.type, f"{envelope.key}|{envelope.subject or ''}")
    if envelope.source != source_of(service) or envelope.id != made or not position:
        return None
    return Told(envelope, position, b"{" + _POSITION.sub(b"", value, count=1))
