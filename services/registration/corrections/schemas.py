"""Bodies of corrections: a field that is left out stays as it is."""

from datetime import datetime
from typing import Annotated, Any, ClassVar, Self
from uuid import UUID

from pydantic import Field, model_validator

from services.registration.cases.rules import AREA
from services.registration.corrections.models import Correction
from services.registration.corrections.rules import Why
from shared.contracts.registration import Means, Relation, Sex
from shared.fields import Answer, Body, BusinessDate, CountryCode, LanguageTag, Line, PersonName, refused, shown


class CorrectionBody(Body):
    """A null is taken only where a value may be missing."""

    may_be_null: ClassVar[frozenset[str]] = frozenset()

    reason: Why

    @model_validator(mode="after")
    def _no_null_where_something_must_be(self) -> Self:
        if any(getattr(self, name) is None for name in self.model_fields_set - self.may_be_null):
            raise refused("null", "null is taken only for what may be missing; leave out what stays as it is")
        return self

    def wanted(self) -> dict[str, Any]:
        """The fields that were sent, but for the reason."""
        return {name: getattr(self, name) for name in self.model_fields_set - {"reason"}}


class CaseCorrectionBody(CorrectionBody):
    model_config = shown({"reason": "told_otherwise", "destination_area": "IQ-SU", "phone": "+375 29 000 00 01"})

    may_be_null: ClassVar[frozenset[str]] = frozenset({"site_id", "destination_area", "phone", "email", "address"})

    site_id: UUID | None = None
    host_country: CountryCode | None = None
    destination_country: CountryCode | None = None
    destination_area: Annotated[str, Field(pattern=AREA)] | None = None
    arrived_in_host_country: BusinessDate | None = None
    means: Means | None = None
    phone: Line | None = None
    email: Line | None = None
    address: Line | None = None


class MemberCorrectionBody(CorrectionBody):
    model_config = shown({"reason": "document_seen", "birth_date": "1990-02-01"})

    may_be_null: ClassVar[frozenset[str]] = frozenset({"family_name", "last_assisted_return"})

    relation: Relation | None = None
    given_name: PersonName | None = None
    family_name: PersonName | None = None
    birth_date: BusinessDate | None = None
    sex: Sex | None = None
    nationality: CountryCode | None = None
    other_nationalities: Annotated[list[CountryCode], Field(max_length=5)] | None = None
    languages: Annotated[list[LanguageTag], Field(min_length=1, max_length=10)] | None = None
    responsible: Annotated[list[UUID], Field(max_length=10)] | None = None
    last_assisted_return: BusinessDate | None = None


class CorrectionAnswer(Answer):
    """`before` and `after` are null to auditors."""

    id: UUID
    individual_id: UUID | None
    field: str
    before: Any
    after: Any
    reason: Why
    corrected_at: datetime
    corrected_by: str


class CorrectionList(Answer):
    items: list[CorrectionAnswer]


class CorrectedAnswer(Answer):
    """What was changed; nothing where all was so already."""

    case_id: UUID
    changed: list[str]
    status: str


def correction_answer(correction: Correction, roles: frozenset[str]) -> CorrectionAnswer:
    shown = CorrectionAnswer.model_validate(correction)
    if not roles.isdisjoint({"registration_officer", "counsellor", "protection"}):
        return shown
    return shown.model_copy(update={"before": None, "after": None})
