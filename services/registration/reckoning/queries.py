"""Reads of what became known here."""

from typing import Any

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import aliased
from sqlmodel import col
from sqlmodel import select as select_rows

from services.registration.reckoning.models import Reckoned
from services.registration.reckoning.rules import What
from shared.database import Session, core


async def last_position(session: Session) -> int:
    """Of what is known now; 0 before anything is."""
    return (await core(session, select(func.max(col(Reckoned.position))))).scalar() or 0


async def some_wait(session: Session) -> bool:
    """Whether something was committed that has no position yet."""
    rows = select_rows(Reckoned.about).where(col(Reckoned.position).is_(None)).limit(1)
    return (await session.exec(rows)).first() is not None


def known_by(what: What, about: Any, position: Any) -> ColumnElement[bool]:
    """Whether what `about` names was known at that position. `about`: a column of ids; `position`: one, or a column."""
    row: Any = aliased(Reckoned)
    known = exists().where(row.what == what, row.about == about, row.position <= position)
    return known.correlate_except(row)  # else it looks for a column's table no further than the query around it
