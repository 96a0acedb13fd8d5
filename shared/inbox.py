"""The inbox: where a foreign fact is ticked off on arrival, kept, and answered.

One row per (source, key) with the last sequence applied. It drops repeats, and is the row that consumer, replay and
rebuild lock first. It is never pruned. Gaps in it are normal: a service skips the types it does not ask for.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, bindparam, func, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite

from shared.act import Act
from shared.database import Session, core, inbox, parked
from shared.events import Envelope, Event

Keep = Callable[[Session, Envelope, Any], Awaitable[None]]
Follow = Callable[[Session, Act, Envelope, Any], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Handler:
    """What a service does with one type of foreign fact.

    `fold(session, envelope, fact)` keeps the fact and decides nothing; it must give the same rows in whatever order
    the facts of different sources come. `react(session, act, envelope, fact)` lets a rule say what follows from all
    facts kept so far; None where nothing does. A rebuild folds only.
    """

    fold: Keep
    react: Follow | None = None


Handlers = Mapping[type[Event], Handler]

# Built once: making a statement anew costs several times what running it does.
WANTED: BindParameter[Any] = bindparam("wanted", expanding=True)
MISSING = {
    "postgresql": postgresql.insert(inbox).on_conflict_do_nothing(),
    "sqlite": sqlite.insert(inbox).on_conflict_do_nothing(),
}
LOCK = (
    select(inbox.c.source, inbox.c.key, inbox.c.sequence)
    .where(tuple_(inbox.c.source, inbox.c.key).in_(WANTED))
    .order_by(inbox.c.source, inbox.c.key)
    .with_for_update()
)
ADVANCE = (
    update(inbox)
    .where(inbox.c.source == bindparam("of_source"), inbox.c.key == bindparam("of_key"))
    .values(sequence=bindparam("applied"))
)
WAITING = (
    select(parked.c.source, parked.c.key)
    .where(parked.c.settled_at.is_(None), tuple_(parked.c.source, parked.c.key).in_(WANTED))
    .distinct()
)


def act_of(service: str, envelope: Envelope) -> Act:
    """The circumstances of a reaction: the service acts, at the business time at which the fact was recorded."""
    return Act(
        f"service:{service}", frozenset({"service"}), envelope.recorded, envelope.id, envelope.correlation, service
    )


async def lock_keys(session: Session, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Locks the inbox rows of these (source, key) in sorted order, making those that are missing; gives the last
    sequence applied of each."""
    wanted = sorted(set(keys))
    if not wanted:
        return {}
    missing = MISSING[session.get_bind().dialect.name]
    await core(session, missing, [{"source": source, "key": key, "sequence": 0} for source, key in wanted])
    rows = (await core(session, LOCK, {"wanted": wanted})).all()
    return {(row.source, row.key): row.sequence for row in rows}


async def advance(session: Session, source: str, key: str, sequence: int) -> None:
    """Ticks off: everything of this source and key up to `sequence` has been applied."""
    await core(session, ADVANCE, {"of_source": source, "of_key": key, "applied": sequence})


async def waiting_keys(session: Session, keys: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of these keys that have something parked: later facts of theirs wait behind it."""
    wanted = sorted(set(keys))
    return {(row.source, row.key) for row in (await core(session, WAITING, {"wanted": wanted})).all()}


async def apply(session: Session, service: str, handlers: Handlers, envelope: Envelope) -> None:
    """Folds one fact and reacts to it, in the caller's transaction. Raises what the code raises."""
    fact = envelope.event()
    handler = handlers[type(fact)]
    await handler.fold(session, envelope, fact)
    if handler.react is not None:
        await session.flush()
        await handler.react(session, act_of(service, envelope), envelope, fact)
    await session.flush()


async def parked_count(session: Session) -> int:
    return int(
        (await core(session, select(func.count()).select_from(parked).where(parked.c.settled_at.is_(None)))).one()[0]
    )
