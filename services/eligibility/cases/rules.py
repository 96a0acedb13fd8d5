"""Where a case stands in eligibility, who still takes part in the return, and what may be answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final, Protocol
from uuid import UUID

from services.eligibility.inputs.rules import AnswerSeen, ExceptionSeen, Inputs, MemberSeen, RestrictionSeen
from services.eligibility.packages.rules import GivenLine
from services.eligibility.programmes.rules import Question
from services.eligibility.restrictions.rules import Suspension, is_in_force
from shared.contracts.eligibility import Outcome
from shared.contracts.registration import AgeBand, Means, Relation, ReturnKind, Sex
from shared.problems import Problem
from shared.states import StateTable, move


class Status(StrEnum):
    UNDECIDED = "undecided"
    NEEDS_INFORMATION = "needs_information"
    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"


class Ended(StrEnum):
    """Why a case is no longer decided. Home by other means counts as departed, a second record as closed."""

    WITHDRAWN = "withdrawn"
    DEPARTED = "departed"
    CLOSED = "closed"


_DECIDED: Final = (Status.NEEDS_INFORMATION, Status.ELIGIBLE, Status.INELIGIBLE)

STANDING: Final = StateTable(
    name="case",
    states=tuple(Status),
    initial=Status.UNDECIDED,
    moves=tuple(move(f"find_{status}", Status.UNDECIDED, *_DECIDED, to=status) for status in _DECIDED),
)
"""A decision is final and replaced: from any standing the next one leads to any outcome, and none back to undecided."""


def next_status(status: str, outcome: Outcome) -> Status:
    """Where a case stands after a decision."""
    return Status(STANDING.after(status, f"find_{outcome}"))


class QuestionNotAsked(Problem):
    slug = "question-not-asked"
    status = 422
    title = "The case's programme does not ask that"
    remedy = (
        "`questions` lists the codes that it asks; those about one person need `individual_id`, a member of the case."
    )


class AnswerUnfit(Problem):
    slug = "answer-unfit"
    status = 422
    title = "An answer is not of the kind its question takes"
    remedy = "`questions` names them: true or false, a whole number, a date YYYY-MM-DD, or one of the choices."


@dataclass(frozen=True, slots=True)
class MemberPicture:
    """One member as folded. `departed_at`, `returned`: of the current attempt."""

    individual: UUID
    relation: Relation
    nationality: str
    sex: Sex
    age_band: AgeBand
    attempt: int
    withdrawn: bool
    departed_at: datetime | None
    last_assisted_return: date | None
    earlier_returns: tuple[date, ...] = ()
    returned: ReturnKind | None = None
    duplicate: bool = False

    @property
    def aside(self) -> bool:
        """Whether no return of theirs is to be decided here: home by other means, or a second record of a person."""
        return self.duplicate or self.returned in (ReturnKind.OWN_GOVERNMENT, ReturnKind.ON_THEIR_OWN)

    def last_assisted_on(self, on: date) -> date | None:
        """The last return with assistance that began before or on a date; what is said and what is known here."""
        said = [self.last_assisted_return] if self.last_assisted_return else []
        return max((day for day in (*said, *self.earlier_returns) if day <= on), default=None)


class Granted(Protocol):
    """An approved exception to a rule of a programme (its code), good on the days from the first to the last; for the
    case, or for one individual of it."""

    @property
    def id(self) -> UUID: ...
    @property
    def programme(self) -> str: ...
    @property
    def rule(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def individual_id(self) -> UUID | None: ...
    @property
    def approved_on(self) -> date | None: ...
    @property
    def valid_until(self) -> date: ...


@dataclass(frozen=True, slots=True)
class Picture:
    """A case as folded so far, with the answers given to it. Members: the principal applicant first."""

    case: UUID
    host_country: str
    destination_country: str
    destination_area: str | None
    arrived_on: date
    registered_on: date
    channel: str
    means: Means
    closed: bool
    members: tuple[MemberPicture, ...]
    answers: Mapping[tuple[str, UUID | None], bool | int | str] = field(default_factory=dict)
    exceptions: tuple[Granted, ...] = ()

    def taking_part(self, now: datetime | None = None) -> tuple[MemberPicture, ...]:
        """Those who still want to return and have not left (by `now`, where it is given)."""
        return tuple(m for m in self.members if not (m.withdrawn or m.aside or _has_left(m, now)))

    def departed(self, now: datetime | None = None) -> tuple[MemberPicture, ...]:
        return tuple(m for m in self.members if _has_left(m, now))

    def ended(self) -> Ended | None:
        """Why nothing is decided any more, by all that is known."""
        if self.closed:
            return Ended.CLOSED
        if self.taking_part():
            return None
        if self.departed() or any(m.returned for m in self.members if m.aside):
            return Ended.DEPARTED
        return Ended.CLOSED if any(m.duplicate for m in self.members) else Ended.WITHDRAWN


def _has_left(member: MemberPicture, now: datetime | None) -> bool:
    return member.departed_at is not None and (now is None or member.departed_at <= now)


def to_be_decided(picture: Picture, decided: Mapping[UUID, int] | None, now: datetime) -> tuple[MemberPicture, ...]:
    """Whom a decision made now is about; nobody where none is to be made.

    `decided`: the attempt of each individual in the current decision, None without one. Once somebody has departed,
    the decision stands, unless one who did not tries again. A departure learnt of before the first decision does not
    hinder it: facts of different services come in any order. Where all who would return are home by other means, or
    second records, the last decision says so.
    """
    if picture.closed:
        return ()
    staying = picture.taking_part(now)
    gone = [m for m in picture.departed(now) if not m.withdrawn]
    if not gone:
        return staying or tuple(m for m in picture.members if m.aside and not m.withdrawn)
    if decided is None:
        return tuple(m for m in picture.members if not (m.withdrawn or m.aside))
    covered = all(decided.get(m.individual) == m.attempt for m in staying)
    return () if covered else staying


class Restricted(Suspension, Protocol):
    """A restriction with its id and source."""

    @property
    def id(self) -> UUID: ...
    @property
    def source(self) -> str: ...


def inputs_of(
    picture: Picture,
    members: Sequence[MemberPicture],
    questions: Mapping[str, Question],
    restrictions: Sequence[Restricted],
    carried: tuple[GivenLine, ...],
    on: date,
    programme: str = "",
) -> Inputs:
    """What a decision about these members, as of a date, sees: facts, answers its version asks for, restrictions."""
    deciding = {member.individual for member in members}
    answers = [
        AnswerSeen(question=question, individual=individual, value=value)
        for (question, individual), value in picture.answers.items()
        if question in questions and (individual is None or individual in deciding)
    ]
    return Inputs(
        evaluated_on=on,
        host_country=picture.host_country,
        destination_country=picture.destination_country,
        destination_area=picture.destination_area,
        arrived_on=picture.arrived_on,
        registered_on=picture.registered_on,
        channel=picture.channel,
        means=picture.means,
        members=tuple(_seen(member, on) for member in members),
        answers=tuple(sorted(answers, key=lambda answer: (answer.question, str(answer.individual or "")))),
        restrictions=tuple(_restriction(each) for each in restrictions if is_in_force(each, on)),
        carried=carried,
        exceptions=tuple(
            ExceptionSeen(
                exception=each.id,
                rule=each.rule,
                reason=each.reason,
                valid_until=each.valid_until,
                individual=each.individual_id,
            )
            for each in picture.exceptions
            if each.individual_id is None or each.individual_id in deciding
            if each.programme == programme and each.approved_on is not None and each.approved_on <= on
            if on <= each.valid_until
        ),
    )


def carried_lines(
    picture: Picture, members: Sequence[MemberPicture], package: Sequence[GivenLine]
) -> tuple[GivenLine, ...]:
    """The lines of the current package that stand although a new decision is made: of those who departed under it, and
    of the case as a whole, which it gets once. None while nobody has departed."""
    gone = {m.individual for m in picture.departed()} - {m.individual for m in members}
    if not gone:
        return ()
    return tuple(line for line in package if line.individual is None or line.individual in gone)


def check_answers(
    questions: Mapping[str, Question], given: Mapping[str, bool | int | str], individual: UUID | None
) -> None:
    """Checks answers to a programme's questions. Raises `QuestionNotAsked` or `AnswerUnfit`, naming codes only."""
    about = "case" if individual is None else "member"
    asked = sorted(code for code, question in questions.items() if question.about == about)
    if any(code not in asked for code in given):
        raise QuestionNotAsked(questions=asked, about=about)
    unfit = sorted(code for code, value in given.items() if questions[code].read(value) is None)
    if unfit:
        raise AnswerUnfit(questions=unfit)


def why_undecided(programmes: Sequence[str], host: str, destination: str) -> str | None:
    """Why a case that is not decided yet waits, and what to do. `programmes`: in force for these two countries; None
    where there is exactly one, for then it is decided by itself."""
    if not programmes:
        return (
            f"No programme is in force for a return from {host} to {destination}. A programme officer adds one "
            "(`POST /programmes`, then `POST /programmes/{programme_id}/versions`); then the case is decided by itself."
        )
    if len(programmes) > 1:
        return "More than one programme is in force: name one of `programmes` (`POST /cases/{case_id}/decisions`)."
    return None


def possible_actions(ended: str | None, has_programme: bool) -> list[str]:
    """The verbs that are taken now."""
    if ended is not None:
        return []
    return ["answer_questions", "decide_case"] if has_programme else ["decide_case"]


def _seen(member: MemberPicture, on: date) -> MemberSeen:
    return MemberSeen(
        individual=member.individual,
        attempt=member.attempt,
        relation=member.relation,
        nationality=member.nationality,
        sex=member.sex,
        age_band=member.age_band,
        last_assisted_on=member.last_assisted_on(on),
        returned=member.returned,
        duplicate=member.duplicate,
    )


def _restriction(row: Restricted) -> RestrictionSeen:
    return RestrictionSeen(
        restriction=row.id,
        country=row.country,
        area=row.area,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        lifted_on=row.lifted_on,
        source=row.source,
    )
