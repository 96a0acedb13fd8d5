"""Exceptions: asked by one, approved by another, good until a day, shown on every decision that rests on one."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from services.eligibility.app import WIRING
from services.eligibility.exceptions.rules import EXCEPTIONS, Status, possible_actions
from shared.auth import Role
from shared.contracts.eligibility import EligibilityDecided
from shared.contracts.registration import AgeBand, Relation
from shared.database import core, new_id
from tests.eligibility.story import PO, RO, YES, Family, found, member, suspend, version
from tests.world import World, contents

AP = Role.APPROVER
ASKED = {"rule": "not_assisted_lately", "reason": "humanitarian", "valid_until": "2022-01-15"}


def lenient() -> dict[str, Any]:
    """The programme of the story, allowing an exception to one of its rules."""
    content = version()
    for rule in content["rules"]:
        rule["overridable"] = rule["code"] == "not_assisted_lately"
    return content


async def assisted_before(world: World) -> Family:
    await found(world, lenient())
    people = (member(AgeBand.ADULT, Relation.PRINCIPAL, last_assisted_return=date(2019, 5, 5)),)
    family = await Family(world, members=people).register()
    standing = await family.answer(YES)
    assert standing["status"] == "ineligible"
    return family


async def ask(family: Family, **changes: Any) -> Any:
    return await family.world.post(f"{family.path}/exceptions", {**ASKED, **changes}, role=RO)


async def test_an_approved_exception_makes_the_case_eligible_and_is_shown_on_the_decision(world: World) -> None:
    family = await assisted_before(world)
    made = await ask(family)
    assert (made["status"], made["in_force"]) == ("asked", False)
    assert (await family.standing())["status"] == "ineligible"

    approved = await world.post(f"/exceptions/{made['exception_id']}/approval", role=AP)
    assert (approved["status"], approved["in_force"]) == ("approved", True)
    standing = await family.standing()
    assert (standing["status"], standing["decision"]["on_exception"]) == ("eligible", True)
    assert standing["decision"]["exceptions"][0]["exception"] == made["exception_id"]
    assert standing["decision"]["good_until"] == "2022-01-15"
    decision = await family.decision()
    excused = [rule for rule in decision["trace"] if rule["on_exception"]]
    assert [(rule["code"], rule["said"]) for rule in excused] == [("not_assisted_lately", "failed")]
    told = (await world.told(EligibilityDecided, family.case))[-1].event()
    assert isinstance(told, EligibilityDecided)
    assert told.on_exception
    derived = await world.get(f"/decisions/{decision['decision_id']}/derivation", role=PO)
    assert derived["identical"]

    await family.correct(destination_area=None, channel="phone")
    later = await family.decide()
    assert later["on_exception"], "every later decision rests on it too"


async def test_nobody_decides_on_an_exception_of_their_own(world: World) -> None:
    family = await assisted_before(world)
    made = await world.post(f"{family.path}/exceptions", ASKED, role=PO, subject="ann")
    before = await contents(world)
    path = f"/exceptions/{made['exception_id']}"
    refused = await world.post(f"{path}/approval", role=PO, subject="ann", expect=403)
    assert refused["type"] == "/problems/own-exception"
    await world.post(f"{path}/refusal", {"reason": "not_justified"}, role=PO, subject="ann", expect=403)
    assert await contents(world) == before
    await world.post(f"{path}/approval", role=PO, subject="ben")


async def test_four_eyes_hold_in_the_database_too(world: World) -> None:
    family = await assisted_before(world)
    row = {
        "id": new_id(),
        "case_id": family.case,
        "programme": "p",
        "rule": "r",
        "status": "approved",
        "reason": "humanitarian",
        "valid_until": date(2022, 1, 1),
        "asked_by": "ann",
        "asked_at": world.now,
        "decided_by": "ann",
        "decided_at": world.now,
        "approved_on": world.now.date(),
        "version": 1,
    }
    with pytest.raises(IntegrityError):
        async with world.runtime.database.transaction() as session:
            await core(session, insert(WIRING.metadata.tables["rule_exception"]).values(**row))


async def test_only_a_rule_that_fails_and_allows_one_can_be_excepted(world: World) -> None:
    family = await assisted_before(world)
    path = f"{family.path}/exceptions"
    before = await contents(world)
    refused = await world.post(path, {**ASKED, "rule": "without_means"}, role=RO, expect=422)
    assert refused["type"] == "/problems/rule-not-overridable"
    assert refused["overridable"] == ["not_assisted_lately"]
    for day in ("2021-12-08", "2022-12-11"):
        refused = await world.post(path, {**ASKED, "valid_until": day}, role=RO, expect=422)
        assert refused["type"] == "/problems/exception-dates-impossible"
    assert await contents(world) == before
    fine = await Family(world).register()
    refused = await world.post(f"{fine.path}/exceptions", ASKED, role=RO, expect=409)
    assert refused["type"] == "/problems/nothing-to-except"


async def test_an_exception_does_not_stand_for_a_fact_that_is_missing_nor_for_another_rule(world: World) -> None:
    family = await assisted_before(world)
    made = await ask(family)
    await suspend(world)
    await world.post(f"/exceptions/{made['exception_id']}/approval", role=AP)
    decision = await family.decision()
    assert decision["outcome"] == "ineligible"
    hinders = [r["code"] for r in decision["trace"] if r["said"] == "failed" and not r["on_exception"]]
    assert hinders == ["destination_open"]


async def test_one_rule_of_a_case_has_one_exception_at_a_time(world: World) -> None:
    family = await assisted_before(world)
    made = await ask(family)
    refused = await world.post(f"{family.path}/exceptions", ASKED, role=RO, expect=409)
    assert (refused["type"], refused["exception"]) == ("/problems/exception-already-asked", made["exception_id"])
    await world.post(f"/exceptions/{made['exception_id']}/refusal", {"reason": "evidence_lacks"}, role=AP)
    again = await ask(family)
    waiting = (await world.get("/exceptions", role=AP))["items"]
    assert [each["exception_id"] for each in waiting] == [again["exception_id"]]
    listed = (await world.get(f"{family.path}/exceptions", role=AP))["items"]
    assert [each["status"] for each in listed] == ["refused", "asked"]


async def test_an_exception_taken_back_decides_the_case_again_without_it(world: World) -> None:
    family = await assisted_before(world)
    made = await ask(family)
    path = f"/exceptions/{made['exception_id']}"
    await world.post(f"{path}/approval", role=AP)
    assert (await world.post(f"{path}/withdrawal", role=RO))["status"] == "withdrawn"
    decision = (await family.standing())["decision"]
    assert (decision["outcome"], decision["because"]) == ("ineligible", "exception_changed")
    for verb, body in (("approval", {}), ("refusal", {"reason": "not_justified"}), ("withdrawal", {})):
        await world.post(f"{path}/{verb}", body, role=[AP, RO], expect=409)


async def test_an_exception_ends_on_its_day_and_the_case_is_decided_again(world: World) -> None:
    family = await assisted_before(world)
    made = await ask(family, valid_until="2021-12-10")
    await world.post(f"/exceptions/{made['exception_id']}/approval", role=AP)
    world.now += timedelta(days=1)
    assert (await world.post("/coming-changes/reviews", role=PO))["taken_up"] == 0
    world.now += timedelta(days=1)
    assert (await world.post("/coming-changes/reviews", role=PO))["taken_up"] == 1
    assert (await family.standing())["status"] == "ineligible"
    over = await world.get(f"/exceptions/{made['exception_id']}", role=RO)
    assert (over["in_force"], over["status"], over["ended_by"]) == (False, "expired", None)
    assert (await ask(family))["status"] == "asked", "a new one can be asked"


async def test_an_exception_asked_for_a_day_that_has_passed_is_not_approved(world: World) -> None:
    family = await assisted_before(world)
    made = await ask(family, valid_until="2021-12-09")
    world.now += timedelta(days=1)
    refused = await world.post(f"/exceptions/{made['exception_id']}/approval", role=AP, expect=409)
    assert refused["type"] == "/problems/exception-past-its-day"


async def two_of_whom_both_were_assisted(world: World) -> tuple[Family, str, str]:
    await found(world, lenient())
    lately = {"last_assisted_return": date(2019, 5, 5)}
    people = (member(AgeBand.ADULT, Relation.PRINCIPAL, **lately), member(AgeBand.ADULT, Relation.SPOUSE, **lately))
    family = await Family(world, members=people).register()
    await family.answer(YES)
    return family, str(people[0].individual), str(people[1].individual)


async def test_an_exception_for_one_member_counts_for_that_one_only(world: World) -> None:
    family, first, second = await two_of_whom_both_were_assisted(world)
    made = await ask(family, individual_id=first)
    assert made["individual_id"] == first
    await world.post(f"/exceptions/{made['exception_id']}/approval", role=AP)
    assert (await family.standing())["status"] == "ineligible", "the other one fails the rule still"
    other = await ask(family, individual_id=second, valid_until="2021-12-20")
    await world.post(f"/exceptions/{other['exception_id']}/approval", role=AP)
    decision = (await family.standing())["decision"]
    assert (decision["outcome"], decision["good_until"]) == ("eligible", "2021-12-20")
    shown = {each["exception"]: each["individual"] for each in decision["exceptions"]}
    assert shown == {made["exception_id"]: first, other["exception_id"]: second}
    whole = await family.decision()
    (entry,) = (each for each in whole["trace"] if each["on_exception"])
    assert {each["individual"]: each["on_exception"] for each in entry["members"]} == {v: k for k, v in shown.items()}
    derived = await world.get(f"/decisions/{decision['decision_id']}/derivation", role=PO)
    assert derived["identical"]
    await world.post(f"/exceptions/{other['exception_id']}/withdrawal", role=RO)
    assert (await family.standing())["status"] == "ineligible"


async def test_an_exception_for_one_is_asked_for_who_fails_a_rule_that_asks_each(world: World) -> None:
    family, first, _second = await two_of_whom_both_were_assisted(world)
    path = f"{family.path}/exceptions"
    refused = await world.post(path, {**ASKED, "individual_id": str(new_id())}, role=RO, expect=409)
    assert (refused["type"], len(refused["individuals"])) == ("/problems/nothing-to-except", 2)
    made = await ask(family, individual_id=first)
    refused = await world.post(path, {**ASKED, "individual_id": first}, role=RO, expect=409)
    assert refused["exception"] == made["exception_id"]
    whole = await ask(family)
    await world.post(f"/exceptions/{whole['exception_id']}/approval", role=AP)
    assert (await family.standing())["decision"]["exceptions"][0]["individual"] is None


def test_what_is_decided_about_an_exception_is_decided_once() -> None:
    assert EXCEPTIONS.final == {"refused", "withdrawn", "expired"}


@pytest.mark.parametrize(
    ("status", "verbs"),
    [
        (Status.ASKED, ["approve_exception", "refuse_exception", "withdraw_exception"]),
        (Status.APPROVED, ["withdraw_exception"]),
        (Status.REFUSED, []),
        (Status.WITHDRAWN, []),
        (Status.EXPIRED, []),
    ],
)
def test_an_exception_offers_what_a_person_may_do_with_it_and_not_that_it_expires(
    status: Status, verbs: list[str]
) -> None:
    assert possible_actions(status) == verbs
