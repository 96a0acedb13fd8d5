"""The family of the story, and the facts that the other services tell of it."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from shared.contracts.eligibility import Basis, EligibilityDecided, Modality, Outcome, PackageLine, Stage
from shared.contracts.registration import (
    AgeBand,
    CaseClosed,
    CaseClosureReason,
    CaseRegistered,
    CaseReopened,
    CaseWithdrawn,
    DeclarationSigned,
    Means,
    Member,
    MemberWithdrawn,
    PeopleLinked,
    PeopleUnlinked,
    Relation,
    ReturnKind,
    ReturnRecorded,
    ReturnReversed,
    Sex,
    SignedHow,
    WithdrawalStatedLate,
)
from shared.contracts.travel import (
    AllowancePaid,
    BookingCancelled,
    BookingMade,
    BookingReason,
    MetBy,
    PassengerArrived,
    PassengerDeparted,
    PassengerNoShow,
    PassengerNotAdmitted,
)
from shared.database import new_id
from shared.events import Event

BOOKED = datetime(2021, 12, 10, 9, 0, tzinfo=UTC)
DEPARTED = datetime(2021, 12, 14, 7, 0, tzinfo=UTC)
ARRIVED = datetime(2021, 12, 14, 16, 0, tzinfo=UTC)
AT_HOME = datetime(2021, 12, 20, 9, 0, tzinfo=UTC)

Told = tuple[Event, dict[str, Any]]
"""A fact, and what its envelope says: subject, attempt."""


@dataclass
class Family:
    """Two adults and two children; each maker gives a fact as it would arrive."""

    case: UUID = field(default_factory=new_id)
    father: UUID = field(default_factory=new_id)
    mother: UUID = field(default_factory=new_id)
    daughter: UUID = field(default_factory=new_id)
    son: UUID = field(default_factory=new_id)
    booking: UUID = field(default_factory=new_id)
    flight: UUID = field(default_factory=new_id)

    @property
    def everyone(self) -> tuple[UUID, ...]:
        return (self.father, self.mother, self.daughter, self.son)

    def registered(self, attempt: int = 1) -> Told:
        kinds = ((self.father, Relation.PRINCIPAL), (self.mother, Relation.SPOUSE))
        adults = [self._member(who, relation, AgeBand.ADULT, attempt) for who, relation in kinds]
        children = [self._member(who, Relation.CHILD, AgeBand.CHILD, attempt) for who in (self.daughter, self.son)]
        fact = CaseRegistered(
            case=self.case,
            site=None,
            channel="outreach_visit",
            host_country="BLR",
            destination_country="IRQ",
            destination_area="Erbil",
            arrived_in_host_country=date(2021, 10, 20),
            means=Means.NONE,
            members=(*adults, *children),
        )
        return fact, {}

    def declared(self, who: UUID, attempt: int) -> Told:
        fact = DeclarationSigned(
            individual=who,
            declaration=new_id(),
            form_version="1",
            language="ckb",
            how=SignedHow.OWN,
            signed_by=(who,),
            signed_at=BOOKED,
        )
        return fact, {"subject": who, "attempt": attempt}

    def withdrawn(self, attempt: int = 1, who: tuple[UUID, ...] = ()) -> Told:
        all_of_them = who or self.everyone
        tries = dict.fromkeys(all_of_them, attempt)
        return CaseWithdrawn(individuals=all_of_them, attempts=tries, withdrawn_at=BOOKED), {}

    def member_withdrawn(self, who: UUID, attempt: int = 1) -> Told:
        return MemberWithdrawn(individual=who, withdrawn_at=BOOKED), {"subject": who, "attempt": attempt}

    def stated_late(self, who: UUID, attempt: int = 1) -> Told:
        fact = WithdrawalStatedLate(individual=who, statement=new_id(), stated_at=DEPARTED, entered_at=ARRIVED)
        return fact, {"subject": who, "attempt": attempt}

    def closed_there(self, reason: CaseClosureReason = CaseClosureReason.DUPLICATE) -> Told:
        return CaseClosed(reason=reason), {}

    def reopened_there(self) -> Told:
        return CaseReopened(), {}

    def decided(self, outcome: Outcome = Outcome.ELIGIBLE, attempt: int = 1, rent: str = "900.00") -> Told:
        lines = (
            *(self._line("pocket_money", who, Modality.CASH, Stage.BEFORE_RETURN, "50.00") for who in self.everyone),
            self._line("business", None, Modality.IN_KIND, Stage.AFTER_RETURN, "1500.00"),
            self._line("rent", None, Modality.CASH, Stage.AFTER_RETURN, rent, 3),
        )
        package = lines if outcome is Outcome.ELIGIBLE else ()
        fact = EligibilityDecided(
            decision=new_id(),
            programme="story",
            programme_version=1,
            evaluated_on=date(2021, 12, 9),
            outcome=outcome,
            good_until=date(2022, 3, 9),
            replaces=None,
            attempts=dict.fromkeys(self.everyone, attempt),
            package=package,
            total=sum((line.amount for line in package), Decimal(0)),
            currency="EUR",
        )
        return fact, {}

    def booked(self, attempt: int = 1, booking: UUID | None = None, who: tuple[UUID, ...] = ()) -> Told:
        on_it = who or self.everyone
        fact = BookingMade(
            booking=booking or self.booking,
            flight=self.flight,
            individuals=on_it,
            attempts=dict.fromkeys(on_it, attempt),
            departs=DEPARTED,
            arrives=ARRIVED,
            destination_country="IRQ",
            destination_airport="EBL",
        )
        return fact, {}

    def cancelled(
        self,
        reason: BookingReason = BookingReason.FLIGHT_CANCELLED,
        attempt: int = 1,
        booking: UUID | None = None,
        who: tuple[UUID, ...] = (),
    ) -> Told:
        lost = who or self.everyone
        fact = BookingCancelled(
            booking=booking or self.booking,
            flight=self.flight,
            individuals=lost,
            attempts=dict.fromkeys(lost, attempt),
            reason=reason,
            remaining=tuple(each for each in self.everyone if each not in lost),
        )
        return fact, {"subject": booking or self.booking}

    def allowance(self, who: UUID) -> Told:
        payment = new_id()
        fact = AllowancePaid(
            payment=payment,
            individual=who,
            line=f"pocket_money:{who}",
            amount=Decimal("50.00"),
            currency="EUR",
            receipt="R-1",
        )
        return fact, {"subject": payment}

    def departed(self, who: UUID, attempt: int = 1, booking: UUID | None = None) -> Told:
        fact = PassengerDeparted(
            individual=who,
            booking=booking or self.booking,
            flight=self.flight,
            at=DEPARTED,
            clearance=new_id(),
            kind="commercial",
            from_airport="MSQ",
            entered_at=DEPARTED,
        )
        return fact, {"subject": who, "attempt": attempt}

    def arrived(self, who: UUID, attempt: int = 1, booking: UUID | None = None) -> Told:
        fact = PassengerArrived(
            individual=who,
            booking=booking or self.booking,
            flight=self.flight,
            at=ARRIVED,
            airport="EBL",
            country="IRQ",
            met_by=MetBy.REINTEGRATION_TEAM,
        )
        return fact, {"subject": who, "attempt": attempt}

    def not_admitted(self, who: UUID, attempt: int = 1) -> Told:
        fact = PassengerNotAdmitted(
            individual=who, booking=self.booking, flight=self.flight, at=ARRIVED, country="IRQ", kind="refused_entry"
        )
        return fact, {"subject": who, "attempt": attempt}

    def missed(self, who: UUID, attempt: int = 1) -> Told:
        fact = PassengerNoShow(individual=who, booking=self.booking, flight=self.flight, at=DEPARTED)
        return fact, {"subject": who, "attempt": attempt}

    def went_home(self, kind: ReturnKind, attempt: int = 1, who: tuple[UUID, ...] = ()) -> Told:
        them = who or self.everyone
        fact = ReturnRecorded(
            individuals=them,
            attempts=dict.fromkeys(them, attempt),
            kind=kind,
            country="IRQ",
            returned_on=ARRIVED.date(),
            entered_at=AT_HOME,
        )
        return fact, {}

    def not_home(self, attempt: int = 1, who: tuple[UUID, ...] = ()) -> Told:
        them = who or self.everyone
        return ReturnReversed(individuals=them, attempts=dict.fromkeys(them, attempt)), {}

    def linked(self, stands: UUID, standing_case: UUID, link: UUID) -> Told:
        fact = PeopleLinked(link=link, duplicate=self.father, stands=stands, standing_case=standing_case)
        return fact, {"subject": link}

    def unlinked(self, stands: UUID, standing_case: UUID, link: UUID) -> Told:
        fact = PeopleUnlinked(link=link, duplicate=self.father, stands=stands, standing_case=standing_case)
        return fact, {"subject": link}

    @staticmethod
    def _member(who: UUID, relation: Relation, band: AgeBand, attempt: int) -> Member:
        return Member(
            individual=who, relation=relation, nationality="IRQ", sex=Sex.UNKNOWN, age_band=band, attempt=attempt
        )

    @staticmethod
    def _line(
        code: str, who: UUID | None, modality: Modality, stage: Stage, amount: str, instalments: int = 1
    ) -> PackageLine:
        return PackageLine(
            line=f"{code}:{who or 'case'}",
            code=code,
            basis=Basis.PERSON if who else Basis.CASE,
            individual=who,
            modality=modality,
            stage=stage,
            instalments=instalments,
            amount=Decimal(amount),
            currency="EUR",
        )
