"""Two writers: every mutable table has a `version`; it is the ETag; a change names the version it was made from."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, Protocol, TypeVar

from sqlalchemy import bindparam, func
from sqlmodel import SQLModel, select
from sqlmodel.ext.asyncio.session import AsyncSession as Session
from sqlmodel.sql.expression import SelectOfScalar

from shared.problems import PreconditionMissing, StaleVersion

ETAG = re.compile(r'(?:W/)?"?(\d{1,18})"?')


Row = TypeVar("Row", bound=SQLModel)


class Versioned(Protocol):
    version: int


def expected_version(header: str | None, *, needed: bool) -> int | None:
    """The version in If-Match. Raises `PreconditionMissing` when it is needed, `StaleVersion` when it is no version of
    ours (`*` stands for any)."""
    if header is None:
        if needed:
            raise PreconditionMissing()
        return None
    if header.strip() == "*":
        return None
    form = ETAG.fullmatch(header.strip())
    if form is None:
        raise StaleVersion("If-Match holds no version that was given out here")
    return int(form.group(1))


def etag(version: int) -> str:
    return f'"{version}"'


def is_known(header: str | None, version: int) -> bool:
    """Whether If-None-Match names this version: a list of ETags, weak or strong, or `*` (RFC 9110)."""
    if header is None:
        return False
    given = [part.strip().removeprefix("W/") for part in header.split(",")]
    return "*" in given or etag(version) in given


async def locked(session: Session, model: type[Row], row_id: Any) -> Row | None:
    """The row of that `id`, locked until the commit, as it is then: also where this session read it before it waited.

    `session.get(..., with_for_update=True)` compares the versions instead, and fails when somebody was faster: right
    for a caller who decided on what was read, and wrong for one who locks in order to read.
    """
    found = await locked_all(session, model, [row_id])
    return found[0] if found else None


async def locked_all(session: Session, model: type[Row], row_ids: Iterable[Any]) -> Sequence[Row]:
    """Those of the rows that exist, locked in the order of their ids, so that two who need the same never wait for each
    other."""
    return (await session.exec(_locking(model), params={"ids": sorted(set(row_ids))})).all()


async def held(session: Session, model: type[Row], row_id: Any) -> Row | None:
    """The row of that `id`, which nobody changes until the commit; others may hold it at the same time.

    For who changes something that hangs on the row, and never the row itself: two who hold it and then both lock it
    wait for each other.
    """
    return (await session.exec(_locking(model, shared=True), params={"ids": [row_id]})).first()


@lru_cache(maxsize=256)
def _locking(model: type[Row], *, shared: bool = False) -> SelectOfScalar[Row]:
    # Built once: making a statement anew costs twice what asking it does.
    ids: Any = model.__table__.c.id  # type: ignore[attr-defined]  # every model with table=True has it
    rows = select(model).where(ids.in_(bindparam("ids", expanding=True))).order_by(ids).with_for_update(read=shared)
    return rows.execution_options(populate_existing=True)


async def alone_with(session: Session, *what: str) -> None:
    """Waits until no other transaction of this service is at the same thing, by its name, and keeps others out until
    the commit: for "there is none yet", which no row's lock can guard. SQLite has one writer anyway.

    Comes after the locks of rows that the caller needs, but for those that are always taken last.
    """
    if session.get_bind().dialect.name == "postgresql":
        await session.exec(select(func.pg_advisory_xact_lock(func.hashtextextended("\n".join(what), 0))))


def touch(row: Any) -> None:
    """Marks a loaded row as changed: its version goes up, and the UPDATE asks for the version that was read."""
    row.version += 1
