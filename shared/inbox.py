"""The inbox: where a foreign fact is ticked off on arrival, kept, and answered.

One row per (source, key) with the last sequence applied. It drops repeats, and is the row that consumer, replay and
rebuild lock first. It is never pruned. Gaps in it are normal: a service skips the types it does not ask for.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Text,
    and_,
    bindparam,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from shared.act import Act
from shared.asked import Asked
from shared.database import Session, core, inbox, parked
from shared.events import Envelope, Event
from shared.folding import settle
from shared.logs import context
from shared.on_file import OnFile, run
from shared.trace import Trace, of_correlation, span_of

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

# Built once: making a statement anew costs several times what running it does. PostgreSQL is given the keys as arrays:
# a list of so many pairs is another statement for each number of them, to be made, sent and planned anew.
TEXTS = postgresql.ARRAY(Text)
SOURCES, KEYS = bindparam("sources", type_=TEXTS), bindparam("keys", type_=TEXTS)
SEQUENCES = bindparam("sequences", type_=postgresql.ARRAY(BigInteger))
GIVEN = func.unnest(SOURCES, KEYS).table_valued("source", "key", name="given").render_derived()
REACHED = func.unnest(SOURCES, KEYS, SEQUENCES).table_valued("source", "key", "sequence", name="reached")
REACHED = REACHED.render_derived()


def _is_of(rows: Any, given: Any) -> ColumnElement[bool]:
    return and_(rows.c.source == given.c.source, rows.c.key == given.c.key)


LAST = select(inbox.c.source, inbox.c.key, inbox.c.sequence)
TO_LOCK = LAST.join(GIVEN, _is_of(inbox, GIVEN)).order_by(inbox.c.source, inbox.c.key).with_for_update(of=inbox)
LOCK = Asked(TO_LOCK)
MISSING = (
    postgresql.insert(inbox)
    .from_select(["source", "key", "sequence"], select(GIVEN.c.source, GIVEN.c.key, literal(0)).order_by(*GIVEN.c))
    .on_conflict_do_nothing()
    .returning(inbox.c.source, inbox.c.key)
)
MISSING_ON_FILE = OnFile(sqlite.insert(inbox).on_conflict_do_nothing(), ("source", "key", "sequence"))
ADVANCE = update(inbox).values(sequence=REACHED.c.sequence).where(_is_of(inbox, REACHED))
ADVANCE_ON_FILE = OnFile(
    update(inbox)
    .where(inbox.c.source == bindparam("of_source"), inbox.c.key == bindparam("of_key"))
    .values(sequence=bindparam("applied"))
)
BEHIND = select(parked.c.source, parked.c.key).where(parked.c.settled_at.is_(None)).distinct()
WAITING = Asked(BEHIND.join(GIVEN, _is_of(parked, GIVEN)))
# SQLite has no arrays: the keys come as one text of JSON, pairs in a list.
_AMONG = "(source, key) IN (SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?))"
LOCK_ON_FILE = f"SELECT source, key, sequence FROM inbox WHERE {_AMONG}"  # noqa: S608 - words of this module
WAITING_ON_FILE = f"SELECT DISTINCT source, key FROM parked WHERE settled_at IS NULL AND {_AMONG}"  # noqa: S608 - the same


def act_of(service: str, envelope: Envelope, trace: Trace | None = None) -> Act:
    """The circumstances of a reaction: the service acts, at the business time at which the fact was recorded."""
    by, roles = f"service:{service}", frozenset({"service"})
    trace = trace or trace_at(service, envelope)
    return Act(by, roles, envelope.recorded, envelope.id, envelope.correlation, service, trace)


def trace_at(service: str, envelope: Envelope) -> Trace:
    """The span under which the service handles a fact: the same each time that it does."""
    told = envelope.trace or of_correlation(envelope.correlation, envelope.cause)
    return told.child(span_of(envelope.id, service))


def ids_of(service: str, envelope: Envelope, trace: Trace | None = None) -> dict[str, str]:
    """What a log line about a fact says, so that one request can be followed through the services."""
    trace = trace or trace_at(service, envelope)
    kind = Event.registry.get(envelope.type)
    ids = {
        "service": service,
        "fact": str(envelope.id),
        "fact_type": envelope.type,
        kind.key_noun if kind else "key": envelope.key,
        "correlation": str(envelope.correlation),
        "trace_id": trace.trace_id,
        "span_id": trace.span_id,
    }
    return ids if envelope.trace is None else {**ids, "parent_id": envelope.trace.span_id}


async def lock_keys(session: Session, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Locks the inbox rows of these (source, key) in sorted order, making those that are missing; gives the last
    sequence applied of each."""
    wanted = sorted(set(keys))
    found = await _locked(session, wanted)
    missing = [key for key in wanted if key not in found]
    if missing:
        if session.get_bind().dialect.name == "postgresql":
            made: Any = (await core(session, MISSING, _given(missing))).all()
            found |= {(source, key): 0 for source, key in made}  # nobody else sees it before the commit
        else:
            rows = [{"source": source, "key": key, "sequence": 0} for source, key in missing]
            await MISSING_ON_FILE.for_each(session, rows)
        # Who made one meanwhile may have applied something.
        found |= await _locked(session, [key for key in missing if key not in found])
    return found


async def _locked(session: Session, wanted: Sequence[tuple[str, str]]) -> dict[tuple[str, str], int]:
    rows = await _asked(session, LOCK, LOCK_ON_FILE, wanted)
    return {(source, key): sequence for source, key, sequence in rows}


async def _asked(session: Session, of_server: Asked, on_file: str, wanted: Sequence[tuple[str, str]]) -> Sequence[Any]:
    if not wanted:
        return ()
    if session.get_bind().dialect.name == "postgresql":
        return await of_server(session, **_given(wanted))
    return await run(session, on_file, [orjson.dumps(wanted).decode()])


def _given(keys: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    return {"sources": [source for source, _ in keys], "keys": [key for _, key in keys]}


async def advance(session: Session, reached: Mapping[tuple[str, str], int]) -> None:
    """Ticks off: everything of these (source, key) up to their sequence has been applied."""
    if not reached:
        return
    if session.get_bind().dialect.name == "postgresql":
        given = {**_given(list(reached)), "sequences": list(reached.values())}
        await core(session, ADVANCE, given)
        return
    rows = [{"of_source": source, "of_key": key, "applied": last} for (source, key), last in reached.items()]
    await ADVANCE_ON_FILE.for_each(session, rows)


async def waiting_keys(session: Session, keys: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of these keys that have something parked: later facts of theirs wait behind it."""
    return {(source, key) for source, key in await _asked(session, WAITING, WAITING_ON_FILE, sorted(set(keys)))}


async def apply(session: Session, service: str, handlers: Handlers, envelope: Envelope) -> None:
    """Folds one fact and reacts to it, in the caller's transaction; what it folded may wait there to be written with
    the next (`shared.folding.settle`). Raises what the code raises."""
    fact = envelope.event()
    handler = handlers[type(fact)]
    await handler.fold(session, envelope, fact)
    if handler.react is None:
        return
    await settle(session)
    trace = trace_at(service, envelope)
    with context(**ids_of(service, envelope, trace)):
        await handler.react(session, act_of(service, envelope, trace), envelope, fact)


async def parked_count(session: Session) -> int:
    return int(
        (await core(session, select(func.count()).select_from(parked).where(parked.c.settled_at.is_(None)))).one()[0]
    )
