"""Bodies of cases: what is registered, and what is shown to whom."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from services.registration.cases.models import Household
from services.registration.cases.queries import CaseFile, Listed, Standing
from services.registration.cases.rules import CLOSED, MOST_MEMBERS, SHOWN, Channel, Sight, age_band
from services.registration.documents.actions import DocumentAnswer, DocumentBody
from shared.contracts.registration import AgeBand, CaseClosureReason, Means, Relation, Sex
from shared.fields import Answer, Body, BusinessDate, CountryCode, LanguageTag, Line, PersonName, refused
from shared.offers import OfferedAction

Languages = Annotated[list[LanguageTag], Field(min_length=1, max_length=10)]
Nationalities = Annotated[list[CountryCode], Field(max_length=5)]
Label = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9_-]+$")]


class Destination(Body):
    country: CountryCode
    area: Line | None = None


class Contact(Body):
    """How the household is reached. Any of the three may be missing."""

    phone: Line | None = None
    email: Line | None = None
    address: Line | None = None


class MemberBody(Body):
    """One individual. `ref`: the caller's own label, unique in the body, by which `responsible` names members who
    hold parental responsibility. `family_name` is null for people who have one name. `languages`: preferred first."""

    ref: Label
    relation: Relation
    given_name: PersonName
    family_name: PersonName | None
    birth_date: BusinessDate
    sex: Sex
    nationality: CountryCode
    other_nationalities: Nationalities = Field(default_factory=list)
    languages: Languages
    documents: Annotated[list[DocumentBody], Field(max_length=20)] = Field(default_factory=list)
    responsible: Annotated[list[Label], Field(max_length=10)] = Field(default_factory=list)
    last_assisted_return: BusinessDate | None = None


class CaseBody(Body):
    site_id: UUID | None = None
    channel: Channel
    host_country: CountryCode
    destination: Destination
    arrived_in_host_country: BusinessDate
    means: Means
    contact: Contact = Contact()
    members: Annotated[list[MemberBody], Field(min_length=1, max_length=MOST_MEMBERS)]

    @model_validator(mode="after")
    def _goes_elsewhere(self) -> Self:
        if self.destination.country == self.host_country:
            raise refused("destination", "destination.country must be another country than host_country")
        return self


class RegisteredMember(Answer):
    ref: str
    individual_id: UUID
    age_band: AgeBand
    protection_pending: bool
    documents: list[UUID]


class RegisteredAnswer(Answer):
    """The ids that were given, by the labels of the request."""

    id: UUID
    household_id: UUID
    status: str
    registered_at: datetime
    members: list[RegisteredMember]
    actions: list[OfferedAction]


class PersonalAnswer(Answer):
    """Who it is. Null where the caller's role sees less."""

    given_name: str
    family_name: str | None
    birth_date: date | None
    other_nationalities: list[str] | None
    languages: list[str] | None


class ContactAnswer(Answer):
    phone: str | None
    email: str | None
    address: str | None


class MemberAnswer(Answer):
    """One member. `held`: whether an open hold covers them. `attempt`: which try to return this is."""

    individual_id: UUID
    relation: Relation
    status: str
    attempt: int
    sex: Sex
    nationality: str
    age_band: AgeBand
    responsible: list[UUID]
    protection_pending: bool
    held: bool
    clearance_id: UUID | None
    flight_id: UUID | None
    last_assisted_return: date | None
    personal: PersonalAnswer | None
    documents: list[DocumentAnswer] | None


class CaseAnswer(Answer):
    id: UUID
    household_id: UUID
    site_id: UUID | None
    channel: Channel
    host_country: str
    destination_country: str
    destination_area: str | None
    arrived_in_host_country: date
    means: Means
    status: str
    closed_at: datetime | None
    closed_reason: CaseClosureReason | None
    registered_at: datetime
    contact: ContactAnswer | None
    members: list[MemberAnswer]
    actions: list[OfferedAction]


class ListedMember(Answer):
    individual_id: UUID
    relation: Relation
    status: str
    age_band: AgeBand
    given_name: str | None
    family_name: str | None


class ListedCase(Answer):
    id: UUID
    site_id: UUID | None
    status: str
    host_country: str
    destination_country: str
    registered_at: datetime
    members: list[ListedMember]


CaseStatus = Annotated[str, Field(pattern=f"^({'|'.join(SHOWN)})$")]


def contact_answer(household: Household, seen: Sight) -> ContactAnswer | None:
    return ContactAnswer.model_validate(household) if seen.personal else None


def personal_answer(standing: Standing, seen: Sight) -> PersonalAnswer | None:
    person = standing.individual
    if not seen.names:
        return None
    return PersonalAnswer(
        given_name=person.given_name,
        family_name=person.family_name,
        birth_date=person.birth_date if seen.personal else None,
        other_nationalities=person.other_nationalities if seen.personal else None,
        languages=person.languages if seen.personal else None,
    )


def member_status(file: CaseFile, standing: Standing) -> str:
    return file.shown_status if file.closed else standing.member.status


def listed_case(listed: Listed, on: date, *, named: bool) -> ListedCase:
    """One case of the list; names for those whose work is with the people."""
    case = listed.lines[0]
    return ListedCase(
        id=case.id,
        site_id=case.site_id,
        status=case.status,
        host_country=case.host_country,
        destination_country=case.destination_country,
        registered_at=case.registered_at,
        members=[
            ListedMember(
                individual_id=line.individual_id,
                relation=Relation(line.relation),
                status=CLOSED if line.status == CLOSED else line.stands,
                age_band=age_band(line.birth_date, on),
                given_name=line.given_name if named else None,
                family_name=line.family_name if named else None,
            )
            for line in listed.lines
        ],
    )
