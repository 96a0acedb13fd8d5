"""The desk's day: its flights, and how far each has come."""

from datetime import timedelta

from tests.travel.registration import Registration, carry
from tests.travel.story import AD, DEPARTS, LEFT, Family, close_doors, one_adult, schedule, seat, to_the_door
from tests.world import World


async def test_the_list_the_day_and_the_doors_count_alike_before_and_after_the_flight(
    world: World, registration: Registration
) -> None:
    family, alone = await Family(world).ready(), await Family(world, members=one_adult()).ready()
    flight = await schedule(world)
    await family.book(flight)
    await alone.book(flight)
    await to_the_door(world, flight, family)
    await world.post(f"{seat(flight, alone.ids[0])}/no-show", role=AD)

    async def said() -> set[str]:
        day = await world.get(f"/desk/today?airport=MSQ&on={DEPARTS.date()}", role=AD)
        lists = [await world.get(f"/flights/{flight}/{each}", role=AD) for each in ("passengers", "doors")]
        return {day["flights"][0]["sentence"], *(each["sentence"] for each in lists)}

    assert await said() == {"4 of 5 boarded"}
    await close_doors(world, flight)
    await carry(world)
    world.now = DEPARTS
    shown = await world.post(f"/flights/{flight}/departure", LEFT, role=AD)
    assert shown["validated"] is False, "nobody counted"
    world.now = DEPARTS + timedelta(hours=9)
    body = {"at": world.now.isoformat(), "airport": "EBL", "country": "IRQ", "met_by": "not_met"}
    await world.post(f"{seat(flight, family.ids[0])}/arrival", body, role=AD)
    assert await said() == {"4 of 5 boarded"}


async def test_who_was_taken_off_and_booked_again_is_counted_once(world: World) -> None:
    family = await Family(world, members=one_adult()).ready()
    flight = await schedule(world)
    await family.book(flight)
    await world.post(f"{seat(flight, family.ids[0])}/no-show", role=AD)
    await family.book(flight)
    day = await world.get(f"/desk/today?airport=MSQ&on={DEPARTS.date()}", role=AD)
    lists = [await world.get(f"/flights/{flight}/{each}", role=AD) for each in ("passengers", "doors")]
    assert {day["flights"][0]["sentence"], *(each["sentence"] for each in lists)} == {"0 of 1 boarded"}


async def test_the_desk_sees_the_days_flights_with_their_counts(world: World, registration: Registration) -> None:
    family, other = await Family(world).ready(), await Family(world).ready()
    flight, empty = await schedule(world), await schedule(world)
    await family.book(flight)
    await other.book(flight)
    await to_the_door(world, flight, family)
    await world.post(f"{seat(flight, other.ids[0])}/check-in", role=AD)
    day = f"/desk/today?airport=MSQ&on={DEPARTS.date()}"
    found = {each["flight_id"]: each for each in (await world.get(day, role=AD))["flights"]}
    assert set(found) == {str(flight), str(empty)}
    shown = found[str(flight)]
    assert shown["sentence"] == "4 of 8 boarded"
    assert shown["passengers"] == {"boarded": 4, "booked": 3, "checked_in": 1}
    assert found[str(empty)]["expected"] == 0
    assert (await world.get(f"/desk/today?airport=VNO&on={DEPARTS.date()}", role=AD))["flights"] == []
    tomorrow = DEPARTS.date() + timedelta(days=1)
    assert (await world.get(f"/desk/today?airport=MSQ&on={tomorrow}", role=AD))["flights"] == []
