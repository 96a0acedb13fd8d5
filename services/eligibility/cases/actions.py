"""Verbs of cases: look at one again after something changed, answer what a programme asks, decide as an officer asks.

`look_again` is the one function that derives what follows from all facts kept so far; called again it changes nothing.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.dialects import postgresql, sqlite

from services.eligibility.cases.models import GivenAnswer, Standing
from services.eligibility.cases.queries import (
    count_of_answers,
    current_decision,
    locked_standings,
    pictures_of,
)
from services.eligibility.cases.rules import (
    Ended,
    MemberPicture,
    Picture,
    QuestionNotAsked,
    Restricted,
    Status,
    carried_lines,
    check_answers,
    inputs_of,
    next_status,
    to_be_decided,
)
from services.eligibility.cases.schemas import AnswersBody, DecisionBody
from services.eligibility.decisions.actions import make_decision
from services.eligibility.decisions.queries import KeptDecision, decisions_by_id
from services.eligibility.decisions.rules import (
    Because,
    CaseHasEnded,
    ProgrammeToChoose,
    UnknownProgramme,
    check_evaluation_date,
)
from services.eligibility.programmes.queries import (
    Ruling,
    codes_covering,
    hold_rules,
    programme_with_code,
    rulings_on,
)
from services.eligibility.programmes.rules import NoVersionInForce, which_programme
from services.eligibility.restrictions.queries import restrictions_on
from shared.act import Act
from shared.concurrency import touch
from shared.database import Session, core, new_id
from shared.occurrence import when
from shared.problems import NotFound


@dataclass(slots=True)
class Rules:
    """What is in force, read once for all cases that are looked at together."""

    session: Session
    by_date: dict[date, dict[UUID, Ruling]] = field(default_factory=dict)
    by_country: dict[str, Sequence[Restricted]] = field(default_factory=dict)

    async def on(self, day: date) -> dict[UUID, Ruling]:
        if day not in self.by_date:
            self.by_date[day] = await rulings_on(self.session, day)
        return self.by_date[day]

    async def restrictions(self, country: str) -> Sequence[Restricted]:
        if country not in self.by_country:
            self.by_country[country] = await restrictions_on(self.session, [country])
        return self.by_country[country]


@dataclass(frozen=True, slots=True)
class CaseSeen:
    """A case under lock: where it stands, all that is known of it, and the decision it stands by."""

    standing: Standing
    picture: Picture
    current: KeptDecision | None

    def to_be_decided(self, now: datetime) -> tuple[MemberPicture, ...]:
        return to_be_decided(self.picture, None if self.current is None else self.current.attempts, now)


async def open_case(session: Session, act: Act, case_id: UUID) -> None:
    """Gives a case that registration told its standing, once."""
    await hold_rules(session)
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    row = dialect.insert(Standing).values(
        id=case_id, status=Status.UNDECIDED, programme_asked=False, excepted=False, opened_at=act.now, version=1
    )
    await core(session, row.on_conflict_do_nothing())


async def look_again(session: Session, act: Act, cases: Collection[UUID], because: Because) -> None:
    """Looks at cases with all that is known now: whether they have ended, and what the rules say.

    A changed outcome, reason or package is a new decision; an unchanged one is not written again. Automatic decisions
    are as of the day of the act, and never of an earlier day than the one they replace.
    """
    standings = await locked_standings(session, cases)
    excepted = [standing.id for standing in standings if standing.excepted]
    pictures = await pictures_of(session, [standing.id for standing in standings], excepted)
    currents = await decisions_by_id(session, [s.decision_id for s in standings if s.decision_id is not None])
    rules = Rules(session)
    for standing in standings:
        picture = pictures.get(standing.id)
        if picture is not None:
            current = currents.get(standing.decision_id) if standing.decision_id else None
            await _look(session, act, CaseSeen(standing, picture, current), rules, because)


async def answer_questions(session: Session, act: Act, standing: Standing, body: AnswersBody) -> None:
    """Keeps what an officer answered, and looks at the case again. The caller has locked the standing.

    Raises `CaseHasEnded`, `ProgrammeToChoose`, `NoVersionInForce`, `QuestionNotAsked`, `AnswerUnfit`.
    """
    picture = await _open_picture(session, standing)
    moment = when(act, body)
    ruling = await own_ruling(session, standing, act.today)
    if body.individual_id is not None and all(m.individual != body.individual_id for m in picture.members):
        raise QuestionNotAsked(about="member", questions=[])
    check_answers(ruling.version.questions, body.answers, body.individual_id)
    before = await count_of_answers(session, standing.id)
    for number, (question, value) in enumerate(sorted(body.answers.items()), before + 1):
        row = GivenAnswer(
            id=new_id(),
            case_id=standing.id,
            number=number,
            individual_id=body.individual_id,
            question=question,
            value=value,
            answered_by=act.by,
            answered_at=moment,
            recorded_at=act.now,
            late_reason=body.late_reason,
            evidence=body.evidence,
        )
        session.add(row)
    touch(standing)
    await session.flush()
    await look_again(session, act, [standing.id], Because.ANSWERS_GIVEN)


async def decide_case(session: Session, act: Act, standing: Standing, body: DecisionBody) -> tuple[KeptDecision, bool]:
    """Decides a case as an officer asks: by which programme, as of which date. The caller has locked the standing.

    Gives the decision, and whether it is a new one: asked again with nothing changed, it is the current one.
    Raises `CaseHasEnded`, `ProgrammeToChoose`, `UnknownProgramme`, `NoVersionInForce`, `EvaluationDateImpossible`.
    """
    picture = await _open_picture(session, standing)
    on = body.evaluated_on or act.today
    check_evaluation_date(on, picture.arrived_on, act.today)
    seen = CaseSeen(standing, picture, await current_decision(session, standing))
    members = seen.to_be_decided(act.now)
    if not members:
        raise CaseHasEnded(ended=Ended.DEPARTED)
    rules = Rules(session)
    rulings = await rules.on(on)
    if body.programme_code is not None:
        programme = await programme_with_code(session, body.programme_code)
        if programme is None:
            raise UnknownProgramme()
        chosen: UUID | None = programme.id
        if not standing.programme_asked:
            standing.programme_asked = True
            touch(standing)
    else:
        chosen = _chosen(standing, picture, rulings) or standing.programme_id
    if chosen is None:
        raise ProgrammeToChoose(programmes=codes_covering(rulings, picture.host_country, picture.destination_country))
    if chosen not in rulings:
        raise NoVersionInForce(evaluated_on=on.isoformat())
    made = await _decide(session, act, seen, members, rulings[chosen], rules, on, Because.OFFICER_ASKED)
    if made is not None:
        return made, True
    assert seen.current is not None
    return seen.current, False


async def _look(session: Session, act: Act, seen: CaseSeen, rules: Rules, because: Because) -> None:
    standing = seen.standing
    ended = seen.picture.ended()
    if standing.ended != ended:
        standing.ended = ended
        touch(standing)
    members = seen.to_be_decided(act.now)
    if not members:
        return
    # The circumstances may be of a day before the case: a change of rules that somebody plays in another year.
    on = max(act.today, seen.picture.registered_on if seen.current is None else seen.current.row.evaluated_on)
    rulings = await rules.on(on)
    chosen = _chosen(standing, seen.picture, rulings)
    if chosen is not None:
        await _decide(session, act, seen, members, rulings[chosen], rules, on, because)


async def _decide(
    session: Session,
    act: Act,
    seen: CaseSeen,
    members: Sequence[MemberPicture],
    ruling: Ruling,
    rules: Rules,
    on: date,
    because: Because,
) -> KeptDecision | None:
    standing, picture, current = seen.standing, seen.picture, seen.current
    restrictions = await rules.restrictions(picture.destination_country)
    carried = carried_lines(picture, members, () if current is None else current.record.finding.package)
    inputs = inputs_of(picture, members, ruling.version.questions, restrictions, carried, on, ruling.scope.code)
    made = await make_decision(session, act, standing.id, ruling, inputs, current, because)
    if made is not None:
        standing.status = next_status(standing.status, made.record.finding.outcome)
        standing.decision_id, standing.good_until = made.row.id, made.row.good_until
    if made is not None or standing.programme_id != ruling.programme_id:
        standing.programme_id = ruling.programme_id
        touch(standing)
    return made


async def _open_picture(session: Session, standing: Standing) -> Picture:
    """The picture of a case that is still decided. Raises `CaseHasEnded`."""
    excepted = [standing.id] if standing.excepted else []
    picture = (await pictures_of(session, [standing.id], excepted)).get(standing.id)
    if picture is None:
        raise NotFound("case")
    ended = picture.ended()
    if ended is not None:
        raise CaseHasEnded(ended=ended)
    return picture


async def own_ruling(session: Session, standing: Standing, on: date) -> Ruling:
    """The version in force of the case's programme. Raises `ProgrammeToChoose` or `NoVersionInForce`."""
    if standing.programme_id is None:
        raise ProgrammeToChoose(programmes=[])
    ruling = (await rulings_on(session, on)).get(standing.programme_id)
    if ruling is None:
        raise NoVersionInForce(evaluated_on=on.isoformat())
    return ruling


def _chosen(standing: Standing, picture: Picture, rulings: Mapping[UUID, Ruling]) -> UUID | None:
    scopes = {programme: ruling.scope for programme, ruling in rulings.items()}
    host, destination = picture.host_country, picture.destination_country
    return which_programme(scopes, host, destination, standing.programme_id, asked=standing.programme_asked)
