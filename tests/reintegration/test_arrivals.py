"""Who is expected home, day by day, for the team that meets them."""

from typing import Any

from shared.database import new_id
from shared.pagination import cursor_at
from tests.reintegration.story import RE, at_home, expected, hear
from tests.world import World


async def on(world: World, days: str = "since=2021-12-14&until=2021-12-14", **options: Any) -> Any:
    return await world.get(f"/arrivals?{days}", role=RE, **options)


async def test_everyone_on_the_way_is_listed_on_the_day_of_arrival(world: World) -> None:
    family = await expected(world)
    found = await on(world)
    assert {each["individual_id"] for each in found["items"]} == {str(each) for each in family.everyone}
    assert {each["standing"] for each in found["items"]} == {"booked"}
    assert found["contacts_available"] is False, "registration does not run here, and the answer says so"
    assert (await on(world, "since=2021-12-15&until=2021-12-20"))["items"] == []


async def test_who_has_arrived_or_lost_the_seat_is_expected_no_more(world: World) -> None:
    await at_home(world)
    gone = await expected(world)
    await hear(world, gone, gone.cancelled())
    assert (await on(world))["items"] == []


async def test_a_page_of_arrivals_goes_on_where_the_one_before_ended(world: World) -> None:
    for _ in range(2):
        await expected(world)
    found: list[str] = []
    days = "since=2021-12-01&until=2021-12-31&limit=3"
    page = await on(world, days)
    while True:
        found += [each["individual_id"] for each in page["items"]]
        if page["next"] is None:
            break
        page = await on(world, f"{days}&cursor={page['next']}")
    assert len(found) == len(set(found)) == 8
    for moment in ("2021-12-09", "2021-12-09T09:00:00", "0001-01-01T00:00:00+14:00"):
        await on(world, f"{days}&cursor={cursor_at(moment, new_id(), new_id())}", expect=400)
    problem = await on(world, f"{days}&cursor=made-up", expect=400)
    assert problem["type"] == "/problems/cursor-unusable"


async def test_days_that_end_before_they_begin_are_refused(world: World) -> None:
    problem = await on(world, "since=2021-12-14&until=2021-12-13", expect=422)
    assert problem["type"] == "/problems/days-cannot-be-asked"
    await on(world, "since=2021-12-14&until=2022-12-13", expect=422)
