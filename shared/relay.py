"""The relay: gives committed facts their position, sends them, and marks what was sent. One at a time per service.

Three short steps, and no transaction is open while the broker is asked: a hanging Kafka must not hold SQLite's only
write lock. What was sent and not marked is sent again; the inbox drops it. Facts get their positions whether the broker
answers or not: who reads "since" here does not wait for it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

import structlog
from sqlalchemy import bindparam, select, text, update

from shared.brokers import Broker, BrokerUnavailable, HeldBack, Message
from shared.clock import machine_now, monotonic
from shared.database import STAGED, Database, Leader, Session, StoreAway, core, outbox
from shared.events import topic_of, with_position
from shared.finishing import finished
from shared.pulse import Pulse
from shared.telemetry import Metrics

log = structlog.get_logger("relay")

BATCH = 500
SHORTEST_PAUSE = 0.05
QUICK = 1.0
"""Seconds within which a batch must be sent for one of double its size to be tried next."""

PLACE = text(
    """
    UPDATE outbox SET position = placed.position
    FROM (SELECT id, (SELECT coalesce(max(position), 0) FROM outbox) + row_number() OVER (ORDER BY id) AS position
          FROM (SELECT id FROM outbox WHERE position IS NULL ORDER BY id LIMIT :batch) AS unplaced) AS placed
    WHERE outbox.id = placed.id
    """
)


UNSENT = (
    select(outbox.c.id, outbox.c.position, outbox.c.key, outbox.c.type, outbox.c.event_id, outbox.c.body)
    .where(outbox.c.sent_at.is_(None), outbox.c.position > bindparam("behind"))
    .order_by(outbox.c.position)
    .limit(bindparam("batch"))
)
# Whatever between two positions is not marked is what was read there: only the leader gives positions and marks.
MARK = (
    update(outbox)
    .where(outbox.c.position.between(bindparam("first"), bindparam("last")), outbox.c.sent_at.is_(None))
    .values(sent_at=bindparam("at"))
)
# The three of them as one statement: a trip instead of five, between a commit and its sending. Every part sees the rows
# as they were: what was marked lies before `$3`, and what was given a position here had none.
STEP = """
    WITH marked AS (
        UPDATE outbox SET sent_at = $4 WHERE position BETWEEN $1 AND $2 AND sent_at IS NULL
    ), placed AS (
        PLACE
        RETURNING outbox.id, outbox.position, outbox.key, outbox.type, outbox.event_id, outbox.body
    )
    SELECT * FROM (
        (SELECT id, position, key, type, event_id, body FROM outbox
         WHERE sent_at IS NULL AND position > $3 ORDER BY position LIMIT $5)
        UNION ALL SELECT * FROM placed
    ) AS unsent ORDER BY position LIMIT $5
""".replace("PLACE", PLACE.text.replace(":batch", "$5"))
MARK_ONE = update(outbox).where(outbox.c.id == bindparam("row")).values(sent_at=bindparam("at"))


class Unsent(NamedTuple):
    """A row that is to be sent."""

    id: int
    position: int
    key: str
    type: str
    event_id: UUID
    body: bytes


class RelayRefused(Exception):
    """Nothing may be sent until a person has done what this says."""


REFUSED_PAUSE = 5.0
"""Seconds until a relay that refused looks again."""


@dataclass(slots=True)
class Relay:
    """`run()` until cancelled; `turn()` is one round, and `settle()` what it leaves to the next."""

    service: str
    database: Database
    broker: Broker
    metrics: Metrics | None = None
    poll: float = 0.5
    pulse: Pulse = field(default_factory=Pulse)
    look: Callable[[], Awaitable[None]] | None = None
    """What must be right before the first fact leaves under a new lead. Raises `RelayRefused`."""
    owed: Sequence[Any] = ()
    """What was sent under this lead and not marked yet: the next turn's first statement does it, at the latest after
    `poll` seconds. Marked by itself it would be a commit more for each turn."""
    pause: float = SHORTEST_PAUSE
    """Seconds to wait after a failure: longer after each, and short again after a turn that went well."""
    batch: int = BATCH
    """How many facts are sent at once: what a slow link does not carry in time must not be tried the same for ever."""

    async def run(self) -> None:
        wake = self.database.waker(STAGED)
        while True:
            try:
                async with self.database.leading(f"relay:{self.service}") as leader:
                    if leader is None:
                        self.pulse.well()  # another process leads
                        await asyncio.sleep(1.0)
                        continue
                    await self._lead(leader, wake)
            except StoreAway as error:
                self.pulse.waits(error)
                log.warning("relay waits", reason=type(error).__name__, seconds=self.pause)
            except Exception as error:  # whatever it is, facts must go on leaving; the log says what it was
                self.pulse.waits(error)
                log.error("relay stumbled", exc_info=error)
            await asyncio.sleep(self.pause)
            self.pause = min(self.pause * 2, 5.0)

    async def _lead(self, leader: Leader, wake: asyncio.Event) -> None:
        """For as long as this process leads. Who is told to stop leaves nothing that was sent unmarked."""
        self.owed = ()
        try:
            await self._turn_by_turn(leader, wake)
        except asyncio.CancelledError:
            with suppress(StoreAway):  # sent again then, and dropped by the inbox
                await finished(self.settle(leader))
            raise

    async def _turn_by_turn(self, leader: Leader, wake: asyncio.Event) -> None:
        looked = self.look is None
        while True:
            wake.clear()
            try:
                if not looked and self.look is not None:
                    await self.look()
                    looked = True
                await finished(self.turn(leader))
                self.pulse.well()
                self.pause = SHORTEST_PAUSE
            except BrokerUnavailable as error:
                self.pulse.waits(error)
                log.warning("relay waits", reason=type(error).__name__, seconds=self.pause)
                await self._place_for(leader, self.pause)
                self.pause = min(self.pause * 2, 5.0)
                continue
            except RelayRefused as error:
                self.pulse.waits(error)
                log.error("relay refuses", service=self.service, reason=str(error))
                await asyncio.sleep(REFUSED_PAUSE)
                continue
            await _wait(wake, self.poll)

    async def turn(self, leader: Leader) -> None:
        """Sends all that waits, batch after batch. While a full one is under way, the one before it is marked, and the
        next is given its positions and read. A last batch that is not full is owed its mark.

        Raises `BrokerUnavailable` when something could not be sent; what went before it is marked.
        """
        topic = topic_of(self.service)
        done, self.owed = self.owed, ()
        rows = await _step(leader, done, done[-1].position if done else 0, self.batch)
        done = ()
        while rows:
            self.pulse.turned()
            sending = asyncio.ensure_future(self._publish([_message(topic, row) for row in rows]))
            try:
                ahead: Sequence[Any] = ()
                if done or len(rows) >= self.batch:
                    ahead = await _step(leader, done, rows[-1].position, self.batch)
                    done = ()
                verdicts = await self._verdicts(leader, sending)
            finally:
                if not sending.done():  # the lead or the store is lost: nothing more may leave
                    sending.cancel()
                    await asyncio.wait({sending})
            sent, failed = _before_first_failure(rows, verdicts)
            if self.metrics is not None:
                self.metrics.relay_sent.inc(len(sent))
            if failed is not None:
                async with leader.transaction() as session:
                    await _mark_each(session, sent)
                raise failed if isinstance(failed, BrokerUnavailable) else BrokerUnavailable(type(failed).__name__)
            done, rows = rows, ahead
            if not rows and len(done) < self.batch:
                self.owed = done
            elif not rows:
                rows = await _step(leader, done, done[-1].position, self.batch)
                done = ()

    async def settle(self, leader: Leader) -> None:
        """Marks what is owed it, where no next turn will."""
        owed, self.owed = self.owed, ()
        if owed:
            await _step(leader, owed, owed[-1].position, 0)

    async def _publish(self, messages: Sequence[Message]) -> list[Exception | None]:
        """The broker's verdicts. Fewer are sent at once after a failure, and more again when all of them arrived."""
        begun = monotonic()
        try:
            verdicts = await self.broker.publish(messages)
        except BrokerUnavailable:
            self.batch = max(1, len(messages) // 2)
            raise
        if any(isinstance(verdict, BrokerUnavailable) and not isinstance(verdict, HeldBack) for verdict in verdicts):
            self.batch = max(1, len(messages) // 2)
        elif len(messages) >= self.batch:
            more = self.batch if monotonic() - begun < QUICK else 1 + self.batch // 8
            self.batch = min(BATCH, self.batch + more)
        return verdicts

    async def _verdicts(
        self, leader: Leader, sending: asyncio.Future[list[Exception | None]]
    ) -> Sequence[Exception | None]:
        """The broker's. While it is slow, positions are given; losing the lead meanwhile stops the sending."""
        while not (await asyncio.wait({sending}, timeout=self.poll))[0]:
            async with leader.transaction() as session:
                await place(session)
        return sending.result()

    async def _place_for(self, leader: Leader, seconds: float) -> None:
        """Gives positions, and nothing else, for that long."""
        until = monotonic() + seconds
        while True:
            async with leader.transaction() as session:
                placed = await place(session)
            left = until - monotonic()
            if left <= 0:
                return
            if placed < BATCH:
                await asyncio.sleep(min(left, self.poll))


async def place(session: Session) -> int:
    """Gives up to a batch of committed rows the next positions: gapless, one sequence per service."""
    result: Any = await session.connection()
    return int((await result.execute(PLACE, {"batch": BATCH})).rowcount)


async def _step(leader: Leader, done: Sequence[Any], behind: int, batch: int) -> Sequence[Any]:
    """Marks what is done, gives positions, and reads a batch of what is unsent behind one: in one transaction."""
    if leader.is_on_postgresql:
        first, last = (done[0].position, done[-1].position) if done else (0, -1)
        return [Unsent(*row) for row in await leader.asked(STEP, (first, last, behind, machine_now(), batch))]
    async with leader.transaction() as session:
        await _mark_all(session, done)
        await place(session)
        return await _unsent(session, behind, batch)


async def _unsent(session: Session, behind: int, batch: int) -> Sequence[Any]:
    return (await core(session, UNSENT, {"behind": behind, "batch": batch})).all()


async def _mark_all(session: Session, rows: Sequence[Any]) -> None:
    """Marks whole batches, all of which was sent."""
    if rows:
        await core(session, MARK, {"first": rows[0].position, "last": rows[-1].position, "at": machine_now()})


async def _mark_each(session: Session, ids: Sequence[int]) -> None:
    if ids:
        at = machine_now()
        await core(session, MARK_ONE, [{"row": row, "at": at} for row in ids])


def _message(topic: str, row: Any) -> Message:
    headers = {
        "content-type": b"application/cloudevents+json",
        "ce_type": row.type.encode(),
        "ce_id": str(row.event_id).encode(),
    }
    return Message(topic, row.key, with_position(bytes(row.body), row.position), headers)


def _before_first_failure(
    rows: Sequence[Any], verdicts: Sequence[Exception | None]
) -> tuple[list[int], Exception | None]:
    """The ids that may be marked: per key, those before its first failure."""
    sent: list[int] = []
    stopped: set[str] = set()
    failed: Exception | None = None
    for row, verdict in zip(rows, verdicts, strict=True):
        if verdict is not None:
            stopped.add(row.key)
            failed = failed or verdict
        elif row.key not in stopped:
            sent.append(row.id)
    return sent, failed


async def _wait(wake: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await wake.wait()
    except TimeoutError:
        pass
