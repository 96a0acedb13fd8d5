"""Several writes as one statement.

A statement costs a trip to the server, and through SQLAlchemy as much again in this process. What a write does beside
its own rows (facts, audit, kept answer) is read by nobody before its end, so it goes out together at the end; and so
may the rows that an action makes, by `store`. On PostgreSQL that is one statement (`WITH`, the rows as JSON or arrays),
made once and run on the driver's own connection, in the transaction that SQLAlchemy holds there. On SQLite, where a
statement costs next to nothing, each table has its own.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

import orjson
from sqlalchemy import Connection, Engine, Table, bindparam, event, insert, update
from sqlalchemy.dialects.postgresql import asyncpg
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.orm import Session, class_mapper
from sqlalchemy.pool import PoolProxiedConnection
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.on_file import OnFile
from shared.store_errors import StoreAway

Row = Mapping[str, Any]
Encode = Callable[[Any], Any]
AnyRow = TypeVar("AnyRow", bound=SQLModel)

LATER = "later"
"""In a session's `info`: what is written before its transaction commits, by table and by what finds a row there."""

HELD = "held"
"""In a session's `info`: the connection on which its transaction began."""

DIALECT = asyncpg.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy's dialects carry no types


@dataclass(frozen=True, slots=True)
class Writing:
    """Rows of one table: new ones, or (`by`: the columns that find one) changes to rows that are there."""

    table: Table
    rows: Sequence[Row]
    by: tuple[str, ...] = ()


def later(session: AsyncSession, table: Table, row: Row, *, by: tuple[str, ...] = (), of: Hashable = None) -> None:
    """Writes the row before this transaction commits. `of`: a later row of the same takes the place of this one.

    Until then nobody in the transaction can read it.
    """
    waiting: dict[tuple[Table, tuple[str, ...]], dict[Hashable, Row]] = session.info.setdefault(LATER, {})
    rows = waiting.setdefault((table, by), {})
    rows[len(rows) if of is None else of] = row


async def write_what_waits(session: AsyncSession) -> None:
    """Does what `later` put off."""
    waiting = session.info.pop(LATER, None)
    if waiting:
        await write(session, [Writing(table, list(rows.values()), by) for (table, by), rows in waiting.items()])


def row_of(model: type[AnyRow], **values: Any) -> AnyRow:
    """A new object of a table class, as a query would make it: ten times quicker than by its constructor, which checks
    nothing of a table's either."""
    make, defaults = making(model)
    made: AnyRow = make()
    vars(made).update(defaults)
    vars(made).update(values)
    return made


def store(session: AsyncSession, *rows: Any) -> None:
    """Inserts new rows, objects of table classes as they are now, before this transaction commits: parents first, where
    one names the other. Until then nobody in the transaction can read them."""
    for each in rows:
        table: Table = type(each).__table__
        held = vars(each)  # an attribute of a mapped class is looked up there too, after much else
        later(session, table, {name: held[name] if name in held else getattr(each, name) for name in _names(table)})


async def write(session: AsyncSession, writings: Sequence[Writing]) -> None:
    """Does all of them, on PostgreSQL in one statement: then none of them sees what another did."""
    if session.get_bind().dialect.name == "postgresql":
        shapes = tuple((each.table, tuple(each.rows[0]), each.by) for each in writings)
        statement, encoders = _joined(shapes)
        values: list[Any] = []
        for each, encode in zip(writings, encoders, strict=True):
            rows = [
                {name: encode[name](value) if name in encode else value for name, value in row.items()}
                for row in each.rows
            ]
            values += [[row[name] for row in rows] for name in rows[0]] if each.by else [_as_json(rows)]
        await on_driver(session, statement, values)
        return
    for each in writings:
        if each.by:
            given = [{f"to_{name}": value for name, value in row.items()} for row in each.rows]
            await _change(each.table, tuple(each.rows[0]), each.by).for_each(session, given)
        else:
            await _addition(each.table, tuple(each.rows[0])).for_each(session, each.rows)


async def on_driver(session: AsyncSession, statement: str, values: Sequence[Any]) -> list[Any]:
    """Runs PostgreSQL's own SQL (`$1`, `$2`, ...) as it is, in the session's transaction, and gives the rows as tuples.

    What the driver raises becomes the error that SQLAlchemy would raise; `StoreAway` when the transaction's connection
    was lost before.
    """
    held: Connection | None = session.info.get(HELD)
    if held is not None:
        lent = still_lent(held)
        if lent is None:
            raise StoreAway("the connection is lost")
        driver: Any = lent.driver_connection
        if driver.is_in_transaction():  # begun by an earlier statement: nothing more to be seen to
            with told_by_the_driver(held.dialect, lent, statement):
                rows: list[Any] = await driver.fetch(statement, *values)
            return rows
    return await session.run_sync(_ask_first, statement, values)


def still_lent(held: Connection) -> PoolProxiedConnection | None:
    """What the pool lent; None once it is lost. SQLAlchemy's `invalidated` says nothing of what was given up by
    `told_by_the_driver`."""
    if held.invalidated:
        return None
    lent = held.connection
    return lent if lent.is_valid else None


def lend_none_that_is_closed(engine: Engine) -> None:
    """A connection that the driver knows to be cut is replaced before anybody gets it, and with it all that were made
    before: a server that cut one has most likely cut them all."""

    @event.listens_for(engine, "checkout")
    def _refuse_the_closed(adapted: Any, _record: Any, _lent: Any) -> None:
        if adapted.driver_connection.is_closed():
            raise InvalidatePoolError("the server cut it")


@contextmanager
def told_by_the_driver(dialect: Any, lent: PoolProxiedConnection, statement: str) -> Iterator[None]:
    """What asyncpg raises in the block becomes the error that SQLAlchemy would raise; when the server is gone, the pool
    gives up every connection that it made before, as it does for SQLAlchemy's own statements."""
    driver = dialect.loaded_dbapi
    adapted: Any = lent.dbapi_connection
    try:
        try:
            yield
        except Exception as error:
            adapted._handle_exception(error)  # SQLAlchemy's own translation, which has no public name
            raise
    except driver.Error as error:
        gone = dialect.is_disconnect(error, adapted, None)
        told = DBAPIError.instance(
            statement, None, error, driver.Error, True, connection_invalidated=gone, dialect=dialect
        )
        if gone:
            lent._pool._invalidate(lent, error)  # this one too has no public name
        raise told from error


def _ask_first(session: Session, statement: str, values: Sequence[Any]) -> list[Any]:
    """Begins the transaction and asks, in one crossing into SQLAlchemy."""
    connection = session.connection()
    session.info[HELD] = connection
    return _ask(connection, statement, values)


def _ask(connection: Connection, statement: str, values: Sequence[Any]) -> list[Any]:
    lent = connection.connection
    cursor = lent.cursor()
    with told_by_the_driver(connection.dialect, lent, statement):
        cursor.execute(statement, tuple(values))
        return list(cursor.fetchall())


def _as_json(rows: list[dict[str, Any]]) -> str:
    return orjson.dumps(rows, default=_in_json).decode()


def _in_json(value: Any) -> str:
    if isinstance(value, bytes):
        return f"\\x{value.hex()}"
    if isinstance(value, UUID):  # the driver's are of a class of its own
        return str(value)
    raise TypeError(f"{type(value).__qualname__} has no form in a row")


@lru_cache(maxsize=512)
def _joined(shapes: tuple[tuple[Table, tuple[str, ...], tuple[str, ...]], ...]) -> tuple[str, list[dict[str, Encode]]]:
    """The statement for rows of these shapes, and what makes of each value one that the driver takes.

    New rows go as one text of JSON for a table: the driver looks at each element of each array to learn its shape,
    which for rows of many columns cost more than the statement. Changes go as an array for a column, for the planner
    knows about how many rows an array is, and must find them by their key.
    """
    parts: list[str] = []
    encoders: list[dict[str, Encode]] = []
    first = 1
    for table, names, by in shapes:
        parts.append(_change_of(table, names, by, first) if by else _addition_of(table, names, first))
        first += len(names) if by else 1
        made = {name: table.c[name].type.dialect_impl(DIALECT).bind_processor(DIALECT) for name in names}
        encoders.append({name: encode for name, encode in made.items() if encode is not None})
    *before, last = parts
    named = ", ".join(f"part_{number} AS ({part})" for number, part in enumerate(before))
    return (f"WITH {named} {last}" if named else last), encoders


def _kind_of(table: Table, name: str) -> tuple[str, str]:
    """As which type a value of the column is sent, and what it is then cast to."""
    kind = table.c[name].type.compile(DIALECT)
    if kind.startswith("VARCHAR"):  # with its length the cast would cut off, where the column refuses
        return "TEXT", ""
    return ("TEXT", "::jsonb") if kind == "JSONB" else (kind, "")


def _addition_of(table: Table, names: tuple[str, ...], number: int) -> str:
    quoted = DIALECT.identifier_preparer.quote
    kinds = {name: _kind_of(table, name) for name in names}
    rows = ", ".join(f'"{name}" {kind}' for name, (kind, _) in kinds.items())
    values = ", ".join(f'given."{name}"{cast}' for name, (_, cast) in kinds.items())
    into = f"{quoted(table.name)} ({', '.join(map(quoted, names))})"
    return f"INSERT INTO {into} SELECT {values} FROM json_to_recordset(${number}::text::json) AS given ({rows})"  # noqa: S608 - names of our own tables


def _change_of(table: Table, names: tuple[str, ...], by: tuple[str, ...], first: int) -> str:
    quoted = DIALECT.identifier_preparer.quote
    kinds = {name: _kind_of(table, name) for name in names}
    arrays = ", ".join(f"${number}::{kinds[name][0]}[]" for number, name in enumerate(names, first))
    given = ", ".join(f'"{name}"' for name in names)
    sent = {name: f'given."{name}"{cast}' for name, (_, cast) in kinds.items()}
    target = quoted(table.name)
    changed = ", ".join(f"{quoted(name)} = {sent[name]}" for name in names if name not in by)
    found = " AND ".join(f"{target}.{quoted(name)} = {sent[name]}" for name in by)
    return f"UPDATE {target} SET {changed} FROM unnest({arrays}) AS given ({given}) WHERE {found}"  # noqa: S608 - names of our own tables


@lru_cache(maxsize=256)
def _addition(table: Table, names: tuple[str, ...]) -> OnFile:
    return OnFile(insert(table).inline(), names)


@lru_cache(maxsize=64)
def _change(table: Table, names: tuple[str, ...], by: tuple[str, ...]) -> OnFile:
    found = [table.c[name] == bindparam(f"to_{name}", type_=table.c[name].type) for name in by]
    changed = {name: bindparam(f"to_{name}", type_=table.c[name].type) for name in names if name not in by}
    return OnFile(update(table).where(*found).values(changed))


@lru_cache(maxsize=256)
def making(model: type[SQLModel]) -> tuple[Callable[[], Any], dict[str, Any]]:
    """What makes an empty object of a table class, and what its columns hold unless they are given."""
    given = {name: field for name, field in model.model_fields.items() if not field.is_required()}
    if any(field.default_factory is not None for field in given.values()):
        raise TypeError(f"{model.__name__} has a default that is made anew for each row: use its constructor")
    return class_mapper(model).class_manager.new_instance, {name: field.default for name, field in given.items()}


@lru_cache(maxsize=256)
def _names(table: Table) -> Iterable[str]:
    return tuple(column.key for column in table.columns)
