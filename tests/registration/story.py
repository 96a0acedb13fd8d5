"""People of the story, and the steps that most tests begin with. Every name and number is made up."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from shared.auth import Role
from shared.contracts import reintegration, travel
from shared.events import Event
from tests.world import STORY_TIME, World

RO, CO, ME, PR = Role.REGISTRATION_OFFICER, Role.COUNSELLOR, Role.MEDICAL, Role.PROTECTION
TO, AD, RE, AU = Role.TRAVEL_OFFICER, Role.AIRPORT_DESK, Role.REINTEGRATION_OFFICER, Role.AUDITOR
SV, ADM = Role.SERVICE, Role.ADMINISTRATOR

DOORS = STORY_TIME + timedelta(days=5)
TOOK_OFF = DOORS + timedelta(minutes=40)

PASSPORT = {
    "kind": "passport",
    "number": "A15830247",
    "issuing_country": "IRQ",
    "valid_from": "2019-03-01",
    "valid_until": "2027-02-28",
}


def person(ref: str, relation: str, given: str, born: str, sex: str, **more: Any) -> dict[str, Any]:
    return {
        "ref": ref,
        "relation": relation,
        "given_name": given,
        "family_name": "Barzinjî",
        "birth_date": born,
        "sex": sex,
        "nationality": "IRQ",
        "languages": ["ckb", "ar"],
        **more,
    }


def family_body(**changes: Any) -> dict[str, Any]:
    """A former cook, his wife and two children of 9 and 6."""
    parents = ["father", "mother"]
    return {
        "channel": "outreach_visit",
        "host_country": "BLR",
        "destination": {"country": "IRQ", "area": "IQ-AR"},
        "arrived_in_host_country": "2021-10-20",
        "means": "none",
        "contact": {"phone": "+375 29 555 01 77", "email": None, "address": "Bruzgi, hall 2, row 14"},
        "members": [
            person("father", "principal_applicant", "Hêmin", "1984-02-29", "male", documents=[PASSPORT]),
            person("mother", "spouse", "شیلان", "1988-07-04", "female"),
            person("daughter", "child", "Tavge 🌸", "2012-05-17", "female", responsible=parents),
            person("son", "child", "Zanyar", "2015-11-30", "male", responsible=parents),
        ],
        **changes,
    }


@dataclass
class Case:
    """A registered case, with the ids of its members by their labels."""

    world: World
    id: UUID
    ids: dict[str, UUID]
    flight: UUID = field(default_factory=uuid4)
    clearance: UUID = field(default_factory=uuid4)
    booking: UUID = field(default_factory=uuid4)

    @property
    def path(self) -> str:
        return f"/cases/{self.id}"

    async def read(self, role: Role = RO) -> Any:
        return await self.world.get(self.path, role=role)

    async def etag(self) -> str:
        answer = await self.world.call("GET", self.path, role=RO)
        return answer.headers["etag"]

    async def statuses(self) -> dict[str, str]:
        shown = {UUID(each["individual_id"]): each["status"] for each in (await self.read())["members"]}
        return {ref: shown[one] for ref, one in self.ids.items()}

    async def attempts(self) -> dict[str, int]:
        shown = {UUID(each["individual_id"]): each["attempt"] for each in (await self.read())["members"]}
        return {ref: shown[one] for ref, one in self.ids.items()}

    async def counsel(self, *refs: str, **changes: Any) -> Any:
        return await self.world.post(f"{self.path}/counselling-sessions", self.counselling(*refs, **changes), role=CO)

    def counselling(self, *refs: str, **changes: Any) -> dict[str, Any]:
        return {
            "individuals": [str(self.ids[ref]) for ref in refs or self.ids],
            "language": "ckb",
            "interpreter": {"present": True, "kind": "in_person"},
            "topics": ["voluntariness", "right_to_withdraw"],
            "understood": True,
            **changes,
        }

    def declaration(self, ref: str, *signers: str, **changes: Any) -> dict[str, Any]:
        return {
            "individual_id": str(self.ids[ref]),
            "form_version": "2021-3",
            "language": "ckb",
            "signatures": [{"signer": str(self.ids[one]), "method": "signature"} for one in signers or (ref,)],
            **changes,
        }

    async def sign(self, ref: str, *signers: str, **options: Any) -> Any:
        return await self.world.post(f"{self.path}/declarations", self.declaration(ref, *signers), role=CO, **options)

    async def declare(self) -> "Case":
        """The family of the story is counselled and signs."""
        await self.counsel()
        await self.sign("father")
        await self.sign("mother")
        for child in ("daughter", "son"):
            await self.sign(child, "father", "mother")
        return self

    async def withdraw(self, *refs: str, expect: int = 200, **changes: Any) -> Any:
        body = {"individuals": [str(self.ids[ref]) for ref in refs], "channel": "in_person", **changes}
        now = changes.pop("now", None)
        body.pop("now", None)
        return await self.world.post(f"{self.path}/withdrawal", body, role=CO, expect=expect, now=now)

    async def clear(self, *refs: str, **willing: str) -> Any:
        """The doors close on these (all unless named); each adult is willing unless said otherwise."""
        attempts = await self.attempts()
        asked = [
            {
                "individual_id": str(self.ids[ref]),
                "case_id": str(self.id),
                "attempt": attempts[ref],
                "willing": willing.get(ref, "yes" if ref in ("father", "mother", "uncle", "man") else "not_asked"),
            }
            for ref in refs or self.ids
        ]
        return await self.world.post("/clearances", self.clearance_body(asked), role=SV, now=DOORS)

    def clearance_body(self, passengers: list[dict[str, Any]]) -> dict[str, Any]:
        return {
            "clearance_id": str(self.clearance),
            "flight_id": str(self.flight),
            "closing_at": DOORS.isoformat(),
            "passengers": passengers,
        }

    async def hear(self, fact: Event, **options: Any) -> None:
        await self.world.hear(fact, key=self.id, **{"now": TOOK_OFF, **options})

    def passage(self, event: type[Event], ref: str, at: datetime = TOOK_OFF, **more: Any) -> Event:
        facts = {"individual": self.ids[ref], "booking": self.booking, "flight": self.flight, "at": at}
        return event(**{**facts, **more})

    def departed(self, ref: str, **more: Any) -> Event:
        given = {"clearance": self.clearance, "kind": "commercial", "from_airport": "MSQ", "entered_at": TOOK_OFF}
        return self.passage(travel.PassengerDeparted, ref, **{**given, **more})

    async def depart(self, *refs: str) -> None:
        for ref in refs or self.ids:
            await self.hear(self.departed(ref), subject=self.ids[ref], attempt=1)


async def register(world: World, body: dict[str, Any] | None = None) -> Case:
    answer = await world.post("/cases", body or family_body(), role=RO)
    ids = {each["ref"]: UUID(each["individual_id"]) for each in answer["members"]}
    return Case(world, UUID(answer["id"]), ids)


def assistance_closed(on: datetime, reason: str = "completed") -> reintegration.AssistanceClosed:
    return reintegration.AssistanceClosed(reason=reintegration.AssistanceClosureReason(reason), closed_on=on.date())
