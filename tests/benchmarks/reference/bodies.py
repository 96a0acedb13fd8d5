"""The body of a registration as plain Pydantic takes it, and what may be done next with a case."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from shared.contracts.registration import DocumentKind, Means, Relation, Sex

Country = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Line = Annotated[str, Field(max_length=200)]


class Destination(BaseModel):
    country: Country
    area: Line | None = None


class Contact(BaseModel):
    phone: Line | None = None
    email: Line | None = None
    address: Line | None = None


class Document(BaseModel):
    kind: DocumentKind
    number: Line
    issuing_country: Country
    valid_from: date | None = None
    valid_until: date | None = None
    for_country: Country | None = None
    single_journey: bool = False


class Member(BaseModel):
    ref: str
    relation: Relation
    given_name: Line
    family_name: Line | None
    birth_date: date
    sex: Sex
    nationality: Country
    other_nationalities: list[Country] = []
    languages: Annotated[list[str], Field(min_length=1, max_length=10)]
    documents: list[Document] = []
    responsible: list[str] = []
    last_assisted_return: date | None = None


class NewCase(BaseModel):
    site_id: UUID | None = None
    channel: str
    host_country: Country
    destination: Destination
    arrived_in_host_country: date
    means: Means
    contact: Contact = Contact()
    members: Annotated[list[Member], Field(min_length=1, max_length=30)]


OFFERED = (
    ("correct_case", "PATCH", "/cases/{}"),
    ("record_counselling", "POST", "/cases/{}/counselling-sessions"),
    ("record_document", "POST", "/cases/{}/documents"),
    ("sign_declaration", "POST", "/cases/{}/declarations"),
    ("withdraw", "POST", "/cases/{}/withdrawal"),
    ("give_consent", "POST", "/cases/{}/consents"),
    ("close_case", "POST", "/cases/{}/closure"),
)
"""What a registration officer may do next with an open case."""


def offered(case: UUID) -> list[dict[str, str]]:
    return [{"action": name, "method": method, "href": path.format(case)} for name, method, path in OFFERED]


def age_band(born: date, on: date) -> str:
    age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return "adult" if age >= 18 else "12_17" if age >= 12 else "2_11" if age >= 2 else "under_2"
