"""The desk's day: its flights, and how far each has come."""

from datetime import timedelta

from tests.travel.registration import Registration
from tests.travel.story import AD, DEPARTS, Family, schedule, seat, to_the_door
from tests.world import World


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
