"""The consumer: takes facts from the topics in batches, one transaction a batch, and parks what cannot be handled.

A database or broker that is away pauses it, and parks nothing. A fact that fails is parked under its source and key;
later ones of that source and key wait behind it, and everything else goes on.
"""

import asyncio
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from functools import partial

import structlog
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

from shared.brokers import Broker, BrokerUnavailable, Delivery, Subscription
from shared.clock import machine_now
from shared.database import Database, Session, StoreAway, core, inbox, is_lost_race, parked
from shared.events import LONGEST_KEY, LONGEST_NAME, Envelope, EventUnreadable, service_of, source_of, topic_of
from shared.finishing import finished
from shared.folding import settle
from shared.inbox import Handlers, apply, ids_of, lock_keys, waiting_keys
from shared.joined import later
from shared.outbox import passing_over_what_was_sent
from shared.pulse import Pulse
from shared.telemetry import Metrics

log = structlog.get_logger("consumer")

BATCH = 500
RACES = 5
TOLD_ONE_BY_ONE = 20
"""Facts of a batch, up to which each has its line in the log."""


def group_of(service: str) -> str:
    """The name under which a broker remembers how far a service has read."""
    return f"homeward.{service}"


def topics_heard(handlers: Handlers) -> list[str]:
    """The topics these handlers need."""
    return sorted({topic_of(service_of(kind.type)) for kind in handlers})


def reason_of(error: BaseException) -> str:
    """Why something failed, without its values: the message of our own errors, only the kind of anyone else's."""
    if isinstance(error, EventUnreadable):
        return str(error)[:500]
    where = error.__traceback__
    while where is not None and where.tb_next is not None:
        where = where.tb_next
    place = f" at {where.tb_frame.f_code.co_qualname}:{where.tb_lineno}" if where is not None else ""
    return f"{type(error).__name__}{place}"[:500]


@dataclass(slots=True)
class Consumer:
    """`run()` until cancelled; `take(deliveries)` handles one batch."""

    service: str
    database: Database
    broker: Broker
    handlers: Handlers
    metrics: Metrics | None = None
    poll: float = 1.0
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    pulse: Pulse = field(default_factory=Pulse)

    @property
    def group(self) -> str:
        return group_of(self.service)

    async def run(self) -> None:
        pause = 0.05
        while True:
            try:
                async with self.broker.subscribe(self.group, topics_heard(self.handlers)) as subscription:
                    while True:
                        try:
                            await self._round(subscription)
                            self.pulse.well()
                            pause = 0.05
                        except StoreAway as error:  # the group is not left for it: that would move partitions about
                            self.pulse.waits(error)
                            log.warning("consumer waits", reason=type(error).__name__, seconds=pause)
                            await asyncio.sleep(pause)
                            pause = min(pause * 2, 5.0)
            except BrokerUnavailable as error:
                self.pulse.waits(error)
                log.warning("consumer waits", reason=type(error).__name__, seconds=pause)
            except Exception as error:  # the position in the topic is kept, so nothing is lost by beginning again
                self.pulse.waits(error)
                log.error("consumer stumbled", exc_info=error)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 5.0)

    async def _round(self, subscription: Subscription) -> None:
        deliveries = await subscription.fetch(BATCH, self.poll)
        if deliveries:
            await finished(self._handle(subscription, deliveries))

    async def _handle(self, subscription: Subscription, deliveries: Sequence[Delivery]) -> None:
        try:
            async with self.turn:
                await self.take(deliveries)
        except BaseException:
            await subscription.rewind()
            raise
        await subscription.done(deliveries)

    async def take(self, deliveries: Sequence[Delivery]) -> None:
        """Handles a batch, whole if it can be, else one by one. When it returns, each is applied, dropped or parked.

        Raises `StoreAway` when the database is away: then nothing is certain but that taking them again is safe.
        """
        types = {kind.type for kind in self.handlers}
        ours = [d for d in deliveries if is_for(d, types)]
        if not ours:
            return
        try:
            readable = [(envelope_in(d), d) for d in ours]
            readable.sort(key=lambda pair: pair[0].key)  # stable: a key's own order stays
            async with self.database.transaction() as session:
                applied = await self._apply_all(session, readable)
            self._count(applied)
        except StoreAway:
            raise
        except Exception as error:
            log.info("batch goes one by one", reason=reason_of(error), size=len(ours))
            for delivery in ours:
                self.pulse.turned()
                await self._take_one(delivery)

    def _count(self, applied: Sequence[Envelope]) -> None:
        if self.metrics is not None:
            self.metrics.handled.inc(len(applied))
        if len(applied) > TOLD_ONE_BY_ONE:  # catching up: a line for each would take longer than the fact
            log.info("handled", service=self.service, count=len(applied))
            return
        for envelope in applied:
            log.info("handled", **ids_of(self.service, envelope))

    async def _apply_all(self, session: Session, batch: Sequence[tuple[Envelope, Delivery]]) -> list[Envelope]:
        """Gives what was applied; the others were repeats, or wait behind what is parked."""
        applied: list[Envelope] = []
        keys = {(envelope.source, envelope.key) for envelope, _ in batch}
        last = await lock_keys(session, keys)
        blocked = await waiting_keys(session, keys)
        moved: set[tuple[str, str]] = set()
        for envelope, delivery in batch:
            key = (envelope.source, envelope.key)
            if envelope.sequence <= last[key]:
                continue
            if key in blocked:
                await _park(session, delivery, envelope, "waits behind an earlier fact of its key")
                continue
            await apply(session, self.service, self.handlers, envelope)
            last[key] = envelope.sequence
            moved.add(key)
            applied.append(envelope)
        await settle(session)
        for source, name in sorted(moved):  # goes out with what else is written at the end
            row = {"source": source, "key": name, "sequence": last[source, name]}
            later(session, inbox, row, by=("source", "key"), of=(source, name))
        return applied

    async def _apply_one(self, envelope: Envelope, delivery: Delivery) -> list[Envelope]:
        async with self.database.transaction() as session:
            return await self._apply_all(session, [(envelope, delivery)])

    async def _take_one(self, delivery: Delivery) -> None:
        envelope: Envelope | None = None
        for race in range(RACES):
            try:
                envelope = envelope_in(delivery)
                self._count(await passing_over_what_was_sent(partial(self._apply_one, envelope, delivery)))
                return
            except StoreAway:
                raise
            except Exception as error:
                if is_lost_race(error):
                    if race < RACES - 1:
                        await asyncio.sleep(0.02 * (race + 1))
                        continue
                    if isinstance(error, DBAPIError):  # others are at work here; that is no fault of the fact
                        raise StoreAway("contended") from error
                reason = reason_of(error)
                ids = ids_of(self.service, envelope) if envelope else {"service": self.service}
                place = {"type": _type_of(delivery), "topic": delivery.topic, "offset": delivery.offset}
                log.error("parked", **place, **ids, exc_info=error)
                async with self.database.transaction() as session:
                    await _park(session, delivery, envelope, reason)
                return


def is_for(delivery: Delivery, types: Container[str]) -> bool:
    """Whether it is of one of these types: its header says so, else its body. What cannot be read may be."""
    said = _type_of(delivery)
    if said is None:
        try:
            said = Envelope.parse(delivery.value).type
        except EventUnreadable:
            return True
    return said in types


def envelope_in(delivery: Delivery) -> Envelope:
    """What was delivered. Raises `EventUnreadable`, also when one service's topic carries what claims to be another's,
    or a message what belongs to another key: it would move that one's place in the inbox."""
    envelope = Envelope.parse(delivery.value)
    if envelope.source != sender_on(delivery.topic) or topic_of(service_of(envelope.type)) != delivery.topic:
        raise EventUnreadable("its source or type is not that of the topic it came on")
    if envelope.key != delivery.key:
        raise EventUnreadable("its key is not the one it was sent under")
    return envelope


def sender_on(topic: str) -> str:
    """The source of everything on that topic."""
    return source_of(topic.removeprefix("homeward."))


def _type_of(delivery: Delivery) -> str | None:
    header = delivery.headers.get("ce_type")
    return None if header is None else header.decode(errors="replace")


async def _park(session: Session, delivery: Delivery, envelope: Envelope | None, reason: str) -> None:
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    # what cannot be read still stands in its key's order: later facts of that key must not overtake it
    source = envelope.source if envelope else _storable(sender_on(delivery.topic), LONGEST_KEY)
    key = envelope.key if envelope else _storable(delivery.key, LONGEST_KEY)
    await lock_keys(session, [(source, key)])
    row = dialect.insert(parked).values(
        source=source,
        key=key,
        sequence=envelope.sequence if envelope else None,
        type=envelope.type if envelope else _storable(_type_of(delivery) or "unreadable", LONGEST_NAME),
        topic=delivery.topic,
        partition=delivery.partition,
        offset=delivery.offset,
        body=delivery.value,
        reason=reason,
        attempts=1,
        parked_at=machine_now(),
    )
    await core(session, row.on_conflict_do_nothing())


def _storable(text: str, longest: int) -> str:
    """As much of it as any column takes, so that what is broken can always be put aside."""
    return text.encode(errors="replace").decode().replace("\0", "\ufffd")[:longest]
