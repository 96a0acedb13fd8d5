"""Bodies of searches. In a body, for a name or a number in a URL ends up in logs."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from shared.fields import Answer, Body, BusinessDate, CountryCode, Line, PersonName, refused, shown

MOST_FOUND = 50


class SearchBody(Body):
    """One of `document_number`, `name` and `phone`. A name is found by its beginning, given name or family name first;
    marks, upper case and the scripts' variants of a letter make no difference. `birth_date` narrows a name,
    `issuing_country` a number. A telephone number is found by its last nine digits."""

    model_config = shown(
        {"name": "Example Person", "birth_date": "1990-01-31"},
        {"document_number": "X0000000", "issuing_country": "IRQ"},
    )

    document_number: Line | None = None
    issuing_country: CountryCode | None = None
    name: PersonName | None = None
    birth_date: BusinessDate | None = None
    phone: Line | None = None
    limit: Annotated[int, Field(ge=1, le=MOST_FOUND)] = 20

    @model_validator(mode="after")
    def _asks_for_one_thing(self) -> Self:
        if sum(each is not None for each in (self.document_number, self.name, self.phone)) != 1:
            raise refused("one_of", "needs exactly one of document_number, name and phone")
        if self.issuing_country is not None and self.document_number is None:
            raise refused("issuing_country", "issuing_country goes with document_number")
        if self.birth_date is not None and self.name is None:
            raise refused("birth_date", "birth_date goes with name")
        return self


class FoundPerson(Answer):
    """Somebody who fits, in one of their cases."""

    case_id: UUID
    case_status: str
    site_id: UUID | None
    individual_id: UUID
    given_name: str
    family_name: str | None
    birth_date: date


class SearchAnswer(Answer):
    """`more`: whether others fit too; then ask more closely."""

    items: list[FoundPerson]
    more: bool
