"""Two thousand cases in every state, made by a seeded generator through the API, and what each list of a desk takes.

On the embedded default, one process on SQLite. A list is asked for a hundred times when nothing else is asked.
"""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from services.demo.crowd import Crowd, crowd, together
from services.demo.family import Family
from services.demo.ground import add_sites, lay_the_ground
from services.demo.year import Calendar, story
from tests.benchmarks.embedded import Hosted, hosted

Row = dict[str, Any]

CASES = 2_000
BAR_MS = 50.0
ASKED = 100
SEED = 2021
STAGES = {
    "open": 30,
    "counselled": 14,
    "declared": 14,
    "eligible": 14,
    "withdrawn": 9,
    "closed": 5,
    "held": 4,
    "waiting": 5,
    "booked": 5,
}
"""In a hundred: how far a case has come."""
SIZES = {1: 56, 2: 22, 3: 11, 4: 11}
"""In a hundred: about 1.7 persons a case (story.md)."""
SEATS = 40

LISTS = (
    ("registration", "/cases?limit=50", "registration_officer"),
    ("registration", "/cases?limit=50&status=withdrawn", "registration_officer"),
    ("registration", "/incidents?status=open", "protection"),
    ("registration", "/enquiries", "counsellor"),
    ("registration", "/notices?status=open", "counsellor"),
    ("registration", "/possible-duplicates", "counsellor"),
    ("registration", "/appointments", "counsellor"),
    ("registration", "/referrals", "counsellor"),
    ("registration", "/sites", "auditor"),
    ("eligibility", "/cases?limit=50", "auditor"),
    ("eligibility", "/cases?limit=50&status=needs_information", "auditor"),
    ("eligibility", "/exceptions", "approver"),
    ("travel", "/flights?limit=50", "airport_desk"),
    ("travel", "/waiting-list?destination=IRQ", "travel_officer"),
    ("travel", "/desk/today?airport=MSQ&on=2021-12-14", "airport_desk"),
    ("travel", "/reports/planned?days=30", "travel_officer"),
    ("reintegration", "/cases?limit=50", "reintegration_officer"),
    ("reintegration", "/follow-ups", "reintegration_officer"),
    ("reintegration", "/budgets", "finance"),
)


@dataclass(frozen=True, slots=True)
class Drawn:
    number: int
    size: int
    stage: str

    def body(self, site: str, random: Random) -> dict[str, Any]:
        adults = min(self.size, 2)
        members = []
        for place in range(self.size):
            born = date(1985 if place < adults else 2014, 1, 1) + timedelta(random.randint(0, 900))
            member: dict[str, Any] = {
                "ref": f"p{place}",
                "relation": ("principal_applicant", "spouse", "child", "child")[place],
                "given_name": f"Given {self.number} {place}",
                "family_name": f"Family {self.number}",
                "birth_date": born.isoformat(),
                "sex": random.choice(("male", "female")),
                "nationality": "IRQ",
                "languages": ["ckb"],
                "documents": [],
            }
            if place >= adults:
                member["responsible"] = [f"p{each}" for each in range(adults)]
            members.append(member)
        return {**story()["case"], "site_id": site, "contact": {}, "members": members}


def drawn(count: int, seed: int) -> list[Drawn]:
    random = Random(seed)
    sizes, stages = list(SIZES), list(STAGES)
    return [
        Drawn(
            number,
            random.choices(sizes, list(SIZES.values()))[0],
            random.choices(stages, list(STAGES.values()))[0],
        )
        for number in range(count)
    ]


async def fill(family: Family, cases: list[Drawn], seed: int) -> Counter[str]:
    """Every case as far as its stage; how many came how far."""
    random, made = Random(f"{seed} bodies"), Counter[str]()
    bodies = [case.body(family.ids["site"], random) for case in cases]
    turn = asyncio.Semaphore(12)
    flights: list[str] = []
    async with crowd(family.teller) as many:
        for number in range(1 + sum(c.size for c in cases if c.stage == "booked") // (SEATS - 4)):
            body = {**story()["flight"], "seats": SEATS}
            at = Calendar(0).at("ground")
            step = f"flight {number} was held"
            flight = await many.do(step, "travel", "/flights", body, role="travel_officer", at=at)
            flights.append(flight["id"])

        async def one(case: Drawn, body: dict[str, Any]) -> None:
            async with turn:
                made[await _as_far(many, case, body, flights)] += 1

        await together(one(case, body) for case, body in zip(cases, bodies, strict=True))
    return made


async def _as_far(many: Crowd, case: Drawn, body: dict[str, Any], flights: list[str]) -> str:
    at, name = Calendar(0).at, f"case {case.number}"

    async def do(step: str, service: str, path: str, sent: Any, role: str, moment: str) -> Any:
        return await many.do(f"{name} {step}", service, path, sent, role=role, at=at(moment))

    known = await do("registered", "registration", "/cases", body, "registration_officer", "registered")
    path, people = f"/cases/{known['id']}", [each["individual_id"] for each in known["members"]]
    adults = people[: min(case.size, 2)]
    if case.stage == "open":
        return case.stage
    if case.stage == "closed":
        await do(
            "closed", "registration", f"{path}/closure", {"reason": "lost_contact"}, "registration_officer", "declared"
        )
        return case.stage
    if case.stage == "held":
        held = {"reason": "safety", "individuals": [people[0]]}
        await do("held", "registration", f"{path}/holds", held, "protection", "screened")
        return case.stage
    talk = {**story()["counselling"], "individuals": adults}
    await do("counselled", "registration", f"{path}/counselling-sessions", talk, "counsellor", "counselled")
    if case.stage == "counselled":
        return case.stage
    for place, one in enumerate(people):
        signers = adults if place >= len(adults) else [one]
        signed = [{"signer": each, "method": "signature", "witness": None} for each in signers]
        form = {"form_version": "2021-03", "language": "ckb", "individual_id": one, "signatures": signed}
        await do(f"declared {place}", "registration", f"{path}/declarations", form, "counsellor", "declared")
    if case.stage == "withdrawn":
        no = {"individuals": [], "channel": "in_person"}
        await do("withdrew", "registration", f"{path}/withdrawal", no, "counsellor", "papers")
    if case.stage in ("declared", "withdrawn"):
        return case.stage
    await many.until(
        f"{name} was looked at", "eligibility", path, lambda s: bool(s["missing"]), role="counsellor", at=at("declared")
    )
    said = {"answers": story()["answers"]}
    await do("answered", "eligibility", f"{path}/answers", said, "registration_officer", "answered")
    if case.stage == "eligible":
        return case.stage
    await many.until(
        f"{name} may be booked",
        "travel",
        f"{path}/readiness",
        lambda ready: bool(ready["individuals"]) and all(each["at_booking"]["passed"] for each in ready["individuals"]),
        role="travel_officer",
        at=at("booked"),
    )
    if case.stage == "booked":
        seats = {"case_id": known["id"], "flight_id": flights[case.number % len(flights)]}
        try:
            await do("booked", "travel", "/bookings", seats, "travel_officer", "booked")
        except Exception as full:
            if "not-enough-seats" not in str(full):
                raise
            case = Drawn(case.number, case.size, "waiting")
    if case.stage == "waiting":
        await do("waits", "travel", "/waiting-list", {"case_id": known["id"]}, "travel_officer", "booked")
    return case.stage


def asked(where: Hosted, family: Family, service: str, path: str, role: str) -> Row:
    """A list's p50 and p99 over HTTP, in milliseconds."""
    took: list[float] = []
    found: Any = None
    for _ in range(ASKED):
        begun = time.perf_counter()
        found = family.look(service, path, role=role, at="looked")
        took.append((time.perf_counter() - begun) * 1_000)
        assert found is not None, path
    took.sort()
    items: Any = found.get("items", found.get("flights", found)) if isinstance(found, dict) else found
    p99 = round(took[int(len(took) * 0.99) - 1], 2)
    return {
        "what": f"{service} {path}",
        "ours": p99,
        "bar": BAR_MS,
        "kept": p99 < BAR_MS,
        "unit": "ms, p99",
        "p50": round(took[len(took) // 2], 2),
        "items": len(items),
    }


def run(count: int = CASES) -> list[Row]:
    cases = drawn(count, SEED)
    with hosted() as where, where.family() as family:
        lay_the_ground(family)
        add_sites(family)
        begun = time.monotonic()
        made = asyncio.run(fill(family, cases, SEED))
        took = time.monotonic() - begun
        time.sleep(2)
        people = sum(case.size for case in cases)
        filled: Row = {
            "what": f"{count} cases with {people} people",
            "ours": round(took),
            "unit": "s",
            "states": dict(made),
        }
        return [filled, *(asked(where, family, *each) for each in LISTS)]
