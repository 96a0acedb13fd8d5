"""The family of the story, through the API: registered, asked, eligible, with its package."""

from decimal import Decimal

from shared.contracts.eligibility import EligibilityDecided, Outcome
from tests.eligibility.story import YES, Family, found
from tests.world import World


async def test_the_family_is_asked_what_is_missing_and_then_is_eligible(world: World) -> None:
    await found(world)
    family = await Family(world).register()

    standing = await family.standing()
    assert standing["status"] == "needs_information"
    assert [m["question"] for m in standing["missing"]] == ["pending_procedure_withdrawn"]
    assert standing["missing"][0]["kind"] == "boolean"
    assert [a["action"] for a in standing["actions"]] == ["answer_questions", "decide_case"]

    standing = await family.answer(YES)
    assert standing["status"] == "eligible"
    assert standing["missing"] == []
    current = standing["decision"]
    assert current["programme"] == "avrr_belarus_2021"
    assert current["provisional"] is True
    assert current["evaluated_on"] == "2021-12-09"
    assert current["good_until"] == "2022-03-09"


async def test_the_familys_package_says_line_by_line_why_and_adds_up(world: World) -> None:
    await found(world)
    family = await Family(world).register()
    await family.answer()

    decision = await family.decision()
    lines = {line["line"]: line for line in decision["package"]}
    people = [f"pocket_money:{m.individual}" for m in family.members]
    assert set(lines) == {*people, "business:case", "rent:case"}
    assert decision["total"] == "2600.00"
    assert sum(Decimal(line["amount"]) for line in lines.values()) == Decimal("2600.00")
    assert lines["rent:case"]["instalments"] == 3
    assert lines[people[0]]["sentence"].startswith(
        "Pocket money: 50.00 EUR in cash before the return, for each person ("
    )
    assert "in 3 instalments" in lines["rent:case"]["sentence"]


async def test_every_rule_shows_what_it_saw_and_what_it_said(world: World) -> None:
    await found(world)
    family = await Family(world).register()
    await family.answer()

    trace = {rule["code"]: rule for rule in (await family.decision())["trace"]}
    assert {rule["said"] for rule in trace.values()} == {"passed"}
    assert trace["programme_scope"]["sentence"] == "The programme helps with returns from BLR to IRQ."
    assert trace["stay"]["saw"] == [{"fact": "case.stay_days", "individual": None, "value": 50}]
    assert trace["stay"]["sentence"] == "In the country for 50 days."
    assert {seen["individual"] for seen in trace["nationality"]["saw"]} == {str(m.individual) for m in family.members}
    assert [m["said"] for m in trace["nationality"]["members"]] == ["passed"] * 4
    assert {rule["version"] for rule in trace.values()} == {1}


async def test_the_decision_is_told_without_what_was_answered(world: World) -> None:
    await found(world)
    family = await Family(world).register()
    await family.answer()

    first, second = await world.told(EligibilityDecided, family.case)
    asked, decided = first.event(), second.event()
    assert isinstance(asked, EligibilityDecided)
    assert isinstance(decided, EligibilityDecided)
    assert (asked.outcome, asked.package, asked.total) == (Outcome.NEEDS_INFORMATION, (), Decimal("0.00"))
    assert decided.outcome is Outcome.ELIGIBLE
    assert decided.replaces == asked.decision
    assert decided.attempts == {m.individual: 1 for m in family.members}
    assert decided.total == sum(line.amount for line in decided.package) == Decimal("2600.00")
    assert b"procedure" not in second.body()
