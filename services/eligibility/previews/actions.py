"""Verbs of previews: ask what a restriction, or a programme's version, would do to the open cases it concerns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement

from services.eligibility.cases.queries import (
    Standing,
    count_where,
    open_and_bound_for,
    open_and_decided_by,
    pictures_of,
    standings_page,
)
from services.eligibility.cases.rules import Restricted
from services.eligibility.decisions.queries import decisions_by_id
from services.eligibility.previews.rules import Asked, Effect, Supposed, effect_on
from services.eligibility.previews.schemas import SupposedRestriction, SupposedVersion
from services.eligibility.programmes.queries import programme_of_id, rulings_on, scope_of
from services.eligibility.programmes.rules import check_version, compile_version
from services.eligibility.restrictions.queries import restrictions_on
from services.eligibility.restrictions.rules import check_area, check_dates
from shared.act import Act
from shared.database import Session, new_id


@dataclass(frozen=True, slots=True)
class Preview:
    """A page of the cases concerned. `more`: whether others follow."""

    evaluated_on: date
    concerned: int
    effects: Sequence[Effect]
    more: bool


async def preview_restriction(
    session: Session, act: Act, body: SupposedRestriction, after: UUID | None, limit: int
) -> Preview:
    """What a restriction would do on its first day, or today if that is later.

    Raises `RestrictionDatesImpossible` and `AreaElsewhere`.
    """
    check_area(body.country, body.area)
    check_dates(body.valid_from, body.valid_until)
    supposed = Supposed(new_id(), body.country, body.area, body.valid_from, body.valid_until, body.source)
    on = max(act.today, body.valid_from)
    rulings = await _rulings(session, on)
    return await _preview(session, act.now, open_and_bound_for(body.country), rulings, [supposed], on, after, limit)


async def preview_version(
    session: Session, act: Act, programme_id: UUID, content: SupposedVersion, after: UUID | None, limit: int
) -> Preview:
    """What a version would do on its first day, or today if that is later.

    Raises `NotFound` and `ProgrammeVersionRefused`.
    """
    programme = await programme_of_id(session, programme_id)
    check_version(content, programme.currency)
    on = max(act.today, content.valid_from)
    rulings = await _rulings(session, on)
    if content.valid_until is None or on <= content.valid_until:
        rulings[programme.id] = Asked(scope_of(programme), programme.latest + 1, compile_version(content))
    return await _preview(session, act.now, open_and_decided_by(programme.id), rulings, [], on, after, limit)


async def _rulings(session: Session, on: date) -> dict[UUID, Asked]:
    in_force = await rulings_on(session, on)
    return {key: Asked(ruling.scope, ruling.number, ruling.version) for key, ruling in in_force.items()}


async def _preview(
    session: Session,
    now: datetime,
    concerned: ColumnElement[bool],
    rulings: Mapping[UUID, Asked],
    supposed: Sequence[Restricted],
    on: date,
    after: UUID | None,
    limit: int,
) -> Preview:
    rows = await standings_page(session, concerned, after, limit)
    shown: Sequence[Standing] = rows[:limit]
    pictures = await pictures_of(session, [row.id for row in shown], [row.id for row in shown if row.excepted])
    currents = await decisions_by_id(session, [row.decision_id for row in shown if row.decision_id is not None])
    countries = {picture.destination_country for picture in pictures.values()}
    restrictions = await restrictions_on(session, countries)
    effects = []
    for row in shown:
        picture = pictures.get(row.id)
        if picture is None:
            continue
        current = None if row.decision_id is None else currents.get(row.decision_id)
        there = [each for each in (*restrictions, *supposed) if each.country == picture.destination_country]
        effects.append(
            effect_on(
                picture,
                None if current is None else current.record,
                None if current is None else current.attempts,
                (row.programme_id, row.programme_asked),
                rulings,
                there,
                on if current is None else max(on, current.row.evaluated_on),
                now,
            )
        )
    return Preview(on, await count_where(session, concerned), effects, len(rows) > limit)
