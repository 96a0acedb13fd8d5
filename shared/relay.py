"""The relay: gives committed facts their position, sends them, and marks what was sent. One at a time per service.

Three short steps, and no transaction is open while the broker is asked: a hanging Kafka must not hold SQLite's only
write lock. What was sent and not marked is sent again; the inbox drops it. Facts get their positions whether the broker
answers or not: who reads "since" here does not wait for it.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import bindparam, func, select, text, update

from shared.brokers import Broker, BrokerUnavailable, Message
from shared.clock import machine_now, monotonic
from shared.database import Database, Leader, Session, StoreAway, core, outbox
from shared.events import topic_of, with_position
from shared.telemetry import Metrics

log = structlog.get_logger("relay")

BATCH = 500

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
    .where(outbox.c.sent_at.is_(None), outbox.c.position.is_not(None))
    .order_by(outbox.c.position)
    .limit(BATCH)
)
MARK = update(outbox).where(outbox.c.id == bindparam("row")).values(sent_at=bindparam("at"))


@dataclass(slots=True)
class Relay:
    """`run()` until cancelled; `turn()` is one round, for tests and for finishing at the end."""

    service: str
    database: Database
    broker: Broker
    metrics: Metrics | None = None
    poll: float = 0.5

    async def run(self) -> None:
        wake = self.database.waker(staged=True)
        pause = 0.05
        while True:
            try:
                async with self.database.leading(f"relay:{self.service}") as leader:
                    if leader is None:
                        await asyncio.sleep(1.0)
                        continue
                    while True:
                        wake.clear()
                        try:
                            busy = await self.turn(leader)
                            pause = 0.05
                        except BrokerUnavailable as error:
                            log.warning("relay waits", reason=type(error).__name__, seconds=pause)
                            await self._place_for(leader, pause)
                            pause = min(pause * 2, 5.0)
                            continue
                        if not busy:
                            await _wait(wake, self.poll)
            except StoreAway as error:
                log.warning("relay waits", reason=type(error).__name__, seconds=pause)
            except Exception as error:  # whatever it is, facts must go on leaving; the log says what it was
                log.error("relay stumbled", exc_info=error)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 5.0)

    async def turn(self, leader: Leader) -> bool:
        """One round. True when there may be more to do. Raises `BrokerUnavailable` when something could not be sent."""
        async with leader.transaction() as session:
            placed = await place(session)
            rows = await _unsent(session)
        if not rows:
            return placed >= BATCH
        topic = topic_of(self.service)
        messages = [_message(topic, row) for row in rows]
        verdicts = await self._sent(leader, messages)
        sent, failed = _before_first_failure(rows, verdicts)
        if sent:
            async with leader.transaction() as session:
                await _mark(session, sent)
            if self.metrics is not None:
                self.metrics.relay_sent.inc(len(sent))
        if failed is not None:
            if isinstance(failed, BrokerUnavailable):
                raise failed
            raise BrokerUnavailable(type(failed).__name__)
        return placed >= BATCH or len(rows) >= BATCH

    async def _sent(self, leader: Leader, messages: Sequence[Message]) -> list[Exception | None]:
        """The broker's verdicts. While it is slow, positions are given; losing the lead meanwhile stops the sending."""
        sending = asyncio.ensure_future(self.broker.publish(messages))
        try:
            while not (await asyncio.wait({sending}, timeout=self.poll))[0]:
                async with leader.transaction() as session:
                    await place(session)
            return sending.result()
        finally:
            if not sending.done():
                sending.cancel()
                await asyncio.wait({sending})

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


async def _unsent(session: Session) -> Sequence[Any]:
    return (await core(session, UNSENT)).all()


async def _mark(session: Session, ids: list[int]) -> None:
    connection = await session.connection()
    at = machine_now()
    await connection.execute(MARK, [{"row": row, "at": at} for row in ids])


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


async def last_position(session: Session) -> int:
    return int((await core(session, select(func.coalesce(func.max(outbox.c.position), 0)))).one()[0])
