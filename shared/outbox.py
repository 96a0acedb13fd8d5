"""The outbox: where a fact waits to leave. Staging an event is adding a row through the caller's session."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from shared.act import Act
from shared.clock import machine_now
from shared.database import STAGED, Session, core, outbox, stream
from shared.events import LONGEST_KEY, MAX_EVENT_BYTES, Envelope, Event, event_id, source_of


def _count(dialect: Any, latest: Any) -> Any:
    counted = dialect.insert(stream).values(
        key=bindparam("name", type_=stream.c.key.type),
        sequence=1,
        recorded=bindparam("now", type_=stream.c.recorded.type),
    )
    later = latest(stream.c.recorded, counted.excluded.recorded, type_=stream.c.recorded.type)
    return counted.on_conflict_do_update(
        index_elements=[stream.c.key], set_={"sequence": stream.c.sequence + 1, "recorded": later}
    ).returning(stream.c.sequence, stream.c.recorded)


# Built once: making a statement anew costs several times what running it does.
COUNT = {"postgresql": _count(postgresql, func.greatest), "sqlite": _count(sqlite, func.max)}
ADD = insert(outbox).inline()


class EventTooLarge(Exception):
    """A fact that no topic would take. It fails the write that staged it, where somebody can still see it."""


async def stage(
    session: Session,
    act: Act,
    fact: Event,
    *,
    key: UUID | str,
    subject: UUID | str | None = None,
    attempt: int | None = None,
    occurred: datetime | None = None,
) -> UUID:
    """Adds the fact to the outbox of the caller's transaction and returns the event's id.

    `key`: what the fact is about (a case id unless the event says otherwise). `subject`: the individual or the line,
    needed when one act tells the same type more than once for a key. `occurred`: business time, `act.now` unless said.

    The key's row in `stream` is locked from here to the commit: it counts the sequence, and makes the order of
    commits the order of a key's events. Recorded time never runs backwards for a key.
    """
    name = str(key)
    if not 1 <= len(name) <= LONGEST_KEY:
        raise ValueError(f"{fact.type}: a key has 1 to {LONGEST_KEY} characters")
    count = COUNT[session.get_bind().dialect.name]
    head = (await core(session, count, {"name": name, "now": act.now})).one()
    sequence, recorded = int(head.sequence), head.recorded
    envelope = Envelope(
        id=event_id(act.cause, fact.type, f"{name}|{subject or ''}"),
        source=source_of(act.service),
        type=fact.type,
        key=name,
        subject=None if subject is None else str(subject),
        sequence=sequence,
        time=occurred or act.now,
        recorded=recorded,
        machine=machine_now(),
        cause=act.cause,
        correlation=act.correlation,
        attempt=attempt,
        data=fact.data(),
    )
    body = envelope.body()
    if len(body) > MAX_EVENT_BYTES:
        raise EventTooLarge(f"{fact.type}: {len(body)} bytes, at most {MAX_EVENT_BYTES}")
    row = {
        "event_id": envelope.id,
        "key": name,
        "sequence": sequence,
        "type": fact.type,
        "subject": envelope.subject,
        "attempt": attempt,
        "occurred": envelope.time,
        "recorded": recorded,
        "body": body,
    }
    await core(session, ADD, row)
    session.info[STAGED] = True
    return envelope.id


async def depth(session: Session) -> tuple[int, datetime | None]:
    """How many facts have not left yet, and when the oldest of them was recorded."""
    waiting = select(func.count().label("count"), func.min(outbox.c.recorded).label("oldest")).where(
        outbox.c.sent_at.is_(None)
    )
    row = (await core(session, waiting)).one()._mapping
    return row["count"], row["oldest"]


async def waiting(session: Session) -> tuple[int, float]:
    """How many facts have not left yet, and for how many seconds the oldest has lain here, by the machine's clock.

    The age is that of the oldest row's own machine time, since business time may be another year's.
    """
    count, _ = await depth(session)
    if not count:
        return 0, 0.0
    first = select(outbox.c.body).where(outbox.c.sent_at.is_(None)).order_by(outbox.c.id).limit(1)
    row = (await core(session, first)).first()
    if row is None:
        return 0, 0.0
    return count, max(0.0, (machine_now() - Envelope.parse(bytes(row.body)).machine).total_seconds())
