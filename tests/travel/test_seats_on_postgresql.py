"""Seats and places where writers really run side by side: no seat, place or allotment is given twice."""

import asyncio
from collections.abc import AsyncIterator
from contextvars import Context
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest_asyncio

from services.travel.app import create_app
from services.travel.bookings.queries import take_turn
from tests.servers.databases import Databases
from tests.travel.story import TO, Family, one_adult, schedule, two_adults
from tests.travel.test_escorts_and_support import checked, escort_body
from tests.travel.test_fares import FARE
from tests.travel.test_nights import stay_body
from tests.travel.test_offers import UNTIL, offered, seats
from tests.travel.test_requests import asked
from tests.travel.test_transport import of, run_body
from tests.world import World, start


@pytest_asyncio.fixture
async def real(databases: Databases, tmp_path: Path) -> AsyncIterator[World]:
    async with databases.of(create_app) as url, start(create_app, tmp_path, database_url=url) as running:
        yield running


async def at_once(world: World, *asks: tuple[str, object]) -> list[int]:
    answers = await asyncio.gather(*(world.call("POST", path, body, role=TO) for path, body in asks))
    assert {each.status_code for each in answers} <= {200, 201, 409}, [each.text for each in answers]
    return [each.status_code for each in answers]


async def test_couples_who_want_the_last_seats_at_once_get_them_once_however_they_ask(real: World) -> None:
    """Offers, bookings, a group and an escort all want the seats of one small flight."""
    flight = await schedule(real, seats=7)
    first = await Family(real, members=one_adult()).bookable()
    await first.book(flight)
    couples = [await Family(real, members=two_adults()).bookable() for _ in range(6)]
    offers = [("/offers", offered(each, flight)) for each in couples[:3]]
    books = [("/bookings", {"case_id": str(each.case), "flight_id": str(flight)}) for each in couples[3:]]
    group = (f"/flights/{flight}/travel-groups", {"label": "Site", "seats": 2})
    escort = (f"/flights/{flight}/escorts", escort_body(first))
    said = await at_once(real, *offers, *books, group, escort)
    taken, aside, left = await seats(real, flight)
    assert taken + aside + left == 7
    given = [2 * (status == 201) for status in said[:7]]
    assert taken + aside == 1 + sum(given) + (said[7] == 201)
    assert left < 2, "a couple is refused only when there are not two seats"


async def test_the_last_places_in_a_vehicle_are_given_once(real: World) -> None:
    flight = await schedule(real)
    couples = []
    for _ in range(4):
        couples.append(await Family(real, members=two_adults()).bookable())
        await couples[-1].book(flight)
    run = await real.post(f"/flights/{flight}/transport-runs", run_body(places=5), role=TO)
    said = await at_once(real, *((f"/transport-runs/{run['id']}/riders", of(each)) for each in couples))
    assert sorted(said) == [200, 200, 409, 409]
    shown = await real.get(f"/transport-runs/{run['id']}", role=TO)
    assert (shown["places_taken"], len(shown["riders"])) == (4, 4)


async def test_an_offer_accepted_while_it_is_swept_is_either_a_booking_or_free_seats(real: World) -> None:
    flight = await schedule(real)
    couples = [await Family(real, members=two_adults()).bookable() for _ in range(4)]
    made = [await real.post("/offers", offered(each, flight), role=TO) for each in couples]
    just_before = UNTIL - timedelta(seconds=1)

    async def accept(offer: UUID) -> int:
        answer = await real.call("POST", f"/offers/{offer}/acceptance", {}, role=TO, now=just_before)
        return answer.status_code

    async def sweep() -> int:
        return (await real.call("POST", "/offer-sweeps", {}, role=TO, now=UNTIL)).status_code

    said = await asyncio.gather(*(accept(UUID(each["id"])) for each in made), sweep(), sweep())
    assert set(said) <= {200, 409}
    real.now = UNTIL
    await real.post("/offer-sweeps", {}, role=TO)
    found = [(await real.get(f"/offers/{each['id']}", role=TO))["status"] for each in made]
    assert await seats(real, flight) == (2 * found.count("taken"), 0, 30 - 2 * found.count("taken"))
    assert set(found) <= {"taken", "expired"}


async def test_what_is_arranged_around_a_flight_goes_the_same_way_on_postgresql(real: World) -> None:
    flight = await schedule(real)
    await real.post(f"/flights/{flight}/fares", FARE, role=TO)
    family = await Family(real, members=two_adults()).bookable()
    booking = await family.book(flight)
    await checked(family, "extra_seat")
    run = await real.post(f"/flights/{flight}/transport-runs", run_body(), role=TO)
    await real.post(f"/transport-runs/{run['id']}/riders", of(family), role=TO)
    stay = await real.post("/hotel-stays", stay_body(booking), role=TO)
    await real.post(f"/flights/{flight}/escorts", escort_body(family, "operational"), role=TO)
    request = await real.post("/paper-requests", asked(family), role=TO)
    await real.get("/paper-requests?overdue=true", role=TO)
    assert await seats(real, flight) == (2, 2, 26)
    await family.withdraw()
    assert await seats(real, flight) == (0, 0, 30)
    assert (await real.get(f"/hotel-stays/{stay['id']}", role=TO))["status"] == "cancelled"
    report = await real.get("/reports/fares?since=2021-12-01&until=2021-12-31", role=TO)
    assert [(each["outcome"], each["entries"], each["refunded"]) for each in report["lines"]] == [
        ("changed_mind", 2, "900.00"),
        ("cancelled", 1, "540.00"),  # their escort's
    ]
    real.now = UNTIL + timedelta(days=30)
    assert (await real.post("/paper-reminders", {}, role=TO))["reminded"] == [request["id"]]


async def test_a_turn_that_somebody_has_is_waited_for_until_their_commit(real: World) -> None:
    case, database = uuid4(), real.runtime.database
    async with database.transaction() as session:
        await take_turn(session, case)

    async def second() -> None:
        async with database.transaction() as session:
            await take_turn(session, case)

    async with database.transaction() as session:
        await take_turn(session, case)
        waiting = asyncio.create_task(second(), context=Context())  # as another request's, which knows of none
        done, _ = await asyncio.wait({waiting}, timeout=0.3)
        assert not done
    await asyncio.wait_for(waiting, 5)
