"""Vulnerability, capacity, referrals, appointments: who reads what, and what stops what."""

from datetime import timedelta
from typing import Any

import pytest

from services.registration.vulnerabilities.rules import is_sensitive
from shared.contracts import registration as r
from tests.registration.story import AU, CO, ME, PR, RO, TO, Case, register
from tests.registration.test_consents import consent
from tests.world import World, contents


def vulnerable(case: Case, ref: str, **changes: Any) -> dict[str, Any]:
    return {
        "individual_id": str(case.ids[ref]),
        "categories": ["pregnant", "trafficking_victim"],
        "factors": [
            {"level": "individual", "direction": "risk", "factor": "trafficking", "note": "afraid"},
            {"level": "household", "direction": "protective", "factor": "family_support"},
        ],
        "steps": [{"step": "see the midwife", "due_on": "2021-12-12", "sensitive": False}],
        "priority": 1,
        "protection_note": "afraid",
        **changes,
    }


async def test_trafficking_is_read_by_protection_and_its_author_alone(world: World) -> None:
    case = await register(world)
    path = f"{case.path}/vulnerability-assessments"
    made = await world.post(path, vulnerable(case, "mother"), role=ME, subject="doctor-1")
    assert (made["protection_note"], len(made["factors"])) == ("afraid", 2)
    for role, subject, sees in ((PR, "p", True), (ME, "doctor-1", True), (ME, "doctor-2", False), (CO, "c", False)):
        (shown,) = (await world.get(path, role=role, subject=subject))["items"]
        assert ("trafficking_victim" in shown["categories"]) is sees
        assert (len(shown["factors"]) == 2) is sees
        assert (shown["protection_note"] == "afraid") is sees
    await world.get(path, role=TO, expect=403)


async def test_a_plan_tells_nobody_else_what_it_is_a_plan_against(world: World) -> None:
    case = await register(world)
    path = f"{case.path}/vulnerability-assessments"
    steps = [{"step": "Call the shelter"}, {"step": "see the midwife", "sensitive": False}]
    body = vulnerable(case, "mother", steps=steps, note="She was sold")
    made = await world.post(path, body, role=CO, subject="counsellor-1")
    for role, subject, sees in ((PR, "p", True), (CO, "counsellor-1", True), (CO, "counsellor-2", False)):
        (shown,) = (await world.get(path, role=role, subject=subject))["items"]
        assert ("Call the shelter" in [each["step"] for each in shown["steps"]]) is sees
        assert (shown["note"] == "She was sold") is sees
        assert "see the midwife" in [each["step"] for each in shown["steps"]]
    hidden = next(each["id"] for each in made["steps"] if each["step"] == "Call the shelter")
    done = f"{case.path}/vulnerability-steps/{hidden}/completion"
    await world.post(done, role=CO, subject="counsellor-2", expect=404)
    assert (await world.post(done, role=PR))["status"] == "done"


def test_a_step_is_as_sensitive_as_its_author_says_or_else_as_what_was_found() -> None:
    assert is_sensitive(None, ["trafficking_victim"], [])
    assert is_sensitive(None, [], ["violence_in_family"])
    assert not is_sensitive(None, ["pregnant"], ["health"])
    assert not is_sensitive(False, ["trafficking_victim"], [])
    assert is_sensitive(True, [], [])


async def test_only_the_level_is_told_and_only_when_it_changes(world: World) -> None:
    case = await register(world)
    path = f"{case.path}/vulnerability-assessments"
    for level in (1, 1, 2):
        await world.post(path, vulnerable(case, "mother", priority=level), role=PR)
    told = await world.told(r.PriorityAssigned)
    assert [each.data for each in told] == [
        {"individual": str(case.ids["mother"]), "level": 1},
        {"individual": str(case.ids["mother"]), "level": 2},
    ]
    (shown,) = (await world.get(f"{case.path}/priorities", role=TO))["items"]
    assert shown["level"] == 2


async def test_a_step_of_the_plan_is_done_once(world: World) -> None:
    case = await register(world)
    made = await world.post(f"{case.path}/vulnerability-assessments", vulnerable(case, "mother"), role=PR)
    path = f"{case.path}/vulnerability-steps/{made['steps'][0]['id']}/completion"
    assert (await world.post(path, role=CO))["status"] == "done"
    assert (await world.post(path, role=CO, expect=409))["type"] == "/problems/plan-step-done-already"


async def doubt(case: Case, ref: str) -> Any:
    body = {"individual_id": str(case.ids[ref])}
    return await case.world.post(f"{case.path}/capacity-doubts", body, role=CO)


async def test_nobody_signs_while_their_capacity_is_in_doubt(world: World) -> None:
    case = await register(world)
    await case.counsel()
    made = await doubt(case, "mother")
    for ref, signers in (("mother", ("mother",)), ("son", ("father", "mother"))):
        refused = await case.sign(ref, *signers, expect=409)
        assert refused["type"] == "/problems/capacity-in-doubt"
    await case.sign("father")
    able = {"profession": "psychologist", "outcome": "able_with_support"}
    path = f"{case.path}/capacity-doubts/{made['id']}/assessment"
    await world.post(path, able, role=CO, expect=403)
    assert (await world.post(path, able, role=ME))["status"] == "settled"
    assert (await world.post(path, able, role=ME, expect=409))["type"] == "/problems/capacity-doubt-settled-already"
    await case.sign("mother")
    assert len(await world.told(r.CaseReleased)) == 1


async def test_who_is_not_able_decides_through_who_may_by_law(world: World) -> None:
    case = await (await register(world)).declare()
    made = await doubt(case, "mother")
    path = f"{case.path}/capacity-doubts/{made['id']}/assessment"
    unable = {"profession": "psychiatrist", "outcome": "not_able"}
    assert (await world.post(path, unable, role=ME, expect=422))["type"] == "/problems/representative-unclear"
    await world.post(path, {**unable, "representative": "Hêmin Barzinjî", "paper": "DC-77"}, role=ME)
    assert {each.data["individual"] for each in await world.told(r.DeclarationLapsed)} == {
        str(case.ids[ref]) for ref in ("mother", "daughter", "son")
    }
    refused = await case.sign("mother", expect=409)
    assert refused["type"] == "/problems/decides-through-another"
    paper = {"paper": "court_order", "reference": "DC-77", "why": "guardian"}
    body = case.declaration("mother", "father", sole_responsibility=paper)
    assert (await world.post(f"{case.path}/declarations", body, role=CO))["how"] == "by_representative"


async def test_a_second_doubt_is_refused_while_one_is_open(world: World) -> None:
    case = await register(world)
    await doubt(case, "mother")
    before = await contents(world)
    body = {"individual_id": str(case.ids["mother"])}
    refused = await world.post(f"{case.path}/capacity-doubts", body, role=CO, expect=409)
    assert refused["type"] == "/problems/capacity-doubt-raised-already"
    assert await contents(world) == before


def referral(case: Case, **changes: Any) -> dict[str, Any]:
    return {"individual_id": str(case.ids["mother"]), "recipient": "UNHCR", "need": "legal_aid", **changes}


async def consented(case: Case) -> Any:
    body = consent(case, individual_id=str(case.ids["mother"]), purpose="referral", recipient="UNHCR")
    return await case.world.post(f"{case.path}/consents", body, role=CO)


async def test_a_referral_needs_a_consent_that_names_the_agency(world: World) -> None:
    case = await register(world)
    await consented(case)
    path = f"{case.path}/referrals"
    refused = await world.post(path, referral(case, recipient="Red Cross"), role=CO, expect=409)
    assert refused["type"] == "/problems/no-consent-to-refer"
    made = await world.post(path, referral(case), role=CO)
    assert made["status"] == "sent"
    for step, body, status in (
        ("answer", {"answer": "accept_referral"}, "accepted"),
        ("completion", None, "completed"),
    ):
        assert (await world.post(f"/referrals/{made['id']}/{step}", body, role=PR))["status"] == status
    await world.post(f"/referrals/{made['id']}/completion", role=PR, expect=409)
    assert [each["id"] for each in (await world.get("/referrals?status=completed", role=CO))["items"]] == [made["id"]]
    await world.get("/referrals", role=AU, expect=403)


async def test_a_referral_that_the_agency_declined_is_not_completed(world: World) -> None:
    case = await register(world)
    await consented(case)
    made = await world.post(f"{case.path}/referrals", referral(case), role=CO)
    path = f"/referrals/{made['id']}"
    declined = await world.post(f"{path}/answer", {"answer": "decline_referral"}, role=CO)
    assert declined["status"] == "declined"
    await world.post(f"{path}/completion", role=CO, expect=409)
    await world.post(f"{path}/answer", {"answer": "accept_referral"}, role=CO, expect=409)
    assert [each["id"] for each in (await world.get("/referrals?status=declined", role=CO))["items"]] == [made["id"]]


@pytest.mark.parametrize("need", ["counter_trafficking", "child_protection"])
async def test_a_referral_for_protection_is_there_for_protection_and_its_sender_alone(world: World, need: str) -> None:
    case = await register(world)
    await consented(case)
    sent = {}
    for each in (need, "legal_aid"):
        made = await world.post(f"{case.path}/referrals", referral(case, need=each), role=CO, subject="counsellor-1")
        sent[each] = made["id"]
    for role, subject, sees in (
        (PR, "p", True),
        (CO, "counsellor-1", True),
        (CO, "counsellor-2", False),
        (ME, "m", False),
    ):
        for asked in ("", f"?case_id={case.id}"):
            listed = {
                each["id"] for each in (await world.get(f"/referrals{asked}", role=role, subject=subject))["items"]
            }
            assert listed == (set(sent.values()) if sees else {sent["legal_aid"]})
    answer = f"/referrals/{sent[need]}/answer"
    await world.post(answer, {"answer": "accept_referral"}, role=CO, subject="counsellor-2", expect=404)
    await world.post(answer, {"answer": "accept_referral"}, role=CO, subject="counsellor-1")


async def test_a_consent_taken_back_stops_the_referral_that_rests_on_it(world: World) -> None:
    case = await register(world)
    given = await consented(case)
    made = await world.post(f"{case.path}/referrals", referral(case), role=CO)
    await world.post(f"{case.path}/consents/{given['id']}/withdrawal", role=CO)
    (stopped,) = (await world.get(f"/referrals?status=stopped&case_id={case.id}", role=CO))["items"]
    assert stopped["id"] == made["id"]
    refused = await world.post(f"{case.path}/referrals", referral(case), role=CO, expect=409)
    assert refused["type"] == "/problems/no-consent-to-refer"


@pytest.mark.parametrize("outcome", ["kept", "missed", "cancelled"])
async def test_an_appointment_is_kept_missed_or_cancelled_once(world: World, outcome: str) -> None:
    case = await register(world)
    at = world.now + timedelta(days=1)
    body = {"at": at.isoformat(), "language": "ckb", "interpreter_wanted": True}
    made = await world.post(f"{case.path}/appointments", body, role=CO)
    path = f"/appointments/{made['id']}"
    assert (await world.post(f"{path}/interpreter", {"interpreter": "ckb-3"}, role=RO))["interpreter"] == "ckb-3"
    later = at + timedelta(hours=1)
    assert (await world.post(f"{path}/outcome", {"outcome": outcome}, role=CO, now=later))["status"] == outcome
    await world.post(f"{path}/outcome", {"outcome": outcome}, role=CO, now=later, expect=409)
    await world.post(f"{path}/interpreter", {"interpreter": "ckb-4"}, role=CO, now=later, expect=409)
    assert (await world.get(path, role=CO))["status"] == outcome
    assert (await world.get("/appointments", role=CO))["items"] == []


async def test_appointments_lie_ahead_and_are_missed_only_afterwards(world: World) -> None:
    case = await register(world)
    path = f"{case.path}/appointments"
    body = {"language": "ckb", "interpreter_wanted": False, "at": (world.now - timedelta(hours=1)).isoformat()}
    assert (await world.post(path, body, role=CO, expect=422))["type"] == "/problems/appointment-in-the-past"
    made = await world.post(path, {**body, "at": (world.now + timedelta(hours=1)).isoformat()}, role=CO)
    answer = await world.post(f"/appointments/{made['id']}/outcome", {"outcome": "missed"}, role=CO, expect=409)
    assert answer["type"] == "/problems/appointment-not-yet"
    answer = await world.post(f"/appointments/{made['id']}/interpreter", {"interpreter": "x"}, role=CO, expect=409)
    assert answer["type"] == "/problems/interpreter-not-wanted"


async def test_a_hold_that_would_be_over_when_it_is_placed_is_refused(world: World) -> None:
    case = await register(world)
    before = await contents(world)
    body = {"reason": "other", "until": (world.now - timedelta(days=1)).date().isoformat()}
    answer = await world.post(f"{case.path}/holds", body, role=PR, expect=422)
    assert answer["type"] == "/problems/hold-over-already"
    assert await contents(world) == before
    await world.post(f"{case.path}/holds", {**body, "until": world.now.date().isoformat()}, role=PR)


async def test_a_hold_ends_after_its_day_unless_it_is_for_safety_or_health(world: World) -> None:
    case = await register(world)
    for reason in ("document", "safety", "medical"):
        await world.post(f"{case.path}/holds", {"reason": reason, "until": "2021-12-10"}, role=PR)
    assert (await world.post("/hold-reviews", {}, role=PR, now=world.now + timedelta(days=1)))["released"] == []
    later = world.now + timedelta(days=2)
    assert len((await world.post("/hold-reviews", {}, role=PR, now=later))["released"]) == 1
    held = (await world.get(f"{case.path}/holds", role=PR))["items"]
    assert {each["reason"]: each["status"] for each in held} == {
        "document": "released",
        "safety": "open",
        "medical": "open",
    }
    assert (await world.post("/hold-reviews", {}, role=PR, now=later))["released"] == []
