"""What registration answered at the doors, and what follows."""

import asyncio
from datetime import timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.travel.doors.rules import AtTheDoor, Left, those_left
from shared.contracts import travel as t
from shared.database import new_id
from tests.travel.registration import Registration, carry
from tests.travel.story import (
    AD,
    DEPARTS,
    DOORS,
    LEFT,
    TO,
    Family,
    boarded,
    close_doors,
    one_adult,
    statuses,
)
from tests.travel.watch import refused
from tests.world import World


async def test_the_aircraft_cannot_leave_before_its_doors_closed_or_before_now(
    world: World, registration: Registration
) -> None:
    flight = await boarded(world, Family(world, members=one_adult()))
    await refused(world, f"/flights/{flight}/departure", LEFT, "in-the-future", 422, role=AD)
    await close_doors(world, flight)
    await carry(world)
    early = {"departed_at": (DOORS - timedelta(minutes=1)).isoformat()}
    await refused(world, f"/flights/{flight}/departure", early, "departed-before-doors-closed", 422, role=AD)
    world.now = DEPARTS + timedelta(hours=2)
    await refused(world, f"/flights/{flight}/departure", LEFT, "late-reason-missing", 422, role=AD)
    await world.post(f"/flights/{flight}/departure", {**LEFT, "late_reason": "network_down"}, role=TO)
    (told,) = await world.told(t.PassengerDeparted)
    assert told.data["entered_at"].startswith("2021-12-14T11:00"), "when it left, and when that was entered"
    await refused(world, f"/flights/{flight}/departure", LEFT, "late-reason-missing", 422, role=AD)


async def test_the_doors_close_once_however_often_the_request_is_repeated(
    world: World, registration: Registration
) -> None:
    flight = await boarded(world, Family(world))
    world.now = DOORS
    answers = [
        await world.call("POST", f"/flights/{flight}/doors", {}, role=AD, key="closing-the-doors") for _ in range(2)
    ]
    assert [each.status_code for each in answers] == [202, 202]
    assert answers[0].content == answers[1].content
    await carry(world)
    assert len(registration.asked) == 1


PEOPLE = st.lists(st.tuples(st.integers(0, 3), st.booleans(), st.booleans(), st.booleans()), max_size=9)


@given(PEOPLE)
def test_no_booking_is_torn_apart_and_no_child_left_alone_at_the_doors(
    drawn: list[tuple[int, bool, bool, bool]],
) -> None:
    bookings = [new_id() for _ in range(4)]
    people = [
        AtTheDoor(new_id(), bookings[number], adult, on_board, on_board and ready)
        for number, adult, on_board, ready in drawn
    ]
    adult_of = {each.booking: each.individual for each in people if each.adult}

    def cannot_fly(flying: object) -> set[UUID]:
        aboard = set(flying) if isinstance(flying, set) else set()
        return {
            each.individual
            for each in people
            if not each.adult and each.individual in aboard and adult_of.get(each.booking) not in aboard
        }

    left = those_left(people, cannot_fly)
    for booking in bookings:
        whole = {each.individual for each in people if each.booking == booking}
        assert not whole & set(left) or whole <= set(left)
    flying = [each for each in people if each.individual not in left]
    assert all(each.boarded and each.ready for each in flying)
    assert all(each.adult or adult_of[each.booking] in {one.individual for one in flying} for each in flying)
    assert {left[each.individual] for each in people if not each.boarded} <= {Left.NO_SHOW}


async def test_two_rounds_of_the_worker_at_once_settle_once(world: World, registration: Registration) -> None:
    flight = await boarded(world, Family(world))
    await close_doors(world, flight)
    await asyncio.gather(*(carry(world) for _ in range(2)))
    assert set((await statuses(world, flight)).values()) == {"cleared"}
    assert await world.told(t.PassengerOffloaded) == []
