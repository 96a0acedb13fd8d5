"""Errands of the worker that ask no other service. In development only who asks the routes does the same."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.registration.duplicates.actions import review_duplicates
from services.registration.duplicates.queries import waits_to_be_compared
from services.registration.holds.actions import review_holds
from services.registration.holds.queries import due_holds
from services.registration.holds.rules import ENDS_BY_ITSELF
from shared.act import Act
from shared.clock import machine_now
from shared.database import Session, new_id
from shared.runner import Errand, nothing_to_ask

AT_ONCE = 100
"""Rows that a sweep looks at in one transaction."""


@dataclass(frozen=True, slots=True)
class Sweep:
    """There is something to sweep."""

    now: datetime
    cause: UUID

    def act(self) -> Act:
        return Act("service:registration", frozenset({"service"}), self.now, self.cause, self.cause, "registration")


async def records_wait(session: Session) -> list[Sweep]:
    return [Sweep(machine_now(), new_id())] if await waits_to_be_compared(session) else []


async def holds_are_due(session: Session) -> list[Sweep]:
    now = machine_now()
    return [Sweep(now, new_id())] if await due_holds(session, now.date(), ENDS_BY_ITSELF, 1) else []


async def compare_the_next(session: Session, act: Act, _sweep: Sweep, _result: None) -> None:
    await review_duplicates(session, act.now, AT_ONCE)


async def release_the_next(session: Session, act: Act, _sweep: Sweep, _result: None) -> None:
    await review_holds(session, act, AT_ONCE)


COMPARE: Errand[Sweep, None] = Errand(
    name="compare_records",
    take=records_wait,
    go=nothing_to_ask,
    settle=compare_the_next,
    act=Sweep.act,
    production_only=True,
)
END_HOLDS: Errand[Sweep, None] = Errand(
    name="end_holds",
    take=holds_are_due,
    go=nothing_to_ask,
    settle=release_the_next,
    act=Sweep.act,
    production_only=True,
)
