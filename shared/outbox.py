"""The outbox: where a fact waits to leave. Staging an event is adding a row through the caller's session."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import IntegrityError

from shared.act import Act
from shared.clock import machine_now
from shared.database import STAGED, Session, core, outbox, stream
from shared.events import LONGEST_KEY, MAX_EVENT_BYTES, Envelope, Event, event_id, source_of
from shared.joined import later, on_driver
from shared.on_file import OnFile

Result = TypeVar("Result")


# Built once: making a statement anew costs several times what running it does.
_FIRST = sqlite.insert(stream).values(
    key=bindparam("name", type_=stream.c.key.type),
    sequence=1,
    recorded=bindparam("now", type_=stream.c.recorded.type),
)
_LATEST = func.max(stream.c.recorded, _FIRST.excluded.recorded, type_=stream.c.recorded.type)
COUNT_ON_FILE = OnFile(
    _FIRST.on_conflict_do_update(
        index_elements=[stream.c.key], set_={"sequence": stream.c.sequence + 1, "recorded": _LATEST}
    ).returning(stream.c.sequence, stream.c.recorded)
)
COUNT_ON_POSTGRES = """
    INSERT INTO stream (key, sequence, recorded) VALUES ($1, 1, $2) ON CONFLICT (key)
    DO UPDATE SET sequence = stream.sequence + 1, recorded = greatest(stream.recorded, excluded.recorded)
    RETURNING sequence, recorded
"""
MADE_HERE = "made here"
"""In a session's `info`: keys that nobody else can know before its transaction commits."""
HEADS = "heads"
"""In a session's `info`: how far the keys are counted whose rows its transaction has locked."""
_SENT_NEXT = select(outbox.c.body).where(outbox.c.sent_at.is_(None), outbox.c.position.is_not(None))
_PLACED_NEXT = select(outbox.c.body).where(outbox.c.position.is_(None))
OLDEST = func.coalesce(  # positions are given in the order of age: what has none yet is younger than what has
    _SENT_NEXT.order_by(outbox.c.position).limit(1).scalar_subquery(),
    _PLACED_NEXT.order_by(outbox.c.id).limit(1).scalar_subquery(),
)
WAITING = select(func.count().label("depth"), OLDEST.label("body")).where(outbox.c.sent_at.is_(None))


_after_a_back_up: ContextVar[bool] = ContextVar("after_a_back_up", default=False)


@contextmanager
def after_a_back_up() -> Iterator[None]:
    """In this block a fact that was sent before is passed over: what was told after a back-up was taken back from the
    topic, and what led to it is handled again."""
    token = _after_a_back_up.set(True)
    try:
        yield
    finally:
        _after_a_back_up.reset(token)


def was_told_before(error: BaseException) -> bool:
    """Whether a write failed because it told a fact whose id is in the outbox already."""
    return isinstance(error, IntegrityError) and "event_id" in str(error.orig)


async def passing_over_what_was_sent(work: Callable[[], Awaitable[Result]]) -> Result:
    """Does `work`, a whole transaction; again in the way above if a fact of it was told before."""
    try:
        return await work()
    except IntegrityError as error:
        if not was_told_before(error):
            raise
    with after_a_back_up():
        return await work()


async def last_position(session: Session) -> int:
    """That of the last fact that has one; 0 before the first."""
    return (await core(session, select(func.max(outbox.c.position)))).scalar() or 0


async def _was_sent(session: Session, event: UUID) -> bool:
    sent = select(outbox.c.id).where(outbox.c.event_id == event, outbox.c.sent_at.is_not(None))
    return (await core(session, sent)).first() is not None


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
    told = event_id(act.cause, fact.type, f"{name}|{subject or ''}")
    if _after_a_back_up.get() and await _was_sent(session, told):
        return told
    if not 1 <= len(name) <= LONGEST_KEY:
        raise ValueError(f"{fact.type}: a key has 1 to {LONGEST_KEY} characters")
    sequence, recorded = await _next(session, name, act.now)
    envelope = Envelope(
        id=told,
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
        trace=act.traced,
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
    later(session, outbox, row)
    session.info[STAGED] = True
    return envelope.id


def made_here(session: Session, key: UUID | str) -> None:
    """Says that this transaction makes what the key is about: there is nobody to wait for and nothing to count yet, so
    that the key's row is written with all that waits for the end."""
    session.info.setdefault(MADE_HERE, set()).add(str(key))


async def _next(session: Session, key: str, now: datetime) -> tuple[int, datetime]:
    """The key's next number, and when this is recorded. Its row is asked and locked once a transaction."""
    heads: dict[str, tuple[int, datetime]] = session.info.setdefault(HEADS, {})
    made: set[str] = session.info.get(MADE_HERE, set())
    if key in heads or key in made:
        sequence, recorded = heads.get(key, (0, now))
        heads[key] = sequence + 1, max(recorded, now)
        row = {"key": key, "sequence": sequence + 1, "recorded": heads[key][1]}
        later(session, stream, row, by=() if key in made else ("key",), of=key)
    elif session.get_bind().dialect.name == "postgresql":
        [heads[key]] = await on_driver(session, COUNT_ON_POSTGRES, [key, now])
    else:
        [(sequence, recorded)] = await COUNT_ON_FILE(session, name=key, now=now)
        heads[key] = sequence, recorded
    return heads[key]


async def depth(session: Session) -> tuple[int, datetime | None]:
    """How many facts have not left yet, and when the oldest of them was recorded."""
    waiting = select(func.count().label("count"), func.min(outbox.c.recorded).label("oldest")).where(
        outbox.c.sent_at.is_(None)
    )
    row = (await core(session, waiting)).one()._mapping
    return row["count"], row["oldest"]


async def waiting(session: Session) -> tuple[int, float]:
    """How many facts have not left yet, and for how many seconds the oldest has lain here, by the machine's clock."""
    row = (await core(session, WAITING)).one()
    return int(row.depth), _age(row.body)


async def oldest(session: Session) -> float:
    """For how many seconds the oldest fact that has not left has lain here; 0 where there is none."""
    return _age((await core(session, select(OLDEST))).scalar_one_or_none())


def _age(body: bytes | None) -> float:
    # The fact's own machine time, since business time may be another year's.
    if body is None:
        return 0.0
    return max(0.0, (machine_now() - Envelope.parse(bytes(body)).machine).total_seconds())
