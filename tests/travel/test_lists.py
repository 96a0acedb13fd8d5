"""No list asks its database more often when it is longer."""

from typing import Any

from tests.lists import asked, check
from tests.travel.story import AT_THE_DESK, FI, TO, Family, one_adult, schedule, seat
from tests.travel.test_allowances import money
from tests.travel.test_escorts_and_support import CHECK_RULE, escort_body
from tests.travel.test_escorts_and_support import RULE as STRETCHER
from tests.travel.test_fares import FARE
from tests.travel.test_groups import formed
from tests.travel.test_paper_flights import AFTER, entered, line, yes
from tests.travel.test_papers import RULE
from tests.world import World


async def test_no_list_of_travel_asks_more_queries_for_more_rows(world: World) -> None:
    flight, on_paper = await schedule(world), await schedule(world)
    man, other = [await Family(world, members=one_adult()).ready() for _ in range(2)]
    (who,), (flew,) = man.ids, other.ids
    await other.book(on_paper)
    path, desk = f"/flights/{flight}", seat(flight, who)
    lists: dict[str, tuple[str, Any]] = {
        "/check-rules": ("/check-rules", TO),
        "/flights/{flight_id}/escorts": (f"{path}/escorts", TO),
        "/flights/{flight_id}/fare-entries": (f"{path}/fare-entries", FI),
        "/flights/{flight_id}/fares": (f"{path}/fares", FI),
        "/flights/{flight_id}/paper-manifests": (f"/flights/{on_paper}/paper-manifests", TO),
        "/flights/{flight_id}/passengers/{individual_id}/allowances": (f"{desk}/allowances", TO),
        "/flights/{flight_id}/travel-groups": (f"{path}/travel-groups", TO),
        "/papers": ("/papers", TO),
        "/support-rules": ("/support-rules", TO),
    }

    async def more(number: int) -> None:
        day = f"2021-12-{10 + number}"
        world.now = AT_THE_DESK
        await world.post("/check-rules", {**CHECK_RULE, "valid_from": day}, role=TO)
        await world.post("/support-rules", {**STRETCHER, "valid_from": day}, role=TO)
        await world.post("/papers", {**RULE, "nationalities": ["LBN"], "valid_from": day}, role=TO)
        await world.post(f"{path}/fares", {**FARE, "source": f"page {number}"}, role=FI)
        await formed(world, flight, seats=1, label=f"Group {number}")
        goes = await Family(world, members=one_adult()).ready()
        booked = await goes.book(flight)
        await world.post(f"{path}/escorts", escort_body(goes, reference=f"NURSE-{number}"), role=TO)
        await world.post(f"/bookings/{booked['id']}/cancellation", {"reason": "by_officer"}, role=TO)
        receipt = {"receipt_number": f"R-{number}"}
        await world.post(f"{desk}/allowance", money(f"money_{number}:{who}", "20.00", **receipt), role=FI)
        world.now = AFTER
        await entered(world, on_paper, yes(flew) if number == 1 else line(flew, ("no_show", "left_behind")[number % 2]))

    (line_of_his,) = man.decision_fact().package
    await man.decide(package=[line_of_his.model_copy(update={"line": f"money_{each}:{who}"}) for each in (1, 2, 3)])
    await man.book(flight)
    await more(1)
    few = await asked(world, lists)
    for number in (2, 3):
        await more(number)
    check("travel", few, await asked(world, lists))
