"""Bodies and answers about previews."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from services.eligibility.previews.rules import Effect
from services.eligibility.programmes.rules import VersionContent
from services.eligibility.restrictions.rules import AreaCode
from shared.contracts.eligibility import Outcome
from shared.fields import Answer, Body, BusinessDate, CountryCode, Line
from shared.pagination import cursor_of


class SupposedRestriction(Body):
    """A restriction as it would be set."""

    country: CountryCode
    area: AreaCode | None = None
    valid_from: BusinessDate
    valid_until: BusinessDate | None = None
    source: Line


class SupposedVersion(VersionContent):
    """A version as it would be added."""


class EffectAnswer(Answer):
    """One case. `changes`: whether a new decision would be made; `failed`: the rules that would hinder it then."""

    case_id: UUID
    changes: bool
    outcome_now: Outcome | None
    outcome_then: Outcome | None
    total_now: Decimal | None
    total_then: Decimal | None
    currency: str | None
    failed: tuple[str, ...]


class PreviewAnswer(Answer):
    """`concerned`: how many open cases would be looked at; `items`: a page of them, in the order of their ids. Nothing
    was changed. Who of them is booked, travel knows: it holds those at once when a restriction is set."""

    evaluated_on: date
    concerned: int
    items: tuple[EffectAnswer, ...]
    next: str | None


def preview_answer(evaluated_on: date, concerned: int, effects: list[Effect], more: bool) -> PreviewAnswer:
    return PreviewAnswer(
        evaluated_on=evaluated_on,
        concerned=concerned,
        items=tuple(EffectAnswer.model_validate(each) for each in effects),
        next=cursor_of(effects[-1].case_id) if more and effects else None,
    )
