"""Where rows live: engines, sessions, column types, and the tables every service has.

PostgreSQL through asyncpg, SQLite in the loop's own thread. SQLite is not a small PostgreSQL: its writers go through
one fair lock per file, start with BEGIN IMMEDIATE, and read on connections of their own.
"""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from pathlib import Path
from typing import Any, TypeVar

import orjson
from sqlalchemy import CursorResult, Executable, event, text
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.orm import class_mapper, object_session
from sqlalchemy.orm.attributes import get_history
from sqlalchemy.pool import NullPool, PoolProxiedConnection
from sqlalchemy.util import greenlet_spawn
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.columns import NAMING, JsonColumn, MoneyColumn, RowId, UtcDateTime, new_id
from shared.joined import lend_none_that_is_closed, still_lent, told_by_the_driver, write_what_waits
from shared.sqlite import sqlite_engine
from shared.standing import STANDING, audit, inbox, outbox, parked, request_key, stream
from shared.store_errors import StoreAway, is_lost_race, is_store_away, store_errors

__all__ = [
    "NAMING",
    "STAGED",
    "STANDING",
    "WISHED",
    "Database",
    "JsonColumn",
    "Leader",
    "MoneyColumn",
    "RowId",
    "Session",
    "StoreAway",
    "UtcDateTime",
    "audit",
    "core",
    "inbox",
    "is_lost_race",
    "is_store_away",
    "new_id",
    "outbox",
    "parked",
    "request_key",
    "store_errors",
    "stream",
    "transaction_is_open",
    "versioned",
]

Session = AsyncSession
Options = Mapping[str, Any]

_open_transaction: ContextVar[bool] = ContextVar("open_transaction", default=False)
_writing_to: ContextVar["Database | None"] = ContextVar("writing_to", default=None)


STAGED = "staged"
"""Marks in a session's `info` that its transaction stages a fact."""
WISHED = "wished"
"""Marks in a session's `info` that its transaction leaves a wish for the runner."""


def transaction_is_open() -> bool:
    """Whether this task holds a transaction: then nothing outside may be called."""
    return _open_transaction.get()


Row = TypeVar("Row", bound=type[Any])


def versioned(model: Row) -> Row:
    """Makes `version` the guard of a table: an UPDATE carries the version it read in its WHERE, and fails as
    `StaleDataError` when somebody was faster. Actions raise it through `shared.concurrency.touch`; where one forgets
    to, it is raised when the row is written, for a change without a new version could be lost unseen."""
    mapper: Any = class_mapper(model)
    mapper.version_id_col = model.__table__.c.version
    mapper.version_id_generator = False

    @event.listens_for(model, "before_update")
    def _raise_the_version(_mapper: Any, _connection: Any, row: Any) -> None:
        session = object_session(row)
        changed = session is not None and session.is_modified(row, include_collections=False)
        if changed and not get_history(row, "version").has_changes():
            row.version += 1

    return model


class Database:
    """One service's database. `transaction()` writes, `reading()` reads; both give an SQLModel session."""

    def __init__(self, url: str, *, synchronous: str = "FULL", pool: int = 10, options: Options | None = None) -> None:
        """`options`: what the driver of PostgreSQL is told besides the address (certificates, a password)."""
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        self.takes_no_writes: str | None = None
        """The kind of the last failure, from a write that the database did not take until one that it does."""
        self._turn = asyncio.Lock()
        self._wakes: list[tuple[asyncio.Event, str | None]] = []
        self.on_commit: Callable[[bool, bool], None] | None = None
        """Is told after each write whether it staged a fact, and whether it left a wish: for other processes, as `wake`
        is for this one."""
        if self.is_sqlite:
            path = Path(url.split("///", 1)[1])
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.exists():
                path.touch(mode=0o600)
            self._writer = sqlite_engine(url, "BEGIN IMMEDIATE", synchronous, size=1)
            self._reader = sqlite_engine(url, "BEGIN", synchronous, size=4, query_only=True)
        else:
            self._connecting = {
                "timeout": 5,
                # A service runs some hundreds of different statements; one that fell out is sent and planned anew.
                "prepared_statement_cache_size": 500,
                **(options or {}),
                "server_settings": {
                    "application_name": f"homeward-{os.getpid()}",
                    "lock_timeout": "10s",
                    "idle_in_transaction_session_timeout": "60s",
                },
            }
            self._writer = create_async_engine(
                url,
                pool_size=pool,
                max_overflow=0,
                pool_timeout=5,
                pool_use_lifo=True,
                hide_parameters=True,
                json_deserializer=orjson.loads,
                connect_args=self._connecting,
            )
            lend_none_that_is_closed(self._writer.sync_engine)
            self._reader = self._writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    @contextlib.asynccontextmanager
    async def transaction(self) -> AsyncIterator[Session]:
        """One write transaction; commits when the block ends well.

        Raises `StoreAway` when the database is gone, and RuntimeError inside another write to the same database: on
        SQLite it would wait for itself for ever.
        """
        async with self._own_transaction() as session:
            yield session
        staged, wished = STAGED in session.info, WISHED in session.info
        self.wake(staged=staged, wished=wished)
        if self.on_commit is not None:
            self.on_commit(staged, wished)

    @contextlib.asynccontextmanager
    async def _own_transaction(self) -> AsyncIterator[Session]:
        """A write that wakes nobody: the relay would wake itself, without end."""
        if _writing_to.get() is self:
            raise RuntimeError("a transaction was opened inside another one of the same database")
        turn = self._turn if self.is_sqlite else contextlib.nullcontext()
        async with turn:
            token = _writing_to.set(self)
            try:
                async with _write(self._writer) as session:
                    yield session
                self.takes_no_writes = None
            except StoreAway as error:
                if not isinstance(error.__cause__, PoolTimeout):  # this process's own doing: nothing was tried
                    self.takes_no_writes = str(error)
                raise
            finally:
                _writing_to.reset(token)

    @contextlib.asynccontextmanager
    async def reading(self) -> AsyncIterator[Session]:
        """One read-only snapshot. Raises `StoreAway`; a write in it is the database's own error."""
        with _transaction_marked(), store_errors(reading=True):
            async with AsyncSession(self._reader, expire_on_commit=False) as session, session.begin():
                yield session

    @contextlib.asynccontextmanager
    async def reading_if_asked(self) -> AsyncIterator[Callable[[], Session]]:
        """The same, of a session that is made when it is first called for: not every read needs one."""
        made: list[Session] = []

        def session() -> Session:
            if not made:
                made.append(AsyncSession(self._reader, expire_on_commit=False))
            return made[0]

        with _transaction_marked(), store_errors(reading=True):
            try:
                yield session
            finally:
                for each in made:
                    async with each:  # ends it, whatever interrupts meanwhile
                        pass

    async def asked(self, question: str, values: Sequence[Any]) -> list[Any]:
        """The rows of one SELECT in PostgreSQL's own words, outside any transaction. Raises `StoreAway`."""
        engine = self._writer.sync_engine
        with _transaction_marked(), store_errors(reading=True):
            lent = await greenlet_spawn(engine.pool.connect)
            try:
                with told_by_the_driver(engine.dialect, lent, question):
                    rows: list[Any] = await lent.driver_connection.fetch(question, *values)  # type: ignore[union-attr]  # asyncpg's, while it is lent
                return rows
            except asyncio.CancelledError as error:  # its answer may still come: nobody else must take it for theirs
                lent.invalidate(error)
                raise
            finally:
                lent.close()

    @contextlib.asynccontextmanager
    async def leading(self, name: str) -> AsyncIterator["Leader | None"]:
        """The one leader of that name, or None when another process leads.

        On PostgreSQL the lead is an advisory lock on the very connection that does the work: who loses the connection
        has lost the lead. On SQLite the process owns the data folder, and so leads.
        """
        if self.is_sqlite:
            yield Leader(self, None)
            return
        with store_errors():
            async with self._writer.connect() as connection:
                got = await connection.scalar(text("SELECT pg_try_advisory_lock(hashtextextended(:n, 0))"), {"n": name})
                await connection.commit()
                try:
                    yield Leader(self, connection) if got else None
                finally:
                    with contextlib.suppress(Exception):
                        if got:
                            await connection.invalidate()

    @contextlib.asynccontextmanager
    async def schema_connection(self) -> AsyncIterator[AsyncConnection]:
        """A bare connection in a transaction, for schema changes alone."""
        turn = self._turn if self.is_sqlite else contextlib.nullcontext()
        async with turn:
            with store_errors():
                async with self._writer.begin() as connection:
                    yield connection

    @contextlib.asynccontextmanager
    async def apart(self) -> AsyncIterator[Any]:
        """PostgreSQL alone: asyncpg's own connection, outside the pool and any transaction, for what lasts as long as
        the process. Raises `StoreAway`."""
        engine = create_async_engine(self.url, poolclass=NullPool, connect_args=self._connecting)
        with store_errors():
            async with engine.connect() as connection:
                yield (await connection.get_raw_connection()).driver_connection

    @property
    def is_waited_for(self) -> bool:
        """Whether anything in this process waits for commits."""
        return bool(self._wakes)

    def waker(self, only: str | None = None) -> asyncio.Event:
        """An event that is set after each commit in this process, or `only` after those that staged a fact (`STAGED`)
        or left a wish (`WISHED`): a hint, polling is the truth."""
        wake = asyncio.Event()
        self._wakes.append((wake, only))
        return wake

    def wake(self, *, staged: bool = False, wished: bool = False) -> None:
        for wake, only in self._wakes:
            if only is None or (staged and only == STAGED) or (wished and only == WISHED):
                wake.set()

    def pool_in_use(self) -> tuple[int, int]:
        """Connections in use, and how many there may be."""
        pools: list[Any] = [engine.pool for engine in {self._writer.sync_engine, self._reader.sync_engine}]
        if not self.is_sqlite:
            pools = pools[:1]  # readers use the writers' pool
        return sum(pool.checkedout() for pool in pools), sum(pool.size() for pool in pools)

    def pool_is_full(self) -> bool:
        """Whether who asks PostgreSQL now must wait for another in this process."""
        used, size = self.pool_in_use()
        return not self.is_sqlite and used >= size

    async def close(self) -> None:
        await self._writer.dispose()
        if self._reader is not self._writer:
            await self._reader.dispose()


class Leader:
    """Works on the connection that holds the lead."""

    def __init__(self, database: Database, connection: AsyncConnection | None) -> None:
        self._database = database
        self._connection = connection

    @contextlib.asynccontextmanager
    async def transaction(self) -> AsyncIterator[Session]:
        if self._connection is None:
            async with self._database._own_transaction() as session:
                yield session
            return
        self._lent()
        async with _write(self._connection) as session:
            yield session

    @property
    def is_on_postgresql(self) -> bool:
        return self._connection is not None

    async def asked(self, statement: str, values: Sequence[Any]) -> list[Any]:
        """The rows of one statement in PostgreSQL's own words, which is a transaction by itself. Raises `StoreAway`."""
        lent = self._lent()
        dialect = self._database._writer.dialect
        with _transaction_marked(), store_errors(), told_by_the_driver(dialect, lent, statement):
            rows: list[Any] = await lent.driver_connection.fetch(statement, *values)  # type: ignore[union-attr]  # asyncpg's, while it is lent
        return rows

    def _lent(self) -> PoolProxiedConnection:
        """The connection that holds the lead: SQLAlchemy would quietly take another one for it, without the lead."""
        held = self._connection.sync_connection if self._connection is not None else None
        lent = still_lent(held) if held is not None else None
        if lent is None:
            raise StoreAway("the lead is lost")
        return lent


async def core(session: Session, statement: Executable, parameters: Any = None) -> CursorResult[Any]:
    """Runs a Core statement on the session's own connection: in its transaction, beside the unit of work."""
    connection = await session.connection()
    return await connection.execute(statement, parameters)


@contextlib.asynccontextmanager
async def _write(bind: AsyncEngine | AsyncConnection) -> AsyncIterator[Session]:
    with _transaction_marked(), store_errors():
        async with AsyncSession(bind, expire_on_commit=False) as session, session.begin():
            yield session
            await write_what_waits(session)


@contextlib.contextmanager
def _transaction_marked() -> Iterator[None]:
    token = _open_transaction.set(True)
    try:
        yield
    finally:
        _open_transaction.reset(token)
