"""What a decision sees: the case and its people, answers and restrictions, and the facts they give by name."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from services.eligibility.criteria.rules import Known, Person, Value
from services.eligibility.packages.rules import GivenLine
from services.eligibility.programmes.rules import CompiledVersion
from services.eligibility.restrictions.rules import is_suspended
from shared.contracts.registration import AgeBand, Means, Relation, ReturnKind, Sex
from shared.fields import Answer

Shown = bool | int | str

HELPED_BEFORE = "assisted_before"
"""A version that asks this of each member takes nobody's silence for a no. Where a version does not ask it, a member
who said nothing of an earlier return with assistance counts as never helped, as ever."""


class MemberSeen(Answer):
    """One individual as the decision saw them: pseudonymous, and with the attempt it was made for."""

    individual: UUID
    attempt: int
    relation: Relation
    nationality: str
    sex: Sex
    age_band: AgeBand
    last_assisted_on: date | None
    returned: ReturnKind | None = None
    """How they came home in this try without a departure of ours."""
    duplicate: bool = False
    """A second record of a person who goes on under another one."""

    @property
    def home(self) -> bool:
        return self.returned is not None


class AnswerSeen(Answer):
    question: str
    individual: UUID | None
    value: Shown


class RestrictionSeen(Answer):
    restriction: UUID
    country: str
    area: str | None
    valid_from: date
    valid_until: date | None
    lifted_on: date | None
    source: str


class ExceptionSeen(Answer):
    """An exception in force: this rule's failing is not held against the case, or against one of it where it names an
    individual. `reason`: a code, never a story."""

    exception: UUID
    rule: str
    reason: str
    valid_until: date
    individual: UUID | None = None


class Inputs(Answer):
    """All that a decision looks at beside the programme's version. `carried`: lines of an earlier decision under which
    some of the case have departed; they stand, and are not given again."""

    evaluated_on: date
    host_country: str
    destination_country: str
    destination_area: str | None
    arrived_on: date
    registered_on: date
    channel: str
    means: Means
    members: tuple[MemberSeen, ...]
    answers: tuple[AnswerSeen, ...]
    restrictions: tuple[RestrictionSeen, ...]
    carried: tuple[GivenLine, ...] = ()
    exceptions: tuple[ExceptionSeen, ...] = ()


def known_from(inputs: Inputs, version: CompiledVersion) -> Known:
    """The facts by their names in the vocabulary; what nobody knows is left out."""
    bands = [member.age_band for member in inputs.members]
    area = inputs.destination_area
    case: dict[str, Value | None] = {
        "case.evaluated_on": inputs.evaluated_on,
        "case.host_country": inputs.host_country,
        "case.destination_country": inputs.destination_country,
        "case.destination_area": area,
        "case.destination_suspended": is_suspended(
            inputs.restrictions, inputs.destination_country, area, inputs.evaluated_on
        ),
        "case.arrived_on": inputs.arrived_on,
        "case.stay_days": (inputs.evaluated_on - inputs.arrived_on).days,
        "case.registered_on": inputs.registered_on,
        "case.channel": inputs.channel,
        "case.means": None if inputs.means is Means.UNKNOWN else str(inputs.means),
        "case.household_size": len(bands),
        "case.adults": sum(band is AgeBand.ADULT for band in bands),
        "case.children": sum(band is not AgeBand.ADULT for band in bands),
    }
    for answer in inputs.answers:
        question = version.questions.get(answer.question)
        if question is not None and question.about == "case" and answer.individual is None:
            case[question.fact] = question.read(answer.value)
    return Known(_only_known(case), tuple(_person(member, inputs, version) for member in inputs.members))


def _person(member: MemberSeen, inputs: Inputs, version: CompiledVersion) -> Person:
    facts: dict[str, Value | None] = {
        "member.nationality": member.nationality,
        "member.sex": None if member.sex is Sex.UNKNOWN else str(member.sex),
        "member.age_band": str(member.age_band),
        "member.adult": member.age_band is AgeBand.ADULT,
        "member.principal": member.relation is Relation.PRINCIPAL,
        "member.relation": str(member.relation),
        "member.assisted_before": True if member.last_assisted_on is not None else _silence(version),
        "member.last_assisted_on": member.last_assisted_on,
    }
    for answer in inputs.answers:
        question = version.questions.get(answer.question)
        if question is not None and question.about == "member" and answer.individual == member.individual:
            facts[question.fact] = question.read(answer.value)
            if question.code == HELPED_BEFORE and member.last_assisted_on is None:
                facts["member.assisted_before"] = question.read(answer.value)
    return Person(str(member.individual), _only_known(facts))


def _silence(version: CompiledVersion) -> bool | None:
    question = version.questions.get(HELPED_BEFORE)
    return None if question is not None and question.about == "member" else False


def _only_known(facts: Mapping[str, Value | None]) -> dict[str, Value]:
    return {name: value for name, value in facts.items() if value is not None}
