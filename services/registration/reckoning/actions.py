"""Verbs of what became known here.

A position may not be given where something is recorded: who records first may commit last, and a report in between
would count the later one alone. So it is given to what is committed, by one at a time, as the relay does with facts.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, text

from services.registration.reckoning.models import Reckoned
from services.registration.reckoning.queries import some_wait
from services.registration.reckoning.rules import What
from shared.act import Act
from shared.clock import machine_now
from shared.database import Session, core, new_id
from shared.folding import keep_row, once, table_of
from shared.runner import Errand, nothing_to_ask, wished

AT_ONCE = 1_000
KEPT = once(table_of(Reckoned), "what", "about")

PLACE = text(
    """
    UPDATE reckoned SET position = placed.position
    FROM (SELECT what, about, (SELECT coalesce(max(position), 0) FROM reckoned)
                              + row_number() OVER (ORDER BY what, about) AS position
          FROM (SELECT what, about FROM reckoned WHERE position IS NULL ORDER BY what, about LIMIT :batch) AS waits
         ) AS placed
    WHERE reckoned.what = placed.what AND reckoned.about = placed.about
    """
)


def reckon_heard(session: Session, what: What, about: UUID) -> None:
    """In a fold: what was told by another service became known here. A second time it changes nothing."""
    keep_row(session, KEPT, {"what": what, "about": about})
    wished(session)


def reckon(session: Session, what: What, about: UUID) -> None:
    """In an action: what it records is what reports count by."""
    session.add(Reckoned(what=what, about=about))
    wished(session)


async def place(session: Session, limit: int = AT_ONCE) -> None:
    """Gives up to `limit` committed rows the next positions, without gaps."""
    if session.get_bind().dialect.name == "postgresql":  # SQLite has one writer anyway
        await core(session, select(func.pg_advisory_xact_lock(func.hashtextextended("reckoned", 0))))
    await core(session, PLACE, {"batch": limit})


@dataclass(frozen=True, slots=True)
class Unplaced:
    """There is something without a position."""

    now: datetime
    cause: UUID

    def act(self) -> Act:
        return Act("service:registration", frozenset({"service"}), self.now, self.cause, self.cause, "registration")


async def unplaced(session: Session) -> list[Unplaced]:
    return [Unplaced(machine_now(), new_id())] if await some_wait(session) else []


async def place_the_next(session: Session, _act: Act, _unplaced: Unplaced, _result: None) -> None:
    await place(session)


RECKON: Errand[Unplaced, None] = Errand(
    name="reckon", take=unplaced, go=nothing_to_ask, settle=place_the_next, act=Unplaced.act
)
