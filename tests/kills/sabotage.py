"""Ways to break what must survive a kill, so that the auditor is seen to notice. Applied in the services' process."""

import asyncio
import os
import signal
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from pathlib import Path
from typing import Any, cast
from unittest.mock import patch
from uuid import UUID, uuid4

from sqlalchemy import insert, select
from starlette.responses import Response

from services.registration.facts.actions import keep_line
from services.registration.facts.models import JourneyLine
from services.registration.handlers import HANDLERS
from shared import consumer, relay, web
from shared.brokers import BrokerUnavailable, Message
from shared.brokers.embedded import EmbeddedBroker
from shared.database import Session, core, outbox
from shared.events import Envelope, Event, service_of
from shared.idempotency import KeptAnswer, keep
from shared.inbox import Handler, lock_keys

DIED = "died.once"
"""A file in the folder that says so."""
DIES_IN = "screen"
"""Part of the name of the route whose answer leaves before its commit."""


def patched(where: Any, name: str, instead: Any) -> None:
    """For the rest of this process's life."""
    patch.object(where, name, instead).start()


def inbox_is_not_asked(_folder: Path) -> None:
    """Everything is sent twice, the inbox drops no repeat, and the journey trusts it to."""
    sends_twice(EmbeddedBroker)
    inbox_forgets()


A_MOMENT = 0.3
"""Seconds until the second copy: in one batch with the first it would be dropped there, before any inbox is asked."""


def sends_twice(broker: type[Any]) -> None:
    publish = broker.publish

    async def twice(self: Any, messages: Sequence[Message]) -> list[Exception | None]:
        verdicts: list[Exception | None] = await publish(self, messages)
        await asyncio.sleep(A_MOMENT)
        await publish(self, messages)
        return verdicts

    patched(broker, "publish", twice)


def inbox_forgets() -> None:
    """It drops no repeat, and the journey trusts it to."""

    async def forgetful(session: Session, keys: Any) -> dict[tuple[str, str], int]:
        return dict.fromkeys(await lock_keys(session, keys), 0)

    async def trusting(session: Session, envelope: Envelope, fact: Event) -> None:
        row = insert(JourneyLine).values(
            event_id=uuid4(),
            case_id=UUID(envelope.key),
            service=service_of(envelope.type),
            type=envelope.type,
            cause_id=envelope.cause,
            individual_id=getattr(fact, "individual", None),
            occurred_at=envelope.time,
            recorded_at=envelope.recorded,
            sequence=envelope.sequence,
            position=envelope.position,
            attempt=envelope.attempt,
        )
        await core(session, row)

    patched(consumer, "lock_keys", forgetful)
    handlers = cast(dict[type[Event], Handler], HANDLERS)
    for kind, handler in handlers.items():
        if handler.fold is keep_line:
            handlers[kind] = Handler(trusting, handler.react)


def relay_remembers_the_highest(_folder: Path) -> None:
    """The relay reads on from the highest row it has seen, and the log is away for a moment."""
    failures = {"left": 1}
    publish = EmbeddedBroker.publish

    async def away_once(self: EmbeddedBroker, messages: Sequence[Message]) -> list[Exception | None]:
        if failures["left"]:
            failures["left"] -= 1
            raise BrokerUnavailable("away for a moment")
        return await publish(self, messages)

    reads_beyond_the_highest()
    patched(EmbeddedBroker, "publish", away_once)


def reads_beyond_the_highest() -> None:
    """What was committed later than a row with a higher id is never seen."""
    seen: dict[int, int] = {}

    async def beyond(session: Session, _behind: int = 0) -> Sequence[Any]:
        loop = id(session.get_bind())
        waiting = select(outbox).where(outbox.c.id > seen.get(loop, 0), outbox.c.position.is_not(None))
        found = (await core(session, waiting.order_by(outbox.c.id))).all()
        seen[loop] = max([seen.get(loop, 0), *(row.id for row in found)])
        return found

    patched(relay, "_unsent", beyond)


def answers_before_the_commit(folder: Path) -> None:
    """An answer leaves while its transaction is still open, and once the process dies in between."""
    early: ContextVar[asyncio.Future[Response] | None] = ContextVar("early", default=None)
    write = web.HomewardRoute._write
    done = folder / DIED

    async def hasty(self: web.HomewardRoute, *arguments: Any) -> Response:
        if DIES_IN not in self.name or done.exists():
            return await write(self, *arguments)
        answer: asyncio.Future[Response] = asyncio.get_running_loop().create_future()
        early.set(answer)
        asyncio.create_task(write(self, *arguments))  # noqa: RUF006  # it dies with the process
        return await answer

    async def slow(session: Session, client: str, key: str, answer: KeptAnswer) -> None:
        await keep(session, client, key, answer)
        waiting = early.get()
        if waiting is not None:
            waiting.set_result(Response(answer.body, answer.status, answer.headers))
            await asyncio.sleep(0.3)
            done.touch()
            os.kill(os.getpid(), signal.SIGKILL)

    patched(web.HomewardRoute, "_write", hasty)
    patched(web, "keep", slow)


SABOTAGES: dict[str, Callable[[Path], None]] = {
    sabotage.__name__: sabotage
    for sabotage in (inbox_is_not_asked, relay_remembers_the_highest, answers_before_the_commit)
}
