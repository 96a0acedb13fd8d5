"""The log in one SQLite file, for one machine: no server to run, and nothing acknowledged is lost.

Any number of `EmbeddedBroker` objects may be open on one file. Within a process an append wakes the readers at once;
what another process appends is found by looking, every `poll` seconds.

A broker has two threads with a connection each: the *pen* appends and waits for the disk; the *desk* reads, and keeps
the places of groups without waiting for the disk. A power cut may therefore take a group back a little, so that
messages come again, but never takes a message that was acknowledged.
"""

import asyncio
import os
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Literal, ParamSpec, Self, TypeVar
from weakref import WeakValueDictionary
from zlib import crc32

import orjson

from shared.brokers import (
    BrokerUnavailable,
    Delivery,
    Message,
    TopicSpec,
    first_verdicts,
    raise_if_away,
    what_is_wrong,
)

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
LAG = """SELECT topic, partition, head.next - coalesce(consumer.next, 0) FROM head
         LEFT JOIN consumer ON consumer.lane = head.lane AND consumer.name = ?
         WHERE topic IN (SELECT value FROM json_each(?)) ORDER BY topic, partition"""

Head = tuple[int, str, int, int]
"""Lane, topic, partition, next offset."""

P = ParamSpec("P")
T = TypeVar("T")


class _File:
    """What the brokers of this process share about one file: whose turn it is to write, and who is to be woken."""

    def __init__(self) -> None:
        self.turn = threading.Lock()
        self.readers: set[EmbeddedSubscription] = set()

    def wake(self, topics: set[str]) -> None:
        for reader in tuple(self.readers):
            if not topics.isdisjoint(reader.topics):
                with suppress(RuntimeError):  # its loop is closed
                    reader.loop.call_soon_threadsafe(reader.news.set)


_files: WeakValueDictionary[str, _File] = WeakValueDictionary()


class EmbeddedBroker:
    """The log at `path`; the file is made, readable by its owner only, where there is none.

    Args:
        path: the file; `-wal` and `-shm` lie beside it.
        synchronous: FULL outlives a power cut; NORMAL outlives only the death of the process, and is faster.
        poll: seconds between two looks for what other processes appended.
        timeout: seconds to wait for the turn to write, and for a lock that another process holds.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        synchronous: Literal["FULL", "NORMAL"] = "FULL",
        poll: float = 0.1,
        timeout: float = 5.0,
    ) -> None:
        self.path = Path(path).resolve()
        self.poll = poll
        self._synchronous = synchronous
        self._timeout = timeout
        self._file = _files.setdefault(str(self.path), _File())
        self._pen: _Desk | None = None
        self._desk: _Desk | None = None

    async def start(self) -> None:
        if self._desk is not None:
            return
        pen, desk = _Desk("pen"), _Desk("desk")
        try:
            await pen.do(self._open, pen, self._synchronous)
            await desk.do(self._open, desk, "NORMAL")
        except BaseException:
            await pen.close()
            await desk.close()
            raise
        self._pen, self._desk = pen, desk

    async def stop(self) -> None:
        pen, desk, self._pen, self._desk = self._pen, self._desk, None, None
        for each in (pen, desk):
            if each is not None:
                await each.close()

    async def publish(self, messages: Sequence[Message]) -> list[Exception | None]:
        verdicts = first_verdicts(messages)
        if None in verdicts:
            pen = self._started(self._pen)
            verdicts = await pen.do(self._append, pen.db, messages, verdicts)
            raise_if_away(verdicts)
        return verdicts

    def subscribe(self, group: str, topics: Sequence[str]) -> "EmbeddedSubscription":
        return EmbeddedSubscription(self, self._file, group, topics)

    async def read(self, topic: str) -> AsyncIterator[Delivery]:
        desk = self._started(self._desk)
        heads = await desk.do(_heads, desk.db, [topic])
        if not heads:
            raise BrokerUnavailable(f"there is no topic {topic}")
        for head in heads:
            offset, end = 0, head[3]
            while offset < end:
                for delivery in await desk.do(_page, desk.db, head, offset, min(PAGE_MESSAGES, end - offset)):
                    yield delivery
                    offset = delivery.offset + 1

    async def create_topics(self, topics: Sequence[TopicSpec]) -> None:
        pen = self._started(self._pen)
        await pen.do(self._create, pen.db, topics)

    async def check_topics(self, topics: Sequence[TopicSpec]) -> list[str]:
        desk = self._started(self._desk)
        partitions: dict[str, int] = {}
        for _, topic, _, _ in await desk.do(_heads, desk.db, [topic.name for topic in topics]):
            partitions[topic] = partitions.get(topic, 0) + 1
        return what_is_wrong(topics, partitions)

    async def lag(self, group: str, topics: Sequence[str]) -> dict[tuple[str, int], int]:
        desk = self._started(self._desk)
        rows = await desk.do(lambda: desk.db.execute(LAG, (group, _json(topics))).fetchall())
        return {(topic, partition): behind for topic, partition, behind in rows}

    async def look(
        self, group: str, topics: Sequence[str], places: dict[int, int] | None, limit: int, first: int
    ) -> tuple[list[Delivery], dict[int, int]]:
        """Return up to `limit` messages behind `places` (lane to offset), and the places behind them.

        `None` for places are those that the group committed. `first` says which of the partitions that have something
        comes first, so that a busy one does not starve the others.
        """
        desk = self._started(self._desk)
        return await desk.do(_look, desk.db, group, topics, places, limit, first)

    async def remember(self, group: str, places: dict[tuple[str, int], int]) -> None:
        """Keep the next offset of each (topic, partition) for `group`."""
        desk = self._started(self._desk)
        await desk.do(self._remember, desk.db, group, places)

    def _started(self, desk: "_Desk | None") -> "_Desk":
        if desk is None:
            raise RuntimeError("the broker is not started")
        return desk

    @contextmanager
    def _writing(self, db: sqlite3.Connection) -> Iterator[None]:
        # SQLite's own waiting is a sleep that grows; within the process a lock hands the turn on at once.
        if not self._file.turn.acquire(timeout=self._timeout):
            raise BrokerUnavailable("the log is busy")
        try:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield
                db.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    if db.in_transaction:
                        db.execute("ROLLBACK")
                raise
        finally:
            self._file.turn.release()

    def _open(self, desk: "_Desk", synchronous: str) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        # Not opened and closed where it exists: closing any descriptor drops the locks SQLite holds in this process.
        try:
            os.close(os.open(self.path, os.O_CREAT | os.O_EXCL, 0o600))
        except FileExistsError:
            self.path.chmod(0o600)
        db = desk.db = sqlite3.connect(
            self.path, timeout=self._timeout, isolation_level=None, check_same_thread=False, cached_statements=64
        )
        db.execute("PRAGMA journal_mode = WAL")
        db.execute(f"PRAGMA synchronous = {synchronous}")
        db.execute("PRAGMA journal_size_limit = 67108864")
        with self._writing(db):
            layout = db.execute("PRAGMA user_version").fetchone()[0]
            if layout not in (0, LAYOUT):
                raise RuntimeError(f"{self.path.name} has layout {layout}; this version reads layout {LAYOUT}")
            if layout == 0:
                for table in TABLES:
                    db.execute(table)
                db.execute(f"PRAGMA user_version = {LAYOUT}")

    def _append(
        self, db: sqlite3.Connection, messages: Sequence[Message], first: list[Exception | None]
    ) -> list[Exception | None]:
        verdicts = list(first)
        topics = {message.topic for message in messages}
        rows: list[tuple[int, int, str, bytes, str]] = []
        ends: dict[int, int] = {}
        with self._writing(db):
            lanes: dict[str, list[int]] = {}
            for lane, topic, _, end in _heads(db, list(topics)):
                lanes.setdefault(topic, []).append(lane)
                ends[lane] = end
            for number, message in enumerate(messages):
                if verdicts[number] is not None:
                    continue
                if message.topic not in lanes:
                    verdicts[number] = BrokerUnavailable(f"there is no topic {message.topic}")
                    continue
                candidates = lanes[message.topic]
                # Not hash(), which differs from process to process.
                lane = candidates[crc32(message.key.encode()) % len(candidates)]
                rows.append((lane, ends[lane], message.key, message.value, _headers_as_text(message)))
                ends[lane] += 1
            if rows:
                db.executemany("INSERT INTO event (lane, offset, key, value, headers) VALUES (?, ?, ?, ?, ?)", rows)
                touched = {row[0] for row in rows}
                db.executemany("UPDATE head SET next = ? WHERE lane = ?", [(ends[lane], lane) for lane in touched])
        self._file.wake(topics)
        return verdicts

    def _create(self, db: sqlite3.Connection, topics: Sequence[TopicSpec]) -> None:
        with self._writing(db):
            there = {topic for _, topic, _, _ in _heads(db, [topic.name for topic in topics])}
            missing = [(t.name, number) for t in topics if t.name not in there for number in range(t.partitions)]
            db.executemany("INSERT OR IGNORE INTO head (topic, partition) VALUES (?, ?)", missing)

    def _remember(self, db: sqlite3.Connection, group: str, places: dict[tuple[str, int], int]) -> None:
        rows = [(group, offset, topic, partition) for (topic, partition), offset in places.items()]
        with self._writing(db):
            db.executemany(REMEMBER, rows)


class EmbeddedSubscription:
    """A group's place in one file. One open at a time in a process; a second is refused."""

    def __init__(self, broker: EmbeddedBroker, file: _File, group: str, topics: Sequence[str]) -> None:
        self.group = group
        self.topics = tuple(topics)
        self.news = asyncio.Event()
        self._broker = broker
        self._file = file
        self._places: dict[int, int] | None = None
        self._round = 0

    async def __aenter__(self) -> Self:
        self.loop = asyncio.get_running_loop()
        if any(reader.group == self.group for reader in self._file.readers):
            raise RuntimeError(f"group {self.group} already reads this log in this process; close that one first")
        self._file.readers.add(self)
        self._places = None
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.readers.discard(self)

    async def fetch(self, limit: int, wait: float) -> list[Delivery]:
        deadline = self.loop.time() + wait
        while True:
            self.news.clear()
            # Places move only once the messages are in hand, so a fetch that is cancelled skips none.
            deliveries, places = await self._broker.look(self.group, self.topics, self._places, limit, self._round)
            self._places = places
            left = deadline - self.loop.time()
            if deliveries or left <= 0:
                self._round += 1
                return deliveries
            with suppress(TimeoutError):
                async with asyncio.timeout(min(left, self._broker.poll)):
                    await self.news.wait()

    async def commit(self, deliveries: Sequence[Delivery]) -> None:
        places: dict[tuple[str, int], int] = {}
        for each in deliveries:
            lane = (each.topic, each.partition)
            places[lane] = max(places.get(lane, 0), each.offset + 1)
        if places:
            await self._broker.remember(self.group, places)

    async def rewind(self) -> None:
        self._places = None


class _Desk:
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


def _json(names: Sequence[str]) -> str:
    return orjson.dumps(list(names)).decode()


def _headers_as_text(message: Message) -> str:
    # Latin-1 maps every byte to one character and back, whatever the bytes mean.
    return orjson.dumps({name: value.decode("latin-1") for name, value in message.headers.items()}).decode()


def _heads(db: sqlite3.Connection, topics: Sequence[str]) -> list[Head]:
    return db.execute(HEADS, (_json(topics),)).fetchall()


def _page(db: sqlite3.Connection, head: Head, offset: int, limit: int) -> list[Delivery]:
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


def _look(
    db: sqlite3.Connection,
    group: str,
    topics: Sequence[str],
    known: dict[int, int] | None,
    limit: int,
    first: int,
) -> tuple[list[Delivery], dict[int, int]]:
    places = dict(db.execute(PLACES, (group,))) if known is None else dict(known)
    behind = [head for head in _heads(db, topics) if head[3] > places.get(head[0], 0)]
    deliveries: list[Delivery] = []
    size = 0
    for number in range(len(behind)):
        head = behind[(number + first) % len(behind)]
        page = _page(db, head, places.get(head[0], 0), limit - len(deliveries))
        deliveries += page
        places[head[0]] = page[-1].offset + 1
        size += sum(len(delivery.value) for delivery in page)
        if len(deliveries) >= limit or size >= PAGE_BYTES:
            break
    return deliveries, places
