"""Decisions: kept whole, given again the same, derived again the same, never changed."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from services.eligibility.app import WIRING
from services.eligibility.cases.rules import STANDING, Status, next_status
from services.eligibility.decisions.rules import Record, decide_on, is_the_same
from services.eligibility.inputs.rules import AnswerSeen, Inputs
from services.eligibility.programmes.rules import Scope, VersionContent, check_version, compile_version
from shared.contracts.eligibility import Outcome
from shared.contracts.registration import AgeBand, Means, Relation, Sex
from shared.database import core
from tests.eligibility.rule_types import ON, father, seen
from tests.eligibility.story import PO, RO, YES, Family, found, scenario, suspend, version
from tests.world import World

DECISION = WIRING.metadata.tables["decision"]
CONTENT = VersionContent.model_validate(scenario("version"))
SCOPE = Scope.model_validate(scenario("programme"))

members = st.lists(
    st.builds(
        father,
        individual=st.uuids(),
        attempt=st.integers(1, 3),
        relation=st.sampled_from([Relation.PRINCIPAL, Relation.SPOUSE, Relation.CHILD]),
        nationality=st.sampled_from(["IRQ", "SYR", "FRA"]),
        sex=st.sampled_from(list(Sex)),
        age_band=st.sampled_from(list(AgeBand)),
        last_assisted_on=st.sampled_from([None, ON - timedelta(days=100), ON - timedelta(days=4000)]),
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda each: each.individual,
).map(tuple)
answers = st.sampled_from([None, True, False]).map(
    lambda said: () if said is None else (_said(said),),
)


def _said(value: bool) -> AnswerSeen:
    return AnswerSeen(question="pending_procedure_withdrawn", individual=None, value=value)


inputs = st.builds(seen, members=members, means=st.sampled_from(list(Means)), answers=answers)


def record(given: Inputs) -> Record:
    finding = decide_on(SCOPE, 1, compile_version(CONTENT), given)
    return Record(programme=SCOPE.code, version=1, inputs=given, finding=finding)


def test_the_storys_programme_holds_together_and_is_marked_provisional() -> None:
    check_version(CONTENT, SCOPE.currency)
    assert CONTENT.provisional
    assert all("ours" in rule.source for rule in CONTENT.rules)
    assert all("ours" in line.source for line in CONTENT.package)


@given(inputs)
def test_the_same_inputs_give_the_same_bytes(case: Inputs) -> None:
    one = record(case)
    two = record(Inputs.model_validate_json(case.model_dump_json()))
    assert one.written() == two.written()
    assert Record.model_validate_json(one.written()).written() == one.written()
    assert is_the_same(one, two)


@given(inputs)
def test_a_total_is_the_sum_of_its_lines_and_only_the_eligible_get_one(case: Inputs) -> None:
    finding = record(case).finding
    assert finding.total == sum((line.amount for line in finding.package), Decimal(0))
    assert (finding.total > 0) == (finding.outcome is Outcome.ELIGIBLE)
    assert (finding.good_until is not None) == (finding.outcome is Outcome.ELIGIBLE)
    assert bool(finding.missing) == (finding.outcome is Outcome.NEEDS_INFORMATION)


@given(inputs)
def test_the_outcome_follows_from_what_the_rules_said(case: Inputs) -> None:
    finding = record(case).finding
    said = {entry.said for entry in finding.trace}
    if "failed" in said:
        assert finding.outcome is Outcome.INELIGIBLE
    elif "missing" in said:
        assert finding.outcome is Outcome.NEEDS_INFORMATION
    else:
        assert finding.outcome is Outcome.ELIGIBLE


@given(st.builds(seen, members=members, means=st.sampled_from(list(Means))), st.booleans())
def test_answering_a_question_never_turns_a_settled_outcome_round(case: Inputs, value: bool) -> None:
    before = record(case).finding
    after = record(case.model_copy(update={"answers": (_said(value),)})).finding
    if before.outcome is not Outcome.NEEDS_INFORMATION:
        assert after.outcome is before.outcome
    assert {fact.fact for fact in after.missing} <= {fact.fact for fact in before.missing}


@given(st.lists(st.sampled_from(list(Outcome)), min_size=1, max_size=6))
def test_any_outcome_may_follow_any_and_none_leads_back_to_undecided(outcomes: list[Outcome]) -> None:
    status: str = STANDING.initial
    for outcome in outcomes:
        status = next_status(status, outcome)
        assert status == outcome.value
        assert status != Status.UNDECIDED


async def test_a_decision_of_long_ago_is_given_again_byte_for_byte(world: World) -> None:
    programme = await found(world)
    family = await Family(world).register()
    old = (await family.answer(YES))["decision"]
    path = f"/decisions/{old['decision_id']}"
    first = await world.call("GET", path, role=RO)

    world.now += timedelta(days=900)
    changed = version(valid_from="2023-01-01", valid_until=None, rules=version()["rules"][:1])
    await world.post(f"/programmes/{programme}/versions", changed, role=PO)
    await suspend(world)
    assert (await family.standing())["decision"]["decision_id"] != old["decision_id"]
    assert (await world.call("GET", path, role=RO)).content == first.content


async def test_a_decision_derived_again_from_its_inputs_is_identical(world: World) -> None:
    programme = await found(world)
    family = await Family(world).register()
    await family.answer(YES)
    await suspend(world)
    dearer = version()
    dearer["package"][0]["amount"] = "999.00"
    await world.post(f"/programmes/{programme}/versions", dearer, role=PO)
    for line in await family.decisions():
        derived = await world.get(f"/decisions/{line['decision_id']}/derivation", role=RO)
        assert derived["identical"] is True
        assert derived["digest_derived"] == derived["digest_kept"]
        whole = await world.get(f"/decisions/{line['decision_id']}", role=RO)
        assert derived["derived"]["trace"] == whole["trace"]
        assert derived["derived"]["package"] == whole["package"]


async def test_a_record_that_somebody_altered_is_found_by_its_derivation(world: World) -> None:
    await found(world)
    family = await Family(world).register()
    await family.answer(YES)
    decision = (await family.standing())["decision"]
    row = DECISION.c.id == UUID(decision["decision_id"])
    async with world.runtime.database.transaction() as session:
        kept = bytes((await core(session, select(DECISION.c.record).where(row))).scalar_one())
        await core(session, update(DECISION).where(row).values(record=kept.replace(b'"50.00"', b'"90.00"')))
    derived = await world.get(f"/decisions/{decision['decision_id']}/derivation", role=RO)
    assert derived["identical"] is False


async def test_decisions_form_one_chain_in_which_each_names_the_one_before(world: World) -> None:
    await found(world)
    family = await Family(world).register()
    for value in (True, False, True):
        await family.answer({"answers": {"pending_procedure_withdrawn": value}})
    decisions: list[Any] = await family.decisions()
    ids = [d["decision_id"] for d in decisions]
    assert len(ids) == 4
    assert [d["replaces"] for d in decisions] == [None, *ids[:-1]]
    assert ids == sorted(ids)
    page = await world.get(f"{family.path}/decisions?limit=3", role=RO)
    rest = await world.get(f"{family.path}/decisions?limit=3&cursor={page['next']}", role=RO)
    assert [d["decision_id"] for d in (*page["items"], *rest["items"])] == ids


async def test_a_case_is_never_decided_as_of_a_day_before_it_was_registered(world: World) -> None:
    family = await Family(world).register()
    registered = world.now.date()
    world.now -= timedelta(days=30)
    await found(world)
    for decision in await family.decisions():
        assert decision["evaluated_on"] >= registered.isoformat()
    assert (await family.standing())["status"] != "ineligible"
