"""A statement in SQLite's own words: made once, and run on the open file in the session's transaction.

A statement takes SQLite some microseconds, and SQLAlchemy ten times as many on the way there and back. What every
request and every fact needs (the key, the turn, what is written at the end) goes straight there, as it goes straight to
PostgreSQL's driver in `shared.joined`.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, SelectBase
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DBAPIError
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.store_errors import StoreAway

DIALECT = sqlite.dialect()
HELD = "held on file"
"""In a session's `info`: the connection on which its transaction began."""

Convert = Callable[[Any], Any]


class OnFile:
    """A statement with a `bindparam` for each value it is run with, or an INSERT of the columns in `names`.

    Raises TypeError for one whose values SQLAlchemy would have to make up, or whose text depends on them.
    """

    def __init__(self, statement: Any, names: Sequence[str] | None = None) -> None:
        compiled = statement.compile(dialect=DIALECT, column_keys=None if names is None else list(names))
        if compiled.insert_prefetch or compiled.update_prefetch or compiled.post_compile_params:
            raise TypeError(f"{compiled}: not a statement whose text and values are all there")
        self.sql = str(compiled)
        order: Sequence[str] = compiled.positiontup or ()
        self._given = [(name, self._encoder(compiled.binds[name].type)) for name in order]
        self._fixed = {name: bind.value for name, bind in compiled.binds.items() if not bind.required}
        columns = statement.selected_columns if isinstance(statement, SelectBase) else statement.exported_columns
        self._decoders = decoders([column.type for column in columns])

    async def __call__(self, session: AsyncSession, **values: Any) -> list[Sequence[Any]]:
        """The rows, each as its columns."""
        return self.decoded(await run(session, self.sql, self._values(values)))

    async def for_each(self, session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
        """Runs it once for each row, in their order."""
        await run_many(session, self.sql, [self._values(row) for row in rows])

    def decoded(self, rows: Sequence[Sequence[Any]]) -> list[Sequence[Any]]:
        return [decoded(row, self._decoders) for row in rows] if self._decoders else list(rows)

    def _values(self, row: Mapping[str, Any]) -> list[Any]:
        fixed = self._fixed
        values = [(row[name] if name in row else fixed[name], encode) for name, encode in self._given]
        return [value if encode is None else encode(value) for value, encode in values]

    def _encoder(self, kind: Any) -> Convert | None:
        encode: Convert | None = kind.dialect_impl(DIALECT).bind_processor(DIALECT)
        return encode


def decoders(kinds: Sequence[Any]) -> list[tuple[int, Convert]]:
    """By place, what makes of a value as SQLite keeps it the one that a session would give."""
    found = [(place, kind.dialect_impl(DIALECT).result_processor(DIALECT, None)) for place, kind in enumerate(kinds)]
    return [(place, decode) for place, decode in found if decode is not None]


def decoded(row: Sequence[Any], decoders: Sequence[tuple[int, Convert]]) -> list[Any]:
    """The row, with what stands at each decoder's place made by it into the value that a session would give."""
    values = list(row)
    for place, decode in decoders:
        values[place] = decode(values[place])
    return values


async def run(session: AsyncSession, sql: str, values: Sequence[Any] = ()) -> list[Any]:
    """The rows of a statement, in the session's transaction, which it begins where it is the first.

    What SQLite raises becomes the error that SQLAlchemy would raise.
    """
    held, file = await _begun(session)
    with _told(held, sql):
        return file.execute(sql, values).fetchall()


async def run_many(session: AsyncSession, sql: str, rows: Sequence[Sequence[Any]]) -> None:
    """The statement once for each row of values. Raises as `run`."""
    held, file = await _begun(session)
    with _told(held, sql):
        file.executemany(sql, rows)


async def _begun(session: AsyncSession) -> tuple[Connection, sqlite3.Connection]:
    held: Connection | None = session.info.get(HELD)
    if held is not None and not held.closed and not held.invalidated:
        file = _file_of(held)
        if not file.in_transaction:  # SQLite gave it up by itself: what came now would be kept alone
            raise StoreAway("the transaction was given up")
        return held, file
    held = (await session.connection()).sync_connection
    assert held is not None
    session.info[HELD] = held
    return held, _file_of(held)


def _file_of(held: Connection) -> sqlite3.Connection:
    file: sqlite3.Connection = held.connection.driver_connection.raw  # type: ignore[union-attr]  # opened by `shared.sqlite`
    return file


@contextmanager
def _told(held: Connection, sql: str) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        base = held.dialect.loaded_dbapi.Error
        told = DBAPIError.instance(sql, None, error, base, True, dialect=held.dialect)
        raise told from error
