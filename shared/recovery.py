"""What an operator does with facts: look at what is parked, replay it, discard it, rebuild what was folded."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, delete, select, update

from shared.brokers import Broker
from shared.clock import machine_now
from shared.consumer import Consumer, reason_of, topics_heard
from shared.database import Session, StoreAway, core, inbox, parked
from shared.events import Envelope, EventUnreadable
from shared.inbox import Handlers, advance, apply, lock_keys
from shared.problems import Problem


class NothingParked(Problem):
    slug = "nothing-parked"
    status = 404
    title = "Nothing is parked under that id"
    remedy = "List what is parked with `GET /operations/parked` or `homeward events parked`."


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


async def replay(consumer: Consumer, by: str) -> Replayed:
    """Applies what is parked, key by key in order, each fact in a transaction of its own: fold and react.

    A fact that fails again stays parked with its new reason, and so do those behind it.
    """
    async with consumer.database.reading() as session:
        rows = select(parked.c.id, parked.c.source, parked.c.key).where(parked.c.settled_at.is_(None))
        order = rows.order_by(
            parked.c.source, parked.c.key, parked.c.sequence.is_not(None), parked.c.sequence, parked.c.id
        )
        waiting = (await core(session, order)).all()
    applied = 0
    stuck: set[tuple[str, str]] = set()
    for row in waiting:
        if (row.source, row.key) in stuck:
            continue
        if await _replay_one(consumer, row.id, by):
            applied += 1
        else:
            stuck.add((row.source, row.key))
    async with consumer.database.reading() as session:
        left = len(await parked_rows(session, limit=1_000_000))
    return Replayed(applied, left)


async def _replay_one(consumer: Consumer, row_id: int, by: str) -> bool:
    try:
        async with consumer.database.transaction() as session:
            row = await _locked(session, row_id)
            if row.settled_at is None:
                envelope = Envelope.parse(bytes(row.body))
                last = await lock_keys(session, [(row.source, row.key)])
                if envelope.sequence > last[(row.source, row.key)]:
                    await apply(session, consumer.service, consumer.handlers, envelope)
                    await advance(session, row.source, row.key, envelope.sequence)
                await _settle(session, row_id, "replayed", by)
        return True
    except StoreAway:
        raise
    except Exception as error:
        reason = reason_of(error)
        async with consumer.database.transaction() as session:
            await core(
                session,
                update(parked).where(parked.c.id == row_id).values(attempts=parked.c.attempts + 1, reason=reason),
            )
        return False


async def discard(session: Session, row_id: int, by: str) -> None:
    """Gives one parked fact up for good, in the caller's transaction; what waits behind it can then be replayed."""
    row = await _locked(session, row_id)
    if row.settled_at is not None:
        raise NothingParked(f"parked fact {row_id} was settled before")
    await _settle(session, row_id, "discarded", by)


async def rebuild(consumer: Consumer, facts: Sequence[Table]) -> int:
    """Empties the folded facts and folds again all that was applied, from the topics' beginning. Gives the count.

    It reacts to nothing, and so tells nothing new. What the topics hold beyond the last sequence applied is left to
    the consumer. All in one transaction, so that nobody decides on half of the facts; the topics are read before it,
    since nothing outside is asked while a transaction is open.
    """
    async with consumer.turn:
        bodies = await _read_all(consumer.broker, consumer.handlers)
        async with consumer.database.transaction() as session:
            rows = (
                await core(session, select(inbox.c.source, inbox.c.key).order_by(inbox.c.source, inbox.c.key))
            ).all()
            last = await _lock_all(session, [(row.source, row.key) for row in rows])
            waits = select(parked.c.source, parked.c.key, parked.c.sequence)
            given_up = {tuple(r) for r in (await core(session, waits.where(parked.c.settled_how == "discarded"))).all()}
            for table in reversed(facts):
                await core(session, delete(table))
            return await _fold_again(session, consumer.handlers, bodies, last, given_up)


async def _fold_again(
    session: Session,
    handlers: Handlers,
    envelopes: Sequence[Envelope],
    last: dict[tuple[str, str], int],
    given_up: set[tuple[Any, ...]],
) -> int:
    done: dict[tuple[str, str], int] = {}
    count = 0
    for envelope in envelopes:
        key = (envelope.source, envelope.key)
        if envelope.sequence > last.get(key, 0) or envelope.sequence <= done.get(key, 0):
            continue
        if (envelope.source, envelope.key, envelope.sequence) in given_up:
            continue
        fact = envelope.event()
        await handlers[type(fact)].fold(session, envelope, fact)
        await session.flush()
        done[key] = envelope.sequence
        count += 1
    return count


async def _lock_all(session: Session, keys: list[tuple[str, str]]) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for start in range(0, len(keys), 200):
        found.update(await lock_keys(session, keys[start : start + 200]))
    return found


async def _read_all(broker: Broker, handlers: Handlers) -> list[Envelope]:
    types = {kind.type for kind in handlers}
    found: list[Envelope] = []
    for topic in topics_heard(handlers):
        async for delivery in broker.read(topic):
            header = delivery.headers.get("ce_type")
            if header is not None and header.decode(errors="replace") not in types:
                continue
            try:
                found.append(Envelope.parse(delivery.value))
            except EventUnreadable:  # it was parked when it came, and never folded
                continue
    return found


async def _locked(session: Session, row_id: int) -> Any:
    row = (await core(session, select(parked).where(parked.c.id == row_id).with_for_update())).first()
    if row is None:
        raise NothingParked(f"no parked fact {row_id}")
    return row


async def _settle(session: Session, row_id: int, how: str, by: str) -> None:
    values = {"settled_at": machine_now(), "settled_how": how, "settled_by": by[:120]}
    await core(session, update(parked).where(parked.c.id == row_id).values(**values))
