"""Bodies of cases: what is registered, and what is shown to whom."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

import orjson
from pydantic import Field, model_validator

from services.registration.cases.queries import Listed, ShownLine
from services.registration.cases.rules import (
    AREA,
    CLOSED,
    MOST_MEMBERS,
    SHOWN,
    Alone,
    Channel,
    Sight,
    age_band,
    how_alone,
    is_adult,
    possible_now,
)
from services.registration.documents.actions import DocumentAnswer, DocumentBody
from shared.contracts.registration import AgeBand, CaseClosureReason, Means, Relation, Sex
from shared.fields import Answer, Body, BusinessDate, CountryCode, LanguageTag, Line, PersonName, refused, shown
from shared.offers import OfferedAction

Languages = Annotated[list[LanguageTag], Field(min_length=1, max_length=10)]
Nationalities = Annotated[list[CountryCode], Field(max_length=5)]
Label = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9_-]+$")]


class Destination(Body):
    country: CountryCode
    area: Annotated[str, Field(pattern=AREA)] | None = None


class Contact(Body):
    """How the household is reached. Any of the three may be missing."""

    phone: Line | None = None
    email: Line | None = None
    address: Line | None = None


class PersonBody(Body):
    """One individual and their papers. `family_name` is null for people who have one name. `languages`: preferred
    first."""

    relation: Relation
    given_name: PersonName
    family_name: PersonName | None
    birth_date: BusinessDate
    sex: Sex
    nationality: CountryCode
    other_nationalities: Nationalities = Field(default_factory=list)
    languages: Languages
    documents: Annotated[list[DocumentBody], Field(max_length=20)] = Field(default_factory=list)
    last_assisted_return: BusinessDate | None = None


class MemberBody(PersonBody):
    """`ref`: the caller's own label, unique in the body, by which `responsible` names members who hold parental
    responsibility."""

    ref: Label
    responsible: Annotated[list[Label], Field(max_length=10)] = Field(default_factory=list)


class CaseBody(Body):
    """`seen_alike`: given, the household is compared with everybody registered before it is saved, and refused where
    somebody looks like one of its people who is not among these ids: none (`[]`) at first, then those that were looked
    at. Left out, likenesses are found afterwards."""

    model_config = shown(
        {
            "channel": "outreach_visit",
            "host_country": "BLR",
            "destination": {"country": "IRQ", "area": "IQ-AR"},
            "arrived_in_host_country": "2021-10-20",
            "means": "none",
            "contact": {"phone": "+375 29 000 00 00"},
            "members": [
                {
                    "ref": "father",
                    "relation": "principal_applicant",
                    "given_name": "Example",
                    "family_name": "Person",
                    "birth_date": "1990-01-31",
                    "sex": "male",
                    "nationality": "IRQ",
                    "languages": ["ckb", "ar"],
                    "documents": [{"kind": "passport", "number": "X0000000", "issuing_country": "IRQ"}],
                },
                {
                    "ref": "daughter",
                    "relation": "child",
                    "given_name": "Example",
                    "family_name": "Person",
                    "birth_date": "2015-05-05",
                    "sex": "female",
                    "nationality": "IRQ",
                    "languages": ["ckb"],
                    "responsible": ["father"],
                },
            ],
        }
    )

    site_id: UUID | None = None
    channel: Channel
    host_country: CountryCode
    destination: Destination
    arrived_in_host_country: BusinessDate
    means: Means
    contact: Contact = Contact()
    members: Annotated[list[MemberBody], Field(min_length=1, max_length=MOST_MEMBERS)]
    seen_alike: Annotated[list[UUID], Field(max_length=5_000)] | None = None

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
    """One member. `held`: whether an open hold covers them. `attempt`: which try to return this is. `alone`: how a
    child is without those responsible; null for everybody else, and for roles that do not see it."""

    individual_id: UUID
    relation: Relation
    status: str
    attempt: int
    sex: Sex
    nationality: str
    age_band: AgeBand
    responsible: list[UUID]
    protection_pending: bool
    alone: Alone | None
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


def possible_shown(lines: Sequence[ShownLine], on: date) -> list[str]:
    """What can be done with the case that these lines show."""
    stand = ((line.status, _is_adult(line, on)) for line in lines)
    return possible_now(stand, closed=lines[0].closed)


def shown_case(
    lines: Sequence[ShownLine], on: date, seen: Sight, actions: Sequence[Mapping[str, str]]
) -> dict[str, Any]:
    """A `CaseAnswer` as plain values: names, documents and contact by what the reader may see."""
    case = lines[0]
    held = {one for hold in orjson.loads(f"[{case.held_by or ''}]") for one in hold}
    members: dict[UUID, dict[str, Any]] = {}
    for line in lines:
        if line.individual_id not in members:
            members[line.individual_id] = _shown_member(line, on, seen, held)
            if seen.alone and not line.responsible and not _is_adult(line, on):
                members[line.individual_id]["alone"] = _alone(line, lines, on)
        if seen.documents and line.document_id is not None:
            members[line.individual_id]["documents"].append(_shown_document(line))
    contact = {"phone": case.phone, "email": case.email, "address": case.address}
    return {
        "id": case.case_id,
        "household_id": case.household_id,
        "site_id": case.site_id,
        "channel": case.channel,
        "host_country": case.host_country,
        "destination_country": case.destination_country,
        "destination_area": case.destination_area,
        "arrived_in_host_country": case.arrived_in_host_country,
        "means": case.means,
        "status": case.case_status,
        "closed_at": case.closed_at,
        "closed_reason": case.closed_reason,
        "registered_at": case.registered_at,
        "contact": contact if seen.personal else None,
        "members": list(members.values()),
        "actions": actions,
    }


def _shown_member(line: ShownLine, on: date, seen: Sight, held: Collection[str]) -> dict[str, Any]:
    personal = {
        "given_name": line.given_name,
        "family_name": line.family_name,
        "birth_date": line.birth_date if seen.personal else None,
        "other_nationalities": line.other_nationalities if seen.personal else None,
        "languages": line.languages if seen.personal else None,
    }
    return {
        "individual_id": line.individual_id,
        "relation": line.relation,
        "status": CLOSED if line.closed else line.status,
        "attempt": line.attempt,
        "sex": line.sex,
        "nationality": line.nationality,
        "age_band": age_band(line.birth_date, on, disputed=line.age_disputed),
        "responsible": line.responsible,
        "protection_pending": line.protection_pending,
        "alone": None,
        "held": str(line.individual_id) in held,
        "clearance_id": line.clearance_id,
        "flight_id": line.flight_id,
        "last_assisted_return": line.last_assisted_return,
        "personal": personal if seen.names else None,
        "documents": [] if seen.documents else None,
    }


def _is_adult(line: ShownLine, on: date) -> bool:
    return is_adult(line.birth_date, on, disputed=line.age_disputed)


def _alone(child: ShownLine, lines: Sequence[ShownLine], on: date) -> Alone:
    return how_alone(Relation(child.relation), (Relation(line.relation) for line in lines if _is_adult(line, on)))


def _shown_document(line: ShownLine) -> dict[str, Any]:
    return {
        "id": line.document_id,
        "individual_id": line.individual_id,
        "kind": line.kind,
        "number": line.number,
        "issuing_country": line.issuing_country,
        "valid_from": line.valid_from,
        "valid_until": line.valid_until,
        "for_country": line.for_country,
        "single_journey": line.single_journey,
        "valid": line.valid,
        "invalid_reason": line.invalid_reason,
        "recorded_at": line.recorded_at,
    }


def listed_case(listed: Listed, on: date, *, named: bool) -> dict[str, Any]:
    """A `ListedCase` as plain values; names for those whose work is with the people."""
    case = listed.lines[0]
    return {
        "id": case.id,
        "site_id": case.site_id,
        "status": case.status,
        "host_country": case.host_country,
        "destination_country": case.destination_country,
        "registered_at": case.registered_at,
        "members": [
            {
                "individual_id": line.individual_id,
                "relation": line.relation,
                "status": CLOSED if line.status == CLOSED else line.stands,
                "age_band": age_band(line.birth_date, on, disputed=line.age_disputed),
                "given_name": line.given_name if named else None,
                "family_name": line.family_name if named else None,
            }
            for line in listed.lines
        ],
    }
