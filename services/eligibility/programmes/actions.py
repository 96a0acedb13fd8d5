"""Verbs of programmes: found one, add a version to it. A version is never changed."""

from dataclasses import dataclass
from datetime import timedelta

import orjson
from sqlmodel import col, select

from services.eligibility.changes.actions import announce, spread
from services.eligibility.decisions.rules import Because
from services.eligibility.programmes.models import Programme, ProgrammeVersion
from services.eligibility.programmes.queries import change_rules, programme_with_code
from services.eligibility.programmes.rules import ProgrammeCodeTaken, Scope, VersionContent, check_version, overlap
from shared.act import Act
from shared.concurrency import touch
from shared.database import Session, new_id


@dataclass(frozen=True, slots=True)
class AddedVersion:
    """`supersedes`: the numbers of earlier versions that share dates with it. `left`: cases still to be looked at."""

    row: ProgrammeVersion
    supersedes: tuple[int, ...]
    left: int


async def found_programme(session: Session, act: Act, body: Scope) -> Programme:
    """A new programme, without a version yet. Raises `ProgrammeCodeTaken`."""
    await change_rules(session)
    if await programme_with_code(session, body.code) is not None:
        raise ProgrammeCodeTaken()
    row = Programme(
        id=new_id(),
        code=body.code,
        name=body.name,
        donor=body.donor,
        currency=body.currency,
        host_countries=list(body.host_countries),
        destination_countries=None if body.destination_countries is None else list(body.destination_countries),
        made_by=act.by,
        made_at=act.now,
    )
    session.add(row)
    await session.flush()
    return row


async def add_version(session: Session, act: Act, programme: Programme, content: VersionContent) -> AddedVersion:
    """The next version of a programme, by which its open cases, and those without a programme, are looked at again.

    The caller has locked the programme. Raises `ProgrammeVersionRefused`.
    """
    check_version(content, programme.currency)
    dated = select(ProgrammeVersion).where(ProgrammeVersion.programme_id == programme.id)
    earlier = (await session.exec(dated.order_by(col(ProgrammeVersion.number)))).all()
    programme.latest += 1
    touch(programme)
    row = ProgrammeVersion(
        id=new_id(),
        programme_id=programme.id,
        number=programme.latest,
        valid_from=content.valid_from,
        valid_until=content.valid_until,
        provisional=content.provisional,
        document=orjson.dumps(content.model_dump(mode="json"), option=orjson.OPT_SORT_KEYS),
        made_by=act.by,
        made_at=act.now,
    )
    session.add(row)
    await session.flush()
    superseded = tuple(each.number for each in earlier if overlap(each, row))
    await announce(session, act, row.valid_from, Because.PROGRAMME_CHANGED, programme_id=programme.id)
    if row.valid_until is not None:
        day_after = row.valid_until + timedelta(days=1)
        await announce(session, act, day_after, Because.PROGRAMME_CHANGED, programme_id=programme.id)
    left = await spread(session, act, Because.PROGRAMME_CHANGED, programme_id=programme.id)
    return AddedVersion(row, superseded, left)
