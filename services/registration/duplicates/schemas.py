"""Bodies of likenesses and links."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.registration.duplicates.rules import Likeness, Verdict
from shared.fields import Answer, Body, BusinessDate, CountryCode, Line, PersonName, shown
from shared.offers import OfferedAction


class NumberBody(Body):
    number: Line
    issuing_country: CountryCode


class CandidateBody(Body):
    """Somebody who is about to be registered."""

    model_config = shown(
        {
            "given_name": "Example",
            "family_name": "Person",
            "birth_date": "1990-01-31",
            "documents": [{"number": "X0000000", "issuing_country": "IRQ"}],
        }
    )

    given_name: PersonName
    family_name: PersonName | None
    birth_date: BusinessDate
    documents: Annotated[list[NumberBody], Field(max_length=20)] = Field(default_factory=list)


class Record(Answer):
    """A person who is registered, in one of their cases."""

    individual_id: UUID
    case_id: UUID
    case_status: str
    given_name: str
    family_name: str | None
    birth_date: date


class Candidate(Answer):
    record: Record
    likeness: list[Likeness]


class CandidatesAnswer(Answer):
    items: list[Candidate]


class DuplicateReviewBody(Body):
    """How many records to compare. Who was compared is not met again until the record changes."""

    model_config = shown({"limit": 200})

    limit: int = Field(default=200, ge=1, le=500)


class DuplicateReviewAnswer(Answer):
    """`more`: whether some record may not have been compared yet."""

    compared: int
    found: int
    more: bool


class DecisionBody(Body):
    """`stands`: for the same person, which of the two records goes on."""

    model_config = shown(
        {"verdict": "same_person", "stands": "01890a5d-ac96-774b-bcce-b302099a8057"}, {"verdict": "different_people"}
    )

    verdict: Verdict
    stands: UUID | None = None


class LikenessAnswer(Answer):
    """`link_id`: of the link that stands, where one does. `people` is empty in the answer to a decision."""

    id: UUID
    one_id: UUID
    other_id: UUID
    likeness: list[Likeness]
    status: str
    found_at: datetime
    decided_at: datetime | None
    decided_by: str | None
    link_id: UUID | None
    stands: UUID | None
    people: list[Record]
    actions: list[OfferedAction]


class LinkAnswer(Answer):
    id: UUID
    duplicate_id: UUID
    duplicate_case: UUID
    stands_id: UUID
    standing_case: UUID
    status: str
    linked_at: datetime
    undone_at: datetime | None
    actions: list[OfferedAction]
