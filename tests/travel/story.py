"""The people, the flight and the services around travel, as its tests meet them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from shared.auth import Role
from shared.contracts.eligibility import Basis, EligibilityDecided, Modality, Outcome, PackageLine, Stage
from shared.contracts.registration import (
    AgeBand,
    CaseCorrected,
    CaseRegistered,
    CaseWithdrawn,
    DeclarationSigned,
    DocumentKind,
    DocumentRecorded,
    Fitness,
    FitnessAssessed,
    Means,
    Member,
    MemberWithdrawn,
    Relation,
    Sex,
    SignedHow,
)
from shared.database import new_id
from shared.events import Event
from tests.world import World

TO = Role.TRAVEL_OFFICER
AD = Role.AIRPORT_DESK
FI = Role.FINANCE
DEPARTS = datetime(2021, 12, 14, 9, 0, tzinfo=UTC)
CHECK_IN_OPENS = DEPARTS - timedelta(hours=3)
CUT_OFF = DEPARTS - timedelta(hours=24)
AT_THE_DESK = DEPARTS - timedelta(hours=2)
LEFT = {"departed_at": DEPARTS.isoformat()}
DOORS = DEPARTS - timedelta(minutes=20)
CHECKED = DEPARTS - timedelta(hours=40)
SITE = UUID(int=51)
YES = {"answer": "yes", "asked_alone": True, "language": "ckb"}


def answered(answer: str) -> dict[str, Any]:
    return {**YES, "answer": answer}


def flight_body(seats: int = 30, departs: datetime = DEPARTS, **changes: Any) -> dict[str, Any]:
    """Minsk to Erbil by way of Istanbul."""
    stop = departs + timedelta(hours=3)
    body: dict[str, Any] = {
        "kind": "commercial",
        "carrier": "Airline of the story",
        "legs": [
            leg("MSQ", "BLR", "IST", "TUR", departs, stop),
            leg("IST", "TUR", "EBL", "IRQ", stop + timedelta(hours=2), stop + timedelta(hours=5)),
        ],
        "seats": seats,
        "fare": {"amount": "310.00", "currency": "EUR"},
        "cut_off_at": (departs - timedelta(hours=24)).isoformat(),
        "check_in_opens_at": (departs - timedelta(hours=3)).isoformat(),
        "doors_at": (departs - timedelta(minutes=20)).isoformat(),
        "project_code": "RT.0123",
        "budget_line": "B-TRAVEL",
    }
    return {**body, **changes}


def leg(
    start: str, start_country: str, end: str, end_country: str, departs: datetime, arrives: datetime
) -> dict[str, Any]:
    return {
        "flight_number": "TK 284",
        "from_airport": start,
        "from_country": start_country,
        "to_airport": end,
        "to_country": end_country,
        "departs": departs.isoformat(),
        "arrives": arrives.isoformat(),
    }


async def schedule(world: World, seats: int = 30, **changes: Any) -> UUID:
    made = await world.post("/flights", flight_body(seats, **changes), role=TO)
    return UUID(made["id"])


def member(band: AgeBand, relation: Relation = Relation.OTHER_RELATIVE, **changes: Any) -> Member:
    facts: dict[str, Any] = {
        "individual": new_id(),
        "relation": relation,
        "nationality": "IRQ",
        "sex": Sex.UNKNOWN,
        "age_band": band,
        "attempt": 1,
    }
    return Member(**{**facts, **changes})


def four_people() -> tuple[Member, ...]:
    father = member(AgeBand.ADULT, Relation.PRINCIPAL, sex=Sex.MALE)
    mother = member(AgeBand.ADULT, Relation.SPOUSE, sex=Sex.FEMALE)
    both = (father.individual, mother.individual)
    return (
        father,
        mother,
        member(AgeBand.CHILD, Relation.CHILD, responsible=both),
        member(AgeBand.CHILD, Relation.CHILD, responsible=both),
    )


def two_adults() -> tuple[Member, ...]:
    return (member(AgeBand.ADULT, Relation.PRINCIPAL), member(AgeBand.ADULT, Relation.SPOUSE))


def one_adult() -> tuple[Member, ...]:
    return (member(AgeBand.ADULT, Relation.PRINCIPAL),)


@dataclass
class Family:
    """A case, and what the other services tell about it. `twice`: each fact comes again, and must change nothing."""

    world: World
    members: tuple[Member, ...] = field(default_factory=four_people)
    case: UUID = field(default_factory=new_id)
    area: str | None = "Erbil"
    twice: bool = False

    @property
    def ids(self) -> list[UUID]:
        return [each.individual for each in self.members]

    @property
    def adults(self) -> list[UUID]:
        return [each.individual for each in self.members if each.age_band is AgeBand.ADULT]

    @property
    def children(self) -> list[UUID]:
        return [each.individual for each in self.members if each.age_band is not AgeBand.ADULT]

    async def tell(self, fact: Event, individual: UUID | None = None, attempt: int | None = None) -> None:
        await self.world.hear(fact, key=self.case, twice=self.twice, subject=individual, attempt=attempt)

    async def tell_all(self, facts: Iterable[tuple[Event, UUID | None, int | None]]) -> None:
        """Several facts in one batch, as a consumer takes them."""
        batch = [
            self.world.delivery(fact, key=self.case, subject=individual, attempt=attempt)
            for fact, individual, attempt in facts
        ]
        await self.world.runtime.consumer.take(batch)
        assert await self.world.parked() == []

    def case_fact(self, kind: type[CaseRegistered] | type[CaseCorrected] = CaseRegistered) -> Event:
        return kind(
            case=self.case,
            site=SITE,
            channel="outreach_visit",
            host_country="BLR",
            destination_country="IRQ",
            destination_area=self.area,
            arrived_in_host_country=date(2021, 10, 20),
            means=Means.NONE,
            members=self.members,
        )

    def decision_fact(self, attempts: dict[UUID, int] | None = None, **changes: Any) -> EligibilityDecided:
        lines = tuple(
            PackageLine(
                line=f"pocket_money:{each}",
                code="pocket_money",
                basis=Basis.PERSON,
                individual=each,
                modality=Modality.CASH,
                stage=Stage.BEFORE_RETURN,
                instalments=1,
                amount=Decimal("50.00"),
                currency="EUR",
            )
            for each in self.ids
        )
        facts: dict[str, Any] = {
            "decision": new_id(),
            "programme": "story",
            "programme_version": 1,
            "evaluated_on": date(2021, 12, 9),
            "outcome": Outcome.ELIGIBLE,
            "good_until": date(2022, 3, 1),
            "replaces": None,
            "attempts": attempts or dict.fromkeys(self.ids, 1),
            "package": lines,
            "total": Decimal("200.00"),
            "currency": "EUR",
        }
        return EligibilityDecided(**{**facts, **changes})

    async def register(self) -> "Family":
        await self.tell(self.case_fact())
        return self

    async def decide(self, attempts: dict[UUID, int] | None = None, **changes: Any) -> None:
        await self.tell(self.decision_fact(attempts, **changes))

    async def declare(self, *individuals: UUID, attempt: int = 1) -> None:
        for each in individuals or self.ids:
            await self.tell(declaration(each), each, attempt)

    async def has_papers(self, *individuals: UUID) -> None:
        for each in individuals or self.ids:
            await self.tell(document(each), each)

    async def is_checked(self, *individuals: UUID, at: datetime = CHECKED) -> None:
        for each in individuals or self.ids:
            await self.tell(check(each, at), each)

    def first_facts(self) -> list[tuple[Event, UUID | None, int | None]]:
        """What the gate at booking asks: registered, eligible, declared."""
        return [
            (self.case_fact(), None, None),
            (self.decision_fact(), None, None),
            *((declaration(each), each, 1) for each in self.ids),
        ]

    async def bookable(self) -> "Family":
        await self.tell_all(self.first_facts())
        return self

    async def ready(self) -> "Family":
        """Everything the gate at check-in asks."""
        papers = [(document(each), each, None) for each in self.ids]
        checks = [(check(each), each, None) for each in self.ids]
        await self.tell_all([*self.first_facts(), *papers, *checks])
        return self

    async def withdraw(self, *individuals: UUID, attempt: int = 1) -> None:
        """All of them as a case when nobody is named, else each as a member."""
        if not individuals:
            fact = CaseWithdrawn(
                individuals=tuple(self.ids), attempts=dict.fromkeys(self.ids, attempt), withdrawn_at=self.world.now
            )
            await self.tell(fact)
        for each in individuals:
            await self.tell(MemberWithdrawn(individual=each, withdrawn_at=self.world.now), each, attempt)

    async def book(self, flight: UUID, *individuals: UUID, expect: int | None = None, **extra: Any) -> Any:
        body = {
            "case_id": str(self.case),
            "flight_id": str(flight),
            "individuals": [str(each) for each in individuals],
            **extra,
        }
        return await self.world.post("/bookings", body, role=TO, expect=expect)


def declaration(individual: UUID) -> DeclarationSigned:
    return DeclarationSigned(
        individual=individual,
        declaration=new_id(),
        form_version="2021-11",
        language="ckb",
        how=SignedHow.OWN,
        signed_by=(individual,),
        signed_at=datetime(2021, 12, 9, 10, 0, tzinfo=UTC),
    )


def document(individual: UUID, kind: DocumentKind = DocumentKind.PASSPORT, **changes: Any) -> DocumentRecorded:
    facts: dict[str, Any] = {
        "individual": individual,
        "document": new_id(),
        "kind": kind,
        "issuing_country": "IRQ",
        "valid_from": date(2018, 1, 1),
        "valid_until": date(2026, 1, 1),
        "for_country": None,
        "single_journey": False,
    }
    return DocumentRecorded(**{**facts, **changes})


def check(individual: UUID, at: datetime = CHECKED, **changes: Any) -> FitnessAssessed:
    facts: dict[str, Any] = {"individual": individual, "check": new_id(), "outcome": Fitness.FIT, "checked_at": at}
    return FitnessAssessed(**{**facts, **changes})


def seat(flight: UUID, individual: UUID) -> str:
    return f"/flights/{flight}/passengers/{individual}"


async def to_the_door(world: World, flight: UUID, family: Family, *individuals: UUID) -> None:
    """Checked in, each adult asked alone, boarded."""
    world.now = AT_THE_DESK
    everyone = list(individuals) or family.ids
    for each in everyone:
        await world.post(f"{seat(flight, each)}/check-in", role=AD)
    for each in everyone:
        if each in family.adults:
            await world.post(f"{seat(flight, each)}/willingness", YES, role=AD)
    for each in everyone:
        await world.post(f"{seat(flight, each)}/boarding", role=AD)


async def boarded(world: World, *families: Family) -> UUID:
    """A flight that all of these families have boarded."""
    flight = await schedule(world)
    for family in families:
        world.now = AT_THE_DESK - timedelta(days=3)
        await family.ready()
        await family.book(flight)
    for family in families:
        await to_the_door(world, flight, family)
    return flight


async def close_doors(world: World, flight: UUID) -> Any:
    world.now = DOORS
    return await world.post(f"/flights/{flight}/doors", role=AD, expect=202)


async def statuses(world: World, flight: UUID) -> dict[UUID, str]:
    shown = await world.get(f"/flights/{flight}/passengers", role=AD)
    return {UUID(each["individual_id"]): each["status"] for each in shown["passengers"]}
