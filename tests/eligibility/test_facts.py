"""What is heard: kept in any order, kept once, and the case looked at with all that is known so far."""

from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import select

from services.eligibility.app import WIRING
from shared.brokers import Message
from shared.contracts.eligibility import EligibilityDecided
from shared.contracts.registration import (
    AgeBand,
    CaseClosed,
    CaseClosureReason,
    CaseRegistered,
    CaseReopened,
    Means,
    MemberWithdrawn,
    Relation,
)
from shared.database import core
from shared.events import Event
from shared.recovery import rebuild
from tests.eligibility.story import (
    DEPARTURE,
    YES,
    Family,
    departed,
    found,
    four_people,
    member,
    signed,
    suspend,
)
from tests.world import World


async def rows(world: World) -> dict[str, list[tuple[Any, ...]]]:
    """All that is folded."""
    async with world.runtime.database.reading() as session:
        return {
            table.name: sorted(tuple(row) for row in (await core(session, select(table))).all())
            for table in WIRING.facts
        }


async def eligible(world: World, **changes: Any) -> Family:
    await found(world)
    family = await Family(world).register(**changes)
    await family.answer(YES)
    return family


async def test_a_correction_that_changes_the_outcome_is_a_new_decision(world: World) -> None:
    family = await eligible(world)
    await family.correct(means=Means.SOME)
    decision = await family.decision()
    assert (decision["outcome"], decision["because"]) == ("ineligible", "case_corrected")
    await family.correct(means=Means.NONE)
    assert (await family.standing())["status"] == "eligible"
    assert len(await family.decisions()) == 4


async def test_a_correction_that_changes_nothing_here_makes_no_decision(world: World) -> None:
    family = await eligible(world)
    await family.correct(channel="phone")
    assert len(await family.decisions()) == 2


async def test_a_child_who_joins_gets_a_line_and_one_who_left_gets_none(world: World) -> None:
    family = await eligible(world)
    everyone = family.members
    family.members = (*everyone, member(AgeBand.INFANT, Relation.CHILD))
    await family.correct()
    assert (await family.standing())["decision"]["total"] == "2650.00"
    family.members = everyone[:3]
    await family.correct()
    assert (await family.standing())["decision"]["total"] == "2550.00"


async def test_the_first_declaration_decides_nothing_again(world: World) -> None:
    family = await eligible(world)
    await family.declare(family.father, 1)
    assert len(await family.decisions()) == 2


async def test_when_all_withdraw_nothing_more_is_decided_until_someone_declares_again(world: World) -> None:
    family = await eligible(world)
    await family.withdraw(*(m.individual for m in family.members))
    standing = await family.standing()
    assert (standing["ended"], standing["actions"]) == ("withdrawn", [])
    await suspend(world)
    await family.correct(means=Means.SOME)
    assert len(await family.decisions()) == 2
    for refused in (await family.answer(YES, expect=409), await family.decide(expect=409)):
        assert (refused["type"], refused["ended"]) == ("/problems/case-has-ended", "withdrawn")

    await family.declare(family.father, 2)
    standing = await family.standing()
    assert (standing["ended"], standing["status"]) == (None, "ineligible")
    assert standing["decision"]["attempts"] == {str(family.father): 2}
    assert standing["decision"]["because"] == "new_attempt"


async def test_when_one_withdraws_the_package_is_for_those_who_stay(world: World) -> None:
    family = await eligible(world)
    await family.withdraw(family.mother)
    decision = (await family.standing())["decision"]
    assert decision["total"] == "2550.00"
    assert str(family.mother) not in decision["attempts"]
    await family.declare(family.mother, 2)
    decision = (await family.standing())["decision"]
    assert (decision["total"], decision["attempts"][str(family.mother)]) == ("2600.00", 2)


async def test_a_withdrawal_of_an_earlier_attempt_does_not_end_a_later_one(world: World) -> None:
    family = await eligible(world)
    await family.declare(family.mother, 2)
    await family.withdraw(family.mother, attempt=1)
    assert (await family.standing())["decision"]["attempts"][str(family.mother)] == 2


async def test_a_closed_case_is_not_decided_and_a_reopened_one_is(world: World) -> None:
    family = await eligible(world)
    await world.hear(CaseClosed(reason=CaseClosureReason.LOST_CONTACT), key=family.case)
    assert (await family.standing())["ended"] == "closed"
    await suspend(world)
    assert (await family.standing())["status"] == "eligible"
    await world.hear(CaseReopened(), key=family.case)
    standing = await family.standing()
    assert (standing["ended"], standing["status"]) == (None, "ineligible")
    assert standing["decision"]["because"] == "case_reopened"


async def test_after_the_departure_the_decision_stands_whatever_changes(world: World) -> None:
    family = await eligible(world)
    before = (await family.standing())["decision"]
    await family.depart(*(m.individual for m in family.members))
    world.now = DEPARTURE + timedelta(days=1)
    await suspend(world)
    await family.correct(means=Means.SOME)
    standing = await family.standing()
    assert (standing["ended"], standing["decision"]) == ("departed", before)
    refused = await family.decide(expect=409)
    assert (refused["type"], refused["ended"]) == ("/problems/case-has-ended", "departed")


async def test_she_who_stayed_behind_and_tries_again_gets_her_lines_and_nobody_loses_theirs(world: World) -> None:
    family = await eligible(world)
    await family.withdraw(family.mother)
    await family.depart(*(m.individual for m in family.members if m.individual != family.mother))
    world.now = DEPARTURE + timedelta(days=3)
    await family.declare(family.mother, 2)

    decision = (await family.standing())["decision"]
    assert decision["attempts"] == {str(family.mother): 2}
    assert decision["total"] == "2600.00"
    lines = [line["line"] for line in decision["package"]]
    assert len(lines) == len(set(lines)) == 6
    assert lines.count("business:case") == 1
    await suspend(world)
    assert (await family.standing())["decision"] == decision


async def test_an_earlier_return_counts_for_the_next_case_of_the_same_person(world: World) -> None:
    family = await eligible(world)
    await family.depart(family.father)
    world.now = DEPARTURE + timedelta(days=60)
    back = Family(world, members=(family.members[0],))
    await back.register(arrived_in_host_country=date(2022, 2, 1))
    decision = await back.decision()
    assert decision["outcome"] == "ineligible"
    failed = next(rule for rule in decision["trace"] if rule["said"] == "failed")
    assert failed["code"] == "not_assisted_lately"
    assert "(2021-12-14)" in failed["sentence"]


async def test_a_departure_told_late_decides_the_other_open_case_again(world: World) -> None:
    family = await eligible(world)
    other = Family(world, members=(member(AgeBand.ADULT, Relation.PRINCIPAL, individual=family.father),))
    await other.register(arrived_in_host_country=date(2021, 11, 1))
    assert (await other.answer(YES))["status"] == "eligible"
    world.now = DEPARTURE
    await family.depart(family.father)
    decision = await other.decision()
    assert (decision["outcome"], decision["because"]) == ("ineligible", "earlier_return")


async def test_who_was_turned_back_at_the_border_was_not_assisted(world: World) -> None:
    family = await eligible(world)
    everyone = [m.individual for m in family.members]
    await family.depart(*everyone)
    for individual in everyone:
        await family.is_turned_back(individual)
    world.now = DEPARTURE + timedelta(days=5)
    for individual in everyone:
        await family.declare(individual, 2)
    standing = await family.standing()
    assert (standing["ended"], standing["status"]) == (None, "eligible")
    assert set(standing["decision"]["attempts"].values()) == {2}
    assert standing["decision"]["total"] == "2600.00"


async def test_what_they_said_of_an_earlier_return_counts_too(world: World) -> None:
    await found(world)
    people = (member(AgeBand.ADULT, Relation.PRINCIPAL, last_assisted_return=date(2020, 1, 1)),)
    family = await Family(world, members=people).register()
    assert (await family.standing())["status"] == "ineligible"


async def test_facts_of_two_services_in_any_order_give_the_same_case(world: World) -> None:
    """Each source keeps its own order; how they fall between each other must not matter."""
    await found(world)
    people = four_people()
    now = world.now
    seen = []
    orders = sorted(set(permutations("rrrtt")))
    for order in orders:
        family = Family(world, members=people)
        facts: dict[str, list[tuple[Event, dict[str, Any]]]] = {
            "r": [
                (CaseRegistered(**family.told()), {}),
                (signed(family.father), {"subject": family.father, "attempt": 1}),
                (signed(family.mother), {"subject": family.mother, "attempt": 1}),
            ],
            "t": [
                (departed(each), {"subject": each, "attempt": 1, "now": DEPARTURE})
                for each in (family.father, family.mother)
            ],
        }
        for source in order:
            fact, options = facts[source].pop(0)
            await world.hear(fact, key=family.case, **options)
        standing = await family.standing()
        decisions = await family.decisions()
        assert [d["outcome"] for d in decisions] == ["needs_information"]
        attempts = standing["decision"]["attempts"]
        seen.append((standing["status"], standing["ended"], standing["decision"]["total"], sorted(attempts)))
        assert world.now == now
    assert len(orders) == 10
    assert len({repr(each) for each in seen}) == 1


async def test_a_rebuild_gives_the_same_rows_and_tells_nothing_new(world: World) -> None:
    await found(world)
    family = Family(world)
    heard = [
        world.delivery(CaseRegistered(**family.told()), key=family.case),
        world.delivery(MemberWithdrawn(individual=family.mother, withdrawn_at=world.now), key=family.case, attempt=1),
        world.delivery(signed(family.mother), key=family.case, subject=family.mother, attempt=2),
        world.delivery(departed(family.father), key=family.case, subject=family.father, attempt=1),
    ]
    messages = [Message(each.topic, each.key, each.value, each.headers) for each in heard]
    assert await world.runtime.broker.publish(messages) == [None] * len(messages)
    await world.runtime.consumer.take(heard)
    await family.answer(YES)
    before, told, standing = await rows(world), await world.count_told(), await family.standing()
    assert all(before[name] for name in before if name != "link_fact")

    assert await rebuild(world.runtime.consumer, WIRING.facts) == len(heard)
    assert (await rows(world), await world.count_told(), await family.standing()) == (before, told, standing)


async def test_facts_of_a_case_nobody_told_yet_are_kept_and_act_when_it_comes(world: World) -> None:
    await found(world)
    family = Family(world)
    await family.depart(family.father)
    assert (await rows(world))["passage_fact"]
    assert await world.told(EligibilityDecided) == []
    await family.register()
    assert len(await world.told(EligibilityDecided)) == 1


@pytest.mark.parametrize("recorded", [datetime(2021, 12, 1, tzinfo=UTC)])
async def test_a_fact_recorded_earlier_never_decides_as_of_an_earlier_day(world: World, recorded: datetime) -> None:
    family = await eligible(world)
    await world.hear(CaseRegistered(**family.told(means=Means.SOME)), key=family.case, now=recorded)
    decision = (await family.standing())["decision"]
    assert (decision["outcome"], decision["evaluated_on"]) == ("ineligible", "2021-12-09")
