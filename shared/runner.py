"""The runner: carries on what cannot be done inside a request, one short transaction a step.

An errand is a wish that an action recorded ("ask registration to clear this flight"). The runner takes it in one
transaction, goes outside with none open, and records the result in another. A wish stays until its result is recorded,
however often the process dies in between; the other side recognises a repeat by the wish's own id.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import structlog

from shared.act import Act
from shared.database import Database, Session, StoreAway
from shared.http import OtherServices
from shared.problems import OtherServiceUnavailable, Problem

log = structlog.get_logger("runner")

Wish = TypeVar("Wish")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Errand(Generic[Wish, Result]):
    """`take` finds the wishes that wait; `go` asks outside; `settle` records the result under the wish's own act."""

    name: str
    take: Callable[[Session], Awaitable[Sequence[Wish]]]
    go: Callable[[OtherServices, Wish], Awaitable[Result]]
    settle: Callable[[Session, Act, Wish, Result], Awaitable[None]]
    act: Callable[[Wish], Act]


@dataclass(slots=True)
class Runner:
    """`run()` until cancelled; `turn()` is one round over all errands, for tests."""

    service: str
    database: Database
    others: OtherServices
    errands: Sequence[Errand[Any, Any]]
    poll: float = 0.5

    async def run(self) -> None:
        wake = self.database.waker()
        pause = 0.05
        while True:
            try:
                wake.clear()
                await self.turn()
                pause = 0.05
                try:
                    async with asyncio.timeout(self.poll):
                        await wake.wait()
                except TimeoutError:
                    pass
                continue
            except (StoreAway, OtherServiceUnavailable) as error:
                log.warning("runner waits", reason=type(error).__name__, seconds=pause)
            except Exception as error:  # the wish is still there; the next round tries again
                log.error("runner stumbled", exc_info=error)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 5.0)

    async def turn(self) -> int:
        """One round. Gives how many wishes were settled. Raises `OtherServiceUnavailable`, after trying the rest."""
        settled = 0
        away: OtherServiceUnavailable | None = None
        for errand in self.errands:
            async with self.database.reading() as session:
                wishes = await errand.take(session)
            for wish in wishes:
                try:
                    result = await errand.go(self.others, wish)
                except OtherServiceUnavailable as error:
                    away = error
                    continue
                except Problem as error:
                    log.error("errand refused", errand=errand.name, problem=error.slug)
                    continue
                async with self.database.transaction() as session:
                    await errand.settle(session, errand.act(wish), wish, result)
                settled += 1
        if away is not None:
            raise away
        return settled
