"""The people and the programme of the story, as eligibility meets them."""

import json
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from shared.auth import Role
from shared.contracts.registration import (
    AgeBand,
    CaseCorrected,
    CaseRegistered,
    CaseWithdrawn,
    DeclarationSigned,
    Means,
    Member,
    MemberWithdrawn,
    Relation,
    Sex,
    SignedHow,
)
from shared.contracts.travel import PassengerDeparted, PassengerNotAdmitted
from shared.database import new_id
from tests.world import World

SCENARIO: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "deploy/scenarios/programme_story.json").read_text(encoding="utf-8")
)
PO = Role.PROGRAMME_OFFICER
RO = Role.REGISTRATION_OFFICER
YES = {"answers": {"pending_procedure_withdrawn": True}}
NO = {"answers": {"pending_procedure_withdrawn": False}}
DEPARTURE = datetime(2021, 12, 14, 9, 0, tzinfo=UTC)


def member(band: AgeBand, relation: Relation, **changes: Any) -> Member:
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
    daughter = member(AgeBand.CHILD, Relation.CHILD, responsible=both)
    son = member(AgeBand.CHILD, Relation.CHILD, responsible=both)
    return (father, mother, daughter, son)


@dataclass
class Family:
    """A case that registration tells. `facts` are what it tells next."""

    world: World
    case: UUID = field(default_factory=new_id)
    members: tuple[Member, ...] = field(default_factory=four_people)
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def father(self) -> UUID:
        return self.members[0].individual

    @property
    def mother(self) -> UUID:
        return self.members[1].individual

    @property
    def path(self) -> str:
        return f"/cases/{self.case}"

    def told(self, **changes: Any) -> dict[str, Any]:
        self.facts = {
            "case": self.case,
            "site": None,
            "channel": "outreach_visit",
            "host_country": "BLR",
            "destination_country": "IRQ",
            "destination_area": "IQ-AR",
            "arrived_in_host_country": date(2021, 10, 20),
            "means": Means.NONE,
            **self.facts,
            **changes,
        }
        return {**self.facts, "members": self.members}

    async def register(self, **changes: Any) -> "Family":
        await self.world.hear(CaseRegistered(**self.told(**changes)), key=self.case)
        return self

    async def correct(self, **changes: Any) -> None:
        await self.world.hear(CaseCorrected(**self.told(**changes)), key=self.case)

    async def declare(self, individual: UUID, attempt: int, **options: Any) -> None:
        fact = signed(individual)
        await self.world.hear(fact, key=self.case, subject=individual, attempt=attempt, **options)

    async def withdraw(self, *individuals: UUID, attempt: int = 1) -> None:
        """All of them as a case, or one member."""
        at = self.world.now
        if len(individuals) == 1:
            left = MemberWithdrawn(individual=individuals[0], withdrawn_at=at)
            await self.world.hear(left, key=self.case, subject=individuals[0], attempt=attempt)
        else:
            attempts = dict.fromkeys(individuals, attempt)
            fact = CaseWithdrawn(individuals=individuals, attempts=attempts, withdrawn_at=at)
            await self.world.hear(fact, key=self.case)

    async def depart(self, *individuals: UUID, attempt: int = 1, at: datetime = DEPARTURE) -> None:
        for individual in individuals:
            fact = departed(individual, at)
            await self.world.hear(fact, key=self.case, subject=individual, attempt=attempt, now=at)

    async def is_turned_back(self, individual: UUID, attempt: int = 1, at: datetime = DEPARTURE) -> None:
        fact = PassengerNotAdmitted(
            individual=individual, booking=new_id(), flight=new_id(), at=at, country="IRQ", kind="refused_entry"
        )
        await self.world.hear(fact, key=self.case, subject=individual, attempt=attempt, now=at)

    async def answer(self, body: dict[str, Any] = YES, **options: Any) -> Any:
        return await self.world.post(f"{self.path}/answers", body, role=RO, **options)

    async def decide(self, body: dict[str, Any] | None = None, **options: Any) -> Any:
        return await self.world.post(f"{self.path}/decisions", body or {}, role=RO, **options)

    async def standing(self) -> Any:
        return await self.world.get(self.path, role=RO)

    async def decisions(self) -> list[Any]:
        items: list[Any] = (await self.world.get(f"{self.path}/decisions", role=RO))["items"]
        return items

    async def decision(self) -> Any:
        """The current one, whole."""
        current = (await self.standing())["decision"]
        return await self.world.get(f"/decisions/{current['decision_id']}", role=RO)


def signed(individual: UUID) -> DeclarationSigned:
    return DeclarationSigned(
        individual=individual,
        declaration=new_id(),
        form_version="1",
        language="ckb",
        how=SignedHow.OWN,
        signed_by=(individual,),
        signed_at=datetime(2021, 12, 10, 9, 0, tzinfo=UTC),
    )


def departed(individual: UUID, at: datetime = DEPARTURE) -> PassengerDeparted:
    return PassengerDeparted(
        individual=individual,
        booking=new_id(),
        flight=new_id(),
        at=at,
        clearance=new_id(),
        kind="commercial",
        from_airport="MSQ",
        entered_at=at,
    )


def scenario(part: str) -> Any:
    """A copy of a part of the scenario's file, to be changed at will."""
    return deepcopy(SCENARIO[part])


def version(**changes: Any) -> dict[str, Any]:
    return {**scenario("version"), **changes}


async def found(world: World, body: dict[str, Any] | None = None, **changes: Any) -> str:
    """A programme with a version; its id. `changes` are of the programme."""
    made = await world.post("/programmes", {**scenario("programme"), **changes}, role=PO)
    await world.post(f"/programmes/{made['programme_id']}/versions", body or version(), role=PO)
    return str(made["programme_id"])


async def suspend(world: World, country: str = "IRQ", **changes: Any) -> Any:
    body = {"country": country, "area": None, "valid_from": "2021-12-01", "valid_until": None, "source": "ours"}
    return await world.post("/restrictions", {**body, **changes}, role=PO)
