"""Bodies of head counts."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.registration.headcounts.rules import CountMethod
from shared.fields import Answer, shown
from shared.occurrence import LateReason, Occurrence

People = Annotated[int, Field(ge=0, le=1_000_000)]


class HeadcountBody(Occurrence):
    """`corrects`: the count of this site that this one takes the place of, for the moment of that one."""

    model_config = shown({"people": 1100, "method": "count_of_persons"})

    people: People
    method: CountMethod
    corrects: UUID | None = None


class HeadcountAnswer(Answer):
    """`corrected_by`: the count that took its place, which alone is reckoned with."""

    id: UUID
    site_id: UUID
    people: int
    method: CountMethod
    corrects: UUID | None
    corrected_by: UUID | None
    occurred_at: datetime
    late_reason: LateReason | None
    evidence: str | None
    recorded_at: datetime
    recorded_by: str
