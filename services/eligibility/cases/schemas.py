"""Bodies and answers about cases."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from services.eligibility.cases.models import GivenAnswer, Standing
from services.eligibility.cases.rules import Ended, Status
from services.eligibility.decisions.queries import KeptDecision
from services.eligibility.decisions.rules import Because, MissingFact
from services.eligibility.inputs.rules import ExceptionSeen
from services.eligibility.packages.rules import Code, GivenLine
from services.eligibility.programmes.rules import Question
from shared.contracts.eligibility import Outcome
from shared.fields import Answer, Body, BusinessDate, shown
from shared.occurrence import LateReason, Occurrence
from shared.offers import OfferedAction


class AnswersBody(Occurrence):
    """Answers to the questions of the case's programme, by their codes: true or false, a whole number, a choice, or a
    date YYYY-MM-DD. `individual_id`: where the questions are about one person."""

    model_config = shown({"answers": {"pending_procedure_withdrawn": True}})

    answers: Annotated[dict[Code, bool | int | str], Field(min_length=1, max_length=60)]
    individual_id: UUID | None = None


class DecisionBody(Body):
    """`programme_code` left out: the case's own, or the only one for its countries. `evaluated_on`: today."""

    model_config = shown({"programme_code": "avrr_belarus_2021", "evaluated_on": "2021-12-09"})

    programme_code: Code | None = None
    evaluated_on: BusinessDate | None = None


class MissingAnswer(Answer):
    """What must be known first. `question`: answered here by `answer_questions`; None: corrected in registration."""

    fact: str
    individual: UUID | None
    sentence: str
    question: str | None
    kind: Literal["boolean", "choice", "number", "date"] | None
    choices: tuple[str, ...]


class CurrentDecision(Answer):
    """The decision a case stands by, without its trace. `package`: each line says why in `sentence`."""

    decision_id: UUID
    programme: str
    programme_version: int
    provisional: bool
    evaluated_on: date
    outcome: Outcome
    good_until: date | None
    replaces: UUID | None
    because: Because
    attempts: dict[UUID, int]
    package: tuple[GivenLine, ...]
    total: Decimal
    currency: str
    on_exception: bool
    exceptions: tuple[ExceptionSeen, ...]
    """Those it rests on."""


class StandingAnswer(Answer):
    """Where a case stands. `ended`: why nothing is decided any more. `programmes`: while it is undecided, those in
    force for its countries today; with exactly one it would be decided by itself. `undecided_because`: what an
    undecided case waits for, and what to do. `looks_again`: a change of rules was made that the case will be looked at
    for in a moment."""

    case_id: UUID
    status: Status
    ended: Ended | None
    decision: CurrentDecision | None
    missing: tuple[MissingAnswer, ...]
    programmes: tuple[str, ...]
    undecided_because: str | None
    looks_again: bool
    actions: list[OfferedAction]


class StandingLine(Answer):
    """A case in a list."""

    case_id: UUID
    status: Status
    ended: Ended | None
    decision_id: UUID | None
    opened_at: datetime
    actions: list[OfferedAction]


class GivenAnswerLine(Answer):
    """One answer as it was given. `answered_at`: when the person said so; `recorded_at`: when it was entered."""

    question: str
    individual: UUID | None
    value: bool | int | str
    answered_by: str
    answered_at: datetime
    recorded_at: datetime
    late_reason: LateReason | None
    evidence: str | None


def current_answer(decision: KeptDecision, provisional: bool) -> CurrentDecision:
    finding = decision.record.finding
    return CurrentDecision(
        decision_id=decision.row.id,
        programme=decision.record.programme,
        programme_version=decision.record.version,
        provisional=provisional,
        evaluated_on=decision.row.evaluated_on,
        outcome=finding.outcome,
        good_until=finding.good_until,
        replaces=decision.row.replaces,
        because=Because(decision.row.because),
        attempts=decision.attempts,
        package=finding.package,
        total=finding.total,
        currency=finding.currency,
        on_exception=finding.on_exception,
        exceptions=tuple(each for each in decision.record.inputs.exceptions if each.exception in finding.relies_on),
    )


def missing_answers(missing: Iterable[MissingFact], questions: dict[str, Question]) -> tuple[MissingAnswer, ...]:
    """The missing facts, each with the question that would tell it."""
    found = []
    for fact in missing:
        question = questions.get(fact.question) if fact.question else None
        found.append(
            MissingAnswer(
                fact=fact.fact,
                individual=fact.individual,
                sentence=fact.sentence,
                question=fact.question,
                kind=question.kind if question else None,
                choices=question.choices if question else (),
            )
        )
    return tuple(found)


def standing_line(row: Standing, actions: list[OfferedAction]) -> StandingLine:
    return StandingLine(
        case_id=row.id,
        status=Status(row.status),
        ended=None if row.ended is None else Ended(row.ended),
        decision_id=row.decision_id,
        opened_at=row.opened_at,
        actions=actions,
    )


def given_answer_line(row: GivenAnswer) -> GivenAnswerLine:
    return GivenAnswerLine(
        question=row.question,
        individual=row.individual_id,
        value=row.value,
        answered_by=row.answered_by,
        answered_at=row.answered_at,
        recorded_at=row.recorded_at,
        late_reason=None if row.late_reason is None else LateReason(row.late_reason),
        evidence=row.evidence,
    )
