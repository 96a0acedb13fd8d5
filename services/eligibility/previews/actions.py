"""Verbs of previews: ask what a change would do to the open cases it concerns: a restriction that is set or lifted, a
programme's version, facts of one case."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement

from services.eligibility.cases.actions import own_ruling
from services.eligibility.cases.queries import (
    Standing,
    open_and_bound_for,
    open_and_decided_by,
    pictures_of,
    standing_of,
    standings_page,
    statuses_where,
    this_open_one,
)
from services.eligibility.cases.rules import Picture, QuestionNotAsked, Restricted, check_answers
from services.eligibility.decisions.queries import decisions_by_id
from services.eligibility.decisions.rules import CaseHasEnded
from services.eligibility.previews.rules import Asked, Effect, Preview, Supposed, changed_picture, counts_of, effect_on
from services.eligibility.previews.schemas import SupposedFacts, SupposedRestriction, SupposedVersion
from services.eligibility.programmes.queries import programme_of_id, rulings_on, scope_of
from services.eligibility.programmes.rules import check_version, compile_version
from services.eligibility.restrictions.queries import restriction_of_id, restrictions_on
from services.eligibility.restrictions.rules import check_area, check_dates, check_lifting
from shared.act import Act
from shared.database import Session, new_id

COUNTED_AT_MOST = 500
"""So many cases are decided to be counted, each in a millisecond or more; of more cases, the first by their ids."""
AT_ONCE = 25
"""Between so many, others have their turn."""


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


async def preview_lifting(
    session: Session, act: Act, restriction_id: UUID, lifted_on: date, after: UUID | None, limit: int
) -> Preview:
    """What lifting a restriction would do on the first day returns are open again, or today if that is later.

    Raises `NotFound`, `RestrictionAlreadyLifted` and `RestrictionDatesImpossible`.
    """
    row = await restriction_of_id(session, restriction_id)
    check_lifting(row.valid_from, row.lifted_on, lifted_on)
    supposed = Supposed(row.id, row.country, row.area, row.valid_from, row.valid_until, row.source, lifted_on)
    on = max(act.today, lifted_on)
    rulings = await _rulings(session, on)
    return await _preview(session, act.now, open_and_bound_for(row.country), rulings, [supposed], on, after, limit)


async def preview_facts(session: Session, act: Act, case_id: UUID, body: SupposedFacts) -> Preview:
    """What a case would be decided today, if these were its facts.

    Raises `NotFound`, `CaseHasEnded`, `AreaElsewhere`, and for answers `ProgrammeToChoose`, `NoVersionInForce`,
    `QuestionNotAsked` and `AnswerUnfit`.
    """
    standing = await standing_of(session, case_id)
    if standing.ended is not None:
        raise CaseHasEnded(ended=standing.ended)
    if body.answers:
        ruling = await own_ruling(session, standing, act.today)
        check_answers(ruling.version.questions, body.answers, body.individual_id)

    def change(picture: Picture) -> Picture:
        if body.individual_id is not None and all(m.individual != body.individual_id for m in picture.members):
            raise QuestionNotAsked(about="member", questions=[])
        check_area(body.destination_country or picture.destination_country, body.destination_area)
        return changed_picture(
            picture,
            body.answers,
            body.individual_id,
            body.means,
            body.destination_country,
            body.destination_area,
            body.arrived_in_host_country,
        )

    rulings = await _rulings(session, act.today)
    return await _preview(session, act.now, this_open_one(case_id), rulings, [], act.today, None, 1, change)


def _as_it_is(picture: Picture) -> Picture:
    return picture


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
    change: Callable[[Picture], Picture] = _as_it_is,
) -> Preview:
    """A page; with the first one also the counts, for which cases are looked at beyond the page."""
    standing_now = await statuses_where(session, concerned)
    number = sum(standing_now.values())
    wanted = limit if after is not None else max(limit, min(number, COUNTED_AT_MOST))
    effects: list[Effect] = []
    seen, more = after, True
    while more and len(effects) < wanted:
        rows = await standings_page(session, concerned, seen, min(AT_ONCE, wanted - len(effects)))
        shown = rows[: min(AT_ONCE, wanted - len(effects))]
        effects += await _effects_on(session, now, shown, rulings, supposed, on, change)
        seen, more = (shown[-1].id, len(rows) > len(shown)) if shown else (seen, False)
    counts = counts_of(effects) if after is None else None
    return Preview(on, number, effects[:limit], more or len(effects) > limit, standing_now, counts)


async def _effects_on(
    session: Session,
    now: datetime,
    shown: Sequence[Standing],
    rulings: Mapping[UUID, Asked],
    supposed: Sequence[Restricted],
    on: date,
    change: Callable[[Picture], Picture],
) -> list[Effect]:
    known = await pictures_of(session, [row.id for row in shown], [row.id for row in shown if row.excepted])
    pictures = {case_id: change(picture) for case_id, picture in known.items()}
    currents = await decisions_by_id(session, [row.decision_id for row in shown if row.decision_id is not None])
    countries = {picture.destination_country for picture in pictures.values()}
    instead = {each.id for each in supposed}
    restrictions = [each for each in await restrictions_on(session, countries) if each.id not in instead]
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
    return effects
