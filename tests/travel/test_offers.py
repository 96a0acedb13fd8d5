"""Seats offered until a moment: held meanwhile, back in the pool when it has passed, whatever was restarted."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
from hypothesis import given
from hypothesis import strategies as st

from services.travel.app import create_app
from services.travel.flights.rules import seats_left
from services.travel.offers.actions import EXPIRE_OFFERS
from services.travel.offers.rules import is_over
from shared.auth import Role
from shared.clock import rfc3339
from shared.contracts import travel as t
from shared.contracts.registration import Fitness
from tests.travel.story import CUT_OFF, DEPARTS, DOORS, TO, Family, check, flight_body, one_adult, schedule, seat
from tests.travel.watch import refused, snapshot
from tests.world import STORY_TIME, World

UNTIL = STORY_TIME + timedelta(days=2)


def offered(family: Family, flight: UUID, until: datetime = UNTIL, individuals: Sequence[UUID] = ()) -> dict[str, Any]:
    return {
        "case_id": str(family.case),
        "flight_id": str(flight),
        "individuals": [str(each) for each in individuals],
        "expires_at": rfc3339(until),
    }


async def seats(world: World, flight: UUID) -> tuple[int, int, int]:
    """Taken, set aside, left."""
    shown = await world.get(f"/flights/{flight}", role=TO)
    return shown["seats"]["taken"], shown["seats_aside"], shown["seats"]["left"]


async def test_offered_seats_are_nobody_elses_until_their_moment_and_then_anybodys(world: World) -> None:
    flight = await schedule(world, seats=5)
    family, other = await Family(world).register(), await Family(world).bookable()
    offer = await world.post("/offers", offered(family, flight), role=TO)
    assert (offer["status"], offer["seats"], len(offer["individuals"])) == ("held", 4, 4)
    assert await seats(world, flight) == (0, 4, 1)
    problem = await other.book(flight, expect=409)
    assert (problem["type"], problem["left"]) == ("/problems/not-enough-seats", 1)

    world.now = UNTIL
    await other.book(flight)  # no sweep has come by, and the moment counts all the same
    assert await seats(world, flight) == (4, 0, 1)
    read = await world.get(f"/offers/{offer['id']}", role=TO)
    assert (read["status"], read["ended_at"], read["actions"]) == ("expired", rfc3339(UNTIL), [])


async def test_seats_whose_moment_has_passed_are_there_for_whatever_needs_seats_on_the_flight(world: World) -> None:
    led, ill, late = [await Family(world, members=one_adult()).bookable() for _ in range(3)]
    (guided,), (patient,) = led.ids, ill.ids
    escorts, second, told_late, changed, groups = [await schedule(world, seats=2) for _ in range(5)]
    await late.book(told_late)
    await world.post(f"/flights/{changed}/travel-groups", {"label": "Site 4", "seats": 1}, role=TO)
    await led.book(escorts)
    await ill.book(second)
    group = await world.post(f"/flights/{groups}/travel-groups", {"label": "Site 3", "seats": 1}, role=TO)
    for flight in (escorts, second, told_late, changed, groups):
        waiting = await Family(world, members=one_adult()).register()
        await world.post("/offers", offered(waiting, flight), role=TO)
    told = check(patient, outcome=Fitness.FIT_WITH_SUPPORT, support=("extra_seat",))
    await ill.tell(told, patient)
    path = f"{seat(second, patient)}/second-seats"
    await refused(world, path, {}, "not-enough-seats", 409, role=TO)

    world.now = UNTIL
    assert (await world.post(path, {}, role=TO))["held"] == 1
    (who,) = late.ids
    await late.tell(check(who, outcome=Fitness.FIT_WITH_SUPPORT, support=("extra_seat",)), who)
    assert (await world.get(seat(told_late, who), role=TO))["extra_seats"] == 1, (
        "and at once, where a check is told only then"
    )
    escort = {
        "kind": "medical",
        "reference": "NURSE-07",
        "individuals": [str(guided)],
        "fare": {"amount": "540.00", "currency": "EUR"},
        "project_code": "RT.0123",
        "budget_line": "B-ESCORT",
    }
    await world.post(f"/flights/{escorts}/escorts", escort, role=TO)
    await world.post(f"/travel-groups/{group['id']}/allotment", {"seats": 2}, role=TO)
    sooner = flight_body()
    change = {each: sooner[each] for each in ("legs", "cut_off_at", "check_in_opens_at", "doors_at")}
    answer = await world.call("PATCH", f"/flights/{changed}", {**change, "seats": 1}, role=TO, etag="*")
    assert answer.status_code == 200, answer.text
    assert [await seats(world, each) for each in (escorts, second, groups)] == [(1, 1, 0), (1, 1, 0), (0, 2, 0)]


async def test_an_accepted_offer_is_a_booking_of_its_own_seats_and_asks_every_gate(world: World) -> None:
    flight = await schedule(world, seats=4)
    family = await Family(world).register()
    offer = await world.post("/offers", offered(family, flight), role=TO)
    path = f"/offers/{offer['id']}/acceptance"
    await refused(world, path, {}, "gate-not-passed", 409, role=TO)
    assert await seats(world, flight) == (0, 4, 0), "the time it gives is for what is missing"
    await family.bookable()
    taken = await world.post(path, {}, role=TO)
    assert taken["status"] == "taken"
    assert await seats(world, flight) == (4, 0, 0)
    (made,) = await world.told(t.BookingMade, family.case)
    assert made.data["booking"] == taken["booking_id"]
    await refused(world, path, {}, "not-possible-now", 409, role=TO)


async def test_who_books_on_the_flight_offered_uses_the_seats_that_were_held(world: World) -> None:
    flight = await schedule(world, seats=4)
    family = await Family(world).bookable()
    offer = await world.post("/offers", offered(family, flight), role=TO)
    booking = await family.book(flight)
    assert await seats(world, flight) == (4, 0, 0)
    assert (await world.get(f"/offers/{offer['id']}", role=TO))["booking_id"] == booking["id"]


async def test_an_offer_refused_or_whose_people_withdraw_gives_its_seats_back(world: World) -> None:
    flight = await schedule(world)
    family = await Family(world).bookable()
    offer = await world.post("/offers", offered(family, flight), role=TO)
    assert (await world.post(f"/offers/{offer['id']}/refusal", role=TO))["status"] == "declined"
    assert await seats(world, flight) == (0, 0, 30)
    await world.post("/offers", offered(family, flight), role=TO)
    await family.withdraw(family.adults[1])
    assert await seats(world, flight) == (0, 3, 27)
    await family.withdraw()
    assert await seats(world, flight) == (0, 0, 30)
    page = await world.get(f"/offers?case_id={family.case}", role=TO)
    assert [each["status"] for each in page["items"]] == ["declined", "ended"]


async def test_a_flight_that_is_cancelled_holds_no_seat_for_anybody(world: World) -> None:
    flight = await schedule(world)
    family = await Family(world).register()
    offer = await world.post("/offers", offered(family, flight), role=TO)
    await world.post(f"/flights/{flight}/cancellation", role=TO)
    assert (await world.get(f"/offers/{offer['id']}", role=TO))["status"] == "ended"


async def test_seats_are_offered_only_once_and_only_for_a_time_that_makes_sense(world: World) -> None:
    flight = await schedule(world, seats=3)
    family, alone = await Family(world).register(), await Family(world, members=one_adult()).register()
    for until in (STORY_TIME, DOORS + timedelta(minutes=1)):
        await refused(world, "/offers", offered(alone, flight, until), "offer-time", 422, role=TO)
    await refused(world, "/offers", offered(family, flight), "not-enough-seats", 409, role=TO)
    await refused(world, "/offers", offered(family, flight, UNTIL, alone.ids), "not-of-this-case", 422, role=TO)
    await refused(world, "/offers", offered(Family(world), flight), "case-not-known-yet", 409, role=TO)
    made = await world.post("/offers", offered(alone, flight), role=TO)
    problem = await refused(world, "/offers", offered(alone, flight), "offered-already", 409, role=TO)
    assert problem["offer"] == made["id"]
    world.now = UNTIL
    await refused(world, f"/offers/{made['id']}/acceptance", {}, "offer-expired", 409, role=TO)
    world.now = DEPARTS
    await refused(world, "/offers", offered(alone, flight, CUT_OFF), "flight-not-open", 409, role=TO)


@asynccontextmanager
async def started_again(world: World) -> AsyncIterator[World]:
    """The service as a new process finds it: another app on the same database."""
    app = create_app(world.runtime.settings)
    transport = httpx.ASGITransport(app=app)
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url="http://x") as client:
        yield World(app, client)


async def test_a_sweep_after_a_restart_gives_back_what_is_due_and_a_second_one_nothing(world: World) -> None:
    flight = await schedule(world)
    for days in (1, 3):
        family = await Family(world, members=one_adult()).register()
        await world.post("/offers", offered(family, flight, STORY_TIME + timedelta(days=days)), role=TO)
    async with started_again(world) as later:
        later.now = UNTIL
        swept = await later.post("/offer-sweeps", {}, role=Role.ADMINISTRATOR)
        assert (len(swept["offers"]), swept["given_back"], swept["more"]) == (1, 1, False)
        assert await seats(later, flight) == (0, 1, 29)
        before = await snapshot(later)
        assert (await later.post("/offer-sweeps", {}, role=TO))["offers"] == []
        assert {**await snapshot(later), "audit": None} == {**before, "audit": None}


async def test_the_worker_finds_what_is_due_and_two_workers_give_it_back_once(world: World) -> None:
    flight = await schedule(world)
    family = await Family(world).register()
    await world.post("/offers", offered(family, flight), role=TO)
    database = world.runtime.database
    async with database.reading() as session:
        wishes = list(await EXPIRE_OFFERS.take(session))
    assert [each.flight_id for each in wishes] == [flight], "by the machine's clock the story is long over"
    for wish in (*wishes, *wishes):
        async with database.transaction() as session:
            await EXPIRE_OFFERS.settle(session, EXPIRE_OFFERS.act(wish), wish, None)
    assert await seats(world, flight) == (0, 0, 30)
    async with database.reading() as session:
        assert not await EXPIRE_OFFERS.take(session)


@given(st.integers(1, 9), st.lists(st.integers(1, 6), max_size=8))
def test_seats_are_never_given_twice_whatever_is_asked_for(held: int, wanted: list[int]) -> None:
    aside = 0
    for people in wanted:
        if people <= seats_left(held, 0, 0, aside):
            aside += people
    assert 0 <= aside <= held
    assert seats_left(held, 0, 0, aside) == held - aside


def test_the_moment_itself_is_too_late_and_closed_doors_end_every_hold() -> None:
    assert is_over(UNTIL, UNTIL, doors_open=True)
    assert not is_over(UNTIL, UNTIL - timedelta(microseconds=1), doors_open=True)
    assert is_over(UNTIL, STORY_TIME, doors_open=False)


async def test_an_offer_and_how_it_ended_are_told_to_who_has_the_contacts(world: World) -> None:
    flight = await schedule(world, seats=5)
    family, single = await Family(world).bookable(), await Family(world, members=one_adult()).bookable()
    offer = await world.post("/offers", offered(family, flight), role=TO)
    declined = await world.post("/offers", offered(single, flight), role=TO)
    await world.post(f"/offers/{declined['id']}/refusal", role=TO)
    made, other = await world.told(t.OfferMade)
    assert (made.key, made.subject, other.key) == (str(family.case), offer["id"], str(single.case))
    assert (made.data["flight"], datetime.fromisoformat(made.data["expires_at"])) == (str(flight), UNTIL)
    assert sorted(made.data["individuals"]) == sorted(str(each) for each in family.ids)
    again = await world.post("/offers", offered(single, flight), role=TO)
    await world.post(f"/offers/{again['id']}/acceptance", {}, role=TO)
    world.now = UNTIL
    await world.post("/offer-sweeps", {}, role=TO)
    ended = [(each.key, each.data["how"]) for each in await world.told(t.OfferEnded)]
    assert ended == [(str(single.case), "declined"), (str(single.case), "taken"), (str(family.case), "expired")]
