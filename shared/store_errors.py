"""What a database's refusals mean: it is away, or somebody was faster, or the statement is wrong."""

import contextlib
import traceback
from collections.abc import Iterator

from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError


class StoreAway(Exception):
    """The database cannot be reached or does not answer: wait, and try again."""


@contextlib.contextmanager
def store_errors(*, reading: bool = False) -> Iterator[None]:
    """Turns "the database is gone" into `StoreAway`, and leaves every other error as it is.

    An OSError of the code in the block is that code's own: waiting would not help, and it would be waited for ever.
    """
    try:
        yield
    except PoolTimeout as error:
        raise StoreAway(type(error).__name__) from error
    except OSError as error:
        if not _comes_from_the_driver(error):
            raise
        raise StoreAway(type(error).__name__) from error
    except DBAPIError as error:
        if is_store_away(error) and not (reading and any(words in str(error.orig) for words in READS_ONLY)):
            raise StoreAway(_kind_of(error.orig)) from error
        raise


def _kind_of(error: BaseException | None) -> str:
    """The type with the database's own code: what an operator needs, without a word of what was written."""
    code = getattr(error, "sqlite_errorname", None) or getattr(error, "sqlstate", None)
    return f"{type(error).__name__} {code}" if code else type(error).__name__


DRIVERS = {"sqlalchemy", "asyncpg", "aiosqlite", "shared.sqlite"}


def _comes_from_the_driver(error: BaseException) -> bool:
    frames = traceback.walk_tb(error.__traceback__)
    names = [str(frame.f_globals.get("__name__")) for frame, _ in frames]
    return any(name in DRIVERS or name.partition(".")[0] in DRIVERS for name in names)


# 28, 3D, 42501: who we are is not let in, until somebody lets us; 25006: a server that only reads, after a failover.
AWAY_STATES = ("08", "57P", "53", "28", "3D", "42501", "25006")
READS_ONLY = ("readonly", "read-only")
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


def is_taken(error: BaseException) -> bool:
    """On PostgreSQL: a value that must be there once was added by somebody else after this one looked. Running the
    whole again finds it there. (SQLite has one writer: there it is a mistake of ours.)"""
    return isinstance(error, IntegrityError) and str(getattr(error.orig, "sqlstate", "")) == "23505"


def is_lost_race(error: BaseException) -> bool:
    """A serialization failure, a deadlock, a lock that took too long, or a row that somebody changed after it was
    read: running the whole again may well succeed."""
    if isinstance(error, StaleDataError):
        return True
    return isinstance(error, DBAPIError) and str(getattr(error.orig, "sqlstate", "")) in ("40001", "40P01", "55P03")
