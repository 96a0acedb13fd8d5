"""Bodies and answers about restrictions."""

from datetime import date, datetime
from uuid import UUID

from services.eligibility.restrictions.models import Restriction
from services.eligibility.restrictions.rules import AreaCode
from shared.fields import Answer, Body, BusinessDate, CountryCode, Line, shown
from shared.offers import OfferedAction


class RestrictionBody(Body):
    """`area`: a code of ISO 3166-2 (IQ-AR), None for the whole country. Both dates are days of the suspension."""

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


class LiftingBody(Body):
    """`lifted_on`: the first day returns are open again."""

    model_config = shown({"lifted_on": "2021-12-20"})

    lifted_on: BusinessDate


class RestrictionAnswer(Answer):
    restriction_id: UUID
    country: str
    area: str | None
    valid_from: date
    valid_until: date | None
    lifted_on: date | None
    source: str
    set_by: str
    set_at: datetime
    actions: list[OfferedAction]


class ChangedRestrictionAnswer(RestrictionAnswer):
    """`cases_still_to_look_at`: more open cases than were decided again at once; they follow one by one."""

    cases_still_to_look_at: int


def restriction_answer(row: Restriction, actions: list[OfferedAction]) -> RestrictionAnswer:
    return RestrictionAnswer(
        restriction_id=row.id,
        country=row.country,
        area=row.area,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        lifted_on=row.lifted_on,
        source=row.source,
        set_by=row.set_by,
        set_at=row.set_at,
        actions=actions,
    )
