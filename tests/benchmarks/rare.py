"""One of each state that few of a crowd are in: in talks, decisions and referrals, on the way, and after return."""

import asyncio
from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import uuid4

from services.demo.crowd import crowd
from services.demo.family import Family
from services.demo.year import Calendar
from tests.benchmarks.crowded import AFTER, HELPED_BEFORE, Drawn, draft_of
from tests.benchmarks.rare_flights import HOME, RareFlights
from tests.load.people import BOY


def one_of_each(family: Family) -> None:
    """Raises `StoryDiffers`."""
    run, at = uuid4().hex[:8], Calendar(0).at

    def do(step: str, service: str, path: str, body: Any, role: str, moment: str | datetime) -> Any:
        when = moment if isinstance(moment, datetime) else at(moment)
        return family.do(f"rare {run}: {step}", service, path, body, role=role, at=when)

    helped = _registered(family, do, "helped before", {"last_assisted_return": "2020-05-01"})
    _registered(family, do, "a child alone", {name: BOY[name] for name in ("birth_date", "sex")})
    _talks(do, helped)
    _referrals(do, helped)
    _voices(do)
    _exceptions(family, do, helped)
    asyncio.run(_flights(family, do))


Do = Callable[[str, str, str, Any, str, str | datetime], Any]


async def _flights(family: Family, do: Do) -> None:
    async with crowd(family.teller) as many:
        flights = RareFlights(many, family)
        await flights.play()
    for one in HOME:
        _at_home(family, do, one, flights.parties[one].id)


def _registered(family: Family, do: Do, who: str, other: dict[str, Any]) -> tuple[str, str]:
    """The ids of the case and of its one member."""
    body = Drawn(0, 1, "open").body(family.ids["site"], Random(1))
    body["members"][0] |= {"family_name": who, **other}
    made = do(f"{who} was registered", "registration", "/cases", body, "registration_officer", "registered")
    return made["id"], made["members"][0]["individual_id"]


def _talks(do: Do, known: tuple[str, str]) -> None:
    case, meets = f"/cases/{known[0]}", Calendar(0).at("papers")
    body = {"at": meets.isoformat(), "language": "ckb", "interpreter_wanted": False}
    for end in ("", "kept", "missed", "cancelled"):
        path = f"{case}/appointments"
        made = do(f"to be {end}", "registration", path, body, "counsellor", "registered")
        if end:
            path = f"/appointments/{made['id']}/outcome"
            do(end, "registration", path, {"outcome": end}, "counsellor", meets + timedelta(hours=1))
    held = do("held", "registration", f"{case}/holds", {"reason": "document"}, "counsellor", "screened")
    do("released", "registration", f"{case}/holds/{held['id']}/release", {}, "counsellor", "screened")


def _referrals(do: Do, known: tuple[str, str]) -> None:
    case, one = f"/cases/{known[0]}", known[1]
    steps: dict[str, tuple[str, ...]] = {
        "sent": (),
        "accepted": ("accept_referral",),
        "declined": ("decline_referral",),
        "completed": ("accept_referral", "completion"),
        "stopped": (),
    }
    for name, moves in steps.items():
        given = {"individual_id": one, "purpose": "referral", "recipient": f"Agency {name}", "form_version": "2021-01"}
        given |= {"language": "ckb", "form": "written"}
        consent = do(f"consent to {name}", "registration", f"{case}/consents", given, "counsellor", "consented")
        body = {"individual_id": one, "recipient": f"Agency {name}", "need": "legal_aid"}
        made = do(f"to be {name}", "registration", f"{case}/referrals", body, "counsellor", "consented")
        for move in moves:
            path, answer = f"/referrals/{made['id']}/answer", {"answer": move}
            if move == "completion":
                path, answer = f"/referrals/{made['id']}/completion", {}
            do(f"{name} {move}", "registration", path, answer, "counsellor", "papers")
        if name == "stopped":
            path = f"{case}/consents/{consent['id']}/withdrawal"
            do(name, "registration", path, {}, "counsellor", "papers")


def _voices(do: Do) -> None:
    said = {"way": "box", "category": "quality", "said": "The bread was cold.", "contact": "the queue at hall 2"}
    for number, steps in enumerate(((), ("follow-up",), ("answer",), ("answer", "closure"))):
        made = do(f"said {number}", "registration", "/feedback", said, "counsellor", "papers")
        for step in steps:
            path = f"/feedback/{made['id']}/{step}"
            do(f"said {number} {step}", "registration", path, {"note": "Looked at."}, "protection", "papers")


def _exceptions(family: Family, do: Do, known: tuple[str, str]) -> None:
    """Refused, taken back, past its day and asked for anew; and of another case, approved."""
    other = _registered(family, do, "helped before, too", {"last_assisted_return": "2020-06-01"})
    for (case, one), names in ((known, ("refused", "taken back", "past", "anew")), (other, ("approved",))):
        path = f"/cases/{case}"

        def failed(standing: Any) -> bool:
            return bool(standing["status"] == "ineligible")

        at = Calendar(0).at("declared")
        family.teller.until("it failed", "eligibility", path, failed, role="counsellor", at=at)
        for name in names:
            when = at + timedelta(days=5 if name == "anew" else 0)
            until = at.date() + timedelta(days=2 if name == "past" else 60)
            body = {
                "rule": HELPED_BEFORE,
                "individual_id": one,
                "reason": "humanitarian",
                "valid_until": until.isoformat(),
            }
            made = do(f"asked, {name}", "eligibility", f"{path}/exceptions", body, "counsellor", when)
            noun = f"/exceptions/{made['exception_id']}"
            if name == "refused":
                no = {"reason": "not_justified"}
                do(name, "eligibility", f"{noun}/refusal", no, "approver", when)
            elif name in ("taken back", "approved"):
                verb, who = ("approval", "approver") if name == "approved" else ("withdrawal", "counsellor")
                do(name, "eligibility", f"{noun}/{verb}", {}, who, when)


def _at_home(family: Family, do: Do, one: str, case: str) -> None:
    path, officer = f"/cases/{case}", "reintegration_officer"

    def step(name: str, noun: str, body: Any, at: datetime = AFTER) -> Any:
        return do(f"{one} {name}", "reintegration", noun, body, officer, at)

    def arrived(seen: Any) -> bool:
        return bool(seen["status"] == "arrived")

    known = family.teller.until(f"{one} arrived", "reintegration", path, arrived, role=officer, at=AFTER)
    if one == "lost":
        for number, way in enumerate(("phone", "phone", "visit")):
            tried = {"way": way, "outcome": "no_answer"}
            step(f"tried {number}", f"{path}/contact-attempts", tried, AFTER + timedelta(days=8 * number))
        step("was lost", f"{path}/lost-contact", {}, AFTER + timedelta(days=17))
        return
    plan = step("drafted", f"{path}/plans", draft_of(known))
    noun = f"/plans/{plan['plan_id']}"
    if one not in ("drafted", "given up"):
        step("submitted", f"{noun}/submission", {})
    if one == "sent back":
        _decide(family, noun, "return", {"reason": "Name each item."})
    if one in ("helped", "gone again"):
        _decide(family, noun, "approval", {})
    if one in ("gone again", "given up"):
        gone = {"reason": "migrated_again", "final_report": "They left again.", "closed_on": _day(AFTER)}
        step("was closed", f"{path}/closure", gone)
    if one == "helped":
        _amend(family, step, noun)
        line = plan["lines"][0]["line_id"]
        paper = {"number": f"HC-{case[:8]}", "signed_on": _day(AFTER)}
        handed = {"line_id": line, "amount": "10.00", "certificate": paper, "delivered_on": _day(AFTER)}
        step("was handed over", f"{noun}/deliveries", handed)


def _amend(family: Family, step: Callable[..., Any], noun: str) -> None:
    for name, verb in (("returned", "return"), ("taken back", ""), ("approved", "approval"), ("proposed", None)):
        body = {"reason": "They wish otherwise.", "goals": [f"Another goal, {name}."]}
        made = step(f"change to be {name}", f"{noun}/amendments", body)
        path = f"/amendments/{made['amendment_id']}"
        if verb:
            _decide(family, path, verb, {"reason": "Not now."} if verb == "return" else {})
        elif verb is not None:
            step("change was taken back", f"{path}/taking-back", {})


def _decide(family: Family, noun: str, verb: str, body: Any) -> None:
    seen = family.look("reintegration", noun, role="approver", at=AFTER)
    etag = f'"{seen["version"]}"'
    family.do(f"rare: {noun} {verb}", "reintegration", f"{noun}/{verb}", body, role="approver", at=AFTER, etag=etag)


def _day(moment: datetime) -> str:
    day: date = moment.date()
    return day.isoformat()
