"""A family that sits apart by its own word changes flights: no child is left behind without those responsible, or loses
its seat unseen."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from shared.contracts import registration as r
from shared.contracts import travel as t
from shared.contracts.registration import AgeBand, Relation
from tests.travel.story import DEPARTS, TO, Family, member, schedule, statuses, two_adults
from tests.travel.test_bookings import agreed
from tests.travel.watch import refused
from tests.world import World


def with_a_baby() -> tuple[r.Member, ...]:
    """Father and mother, and a baby for whom the mother alone is responsible."""
    father, mother = two_adults()
    return father, mother, member(AgeBand.INFANT, Relation.CHILD, responsible=(mother.individual,))


async def apart(world: World, flight: UUID, members: tuple[r.Member, ...]) -> tuple[Family, list[Any]]:
    """Each by a booking of their own, the adults first."""
    family = await Family(world, members=members).bookable()
    return family, [await family.book(flight, one, **agreed(*family.adults)) for one in family.ids]


async def changed(world: World, booking: Any, onto: UUID, expect: int = 201) -> Any:
    return await world.post(f"/bookings/{booking['id']}/rebooking", {"flight_id": str(onto)}, role=TO, expect=expect)


async def test_a_baby_with_a_booking_of_its_own_changes_flights_with_its_mother_in_one_act(world: World) -> None:
    flight, later = await schedule(world), await schedule(world, departs=DEPARTS + timedelta(days=1))
    family, (his, hers, babys) = await apart(world, flight, with_a_baby())
    father, mother, baby = family.ids
    made = await changed(world, hers, later)
    assert {UUID(each["individual_id"]) for each in made["passengers"]} == {mother, baby}
    assert await statuses(world, later) == {mother: "booked", baby: "booked"}
    assert (await statuses(world, flight)) == {father: "booked", mother: "cancelled", baby: "cancelled"}
    shown = [(await world.get(f"/bookings/{each['id']}", role=TO))["status"] for each in (his, hers, babys)]
    assert shown == ["confirmed", "cancelled", "cancelled"]
    cancelled = {each.subject: each.data for each in await world.told(t.BookingCancelled, family.case)}
    assert cancelled.keys() == {hers["id"], babys["id"]}, "each is told once"
    assert {each["reason"] for each in cancelled.values()} == {"by_officer"}
    assert sorted(made["split_stated_by"]) == sorted(str(each) for each in family.adults)
    assert [(await world.get(f"/flights/{each}", role=TO))["seats"]["taken"] for each in (flight, later)] == [1, 2]


async def test_a_baby_does_not_change_flights_without_its_mother_and_the_refusal_names_the_act(world: World) -> None:
    flight, later = await schedule(world), await schedule(world, departs=DEPARTS + timedelta(days=1))
    family, (_his, _hers, babys) = await apart(world, flight, with_a_baby())
    path = f"/bookings/{babys['id']}/rebooking"
    problem = await refused(world, path, {"flight_id": str(later)}, "child-would-fly-alone", 409, role=TO)
    assert problem["children"] == [str(family.ids[-1])]
    assert "rebooking" in problem["remedy"]


async def test_too_few_seats_for_the_baby_move_nobody(world: World) -> None:
    flight, small = await schedule(world), await schedule(world, seats=1)
    family, (_his, hers, _babys) = await apart(world, flight, with_a_baby())
    path = f"/bookings/{hers['id']}/rebooking"
    problem = await refused(world, path, {"flight_id": str(small)}, "not-enough-seats", 409, role=TO)
    assert problem["wanted"] == 2
    assert set((await statuses(world, flight)).values()) == {"booked"}
    assert len(family.ids) == 3


async def test_a_child_stays_with_the_parent_who_stays(world: World) -> None:
    flight, later = await schedule(world), await schedule(world, departs=DEPARTS + timedelta(days=1))
    father, mother = two_adults()
    both = (father.individual, mother.individual)
    baby = member(AgeBand.INFANT, Relation.CHILD, responsible=both)
    family, (his, hers, _babys) = await apart(world, flight, (father, mother, baby))
    made = await changed(world, hers, later)
    assert [UUID(each["individual_id"]) for each in made["passengers"]] == [mother.individual]
    assert (await statuses(world, flight))[baby.individual] == "booked"
    last = await changed(world, his, later)
    assert {UUID(each["individual_id"]) for each in last["passengers"]} == {father.individual, baby.individual}
    assert set((await statuses(world, later)).values()) == {"booked"}
    assert len(family.ids) == 3


async def test_who_was_booked_with_the_others_changes_flights_alone_by_a_word_given_for_it(world: World) -> None:
    flight, later = await schedule(world), await schedule(world, departs=DEPARTS + timedelta(days=1))
    family = await Family(world, members=two_adults()).bookable()
    one, other = family.ids
    await family.book(flight, one, **agreed(one, other))
    made = await family.book(flight, other)  # with whom all fly, and no word is asked
    path, body = f"/bookings/{made['id']}/rebooking", {"flight_id": str(later)}
    await refused(world, path, body, "never-split-without-their-word", 409, role=TO)
    await refused(world, path, {**body, **agreed(other)}, "never-split-without-their-word", 409, role=TO)
    new = await world.post(path, {**body, **agreed(one, other)}, role=TO, expect=201)
    assert set(new["split_stated_by"]) == {str(one), str(other)}
    assert [await statuses(world, each) for each in (flight, later)] == [
        {one: "booked", other: "cancelled"},
        {other: "booked"},
    ]


@pytest.mark.parametrize("who", ["the mother", "the child's own booking"])
async def test_whoever_sits_by_the_childs_booking_moves_along_with_it(world: World, who: str) -> None:
    """It was booked all or none. The aunt is no parent, and the children of the aunt need her in their turn."""
    flight, later = await schedule(world), await schedule(world, departs=DEPARTS + timedelta(days=1))
    mother, aunt = two_adults()
    baby = member(AgeBand.INFANT, Relation.CHILD, responsible=(mother.individual,))
    cousin = member(AgeBand.CHILD, Relation.OTHER_RELATIVE, responsible=(aunt.individual,))
    family = await Family(world, members=(mother, aunt, baby, cousin)).bookable()
    word = agreed(*family.adults)
    hers = await family.book(flight, mother.individual, **word)
    shared = await family.book(flight, aunt.individual, baby.individual, **word)
    await family.book(flight, cousin.individual)
    if who != "the mother":
        await refused(
            world,
            f"/bookings/{shared['id']}/rebooking",
            {"flight_id": str(later)},
            "child-would-fly-alone",
            409,
            role=TO,
        )
        return
    made = await changed(world, hers, later)
    assert {UUID(each["individual_id"]) for each in made["passengers"]} == set(family.ids)
    assert set((await statuses(world, flight)).values()) == {"cancelled"}
