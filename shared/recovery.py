"""What an operator does with facts: look at what is parked, replay it, discard it, rebuild what was folded."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import Table, delete, select, text, update
from sqlalchemy.exc import DBAPIError

from shared.brokers import Broker, Delivery
from shared.clock import machine_now
from shared.consumer import Consumer, envelope_in, reason_of, sender_on, topics_heard
from shared.database import Database, Session, StoreAway, core, inbox, new_id, parked, request_key
from shared.events import Envelope, EventUnreadable
from shared.folding import settle
from shared.inbox import Handlers, advance, apply, lock_keys
from shared.problems import Problem
from shared.restored import TakenBack, take_back, told_since
from shared.store_errors import is_lost_race

log = structlog.get_logger("recovery")

READINGS = 5
RACES = 5
FOLDED_AT_ONCE = 500
"""Facts whose rows a rebuild holds back, to write them together."""
LINE = (parked.c.sequence.is_not(None), parked.c.sequence, parked.c.id)
"""The order in which the parked facts of a key are settled: what cannot be read first, for nobody knows its place."""


class NothingParked(Problem):
    slug = "nothing-parked"
    status = 404
    title = "Nothing is parked under that id"
    remedy = "List what is parked with `GET /operations/parked` or `homeward events parked`."


class NotFirstInLine(Problem):
    slug = "not-first-in-line"
    status = 409
    title = "An earlier fact of its key is parked too"
    remedy = "Replay or discard `first` before this one: the facts of a key are settled in their order."


class TopicsFallShort(Problem):
    slug = "topics-fall-short"
    status = 503
    title = "The topics do not hold all that was applied here"
    remedy = "Nothing was changed. Find out what the broker lost: a rebuild would lose it here too."


@dataclass(frozen=True, slots=True)
class Replayed:
    """How a replay ended: facts applied, and those still parked."""

    applied: int
    still_parked: int


async def parked_rows(session: Session, limit: int = 200) -> Sequence[Any]:
    """What is parked and not settled, oldest first. The bodies are left where they are."""
    columns = [c for c in parked.c if c.name != "body"]
    rows = select(*columns).where(parked.c.settled_at.is_(None)).order_by(parked.c.id).limit(limit)
    return (await core(session, rows)).all()


async def try_a_write(database: Database) -> None:
    """Writes something and takes it out again, so that the database says whether it takes writes. A service that is
    not ready may be sent no writes, and would otherwise never learn that it is. Raises `StoreAway`."""
    client, key = "health", str(new_id())
    row = {"client": client, "key": key, "fingerprint": b"", "made_at": machine_now()}
    async with database.transaction() as session:
        await core(session, request_key.insert().values(**row))
        await core(session, request_key.delete().where(request_key.c.client == client, request_key.c.key == key))


async def replay(consumer: Consumer, by: str) -> Replayed:
    """Applies what is parked, key by key in order, each fact in a transaction of its own: fold and react.

    A fact that fails again stays parked with its new reason, and so do those behind it. What comes to lie behind a
    key while it is replayed is replayed with it.
    """
    applied = 0
    stuck: set[tuple[str, str]] = set()
    while waiting := [row for row in await _in_line(consumer) if (row.source, row.key) not in stuck]:
        for row in waiting:
            if (row.source, row.key) in stuck:
                continue
            if await _replay_one(consumer, row, by):
                applied += 1
            else:
                stuck.add((row.source, row.key))
    return Replayed(applied, len(await _in_line(consumer)))


async def _in_line(consumer: Consumer) -> Sequence[Any]:
    """All that is parked and not settled, key by key in the order in which it must be settled."""
    async with consumer.database.reading() as session:
        rows = select(parked.c.id, parked.c.source, parked.c.key).where(parked.c.settled_at.is_(None))
        return (await core(session, rows.order_by(parked.c.source, parked.c.key, *LINE))).all()


async def _replay_one(consumer: Consumer, waiting: Any, by: str) -> bool:
    key = (waiting.source, waiting.key)
    try:
        async with consumer.database.transaction() as session:
            last = await lock_keys(session, [key])  # first, as the consumer does
            row = await _locked(session, waiting.id)
            if row.settled_at is None:
                envelope = envelope_in(Delivery(row.topic, row.partition, row.offset, row.key, bytes(row.body), {}))
                if envelope.sequence > last[key]:
                    await apply(session, consumer.service, consumer.handlers, envelope)
                    await settle(session)
                    await advance(session, {key: envelope.sequence})
                await _settle(session, waiting.id, "replayed", by)
        return True
    except StoreAway:
        raise
    except Exception as error:
        reason = reason_of(error)
        log.error("replay failed", parked=waiting.id, exc_info=error)
        async with consumer.database.transaction() as session:
            await core(
                session,
                update(parked).where(parked.c.id == waiting.id).values(attempts=parked.c.attempts + 1, reason=reason),
            )
        return False


async def discard(session: Session, row_id: int, by: str) -> None:
    """Gives one parked fact up for good, in the caller's transaction; what waits behind it can then be replayed.

    It is ticked off, so that a repeat of it does not take effect after all. Raises `NothingParked`, and
    `NotFirstInLine` when an earlier fact of its key has to be settled first.
    """
    found = (await core(session, select(parked.c.source, parked.c.key).where(parked.c.id == row_id))).first()
    if found is None:
        raise NothingParked(f"no parked fact {row_id}")
    key = (found.source, found.key)
    last = await lock_keys(session, [key])
    of_key = (parked.c.source == found.source, parked.c.key == found.key, parked.c.settled_at.is_(None))
    line = (await core(session, select(parked.c.id, parked.c.sequence).where(*of_key).order_by(*LINE))).all()
    here = next((row for row in line if row.id == row_id), None)
    if here is None:
        raise NothingParked(f"parked fact {row_id} was settled before")
    first = line[0]
    if first.id != row_id and (first.sequence is None or first.sequence != here.sequence):
        raise NotFirstInLine(first=first.id)
    copies = [row.id for row in line if row.sequence == here.sequence is not None] or [row_id]
    for each in copies:  # the relay may have sent it twice
        await _settle(session, each, "discarded", by)
    if here.sequence is not None and here.sequence > last[key]:
        await advance(session, {key: here.sequence})


async def catch_up(consumer: Consumer) -> TakenBack:
    """After a back-up was restored: takes back from the service's own topic what it told since, and lets it hear all
    of the others' topics again, of which it recognises what it knows. Its workers must be stopped.

    Its API may be at work: what it tells meanwhile waits. Raises `BrokerUnavailable` when the broker is away or a
    worker is at work, and `StoreAway` when the API was faster each time; then nothing is changed in the database.
    """
    # The places first: cut off after this, nothing is taken back, the relay still refuses, and what is heard again is
    # recognised. The other way round the database would look whole, and what the others told since be lost to it.
    await consumer.broker.begin_again(consumer.group, topics_heard(consumer.handlers))
    facts = await told_since(consumer.service, consumer.broker, consumer.database)
    for race in range(RACES):
        try:
            async with consumer.database.transaction() as session:
                return await take_back(session, facts)
        except DBAPIError as error:
            if not is_lost_race(error):
                raise
            log.warning("was too slow to take back what was told, tries again", race=race)
        await asyncio.sleep(0.1 * 2**race)
    raise StoreAway("others write into it all the time")


async def rebuild(consumer: Consumer, facts: Sequence[Table]) -> int:
    """Empties the folded facts and folds again all that was applied, from the topics' beginning. Gives the count.

    It reacts to nothing, and so tells nothing new. What the topics hold beyond the last sequence applied is left to
    the consumer. All in one transaction, so that nobody decides on half of the facts; the topics are read before it,
    since nothing outside is asked while a transaction is open. Raises `TopicsFallShort` when what was applied is not
    all there.
    """
    async with consumer.turn:
        for _ in range(READINGS):  # another process may apply what came after the reading: then they are read again
            found = await _read_all(consumer.broker, consumer.handlers)
            async with consumer.database.transaction() as session:
                last = await _lock_all(session, [sender_on(topic) for topic in topics_heard(consumer.handlers)])
                if all(found.reach.get(key, 0) >= sequence for key, sequence in last.items()):
                    return await _begin_again(session, consumer.handlers, facts, found.deliveries, last)
    raise TopicsFallShort()


@dataclass(frozen=True, slots=True)
class _Found:
    """What the topics hold of the types asked for, and the last sequence of any type per source and key."""

    deliveries: list[tuple[Envelope, Delivery]]
    reach: dict[tuple[str, str], int]


async def _begin_again(
    session: Session,
    handlers: Handlers,
    facts: Sequence[Table],
    deliveries: Sequence[tuple[Envelope, Delivery]],
    last: dict[tuple[str, str], int],
) -> int:
    places = (parked.c.topic, parked.c.partition, parked.c.offset, parked.c.source, parked.c.key, parked.c.sequence)
    rows = (await core(session, select(*places).where(parked.c.settled_how == "discarded"))).all()
    given_up: set[tuple[Any, ...]] = {tuple(row[:3]) for row in rows} | {tuple(row[3:]) for row in rows}
    for table in reversed(facts):
        await core(session, delete(table))
    kept = [
        envelope
        for envelope, delivery in deliveries
        if (delivery.topic, delivery.partition, delivery.offset) not in given_up
        and (envelope.source, envelope.key, envelope.sequence) not in given_up
    ]
    return await _fold_again(session, handlers, kept, last)


async def _fold_again(
    session: Session, handlers: Handlers, envelopes: Sequence[Envelope], last: dict[tuple[str, str], int]
) -> int:
    done: dict[tuple[str, str], int] = {}
    count = 0
    for envelope in envelopes:
        key = (envelope.source, envelope.key)
        if envelope.sequence > last.get(key, 0) or envelope.sequence <= done.get(key, 0):
            continue
        fact = envelope.event()
        await handlers[type(fact)].fold(session, envelope, fact)
        done[key] = envelope.sequence
        count += 1
        if count % FOLDED_AT_ONCE == 0:
            await settle(session)
    await settle(session)
    return count


async def _lock_all(session: Session, sources: Sequence[str]) -> dict[tuple[str, str], int]:
    """Keeps every consumer out until the commit, new keys included; gives the last sequence applied of each key."""
    if session.get_bind().dialect.name == "postgresql":
        await core(session, text("LOCK TABLE inbox IN SHARE ROW EXCLUSIVE MODE"))
    heard = select(inbox.c.source, inbox.c.key, inbox.c.sequence).where(inbox.c.source.in_(sources))
    rows = (await core(session, heard)).all()
    return {(row.source, row.key): row.sequence for row in rows}


async def _read_all(broker: Broker, handlers: Handlers) -> _Found:
    types = {kind.type for kind in handlers}
    found = _Found([], {})
    for topic in topics_heard(handlers):
        async for delivery in broker.read(topic):
            try:
                envelope = envelope_in(delivery)
            except EventUnreadable:  # it was parked when it came, and never folded
                continue
            key = (envelope.source, envelope.key)
            found.reach[key] = max(found.reach.get(key, 0), envelope.sequence)
            if envelope.type in types:
                found.deliveries.append((envelope, delivery))
    return found


async def _locked(session: Session, row_id: int) -> Any:
    row = (await core(session, select(parked).where(parked.c.id == row_id).with_for_update())).first()
    if row is None:
        raise NothingParked(f"no parked fact {row_id}")
    return row


async def _settle(session: Session, row_id: int, how: str, by: str) -> None:
    values = {"settled_at": machine_now(), "settled_how": how, "settled_by": by[:120]}
    await core(session, update(parked).where(parked.c.id == row_id).values(**values))
