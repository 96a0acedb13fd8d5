"""Bodies of what sites offer."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field, model_validator

from services.registration.conditions.rules import Measure
from shared.fields import Answer, refused, shown
from shared.occurrence import Occurrence

Measured = Annotated[int, Field(ge=0, le=10_000_000)]


class ConditionBody(Occurrence):
    """What was measured; left out is what nobody looked at this time."""

    model_config = shown({"covered_m2": 10000, "water_litres_per_day": 22000, "latrines": 48})

    covered_m2: Measured | None = None
    water_litres_per_day: Measured | None = None
    latrines: Measured | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "ConditionBody":
        if self.covered_m2 is None and self.water_litres_per_day is None and self.latrines is None:
            raise refused("nothing_measured", "must say at least one of covered_m2, water_litres_per_day, latrines")
        return self


class ConditionAnswer(Answer):
    id: UUID
    site_id: UUID
    covered_m2: int | None
    water_litres_per_day: int | None
    latrines: int | None
    occurred_at: datetime
    recorded_at: datetime
    recorded_by: str


class StandardAnswer(Answer):
    """`figure` in `unit`; `needed` for the people counted; `room_for`: how many people what is there suffices for."""

    measure: Measure
    figure: Decimal
    unit: str
    source: str
    provisional: bool
    needed: Decimal
    there: int | None
    per_person: Decimal | None
    room_for: int | None
    meets: bool | None


class SiteStandards(Answer):
    """The site on that day: its last count and what was last measured until then. Without a count there is nothing to
    hold against it, and `standards` is empty."""

    on: date
    people: int | None
    counted_at: datetime | None
    standards: list[StandardAnswer]
