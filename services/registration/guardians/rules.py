"""Who is shown to be responsible for a child. Pure.

Sources: the Convention on the Rights of the Child (articles 18 and 20) and General Comment 6 (2005) of its Committee: a
child is alone who is with no parent and with nobody who by law or custom is responsible, and that is looked into, not
taken from the word of the adult who came along.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from services.registration.cases.rules import ResponsibilityNotShown, is_parent
from shared.contracts.registration import Relation
from shared.problems import Problem


class Showing(StrEnum):
    """What shows it. An interview, child and adult apart, shows a parent whose papers are lost, and nobody else."""

    COURT_ORDER = "court_order"
    APPOINTMENT = "appointment_of_guardian"
    BIRTH_CERTIFICATE = "birth_certificate"
    FAMILY_REGISTER = "family_register"
    INTERVIEW = "interview_by_protection"


class GuardianUnclear(Problem):
    slug = "guardian-unclear"
    status = 422
    title = "That cannot show who is responsible for this child"
    remedy = "`why` says what must be so. Nothing was changed."


class GuardianStands(Problem):
    slug = "guardian-stands"
    status = 409
    title = "That adult is recorded as responsible for the child"
    remedy = "Nothing needs to be done. End what stands first if it rests on another paper."


class GuardianEndedAlready(Problem):
    slug = "guardian-ended-already"
    status = 409
    title = "That guardianship was ended before"
    remedy = "Nothing needs to be done. Record a new one when it is shown."


def guardianship_status(*, ended: bool, both_here: bool) -> str:
    """`rests`: as long as one of the two is out of the case. Leaving a case ends nothing that a court or an authority
    said, so the guardianship comes back with who rejoins."""
    return "ended" if ended else "stands" if both_here else "rests"


Shown = Collection[tuple[UUID, UUID]]
"""Child and adult of each guardianship that is not ended."""


@dataclass(frozen=True, slots=True)
class Link:
    """A child and an adult who is named responsible, each with the relation to the principal applicant."""

    child: UUID
    child_is: Relation
    adult: UUID
    adult_is: Relation


def check_shown(links: Iterable[Link], shown: Shown, alone: Collection[UUID]) -> None:
    """`alone`: children whom protection was asked about, since nobody was responsible for them: from there on its
    record alone says who is, parent or not. Raises `ResponsibilityNotShown`."""
    for link in links:
        if (link.child, link.adult) in shown:
            continue
        if link.child in alone or not is_parent(link.adult_is, link.child_is):
            raise ResponsibilityNotShown(individual=link.child)


def check_guardian(showing: Showing, link: Link, *, child_is_adult: bool, adult_is_adult: bool) -> None:
    """Raises `GuardianUnclear`."""
    if child_is_adult:
        raise GuardianUnclear(why="`individual_id` is a child: nobody is responsible for an adult")
    if not adult_is_adult:
        raise GuardianUnclear(why="`guardian_id` is an adult of this case")
    if showing is Showing.INTERVIEW and not is_parent(link.adult_is, link.child_is):
        raise GuardianUnclear(why="an interview shows a parent alone; for anybody else there is a paper")
