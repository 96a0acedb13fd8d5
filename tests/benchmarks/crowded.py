"""Cases in every state, made by a seeded generator through the API: from the first talk to the last visit."""

import asyncio
from collections import Counter
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from time import sleep
from typing import Any
from uuid import uuid4

from services.demo.crowd import Crowd, crowd, together
from services.demo.family import Family
from services.demo.returns import play_returns
from services.demo.year import Calendar, flights_of_the_year, story
from tests.benchmarks.lists import beside_a_booking, fill_lists

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
"""In a hundred of those who have not left: how far a case has come."""
SIZES = {1: 58, 2: 24, 3: 8, 4: 10}
"""In a hundred: 1.7 persons a case."""
SEATS = 40
AT_HOME = ("arrived", "said no", "approved", "planned", "closed at home")
"""How far those have come who flew, in turn."""
AT_ONCE = 12
AFTER = datetime(2022, 1, 12, 12, tzinfo=UTC)
"""When those at home are helped."""
HELPED_BEFORE = "not_assisted_lately"
"""A rule of the story's programme: it fails for whoever was helped home lately, and allows an exception."""


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
    flights = [each for each in [family.ids.get("crowded flight")] if each]  # so that its lists grow, too
    async with crowd(family.teller) as many:
        for number in range(1 + sum(c.size for c in cases if c.stage == "booked") // (SEATS - 4)):
            body = {**story()["flight"], "seats": SEATS}
            at = Calendar(0).at("ground")
            step = f"flight {cases[0].number}.{number} was held"
            flight = await many.do(step, "travel", "/flights", body, role="travel_officer", at=at)
            flights.append(flight["id"])
        family.ids["crowded flight"] = flights[0]

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
            booked = await do("booked", "travel", "/bookings", seats, "travel_officer", "booked")
            await beside_a_booking(do, booked)
        except Exception as full:
            if "not-enough-seats" not in str(full):
                raise
            case = Drawn(case.number, case.size, "waiting")
    if case.stage == "waiting":
        await do("waits", "travel", "/waiting-list", {"case_id": known["id"]}, "travel_officer", "booked")
    return case.stage


async def _all(steps: list[Coroutine[Any, Any, Any]]) -> None:
    turn = asyncio.Semaphore(AT_ONCE)

    async def one(step: Coroutine[Any, Any, Any]) -> None:
        async with turn:
            await step

    await together(one(step) for step in steps)


def go_home(family: Family, since: date, until: date, turns: Sequence[str] = AT_HOME) -> Counter[str]:
    """Those of the year who flew between two days, and after it each as far as its turn says."""
    coming = sum(not case.stays for flight in flights_of_the_year(since, until) for case in flight.cases)
    there = {each["case_id"] for each in _flown(family)}
    play_returns(family, since, until)
    while len(flown := [each for each in _flown(family) if each["case_id"] not in there]) < coming:
        sleep(0.1)  # what travel told of them is on its way

    async def everyone() -> None:
        async with crowd(family.teller) as many:
            await _all([_at_home(many, family, case, turns[place % len(turns)]) for place, case in enumerate(flown)])

    asyncio.run(everyone())
    return Counter(turns[place % len(turns)] for place in range(len(flown)))


def _flown(family: Family) -> list[dict[str, Any]]:
    listed = family.listed("reintegration", "/cases?limit=100", role="auditor", at="looked")
    return [each for each in listed if each["status"] not in ("expected", "ended")]


async def _at_home(many: Crowd, family: Family, found: dict[str, Any], stage: str) -> None:
    case: str = found["case_id"]

    async def do(step: str, path: str, body: Any, role: str = "reintegration_officer") -> Any:
        return await many.do(f"{case} {step}", "reintegration", path, body, role=role, at=AFTER)

    if stage == "arrived":
        return
    if stage == "said no":
        said = datetime.fromisoformat(found["opened_at"]) + timedelta(days=1)  # before the flight
        no = {"individuals": [], "channel": "paper", "occurred_at": said.isoformat(), "late_reason": "paper_form"}
        no["evidence"] = "form 7"
        await many.do(f"{case} paper", "registration", f"/cases/{case}/withdrawal", no, role="counsellor", at=AFTER)
        return
    talk = {**story()["talk_at_home"], "held_on": AFTER.date().isoformat()}
    await do("talked at home", f"/cases/{case}/counselling-sessions", talk)
    if stage == "closed at home":
        gone = {"reason": "migrated_again", "final_report": "They left again.", "closed_on": "2022-01-12"}
        await do("assistance was closed", f"/cases/{case}/closure", gone)
    if stage not in ("planned", "approved"):
        return
    known = family.look("reintegration", f"/cases/{case}", role="reintegration_officer", at=AFTER)
    plan = await do("plan was drawn up", f"/cases/{case}/plans", draft_of(known))
    await do("plan was submitted", f"/plans/{plan['plan_id']}/submission", {})
    if stage == "approved":
        seen = family.look("reintegration", f"/plans/{plan['plan_id']}", role="approver", at=AFTER)
        path, etag = f"/plans/{plan['plan_id']}/approval", f'"{seen["version"]}"'
        family.do(f"{case} plan was approved", "reintegration", path, role="approver", at=AFTER, etag=etag)


def draft_of(known: dict[str, Any]) -> dict[str, Any]:
    """A plan that spends a little of the first line that a case is given."""
    currency, line = known["money"]["currency"], known["money"]["lines"][0]
    until = AFTER.date() + timedelta(days=60)
    spent: dict[str, Any] = {"amount": "10.00", "due_from": AFTER.date().isoformat(), "due_until": until.isoformat()}
    ours = {"code": "start", "description": "What is needed first", "modality": line["modality"]}
    money = {"amount": "10.00", "currency": currency, "project_code": "AVRR-BLR-21", "budget_line": "REINT"}
    lines = [{**ours, **money, "package_line": line["package_line"], "instalments": [spent]}]
    return {"goals": ["A living of their own."], "activities": ["Begin."], "lines": lines}


def raise_voices(family: Family, count: int) -> None:
    """What the lists of a desk hold beside cases: so many enquiries, appointments, consents with referrals, complaints,
    stock and distributions, budgets, and cases of people who were helped before: each with an exception asked for, and
    each looking like the one before."""
    run = uuid4().hex[:8]
    listed = family.look("registration", "/cases?limit=100", role="registration_officer", at="looked")["items"]
    cases = [each["id"] for each in listed if each["status"] != "closed"]

    async def everyone() -> None:
        async with crowd(family.teller) as many:
            item = {"code": f"soap_{run}", "name": "Soap", "unit": "piece"}
            at = Calendar(0).at("ground")
            await many.do(f"{run} item", "registration", "/relief-items", item, role="relief_officer", at=at)
            await _all([_voice(many, family.ids["site"], cases[n % len(cases)], run, n) for n in range(count)])
            more = True
            while more:
                step, path = f"{run} {uuid4()}", "/duplicate-reviews"
                done = await many.do(step, "registration", path, {}, role="registration_officer", at=at)
                more = done["more"]
            await fill_lists(many, family.ids, run, count)

    asyncio.run(everyone())


async def _voice(many: Crowd, site: str, case: str, run: str, number: int) -> None:
    async def do(step: str, service: str, path: str, body: Any, role: str) -> Any:
        return await many.do(f"{run} {number} {step}", service, path, body, role=role, at=Calendar(0).at("papers"))

    who, keeper = "counsellor", "relief_officer"
    await do("asked", "registration", "/enquiries", {"channel": "phone", "language": "ar", "topic": "return"}, who)
    said = {"way": "box", "category": "quality", "said": "The bread was cold.", "site_id": site}
    await do("complained", "registration", "/feedback", said, who)
    at = Calendar(0).at("departed").isoformat()
    meeting = {"at": at, "language": "ckb", "interpreter_wanted": False}
    await do("appointment", "registration", f"/cases/{case}/appointments", meeting, who)
    visit = {"team": "north", "purpose": "relief", "people_spoken_to": 12}
    await do("visit", "registration", f"/sites/{site}/outreach-visits", visit, who)
    await do("counted", "registration", f"/sites/{site}/headcounts", {"people": 12, "method": "estimate"}, who)
    place = {**story()["site"], "code": f"S-{number}-{run[:4].upper()}"}
    await do("site", "registration", "/sites", place, "registration_officer")
    stock = {"item": f"soap_{run}", "move": "received", "quantity": "2", "paper": f"waybill {number}"}
    await do("stock", "registration", f"/sites/{site}/stock-movements", stock, keeper)
    given = [{"item": f"soap_{run}", "planned": "1", "per_person": "1"}]
    when = {"takes_place_at": at, "place": "Hall 2", "to_bring": "Your card"}
    await do("announced", "registration", "/distributions", {"site_id": site, "items": given, **when}, keeper)
    money = {"currency": "EUR", "donor": "D", "amount": "9.00"}
    budget = {"project_code": f"P-{run}-{number}", "budget_line": "B", **money}
    await do("budget", "reintegration", "/budgets", budget, "programme_officer")
    await _helped_before(do, many, site, run, number)


async def _helped_before(do: Any, many: Crowd, site: str, run: str, number: int) -> None:
    body = Drawn(number, 1, "open").body(site, Random(f"{run} {number // 2}"))
    twin = {"given_name": "Twin", "family_name": f"{run} {number // 2}", "last_assisted_return": "2020-05-01"}
    body["members"][0] |= twin
    known = await do("was helped before", "registration", "/cases", body, "registration_officer")
    path, one = f"/cases/{known['id']}", known["members"][0]["individual_id"]
    agreed = {"individual_id": one, "purpose": "referral", "recipient": "Agency", "form_version": "2021-01"}
    agreed |= {"language": "ckb", "form": "written"}
    await do("agreed", "registration", f"{path}/consents", agreed, "counsellor")
    referral = {"individual_id": one, "recipient": "Agency", "need": "legal_aid"}
    await do("was referred", "registration", f"{path}/referrals", referral, "counsellor")
    at = Calendar(0).at("papers")

    def failed(standing: Any) -> bool:
        return bool(standing["status"] == "ineligible")

    await many.until("it failed", "eligibility", path, failed, role="counsellor", at=at)
    until = (at + timedelta(days=60)).date().isoformat()
    asked = {"rule": HELPED_BEFORE, "individual_id": one, "reason": "humanitarian", "valid_until": until}
    await do("exception", "eligibility", f"{path}/exceptions", asked, "counsellor")
