"""The runner: carries on what cannot be done inside a request, one short transaction a step.

An errand is a wish that an action recorded ("ask registration to clear this flight"). The runner takes it in one
transaction, goes outside with none open, and records the result in another. A wish stays until its result is recorded,
however often the process dies in between; the other side recognises a repeat by the wish's own id.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from uuid import UUID

import structlog

from shared.act import Act
from shared.clock import monotonic
from shared.database import WISHED, Database, Session, StoreAway
from shared.finishing import finished
from shared.http import OtherServices
from shared.logs import context
from shared.outbox import passing_over_what_was_sent
from shared.problems import OtherServiceUnavailable, Problem
from shared.pulse import Pulse

log = structlog.get_logger("runner")

Wish = TypeVar("Wish")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Errand(Generic[Wish, Result]):
    """`take` finds the wishes that wait; `go` asks outside; `settle` records the result under the wish's own act.

    `settle` locks the wish and looks whether it still waits: two processes may have gone for the same one.
    """

    name: str
    take: Callable[[Session], Awaitable[Sequence[Wish]]]
    go: Callable[[OtherServices, Wish], Awaitable[Result]]
    settle: Callable[[Session, Act, Wish, Result], Awaitable[None]]
    act: Callable[[Wish], Act]
    production_only: bool = False
    """It goes by the machine's date: in development, where a story has days of its own, it would meddle with them."""


async def nothing_to_ask(_others: object, _wish: object) -> None:
    """What an errand goes for that asks no other service."""


SETTLING = 0.02
"""Seconds from a commit that left a wish to the look for it."""
RESTING = 0.1
"""Seconds from a look that found nothing to the next."""


def wished(session: Session) -> None:
    """Says that this transaction leaves a wish, so that the runner looks at once: what nobody says is found at the next
    poll. Most commits leave none, and looking after each cost more than carrying out."""
    session.info[WISHED] = True


@dataclass(slots=True)
class Runner:
    """`run()` until cancelled; `turn()` is one round over all errands, for tests."""

    service: str
    database: Database
    others: OtherServices
    errands: Sequence[Errand[Any, Any]]
    poll: float = 0.5
    pulse: Pulse = field(default_factory=Pulse)
    waiting: dict[str, dict[UUID, float]] = field(default_factory=dict)
    """By errand, the wishes that could not be carried out at the last look, and since when on the monotonic clock."""

    async def run(self) -> None:
        wake = self.database.waker(WISHED)
        pause = 0.05
        while True:
            try:
                wake.clear()
                rests = SETTLING if await self.turn() else RESTING
                looked = monotonic()
                self.pulse.well()
                pause = 0.05
                try:
                    async with asyncio.timeout(self.poll):
                        await wake.wait()
                except TimeoutError:
                    continue
                # One look after a burst of them, and not in its way.
                await asyncio.sleep(max(SETTLING, looked + rests - monotonic()))
                continue
            except (StoreAway, OtherServiceUnavailable) as error:
                self.pulse.waits(error)
                log.warning("runner waits", reason=type(error).__name__, seconds=pause)
            except Problem as error:
                self.pulse.waits(error)
                log.error("errand refused", problem=error.slug, seconds=pause)
            except Exception as error:  # the wish is still there; the next round tries again
                self.pulse.waits(error)
                log.error("runner stumbled", exc_info=error)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 5.0)

    async def turn(self) -> int:
        """One round. Gives how many wishes were settled.

        Raises `StoreAway` at once, and what became of the first wish that could not be settled after trying the rest:
        one that fails keeps no other waiting.
        """
        settled = 0
        failed: Exception | None = None
        taken: list[tuple[Errand[Any, Any], Sequence[Any]]] = []
        if self.errands:
            async with self.database.reading() as session:
                taken = [(errand, await errand.take(session)) for errand in self.errands]
        for errand, wishes in taken:
            before, left = self.waiting.get(errand.name, {}), dict[UUID, float]()
            for wish in wishes:
                self.pulse.turned()
                try:
                    await finished(self._settle(errand, wish))
                    settled += 1
                except StoreAway:
                    raise
                except Exception as error:  # told by the loop, or by the line here where there are several
                    cause = errand.act(wish).cause
                    left[cause] = before.get(cause, monotonic())
                    if failed is not None and not isinstance(error, OtherServiceUnavailable):  # away: once is enough
                        log.error("errand failed", errand=errand.name, exc_info=error)
                    failed = failed or error
            self.waiting[errand.name] = left
        if failed is not None:
            raise failed
        return settled

    async def _settle(self, errand: Errand[Any, Any], wish: Any) -> None:
        act = errand.act(wish)
        trace = act.traced
        ids = {"trace_id": trace.trace_id, "span_id": trace.span_id, "correlation": str(act.correlation)}
        began = monotonic()
        with context(service=self.service, errand=errand.name, **ids):
            result = await errand.go(self.others, wish)

            async def settle() -> None:
                async with self.database.transaction() as session:
                    await errand.settle(session, act, wish, result)

            await passing_over_what_was_sent(settle)
            log.info("carried out", ms=round((monotonic() - began) * 1000, 1))
