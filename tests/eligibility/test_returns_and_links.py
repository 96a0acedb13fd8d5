"""Home by other means, home before anyone knew, and one person under two records."""

from datetime import date
from itertools import permutations
from typing import Any
from uuid import UUID

from shared.contracts.registration import (
    AgeBand,
    CaseRegistered,
    PeopleLinked,
    PeopleUnlinked,
    Relation,
    ReturnKind,
    ReturnRecorded,
    ReturnReversed,
)
from shared.database import new_id
from tests.eligibility.story import DEPARTURE, YES, Family, departed, found, member
from tests.world import World


def returned(kind: ReturnKind, *individuals: UUID, attempt: int = 1) -> ReturnRecorded:
    return ReturnRecorded(
        individuals=individuals,
        attempts=dict.fromkeys(individuals, attempt),
        kind=kind,
        country="IRQ",
        returned_on=date(2021, 12, 5),
        entered_at=DEPARTURE,
    )


async def eligible(world: World, **options: Any) -> Family:
    family = await Family(world, **options).register()
    await family.answer(YES)
    return family


async def test_a_family_home_on_a_government_flight_is_no_longer_eligible(world: World) -> None:
    await found(world)
    family = await eligible(world)
    everyone = [each.individual for each in family.members]
    await world.hear(returned(ReturnKind.OWN_GOVERNMENT, *everyone), key=family.case)
    standing = await family.standing()
    assert (standing["status"], standing["ended"]) == ("ineligible", "departed")
    decision = await family.decision()
    assert decision["because"] == "return_recorded"
    assert [r["code"] for r in decision["trace"] if r["said"] == "failed"] == ["not_home_already"]
    await family.declare(family.father, 2)
    assert (await family.standing())["status"] == "eligible", "a return of an earlier try does not count"


async def test_a_return_that_was_recorded_by_mistake_is_decided_as_if_nobody_had_said_it(world: World) -> None:
    await found(world)
    family = await eligible(world)
    before = (await family.standing())["decision"]["package"]
    everyone = tuple(each.individual for each in family.members)
    home = returned(ReturnKind.OWN_GOVERNMENT, *everyone)
    await world.hear(home, key=family.case)
    await world.hear(ReturnReversed(individuals=everyone, attempts=home.attempts), key=family.case)
    standing = await family.standing()
    assert (standing["status"], standing["ended"], standing["decision"]["package"]) == ("eligible", None, before)
    assert (await family.decision())["because"] == "return_undone"


async def test_when_one_went_home_by_other_means_the_rest_is_decided_without_him(world: World) -> None:
    await found(world)
    family = await eligible(world)
    await world.hear(returned(ReturnKind.ON_THEIR_OWN, family.father), key=family.case)
    decision = (await family.standing())["decision"]
    assert decision["outcome"] == "eligible"
    assert str(family.father) not in decision["attempts"]


async def test_who_came_home_before_anyone_knew_gets_only_what_is_given_after_the_return(world: World) -> None:
    await found(world)
    family = await eligible(world)
    everyone = [each.individual for each in family.members]
    await world.hear(returned(ReturnKind.RETROACTIVE, *everyone), key=family.case)
    standing = await family.standing()
    assert (standing["status"], standing["ended"]) == ("eligible", None)
    assert {line["stage"] for line in standing["decision"]["package"]} == {"after_return"}
    not_given = (await family.decision())["not_given"]
    assert {each["code"] for each in not_given} == {"pocket_money"}


async def test_prior_assistance_of_a_second_record_counts_for_the_person_who_stands(world: World) -> None:
    await found(world)
    earlier = await eligible(world)
    await earlier.depart(earlier.father)
    adult = member(AgeBand.ADULT, Relation.PRINCIPAL)
    later = await eligible(world, members=(adult,))
    assert (await later.standing())["status"] == "eligible"
    link = {"link": new_id(), "duplicate": earlier.father, "stands": adult.individual, "standing_case": later.case}
    world.now = DEPARTURE
    await world.hear(PeopleLinked(**link), key=earlier.case)
    decision = await later.decision()
    assert (decision["outcome"], decision["because"]) == ("ineligible", "people_linked")
    assert [r["code"] for r in decision["trace"] if r["said"] == "failed"] == ["not_assisted_lately"]
    await world.hear(PeopleUnlinked(**link), key=earlier.case)
    assert (await later.standing())["status"] == "eligible"


async def test_a_second_record_is_not_helped_beside_the_first(world: World) -> None:
    await found(world)
    first, second = member(AgeBand.ADULT, Relation.PRINCIPAL), member(AgeBand.ADULT, Relation.PRINCIPAL)
    one, two = await eligible(world, members=(first,)), await eligible(world, members=(second,))
    link = {"link": new_id(), "duplicate": second.individual, "stands": first.individual, "standing_case": one.case}
    await world.hear(PeopleLinked(**link), key=two.case)
    assert (await one.standing())["status"] == "eligible"
    standing = await two.standing()
    assert (standing["status"], standing["ended"]) == ("ineligible", "closed")
    await world.hear(PeopleUnlinked(**link), key=two.case)
    standing = await two.standing()
    assert (standing["status"], standing["ended"]) == ("eligible", None)


async def test_a_link_told_before_the_standing_case_and_a_departure_in_any_order_count_the_same(world: World) -> None:
    await found(world)
    seen = []
    for order in permutations(("link", "case", "departure")):
        duplicate, stands = (member(AgeBand.ADULT, Relation.PRINCIPAL) for _ in range(2))
        other = await Family(world, members=(duplicate,)).register()
        family = Family(world, members=(stands,))
        for step in order:
            if step == "link":
                link = PeopleLinked(
                    link=new_id(), duplicate=duplicate.individual, stands=stands.individual, standing_case=family.case
                )
                await world.hear(link, key=other.case)
            elif step == "case":
                told = {**family.told(), "arrived_in_host_country": date(2021, 10, 20)}
                await world.hear(CaseRegistered(**told), key=family.case, now=DEPARTURE)
            else:
                gone = departed(duplicate.individual)
                await world.hear(gone, key=other.case, subject=duplicate.individual, attempt=1, now=DEPARTURE)
        world.now = DEPARTURE
        standing = await family.decide(expect=None)
        seen.append(standing["outcome"])
    assert seen == ["ineligible"] * 6
