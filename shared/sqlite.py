"""SQLite on the event loop's own thread, in the form that SQLAlchemy's aiosqlite dialect drives.

aiosqlite sends each cursor, execute, fetch and close to a thread and back: four hops a statement, and on the embedded
default they are most of what a write costs. Here a statement runs where it is called, since in one process with its
own files it takes microseconds. What may wait for the disk or for another process (BEGIN IMMEDIATE, COMMIT, opening,
closing) still goes to the connection's thread. See docs/decisions/0008.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Self, TypeVar

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

WRITING = "BEGIN IMMEDIATE"
WAITS = ("BEGIN", "PRAGMA", "VACUUM")
T = TypeVar("T")


class InlineCursor:
    """A cursor whose methods are awaited and, but for what may wait, finish at once."""

    def __init__(self, connection: "InlineConnection") -> None:
        self._connection = connection
        self._cursor = connection.raw.cursor()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @property
    def description(self) -> Any:
        return self._cursor.description

    @property
    def rowcount(self) -> int:
        return self._cursor.rowcount

    @property
    def lastrowid(self) -> int | None:
        return self._cursor.lastrowid

    @property
    def arraysize(self) -> int:
        return self._cursor.arraysize

    @arraysize.setter
    def arraysize(self, size: int) -> None:
        self._cursor.arraysize = size

    async def execute(self, sql: str, parameters: Sequence[Any] = ()) -> Self:
        connection = self._connection
        if connection.may_wait and sql.startswith(WAITS):
            if not (sql == WRITING and connection.has_begun_at_once()):
                await connection.in_thread(lambda: self._cursor.execute(sql, parameters))
        else:
            self._cursor.execute(sql, parameters)
        return self

    async def executemany(self, sql: str, parameters: Sequence[Sequence[Any]]) -> Self:
        self._cursor.executemany(sql, parameters)
        return self

    async def fetchone(self) -> Any:
        return self._cursor.fetchone()

    async def fetchmany(self, size: int | None = None) -> list[Any]:
        return self._cursor.fetchmany(self.arraysize if size is None else size)

    async def fetchall(self) -> list[Any]:
        return self._cursor.fetchall()

    async def close(self) -> None:
        self._cursor.close()


class InlineConnection:
    """One connection and the thread in which it waits. One task uses it at a time: the pool sees to that."""

    def __init__(self, path: str, timeout: float, *, may_wait: bool) -> None:
        """`may_wait`: it writes, and so waits for the disk and for other writers; a reader of the log never does."""
        self.may_wait = may_wait
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sqlite")
        self._open: sqlite3.Connection | None = None
        self._path = path
        self._timeout = timeout

    async def opened(self) -> Self:
        def connect() -> sqlite3.Connection:
            return sqlite3.connect(
                self._path, timeout=self._timeout, isolation_level=None, check_same_thread=False, cached_statements=512
            )

        self._open = await self.in_thread(connect)
        return self

    @property
    def raw(self) -> sqlite3.Connection:
        if self._open is None:
            raise ValueError("no active connection")  # the words by which the dialect knows a closed connection
        return self._open

    @property
    def _connection(self) -> sqlite3.Connection | None:
        """What the dialect asks before it commits or rolls back: is there one."""
        return self._open

    @property
    def isolation_level(self) -> str | None:
        return self.raw.isolation_level

    async def in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def cursor(self) -> InlineCursor:
        return InlineCursor(self)

    def has_begun_at_once(self) -> bool:
        """Begins to write where no other process does: then there is nothing to wait for, and no thread is asked."""
        raw = self.raw
        raw.execute("PRAGMA busy_timeout=0")
        try:
            raw.execute(WRITING)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            return False
        finally:
            raw.execute(f"PRAGMA busy_timeout={int(self._timeout * 1000)}")
        return True

    async def create_function(self, *arguments: Any, **options: Any) -> None:
        self.raw.create_function(*arguments, **options)

    async def commit(self) -> None:
        if self.may_wait:
            await self.in_thread(self.raw.commit)
        else:
            self.raw.commit()

    async def rollback(self) -> None:
        self.raw.rollback()

    async def close(self) -> None:
        connection, self._open = self._open, None
        if connection is not None:
            await self.in_thread(connection.close)
        self._thread.shutdown(wait=False)

    def stop(self) -> None:
        """Ends it from outside a coroutine; a commit under way in the thread is finished first."""
        connection, self._open = self._open, None
        if connection is not None:
            self._thread.submit(connection.close)
        self._thread.shutdown(wait=False)


SQLITE_PATIENCE = 10.0
"""Seconds to wait for a lock that another process holds on the file."""


def sqlite_engine(url: str, begin: str, synchronous: str, *, size: int, query_only: bool = False) -> AsyncEngine:
    path = url.split("///", 1)[1]

    async def connect(*_: Any, **__: Any) -> InlineConnection:
        return await InlineConnection(path, SQLITE_PATIENCE, may_wait=not query_only).opened()

    engine = create_async_engine(
        url, pool_size=size, max_overflow=0, pool_timeout=30, hide_parameters=True, async_creator=connect
    )

    @event.listens_for(engine.sync_engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute(f"PRAGMA synchronous={synchronous}")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute(f"PRAGMA busy_timeout={int(SQLITE_PATIENCE * 1000)}")
        if query_only:
            cursor.execute("PRAGMA query_only=ON")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine
