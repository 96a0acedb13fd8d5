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
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Literal, Self
from weakref import WeakValueDictionary
from zlib import crc32

from shared.brokers import (
    NOTHING,
    BrokerUnavailable,
    Delivery,
    Message,
    Places,
    TopicSpec,
    first_verdicts,
    raise_if_away,
    what_is_wrong,
)
from shared.brokers.embedded_file import (
    FORGET,
    LAG,
    LAYOUT,
    PAGE_MESSAGES,
    REMEMBER,
    TABLES,
    Desk,
    headers_as_text,
    heads,
    look_behind,
    page_of,
    topics_as_json,
)


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
        self._pen: Desk | None = None
        self._desk: Desk | None = None

    async def start(self) -> None:
        if self._desk is not None:
            return
        pen, desk = Desk("pen"), Desk("desk")
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

    async def read(self, topic: str, *, last: int | None = None, after: Places = NOTHING) -> AsyncIterator[Delivery]:
        desk = self._started(self._desk)
        found = await desk.do(heads, desk.db, [topic])
        if not found:
            raise BrokerUnavailable(f"there is no topic {topic}")
        for head in found:
            end = head[3]
            offset = max(0 if last is None else end - last, after.get(head[2], 0))
            while offset < end:
                for delivery in await desk.do(page_of, desk.db, head, offset, min(PAGE_MESSAGES, end - offset)):
                    yield delivery
                    offset = delivery.offset + 1

    async def create_topics(self, topics: Sequence[TopicSpec]) -> None:
        pen = self._started(self._pen)
        await pen.do(self._create, pen.db, topics)

    async def check_topics(self, topics: Sequence[TopicSpec]) -> list[str]:
        desk = self._started(self._desk)
        partitions: dict[str, int] = {}
        for _, topic, _, _ in await desk.do(heads, desk.db, [topic.name for topic in topics]):
            partitions[topic] = partitions.get(topic, 0) + 1
        return what_is_wrong(topics, partitions)

    async def risks(self, topics: Sequence[TopicSpec]) -> list[str]:
        return []

    async def begin_again(self, group: str, topics: Sequence[str]) -> None:
        if any(reader.group == group for reader in self._file.readers):
            raise BrokerUnavailable(f"group {group} is reading")
        desk = self._started(self._desk)
        await desk.do(self._forget, desk.db, group, topics)

    async def lag(self, group: str, topics: Sequence[str]) -> dict[tuple[str, int], int]:
        desk = self._started(self._desk)
        rows = await desk.do(lambda: desk.db.execute(LAG, (group, topics_as_json(topics))).fetchall())
        return {(topic, partition): behind for topic, partition, behind in rows}

    async def look(
        self, group: str, topics: Sequence[str], places: dict[int, int] | None, limit: int, first: int
    ) -> tuple[list[Delivery], dict[int, int]]:
        """Return up to `limit` messages behind `places` (lane to offset), and the places behind them.

        `None` for places are those that the group committed. `first` says which of the partitions that have something
        comes first, so that a busy one does not starve the others.
        """
        desk = self._started(self._desk)
        return await desk.do(look_behind, desk.db, group, topics, places, limit, first)

    async def remember(self, group: str, places: dict[tuple[str, int], int]) -> None:
        """Keep the next offset of each (topic, partition) for `group`."""
        desk = self._started(self._desk)
        await desk.do(self._remember, desk.db, group, places)

    def _started(self, desk: "Desk | None") -> "Desk":
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

    def _open(self, desk: "Desk", synchronous: str) -> None:
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
            for lane, topic, _, end in heads(db, list(topics)):
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
                rows.append((lane, ends[lane], message.key, message.value, headers_as_text(message)))
                ends[lane] += 1
            if rows:
                db.executemany("INSERT INTO event (lane, offset, key, value, headers) VALUES (?, ?, ?, ?, ?)", rows)
                touched = {row[0] for row in rows}
                db.executemany("UPDATE head SET next = ? WHERE lane = ?", [(ends[lane], lane) for lane in touched])
        self._file.wake(topics)
        return verdicts

    def _create(self, db: sqlite3.Connection, topics: Sequence[TopicSpec]) -> None:
        with self._writing(db):
            there = {topic for _, topic, _, _ in heads(db, [topic.name for topic in topics])}
            missing = [(t.name, number) for t in topics if t.name not in there for number in range(t.partitions)]
            db.executemany("INSERT OR IGNORE INTO head (topic, partition) VALUES (?, ?)", missing)

    def _forget(self, db: sqlite3.Connection, group: str, topics: Sequence[str]) -> None:
        with self._writing(db):
            db.execute(FORGET, (group, topics_as_json(topics)))

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

    async def done(self, deliveries: Sequence[Delivery]) -> None:
        await self.commit(deliveries)

    async def rewind(self) -> None:
        self._places = None
