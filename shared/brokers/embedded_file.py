"""The file of the embedded log: its tables, what is asked of them, and the thread that a connection lives in."""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import ParamSpec, TypeVar

import orjson

from shared.brokers import BrokerUnavailable, Delivery, Message

LAYOUT = 1
"""Version of the tables, kept in `PRAGMA user_version`."""

PAGE_MESSAGES = 1_000
PAGE_BYTES = 8 * 1024 * 1024
"""One fetch or page of a read stops here, however many messages were asked for: large ones must not fill the memory."""

TABLES = (
    """CREATE TABLE head (
        lane INTEGER PRIMARY KEY, topic TEXT NOT NULL, partition INTEGER NOT NULL, next INTEGER NOT NULL DEFAULT 0,
        UNIQUE (topic, partition))""",
    """CREATE TABLE event (
        lane INTEGER NOT NULL, offset INTEGER NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, headers TEXT NOT NULL,
        UNIQUE (lane, offset))""",
    """CREATE TABLE consumer (
        name TEXT NOT NULL, lane INTEGER NOT NULL, next INTEGER NOT NULL, PRIMARY KEY (name, lane)) WITHOUT ROWID""",
)
HEADS = """SELECT lane, topic, partition, next FROM head WHERE topic IN (SELECT value FROM json_each(?))
           ORDER BY topic, partition"""
EVENTS = "SELECT offset, key, value, headers FROM event WHERE lane = ? AND offset >= ? ORDER BY offset LIMIT ?"
PLACES = "SELECT lane, next FROM consumer WHERE name = ?"
# A place never moves back: a late commit of an earlier batch must not undo a later one.
REMEMBER = """INSERT INTO consumer (name, lane, next) SELECT ?, lane, ? FROM head WHERE topic = ? AND partition = ?
              ON CONFLICT (name, lane) DO UPDATE SET next = max(next, excluded.next)"""
FORGET = """DELETE FROM consumer WHERE name = ?
            AND lane IN (SELECT lane FROM head WHERE topic IN (SELECT value FROM json_each(?)))"""
LAG = """SELECT topic, partition, head.next - coalesce(consumer.next, 0) FROM head
         LEFT JOIN consumer ON consumer.lane = head.lane AND consumer.name = ?
         WHERE topic IN (SELECT value FROM json_each(?)) ORDER BY topic, partition"""

Head = tuple[int, str, int, int]
"""Lane, topic, partition, next offset."""

P = ParamSpec("P")
T = TypeVar("T")


class Desk:
    """One thread and the one connection that is used in it."""

    db: sqlite3.Connection

    def __init__(self, name: str) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=f"broker-{name}")

    async def do(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do `work` in the thread; what SQLite or the disk refuses is BrokerUnavailable."""
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._thread, lambda: work(*args, **kwargs))
        except (sqlite3.ProgrammingError, sqlite3.IntegrityError):  # a mistake of ours, waiting does not help
            raise
        except (sqlite3.DatabaseError, OSError) as error:
            raise BrokerUnavailable(f"the log cannot be used: {error}") from error

    async def close(self) -> None:
        if hasattr(self, "db"):
            await asyncio.get_running_loop().run_in_executor(self._thread, self.db.close)
        self._thread.shutdown(wait=False)


def topics_as_json(names: Sequence[str]) -> str:
    return orjson.dumps(list(names)).decode()


def headers_as_text(message: Message) -> str:
    # Latin-1 maps every byte to one character and back, whatever the bytes mean.
    return orjson.dumps({name: value.decode("latin-1") for name, value in message.headers.items()}).decode()


def heads(db: sqlite3.Connection, topics: Sequence[str]) -> list[Head]:
    return db.execute(HEADS, (topics_as_json(topics),)).fetchall()


def page_of(db: sqlite3.Connection, head: Head, offset: int, limit: int) -> list[Delivery]:
    lane, topic, partition, _ = head
    page = []
    size = 0
    # Closed even when left half read: an open cursor holds a snapshot, and the write-ahead file grows behind it.
    with closing(db.execute(EVENTS, (lane, offset, limit))) as rows:
        for at, key, value, text in rows:
            headers = {name: content.encode("latin-1") for name, content in orjson.loads(text).items()}
            page.append(Delivery(topic, partition, at, key, value, headers))
            size += len(value)
            if size >= PAGE_BYTES:
                break
    return page


def look_behind(
    db: sqlite3.Connection,
    group: str,
    topics: Sequence[str],
    known: dict[int, int] | None,
    limit: int,
    first: int,
) -> tuple[list[Delivery], dict[int, int]]:
    places = dict(db.execute(PLACES, (group,))) if known is None else dict(known)
    behind = [head for head in heads(db, topics) if head[3] > places.get(head[0], 0)]
    deliveries: list[Delivery] = []
    size = 0
    for number in range(len(behind)):
        head = behind[(number + first) % len(behind)]
        page = page_of(db, head, places.get(head[0], 0), limit - len(deliveries))
        deliveries += page
        places[head[0]] = page[-1].offset + 1
        size += sum(len(delivery.value) for delivery in page)
        if len(deliveries) >= limit or size >= PAGE_BYTES:
            break
    return deliveries, places
