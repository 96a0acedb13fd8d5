"""What a process of a stack can be made to suffer from within: applied in the child, before it becomes the service.

`suffer` patches the code at the seams between its steps. Every patch asks a switch first, and does nothing while it is
off.
"""

import asyncio
import os
import signal
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import orjson
from asyncpg.transaction import Transaction

from shared import clock, consumer, inbox
from shared.brokers import Broker, BrokerUnavailable, Message
from shared.brokers.kafka import KafkaBroker
from shared.brokers.kafka_subscription import KafkaSubscription
from shared.consumer import Consumer
from shared.database import Leader
from shared.events import Envelope
from shared.relay import Relay
from shared.runner import Runner
from tests.outages.switches import Switches, of_this_process

STEPS = {
    "api": ("api before commit", "api after commit"),
    "worker": (
        "relay before commit",
        "relay before send",
        "relay before mark",
        "consumer before commit",
        "consumer before offset",
        "runner before commit",
    ),
}
"""Where a process can be made to die, by its kind. "Relay before send" is after the commit and before the send, "before
mark" after the send; "consumer before offset" is after the batch was committed; "runner before commit" after another
service was asked."""

NEWER = "ofanothertime"
"""The name of what a newer version says beside what is known: an extension of the envelope, a field of the data."""
GLANCE = 0.05
"""Seconds between two looks at a switch that is asked all the time."""


class Mistake(Exception):
    """A handler with a fault in it."""


def suffer(folder: Path) -> None:
    switches = of_this_process(folder)
    dies_at_its_steps(switches)
    has_a_clock_that_jumps(switches)
    sends_in_a_muddle(switches)
    has_a_faulty_handler(switches)


def _patched(where: Any, name: str, instead: Any) -> None:
    """For the rest of this process's life."""
    patch.object(where, name, instead).start()


def dies_at_its_steps(switches: Switches) -> None:
    doing: ContextVar[str] = ContextVar("doing", default="api")

    def reached(step: str) -> None:
        if switches.off(step):  # whoever takes the file away dies of it, and nobody twice
            os.kill(os.getpid(), signal.SIGKILL)

    def during(kind: type[Any], method: str, what: str) -> None:
        plain = getattr(kind, method)

        async def noted(self: Any, *arguments: Any, **named: Any) -> Any:
            token = doing.set(what)
            try:
                return await plain(self, *arguments, **named)
            finally:
                doing.reset(token)

        _patched(kind, method, noted)

    during(Relay, "turn", "relay")
    during(Consumer, "take", "consumer")
    during(Runner, "turn", "runner")
    commit, publish, offset = Transaction.commit, KafkaBroker.publish, KafkaSubscription.done
    step = Leader.asked

    async def committing(self: Any) -> None:
        if self._readonly:
            await commit(self)
            return
        reached(f"{doing.get()} before commit")
        await commit(self)
        reached(f"{doing.get()} after commit")

    async def stepping(self: Any, *arguments: Any) -> Any:
        reached("relay before commit")  # one statement, and a transaction by itself
        rows = await step(self, *arguments)
        reached("relay after commit")
        return rows

    async def sending(self: Any, *arguments: Any, **named: Any) -> Any:
        reached("relay before send")
        verdicts = await publish(self, *arguments, **named)
        reached("relay before mark")
        return verdicts

    async def keeping_the_place(self: Any, *arguments: Any, **named: Any) -> None:
        reached("consumer before offset")
        await offset(self, *arguments, **named)

    _patched(Transaction, "commit", committing)
    _patched(Leader, "asked", stepping)
    _patched(KafkaBroker, "publish", sending)
    _patched(KafkaSubscription, "done", keeping_the_place)


def has_a_clock_that_jumps(switches: Switches) -> None:
    """The wall's clock is so many seconds off. Monotonic time goes on: it does so on a machine, too."""
    shift = _glancing(lambda: float(switches.told("clock") or 0))

    def now(zone: tzinfo = UTC) -> datetime:
        return datetime.now(zone) + timedelta(seconds=shift())

    _patched(clock, "datetime", SimpleNamespace(now=now, fromisoformat=datetime.fromisoformat))


def _glancing(look: Callable[[], float]) -> Callable[[], float]:
    seen, until = 0.0, 0.0

    def found() -> float:
        nonlocal seen, until
        if time.monotonic() > until:
            seen, until = look(), time.monotonic() + GLANCE
        return seen

    return found


def sends_in_a_muddle(switches: Switches) -> None:
    """Facts of several keys in another order and late, or twice, or as a newer version would tell them."""
    publish = KafkaBroker.publish

    async def sending(self: Any, messages: Sequence[Message]) -> list[Exception | None]:
        if switches.is_on("newer"):
            messages = [as_a_newer_version(message) for message in messages]
        seed = switches.told("muddled")
        if seed is not None:
            return await muddled(self, publish, messages, Random(f"{seed} {messages[0].value!r}"))
        verdicts = await publish(self, messages)
        if switches.is_on("doubled"):
            await publish(self, messages)
        return verdicts

    _patched(KafkaBroker, "publish", sending)


def as_a_newer_version(message: Message) -> Message:
    """With a field more in the envelope and in the data, as a later version may have."""
    document = orjson.loads(message.value)
    document[NEWER] = "of no concern yet"
    document["data"][NEWER] = {"nested": [1, 2, 3]}
    return Message(message.topic, message.key, orjson.dumps(document), message.headers)


async def muddled(
    broker: Broker, publish: Callable[..., Any], messages: Sequence[Message], random: Random
) -> list[Exception | None]:
    """Sends the keys in another order, some at a time, with pauses; the order within a key is kept."""
    by_key: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, message in enumerate(messages):
        by_key[(message.topic, message.key)].append(number)
    waiting = list(by_key.values())
    verdicts: list[Exception | None] = [BrokerUnavailable("held back")] * len(messages)
    while waiting:
        lane = random.choice(waiting)
        numbers = lane[: random.randint(1, len(lane))]
        del lane[: len(numbers)]
        waiting = [each for each in waiting if each]
        try:
            found = await publish(broker, [messages[number] for number in numbers])
        except BrokerUnavailable as error:
            if all(verdict is not None for verdict in verdicts):
                raise
            for number in numbers:
                verdicts[number] = error
            return verdicts  # what was not tried is held back
        for number, verdict in zip(numbers, found, strict=True):
            verdicts[number] = verdict
        if any(verdict is not None for verdict in found):
            return verdicts
        await asyncio.sleep(random.choice((0, 0, 0.02, 0.1, 0.4)))
    return verdicts


def has_a_faulty_handler(switches: Switches) -> None:
    """It fails for one key: the one it is told, or, where it is told none, the first that it meets. And it is slow,
    where it is told so, so that a batch is long in hand."""
    plain = inbox.apply
    shared = Switches(switches.folder, switches.part.split("-", 1)[0])

    async def applying(session: Any, service: str, handlers: Any, envelope: Envelope) -> Any:
        slowly = switches.told("slow")
        if slowly is not None:
            await asyncio.sleep(float(slowly))
        poisoned = shared.told("poisoned")
        if poisoned == "":
            poisoned = envelope.key
            shared.on("poisoned", poisoned)
        if poisoned == envelope.key:
            raise Mistake(f"{service} cannot handle {envelope.type}")
        return await plain(session, service, handlers, envelope)

    _patched(consumer, "apply", applying)
