"""What a change of rules would do to one case."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from services.eligibility.cases.rules import Picture, Restricted, carried_lines, inputs_of, to_be_decided
from services.eligibility.decisions.rules import Record, is_the_same
from services.eligibility.programmes.rules import CompiledVersion, Scope, which_programme
from shared.contracts.eligibility import Outcome
from shared.contracts.registration import Means


@dataclass(frozen=True, slots=True)
class Asked:
    """A programme's version that would be asked."""

    scope: Scope
    number: int
    version: CompiledVersion


@dataclass(frozen=True, slots=True)
class Supposed:
    """A restriction as it would be: set, or lifted."""

    id: UUID
    country: str
    area: str | None
    valid_from: date
    valid_until: date | None
    source: str
    lifted_on: date | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """`changes`: whether a new decision would be made. `failed`: the rules that would hinder the case then."""

    case_id: UUID
    changes: bool
    outcome_now: Outcome | None
    outcome_then: Outcome | None
    total_now: Decimal | None
    total_then: Decimal | None
    currency: str | None
    failed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Counts:
    """Of `counted` cases: how many would get a new decision, and by outcome how many would stand where then, those that
    nothing decides under `undecided`."""

    counted: int
    changing: int
    then: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Preview:
    """A page of the cases concerned. `more`: whether others follow. `now`: how many of all stand where; `counts`: where
    they would, with the first page alone."""

    evaluated_on: date
    concerned: int
    effects: Sequence[Effect]
    more: bool
    now: Mapping[str, int]
    counts: Counts | None


UNDECIDED = "undecided"


def counts_of(effects: Sequence[Effect]) -> Counts:
    then = Counter(UNDECIDED if each.outcome_then is None else str(each.outcome_then) for each in effects)
    names = (*Outcome, UNDECIDED)
    return Counts(len(effects), sum(each.changes for each in effects), {str(name): then[name] for name in names})


def changed_picture(
    picture: Picture,
    answers: Mapping[str, bool | int | str],
    individual: UUID | None,
    means: Means | None,
    destination_country: str | None,
    destination_area: str | None,
    arrived_on: date | None,
) -> Picture:
    """A case with these facts in place of its own; None leaves its own. An area goes with its country: with another
    country and no area, the area is not known."""
    area = destination_area
    if area is None and destination_country in (None, picture.destination_country):
        area = picture.destination_area
    given = {(question, individual): value for question, value in answers.items()}
    return replace(
        picture,
        answers={**picture.answers, **given},
        means=means or picture.means,
        destination_country=destination_country or picture.destination_country,
        destination_area=area,
        arrived_on=arrived_on or picture.arrived_on,
    )


def effect_on(
    picture: Picture,
    current: Record | None,
    attempts: Mapping[UUID, int] | None,
    present: tuple[UUID | None, bool],
    rulings: Mapping[UUID, Asked],
    restrictions: Sequence[Restricted],
    on: date,
    now: datetime,
) -> Effect:
    """What a decision of that date, under these rules, would say of a case. `present`: its programme, and whether an
    officer named it."""
    before = None if current is None else current.finding
    then = _record_then(picture, current, attempts, present, rulings, restrictions, on, now)
    after = before if then is None else then.finding
    shown = after or before
    return Effect(
        case_id=picture.case,
        changes=then is not None and (current is None or not is_the_same(then, current)),
        outcome_now=None if before is None else before.outcome,
        outcome_then=None if after is None else after.outcome,
        total_now=None if before is None else before.total,
        total_then=None if after is None else after.total,
        currency=None if shown is None else shown.currency,
        failed=() if after is None else tuple(entry.code for entry in after.trace if entry.hinders),
    )


def _record_then(
    picture: Picture,
    current: Record | None,
    attempts: Mapping[UUID, int] | None,
    present: tuple[UUID | None, bool],
    rulings: Mapping[UUID, Asked],
    restrictions: Sequence[Restricted],
    on: date,
    now: datetime,
) -> Record | None:
    members = to_be_decided(picture, attempts, now)
    programme, named = present
    scopes = {each: asked.scope for each, asked in rulings.items()}
    chosen = which_programme(scopes, picture.host_country, picture.destination_country, programme, asked=named)
    if not members or chosen is None:
        return None
    asked = rulings[chosen]
    carried = carried_lines(picture, members, () if current is None else current.finding.package)
    inputs = inputs_of(picture, members, asked.version.questions, restrictions, carried, on, asked.scope.code)
    return Record.of(asked.scope, asked.number, asked.version, inputs)
