"""What registration tells: pseudonymous facts about cases, and nothing about why someone is held or withdrew.

Key of every event: the case.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.contracts.cases import AgeBand as AgeBand
from shared.contracts.cases import CaseCorrected as CaseCorrected
from shared.contracts.cases import CaseFacts as CaseFacts
from shared.contracts.cases import CaseRegistered as CaseRegistered
from shared.contracts.cases import Joined as Joined
from shared.contracts.cases import Left as Left
from shared.contracts.cases import Means as Means
from shared.contracts.cases import Member as Member
from shared.contracts.cases import MemberJoined as MemberJoined
from shared.contracts.cases import MemberLeft as MemberLeft
from shared.contracts.cases import Part as Part
from shared.contracts.cases import Relation as Relation
from shared.contracts.cases import Sex as Sex
from shared.events import Event


class SignedHow(StrEnum):
    OWN = "own"
    BY_RESPONSIBLE = "by_holders_of_parental_responsibility"
    BY_REPRESENTATIVE = "by_representative"


class DeclarationSigned(Event):
    """Subject: the individual. One for each adult who signed for themselves, and one for a child when all who must
    sign for the child have."""

    type: ClassVar[str] = "homeward.registration.declaration.signed.v1"
    individual: UUID
    declaration: UUID
    form_version: str
    language: str
    how: SignedHow
    signed_by: tuple[UUID, ...]
    signed_at: datetime


class DeclarationLapsed(Event):
    """Subject: the child, whose declaration fell with that of one who signed for the child."""

    type: ClassVar[str] = "homeward.registration.declaration.lapsed.v1"
    individual: UUID
    declaration: UUID


class CaseWithdrawn(Event):
    """All of a case withdrew from the return (not from the case). `attempts` says which try of each."""

    type: ClassVar[str] = "homeward.registration.case.withdrawn.v1"
    individuals: tuple[UUID, ...]
    attempts: dict[UUID, int]
    withdrawn_at: datetime


class MemberWithdrawn(Event):
    """Subject: the individual. The rest of the case stands."""

    type: ClassVar[str] = "homeward.registration.member.withdrawn.v1"
    individual: UUID
    withdrawn_at: datetime


class WithdrawalStatedLate(Event):
    """Subject: the individual. Said after clearance: kept as a statement. Becomes `member.withdrawn` by itself when
    the clearance is released."""

    type: ClassVar[str] = "homeward.registration.withdrawal.stated_late.v1"
    individual: UUID
    statement: UUID
    stated_at: datetime
    entered_at: datetime


class CaseHeld(Event):
    """Never says why. `individuals`: those held, beside any of whom the same hold was told before: who joins a case
    that is held as a whole is held with the others."""

    type: ClassVar[str] = "homeward.registration.case.held.v1"
    hold: UUID
    individuals: tuple[UUID, ...]


class CaseReleased(Event):
    type: ClassVar[str] = "homeward.registration.case.released.v1"
    hold: UUID
    individuals: tuple[UUID, ...]


class ProtectionPending(Event):
    """Subject: the individual, a child without a holder of parental responsibility in the case."""

    type: ClassVar[str] = "homeward.registration.protection.pending.v1"
    individual: UUID


class ProtectionCleared(Event):
    type: ClassVar[str] = "homeward.registration.protection.cleared.v1"
    individual: UUID


class DocumentKind(StrEnum):
    PASSPORT = "passport"
    EMERGENCY_TRAVEL_DOCUMENT = "emergency_travel_document"
    LAISSEZ_PASSER = "laissez_passer"
    IDENTITY_CARD = "identity_card"
    EXIT_PERMIT = "exit_permit"
    VISA = "visa"
    TRANSIT_VISA = "transit_visa"


class DocumentRecorded(Event):
    """Subject: the document. No number. `for_country`: the country a permit or visa is for. `single_journey`: good
    for one journey only. `valid` false: recorded by mistake, lost or taken away."""

    type: ClassVar[str] = "homeward.registration.document.recorded.v1"
    individual: UUID
    document: UUID
    kind: DocumentKind
    issuing_country: str
    valid_from: date | None
    valid_until: date | None
    for_country: str | None
    single_journey: bool
    valid: bool = True


class Fitness(StrEnum):
    FIT = "fit"
    FIT_WITH_SUPPORT = "fit_with_support"
    NOT_FIT = "not_fit"
    WAIVED = "waived"


class FitnessAssessed(Event):
    """Subject: the individual. The outcome of a pre-embarkation check, never a finding. `support`: codes of what must
    be arranged (escort, wheelchair, oxygen). `fly_before`: the latest departure, if there is one."""

    type: ClassVar[str] = "homeward.registration.fitness.assessed.v1"
    individual: UUID
    check: UUID
    outcome: Fitness
    checked_at: datetime
    support: tuple[str, ...] = ()
    fly_before: date | None = None


class ClearanceRefusal(StrEnum):
    """Why registration does not clear someone, in words that say nothing about the person's reasons."""

    WITHDRAWN = "withdrawn"
    HELD = "held"
    NOT_DECLARED = "not_declared"
    NOT_WILLING = "not_willing"
    PROTECTION_PENDING = "protection_pending"
    NOT_WITH_THOSE_RESPONSIBLE = "not_with_those_responsible"
    CHILD_WOULD_STAY_ALONE = "child_would_stay_alone"
    OTHER_ATTEMPT = "other_attempt"
    CASE_CLOSED = "case_closed"
    ALREADY_CLEARED_ELSEWHERE = "already_cleared_elsewhere"
    UNKNOWN = "unknown_individual"


class DepartureCleared(Event):
    """Those of one case who are cleared to depart on a flight: from here until released they cannot withdraw."""

    type: ClassVar[str] = "homeward.registration.departure.cleared.v1"
    clearance: UUID
    flight: UUID
    individuals: tuple[UUID, ...]
    attempts: dict[UUID, int]


class RefusedIndividual(Part):
    individual: UUID
    attempt: int
    reason: ClearanceRefusal


class DepartureRefused(Event):
    """Those of one case who are not cleared."""

    type: ClassVar[str] = "homeward.registration.departure.refused.v1"
    clearance: UUID
    flight: UUID
    refused: tuple[RefusedIndividual, ...]


class ClearanceReleased(Event):
    """Subject: the individual, who was cleared and did not depart."""

    type: ClassVar[str] = "homeward.registration.clearance.released.v1"
    clearance: UUID
    flight: UUID
    individual: UUID


class CaseClosureReason(StrEnum):
    ASSISTANCE_CLOSED = "assistance_closed"
    INELIGIBLE = "ineligible"
    WITHDRAWN = "withdrawn"
    LOST_CONTACT = "lost_contact"
    LEFT_ON_THEIR_OWN = "left_on_their_own"
    DIED = "died"
    DUPLICATE = "duplicate"


class CaseClosed(Event):
    type: ClassVar[str] = "homeward.registration.case.closed.v1"
    reason: CaseClosureReason


class CaseReopened(Event):
    type: ClassVar[str] = "homeward.registration.case.reopened.v1"


class PriorityAssigned(Event):
    """Subject: the individual, or none where the whole case has it. `level`: 1 goes first, 3 last; never says why."""

    type: ClassVar[str] = "homeward.registration.priority.assigned.v1"
    individual: UUID | None = None
    level: int


class ReturnKind(StrEnum):
    """How somebody came home without a departure of ours."""

    RETROACTIVE = "retroactive"
    OWN_GOVERNMENT = "own_government"
    ON_THEIR_OWN = "on_their_own"


class ReturnRecorded(Event):
    """Back home without a departure of ours: counted apart from assisted returns."""

    type: ClassVar[str] = "homeward.registration.return.recorded.v1"
    individuals: tuple[UUID, ...]
    attempts: dict[UUID, int]
    kind: ReturnKind
    country: str
    returned_on: date
    entered_at: datetime


class ReturnReversed(Event):
    """That return was recorded by mistake: they have not come home by it, and stand where they stood before."""

    type: ClassVar[str] = "homeward.registration.return.reversed.v1"
    individuals: tuple[UUID, ...]
    attempts: dict[UUID, int]


class PeopleLinked(Event):
    """Key: the case of `duplicate`. Two records are one person: `stands`, in `standing_case`, goes on."""

    type: ClassVar[str] = "homeward.registration.people.linked.v1"
    link: UUID
    duplicate: UUID
    stands: UUID
    standing_case: UUID


class PeopleUnlinked(Event):
    """The link is undone: they are two people again."""

    type: ClassVar[str] = "homeward.registration.people.unlinked.v1"
    link: UUID
    duplicate: UUID
    stands: UUID
    standing_case: UUID
