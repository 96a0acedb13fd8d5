"""Whether a process may be sent work: its database answers, takes writes, and has the schema this code needs.

A pool whose connections are all in use is much work and no fault of the database: it is asked beside the pool then.
Kafka away makes nothing unready: an API goes on, and a worker is there when Kafka comes back. It is told beside.
"""

import asyncio
from dataclasses import dataclass, field

from pydantic import BaseModel

from shared import outbox, recovery
from shared.database import StoreAway
from shared.revisions import is_behind, revisions_asked_apart, revisions_in, revisions_of
from shared.wiring import Runtime

PATIENCE = 2.0
"""Seconds the database has to answer; less than a probe waits."""
WAITED_LONG = 60.0
"""Seconds a fact may wait to leave before it is worth telling."""


class Health(BaseModel):
    """`ready` false comes with status 503; `reasons` says why, in sentences. `degraded` says what is wrong beside: it
    makes nothing unready."""

    ready: bool
    reasons: list[str]
    degraded: list[str] = []


@dataclass(slots=True)
class Readiness:
    """Several probes at once are one look: they hold one connection, however many they are."""

    runtime: Runtime
    _look: asyncio.Task[Health] | None = field(default=None)

    async def told(self) -> Health:
        if self._look is None or self._look.done():
            self._look = asyncio.create_task(_look(self.runtime))
        return await asyncio.shield(self._look)


async def _look(runtime: Runtime) -> Health:
    reasons: list[str] = []
    degraded: list[str] = []
    try:
        async with asyncio.timeout(PATIENCE):
            reasons = await _of_the_schema(runtime)
            if not reasons:
                degraded = await _of_what_waits(runtime)
    except StoreAway:
        reasons = ["The database cannot be reached."]
    except TimeoutError:
        used, size = runtime.database.pool_in_use()
        reasons = [f"The database did not answer within {PATIENCE:.0f} s ({used} of {size} connections in use)."]
    if runtime.database.takes_no_writes is not None and not reasons:
        try:
            if runtime.database.pool_is_full():
                raise StoreAway(runtime.database.takes_no_writes)
            await recovery.try_a_write(runtime.database)
        except StoreAway as error:
            reasons.append(f"The database does not take writes ({error}).")
    if runtime.restored is not None:
        reasons.append(runtime.restored)
    if runtime.working:
        for name, pulse in runtime.pulses().items():
            if pulse.stalled:
                reasons.append(f"The {name} has not turned for {pulse.age:.0f} s.")
            elif pulse.waits_for is not None:
                degraded.append(f"The {name} waits for {pulse.waits_for}.")
    return Health(ready=not reasons, reasons=reasons, degraded=degraded)


async def _of_the_schema(runtime: Runtime) -> list[str]:
    ask = revisions_asked_apart if runtime.database.pool_is_full() else revisions_of
    here = await ask(runtime.database)
    behind = is_behind(here, revisions_in(runtime.wiring.migrations))
    runtime.migrated = not behind
    return ["The schema is behind this code: run `homeward migrate`."] if behind else []


async def _of_what_waits(runtime: Runtime) -> list[str]:
    if runtime.database.pool_is_full():
        return [f"All {runtime.database.pool_in_use()[1]} connections to the database are in use."]
    async with runtime.database.reading() as session:
        age = await outbox.oldest(session)
    return [f"Facts have waited to leave for {age:.0f} s."] if age > WAITED_LONG else []
