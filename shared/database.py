"""Where rows live: engines, sessions, column types, and the tables every service has.

PostgreSQL through asyncpg, SQLite through aiosqlite. SQLite is not a small PostgreSQL: its writers go through one fair
lock per file, start with BEGIN IMMEDIATE, and read on connections of their own.
"""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    CursorResult,
    Executable,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    event,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.orm import class_mapper
from sqlalchemy.types import DateTime, TypeDecorator
from sqlmodel.ext.asyncio.session import AsyncSession
from uuid_utils.compat import uuid7

Session = AsyncSession

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


def new_id() -> UUID:
    """A time-ordered id (UUID version 7), so that the newest rows lie together and pages can follow ids."""
    return UUID(int=uuid7().int)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment in UTC; a naive one is refused. Microseconds since 1970 on SQLite, timestamptz on PostgreSQL."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(BigInteger() if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its offset")
        if dialect.name != "sqlite":
            return value
        delta = value - datetime(1970, 1, 1, tzinfo=UTC)
        return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None or isinstance(value, datetime):
            return value
        seconds, micros = divmod(int(value), 1_000_000)
        return datetime.fromtimestamp(seconds, UTC).replace(microsecond=micros)


class MoneyColumn(TypeDecorator[Decimal]):
    """An amount of money as a whole number of ten-thousandths: exact, summable and comparable in both databases."""

    impl = BigInteger
    cache_ok = True
    scale = Decimal(10_000)

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        scaled = value * self.scale
        if scaled != scaled.to_integral_value():
            raise ValueError("an amount has at most four decimals")
        return int(scaled)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else (Decimal(int(value)) / self.scale).quantize(Decimal("0.01"))


JsonColumn = JSON().with_variant(JSONB(), "postgresql")
RowId = BigInteger().with_variant(Integer(), "sqlite")

STANDING = MetaData(naming_convention=NAMING)
"""The tables every service has, the same in each. They lie beside the service's own tables in its own database."""

stream = Table(
    "stream",
    STANDING,
    Column("key", String(80), primary_key=True),
    Column("sequence", BigInteger, nullable=False),
    Column("recorded", UtcDateTime, nullable=False),
)
outbox = Table(
    "outbox",
    STANDING,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("event_id", Uuid, nullable=False, unique=True),
    Column("key", String(80), nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("type", String(120), nullable=False),
    Column("subject", String(120)),
    Column("attempt", Integer),
    Column("occurred", UtcDateTime, nullable=False),
    Column("recorded", UtcDateTime, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("position", BigInteger, unique=True),
    Column("sent_at", UtcDateTime),
    UniqueConstraint("key", "sequence"),
    Index("ix_outbox_unplaced", "id", sqlite_where=text("position IS NULL"), postgresql_where=text("position IS NULL")),
    Index(
        "ix_outbox_unsent", "position", sqlite_where=text("sent_at IS NULL"), postgresql_where=text("sent_at IS NULL")
    ),
)
inbox = Table(
    "inbox",
    STANDING,
    Column("source", String(80), primary_key=True),
    Column("key", String(80), primary_key=True),
    Column("sequence", BigInteger, nullable=False),
    CheckConstraint("sequence >= 0", name="sequence"),
)
parked = Table(
    "parked",
    STANDING,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("source", String(80), nullable=False),
    Column("key", String(80), nullable=False),
    Column("sequence", BigInteger),
    Column("type", String(120), nullable=False),
    Column("topic", String(120), nullable=False),
    Column("partition", Integer, nullable=False),
    Column("offset", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("reason", String(500), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("parked_at", UtcDateTime, nullable=False),
    Column("settled_at", UtcDateTime),
    Column("settled_how", String(40)),
    Column("settled_by", String(120)),
    UniqueConstraint("topic", "partition", "offset"),
    Index(
        "ix_parked_waiting",
        "source",
        "key",
        sqlite_where=text("settled_at IS NULL"),
        postgresql_where=text("settled_at IS NULL"),
    ),
)
request_key = Table(
    "request_key",
    STANDING,
    Column("client", String(120), primary_key=True),
    Column("key", String(100), primary_key=True),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("status", Integer),
    Column("headers", JsonColumn),
    Column("body", LargeBinary),
    Column("made_at", UtcDateTime, nullable=False),
)
audit = Table(
    "audit",
    STANDING,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("at", UtcDateTime, nullable=False),
    Column("machine", UtcDateTime, nullable=False),
    Column("by", String(120), nullable=False),
    Column("roles", String(300), nullable=False),
    Column("action", String(80), nullable=False),
    Column("ids", JsonColumn, nullable=False),
    Column("status", Integer, nullable=False),
    Column("cause", Uuid, nullable=False),
    Column("correlation", Uuid, nullable=False),
)

_open_transaction: ContextVar[bool] = ContextVar("open_transaction", default=False)


def transaction_is_open() -> bool:
    """Whether this task holds a transaction: then nothing outside may be called."""
    return _open_transaction.get()


Row = TypeVar("Row", bound=type[Any])


def versioned(model: Row) -> Row:
    """Makes `version` the guard of a table: an UPDATE carries the version it read in its WHERE, and fails as
    `StaleDataError` when somebody was faster. Actions raise it through `shared.concurrency.touch`."""
    mapper: Any = class_mapper(model)
    mapper.version_id_col = model.__table__.c.version
    mapper.version_id_generator = False
    return model


class StoreAway(Exception):
    """The database cannot be reached or does not answer: wait, and try again."""


class Database:
    """One service's database. `transaction()` writes, `reading()` reads; both give an SQLModel session."""

    def __init__(self, url: str, *, synchronous: str = "FULL", pool: int = 10) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        self._turn = asyncio.Lock()
        self._wakes: list[asyncio.Event] = []
        if self.is_sqlite:
            path = Path(url.split("///", 1)[1])
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.exists():
                path.touch(mode=0o600)
            self._writer = _sqlite_engine(url, "BEGIN IMMEDIATE", synchronous, size=1)
            self._reader = _sqlite_engine(url, "BEGIN", synchronous, size=4, query_only=True)
        else:
            self._writer = self._reader = create_async_engine(
                url,
                pool_size=pool,
                max_overflow=0,
                pool_timeout=5,
                pool_use_lifo=True,
                hide_parameters=True,
                connect_args={
                    "timeout": 5,
                    "server_settings": {
                        "application_name": f"homeward-{os.getpid()}",
                        "lock_timeout": "10s",
                        "idle_in_transaction_session_timeout": "60s",
                    },
                },
            )

    @contextlib.asynccontextmanager
    async def transaction(self) -> AsyncIterator[Session]:
        """One write transaction; commits when the block ends well. Raises `StoreAway` when the database is gone."""
        turn = self._turn if self.is_sqlite else contextlib.nullcontext()
        async with turn, _write(self._writer) as session:
            yield session
        self.wake()

    @contextlib.asynccontextmanager
    async def reading(self) -> AsyncIterator[Session]:
        """One read-only snapshot."""
        with _transaction_marked(), store_errors():
            async with AsyncSession(self._reader, expire_on_commit=False) as session, session.begin():
                yield session

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

    def waker(self) -> asyncio.Event:
        """An event that is set after each commit in this process: a hint, polling is the truth."""
        wake = asyncio.Event()
        self._wakes.append(wake)
        return wake

    def wake(self) -> None:
        for wake in self._wakes:
            wake.set()

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
            async with self._database.transaction() as session:
                yield session
            return
        async with _write(self._connection) as session:
            yield session


async def core(session: Session, statement: Executable, parameters: Any = None) -> CursorResult[Any]:
    """Runs a Core statement on the session's own connection: in its transaction, beside the unit of work."""
    connection = await session.connection()
    return await connection.execute(statement, parameters)


@contextlib.asynccontextmanager
async def _write(bind: AsyncEngine | AsyncConnection) -> AsyncIterator[Session]:
    with _transaction_marked(), store_errors():
        async with AsyncSession(bind, expire_on_commit=False) as session, session.begin():
            yield session


@contextlib.contextmanager
def _transaction_marked() -> Iterator[None]:
    token = _open_transaction.set(True)
    try:
        yield
    finally:
        _open_transaction.reset(token)


@contextlib.contextmanager
def store_errors() -> Iterator[None]:
    """Turns "the database is gone" into `StoreAway`, and leaves every other error as it is."""
    try:
        yield
    except (PoolTimeout, ConnectionError, OSError) as error:
        raise StoreAway(type(error).__name__) from error
    except DBAPIError as error:
        if is_store_away(error):
            raise StoreAway(type(error.orig).__name__) from error
        raise


AWAY_STATES = ("08", "57P", "53")
AWAY_SQLITE = ("locked", "disk is full", "disk I/O", "unable to open", "readonly")


def is_store_away(error: DBAPIError) -> bool:
    """The server is gone, stopping, out of connections or out of disk; not a fault of the statement."""
    if error.connection_invalidated:
        return True
    state = str(getattr(error.orig, "sqlstate", None) or "")
    if state.startswith(AWAY_STATES):
        return True
    if isinstance(error, InterfaceError):
        return True
    return isinstance(error, OperationalError) and any(words in str(error.orig) for words in AWAY_SQLITE)


def is_lost_race(error: BaseException) -> bool:
    """A serialization failure, a deadlock or a lock that took too long: running the whole again may well succeed."""
    return isinstance(error, DBAPIError) and str(getattr(error.orig, "sqlstate", "")) in ("40001", "40P01", "55P03")


def _sqlite_engine(url: str, begin: str, synchronous: str, *, size: int, query_only: bool = False) -> AsyncEngine:
    engine = create_async_engine(
        url, pool_size=size, max_overflow=0, pool_timeout=30, hide_parameters=True, connect_args={"timeout": 10}
    )

    @event.listens_for(engine.sync_engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute(f"PRAGMA synchronous={synchronous}")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA busy_timeout=10000")
        if query_only:
            cursor.execute("PRAGMA query_only=ON")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine
