"""Bodies and answers about previews."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from services.eligibility.cases.rules import Status
from services.eligibility.packages.rules import Code
from services.eligibility.previews.rules import Preview
from services.eligibility.programmes.rules import VersionContent
from services.eligibility.restrictions.rules import AreaCode
from shared.contracts.eligibility import Outcome
from shared.contracts.registration import Means
from shared.fields import Answer, Body, BusinessDate, CountryCode, Line, refused, shown
from shared.pagination import cursor_of


class SupposedRestriction(Body):
    """A restriction as it would be set."""

    model_config = shown(
        {
            "country": "IRQ",
            "area": "IQ-BA",
            "valid_from": "2021-12-01",
            "valid_until": "2021-12-31",
            "source": "Security note of 30 November 2021",
        }
    )

    country: CountryCode
    area: AreaCode | None = None
    valid_from: BusinessDate
    valid_until: BusinessDate | None = None
    source: Line


class SupposedVersion(VersionContent):
    """A version as it would be added."""


class SupposedLifting(Body):
    """A lifting as it would be. `lifted_on`: the first day returns are open again."""

    model_config = shown({"lifted_on": "2021-12-20"})

    lifted_on: BusinessDate


class SupposedFacts(Body):
    """Facts of one case as they would be; what is left out stays as it is. `answers`: to its programme's questions, of
    one person where `individual_id` names one. The others are registration's, and are corrected there."""

    model_config = shown(
        {"answers": {"pending_procedure_withdrawn": True}},
        {"means": "some", "destination_country": "IRQ", "destination_area": "IQ-SU"},
    )

    answers: Annotated[dict[Code, bool | int | str], Field(default_factory=dict, max_length=60)]
    individual_id: UUID | None = None
    means: Means | None = None
    destination_country: CountryCode | None = None
    destination_area: AreaCode | None = None
    arrived_in_host_country: BusinessDate | None = None

    @model_validator(mode="after")
    def _something_changes(self) -> Self:
        facts = (self.means, self.destination_country, self.destination_area, self.arrived_in_host_country)
        if not self.answers and all(fact is None for fact in facts):
            raise refused("nothing_supposed", "name at least one answer or fact that would change")
        return self


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


class CountsAnswer(Answer):
    """Of the first `counted` cases concerned, by their ids (all, where there are not very many): `changing` would get a
    new decision; `outcomes`: how many would stand where, a case that no programme decides under `undecided`."""

    counted: int
    changing: int
    outcomes: dict[str, int]


class PreviewAnswer(Answer):
    """`concerned`: how many open cases would be looked at; `now`: how many of them stand where; `then`: where they
    would, with the first page alone; `items`: a page of them, in the order of their ids. Nothing was changed. Who of
    them is booked is not told here, for travel alone knows: once the change is made, it holds those booked who are not
    eligible any more, and lets those go on who are again."""

    evaluated_on: date
    concerned: int
    now: dict[str, int]
    then: CountsAnswer | None
    items: tuple[EffectAnswer, ...]
    next: str | None


def preview_answer(found: Preview) -> PreviewAnswer:
    counts, effects = found.counts, found.effects
    then = None
    if counts is not None:
        then = CountsAnswer(counted=counts.counted, changing=counts.changing, outcomes=dict(counts.then))
    return PreviewAnswer(
        evaluated_on=found.evaluated_on,
        concerned=found.concerned,
        now={status: found.now.get(status, 0) for status in Status},
        then=then,
        items=tuple(EffectAnswer.model_validate(each) for each in effects),
        next=cursor_of(effects[-1].case_id) if found.more and effects else None,
    )
