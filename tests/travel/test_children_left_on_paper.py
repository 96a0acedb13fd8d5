"""Who flew on a paper flight and left a child behind with nobody it came with."""

from uuid import UUID

import pytest

from services.travel.paper_flights.rules import Stayed, left_a_child_alone
from shared.contracts import travel as t
from shared.contracts.registration import AgeBand, Relation
from shared.database import new_id
from tests.travel.story import Family, member, one_adult
from tests.travel.test_paper_flights import booked, entered, everyone, line, yes
from tests.travel.test_parties_that_grow import joined
from tests.world import World


@pytest.mark.parametrize("seat_of_its_own", [True, False])
async def test_parents_who_flew_and_left_a_child_alone_are_told_as_not_in_order(
    world: World, seat_of_its_own: bool
) -> None:
    family, other = Family(world), Family(world, members=one_adult())
    flight = await booked(world, family, other)
    stays = family.children[0]
    if not seat_of_its_own:
        baby = member(AgeBand.INFANT, Relation.CHILD, responsible=tuple(family.adults))
        family.members = (*family.members, baby)
        await family.tell(joined(family, baby.individual), baby.individual, 1)
        stays = baby.individual
    lines = [line(stays, "no_show")] if seat_of_its_own else []
    aboard = [each for each in everyone(family) if each["individual_id"] != str(stays)]
    said = await entered(world, flight, *aboard, *lines, yes(other.ids[0]))
    assert said["not_in_order"] == 2
    told = {UUID(each.data["individual"]): each.data["in_order"] for each in await world.told(t.PassengerDeparted)}
    assert {who for who, good in told.items() if not good} == set(family.adults)


async def test_a_child_who_stays_with_one_of_its_parents_is_left_alone_by_nobody(world: World) -> None:
    family = Family(world)
    flight = await booked(world, family)
    father, mother = family.adults
    first, second = family.children
    stayed = [line(mother, "no_show"), line(first, "no_show")]
    said = await entered(world, flight, yes(father), line(second), *stayed)
    assert said["not_in_order"] == 0


def test_who_left_a_child_with_nobody_it_came_with() -> None:
    father, mother, aunt, child = (new_id() for _ in range(4))
    both = [Stayed(child, frozenset({father, mother}))]
    assert left_a_child_alone([father, mother, aunt], [], both) == {father, mother}
    assert left_a_child_alone([father, mother], [], both) == {father, mother}, "nobody else flew"
    assert left_a_child_alone([father, aunt], [mother], both) == {father}, "the mother had left before"
    assert left_a_child_alone([father, aunt], [], both) == set()
    assert left_a_child_alone([father, mother], [child], both) == set(), "the child had left before them"
    assert left_a_child_alone([aunt], [], [Stayed(child, frozenset())]) == set()
