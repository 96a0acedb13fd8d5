"""What registration tells of a case and its members: the whole of it each time, as others may know it.

Key of every event: the case.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.events import Event


class Part(BaseModel):
    """A piece of an event; unknown fields are skipped, as in the event itself."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class AgeBand(StrEnum):
    INFANT = "under_2"
    CHILD = "2_11"
    TEEN = "12_17"
    ADULT = "adult"


class Sex(StrEnum):
    FEMALE = "female"
    MALE = "male"
    OTHER = "other"
    UNKNOWN = "unknown"


class Means(StrEnum):
    """Whether the household has means of its own for the return."""

    NONE = "none"
    SOME = "some"
    UNKNOWN = "unknown"


class Relation(StrEnum):
    """To the principal applicant."""

    PRINCIPAL = "principal_applicant"
    SPOUSE = "spouse"
    CHILD = "child"
    PARENT = "parent"
    SIBLING = "sibling"
    OTHER_RELATIVE = "other_relative"
    NOT_RELATED = "not_related"


class Member(Part):
    """One individual of a case. `responsible`: the individuals of this case who hold parental responsibility for a
    child; empty for an adult. `last_assisted_return`: an earlier return with assistance, if the person says so."""

    individual: UUID
    relation: Relation
    nationality: str
    sex: Sex
    age_band: AgeBand
    responsible: tuple[UUID, ...] = ()
    attempt: int
    last_assisted_return: date | None = None


class CaseFacts(Event):
    """The whole of a case as others may know it."""

    case: UUID
    site: UUID | None
    channel: str
    host_country: str
    destination_country: str
    destination_area: str | None
    arrived_in_host_country: date
    means: Means
    members: tuple[Member, ...]


class CaseRegistered(CaseFacts):
    type: ClassVar[str] = "homeward.registration.case.registered.v1"


class CaseCorrected(CaseFacts):
    """Carries the case as it is after the correction."""

    type: ClassVar[str] = "homeward.registration.case.corrected.v1"


class Joined(StrEnum):
    """How somebody came into a case that was there already."""

    BORN = "born"
    FOUND = "found"
    CAME_BACK = "came_back"
    OTHER = "other"


class MemberJoined(CaseFacts):
    """Subject: the individual, who is among the members of the case as it now is, and has declared nothing yet."""

    type: ClassVar[str] = "homeward.registration.member.joined.v1"
    individual: UUID
    how: Joined
    joined_at: datetime


class Left(StrEnum):
    """Where somebody went who is of the case no more, as far as others may know it."""

    ANOTHER_CASE = "another_case"
    GONE = "gone"
    DIED = "died"
    BY_MISTAKE = "entered_by_mistake"


class MemberLeft(CaseFacts):
    """Subject: the individual. The case as it is without them; `member`: they as they last stood in it. No return of
    theirs is in this case any more; what was said and done while they were in it stands."""

    type: ClassVar[str] = "homeward.registration.member.left.v1"
    individual: UUID
    member: Member
    how: Left
    left_at: datetime
