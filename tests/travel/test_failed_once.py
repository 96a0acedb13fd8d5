"""Every write of travel, failed once between its change and its commit."""

from datetime import timedelta
from uuid import UUID

from shared.auth import Role
from shared.clock import rfc3339
from shared.contracts import travel as t
from tests.faults import Tried
from tests.travel.registration import Registration, carry
from tests.travel.story import AD, AT_THE_DESK, DEPARTS, DOORS, FI, TO, YES, Family, flight_body, one_adult, schedule
from tests.travel.test_allowances import money
from tests.travel.test_escorts_and_support import CHECK_RULE, escort_body
from tests.travel.test_escorts_and_support import RULE as STRETCHER
from tests.travel.test_fares import FARE
from tests.travel.test_flight_changes import change
from tests.travel.test_groups import CHARTER
from tests.travel.test_journeys import HOME, STOP, arrival, happened, transit
from tests.travel.test_nights import stay_body
from tests.travel.test_paper_flights import AFTER, line, paper, yes
from tests.travel.test_papers import RULE
from tests.travel.test_requests import asked
from tests.travel.test_transport import PICKUP, of, run_body
from tests.world import World


async def test_every_write_that_fails_at_its_commit_leaves_nothing_and_is_taken_when_repeated(
    world: World, registration: Registration
) -> None:
    tried = Tried(world)
    await before_the_day(tried)
    flight = await schedule(world)
    people = [await Family(world, members=one_adult()).ready() for _ in range(4)]
    for each in people:
        await each.book(flight)
    seats = [{"flight_id": flight, "individual_id": each.ids[0]} for each in people]
    await at_the_desk(tried, people[0], seats)
    await to_the_end(tried, flight, seats)
    await on_paper(tried)
    tried.all_of_them()


async def before_the_day(tried: Tried) -> None:
    await tried.once("add_paper_rule", {**RULE, "nationalities": ["LBN"]}, role=TO)
    plane = (await tried.once("schedule_flight", flight_body(), t.FlightScheduled, role=TO))["id"]
    family = await Family(tried.world).bookable()
    booking = {"case_id": str(family.case), "flight_id": plane}
    made = await tried.once("book_seats", booking, t.BookingMade, role=TO)
    cancelled = {"booking_id": made["id"], "role": TO}
    await tried.once("cancel_booking", {"reason": "by_officer"}, t.BookingCancelled, **cancelled)
    again = await tried.once("book_seats", booking, t.BookingMade, role=TO)
    later = change(later=timedelta(hours=1))
    await tried.once("change_flight", later, t.FlightChanged, t.BookingMade, flight_id=plane, etag="*", role=TO)
    other_plane = await schedule(tried.world)
    moved = {"booking_id": again["id"], "role": TO}
    await tried.once("rebook", {"flight_id": str(other_plane)}, t.BookingCancelled, t.BookingMade, **moved)
    grounded = {"flight_id": other_plane, "role": TO}
    tells = (t.BookingCancelled, t.BookingWaiting, t.FlightCancelled)
    await tried.once("cancel_flight", None, *tells, **grounded)
    other = await Family(tried.world).bookable()
    wait = await tried.once("join_waiting_list", {"case_id": str(other.case)}, t.BookingWaiting, role=TO)
    await tried.once("end_waiting", None, entry_id=wait["id"], role=TO)
    await tried.world.post("/waiting-list", {"case_id": str(other.case)}, role=TO)
    next_plane = await schedule(tried.world)
    await tried.once("seat_in_line", {}, t.BookingMade, t.BookingMade, flight_id=next_plane, role=TO)
    await seats_set_aside(tried, next_plane)


async def on_the_ground(tried: Tried, plane: UUID) -> None:
    family = await Family(tried.world).bookable()
    booking = await family.book(plane)
    run = await tried.once("plan_run", run_body(), flight_id=plane, role=TO)
    await tried.once("seat_on_run", of(family), t.GroundArranged, run_id=run["id"], role=TO)
    sooner = {"pickup_place": "Gate 1", "pickup_at": rfc3339(PICKUP - timedelta(hours=1))}
    await tried.once("change_pickup", sooner, t.GroundArranged, run_id=run["id"], role=TO)
    await tried.once("leave_run", {"individual_id": str(family.ids[0])}, t.GroundCancelled, run_id=run["id"], role=TO)
    await tried.once("cancel_run", None, t.GroundCancelled, run_id=run["id"], role=TO)
    stay = await tried.once("book_stay", stay_body(booking), t.GroundArranged, role=TO)
    await tried.once("cancel_stay", None, t.GroundCancelled, stay_id=stay["id"], role=TO)


async def papers_asked_for(tried: Tried) -> None:
    family = await Family(tried.world).register()
    on = {"on": "2021-12-09"}
    for verb in ("collect_paper", "refuse_paper", "abandon_request"):
        made = await tried.once("request_paper", asked(family), role=TO)
        of_request = {"request_id": made["id"], "role": TO}
        if verb == "collect_paper":
            await tried.once("appoint", {"appointment_at": "2021-12-15T09:00:00Z"}, **of_request)
            await tried.once("set_due", {"due_on": "2021-12-09"}, **of_request)
            await tried.once("remind", {}, role=TO)
        await tried.once(verb, on, **of_request)


async def support_arranged(tried: Tried, plane: UUID) -> None:
    await tried.once("set_support_rule", STRETCHER, role=TO)
    await tried.once("set_check_rule", {**CHECK_RULE, "outcome": "waived"}, role=TO)
    family = await Family(tried.world, members=one_adult()).bookable()
    await family.book(plane)
    seat = {"flight_id": plane, "individual_id": family.ids[0]}
    await tried.once("hold_second_seats", None, role=TO, **seat)
    nurse = await tried.once("add_escort", escort_body(family), flight_id=plane, role=TO)
    await tried.once("cancel_escort", None, escort_id=nurse["id"], role=TO)


async def travelling_together(tried: Tried, plane: UUID) -> None:
    group = await tried.once("form_group", CHARTER, flight_id=plane, role=TO)
    of_group = {"group_id": group["id"], "role": TO}
    family = await Family(tried.world, members=one_adult()).bookable()
    await tried.once("book_group_case", {"case_id": str(family.case)}, t.BookingMade, **of_group)
    await tried.once("allot_seats", {"seats": 2}, **of_group)
    onto = {"flight_id": str(await schedule(tried.world))}
    await tried.once("move_group", onto, t.BookingCancelled, t.BookingMade, **of_group)
    await tried.once("close_group", None, **of_group)


async def seats_set_aside(tried: Tried, plane: UUID) -> None:
    await tried.once("set_fare", FARE, flight_id=plane, role=FI)
    await on_the_ground(tried, plane)
    await papers_asked_for(tried)
    await support_arranged(tried, plane)
    await travelling_together(tried, plane)
    family = await Family(tried.world).bookable()
    until = tried.world.now + timedelta(days=1)
    offer = {"case_id": str(family.case), "flight_id": str(plane), "expires_at": until.isoformat()}
    made = await tried.once("offer_seats", offer, t.OfferMade, role=TO)
    await tried.once("decline_offer", None, t.OfferEnded, offer_id=made["id"], role=TO)
    made = await tried.once("offer_seats", offer, t.OfferMade, role=TO)
    await tried.once("accept_offer", {}, t.OfferEnded, t.BookingMade, offer_id=made["id"], role=TO)
    other = await Family(tried.world).bookable()
    await tried.once("offer_seats", {**offer, "case_id": str(other.case)}, t.OfferMade, role=TO)
    tried.world.now = until
    await tried.once("expire_offers", {}, t.OfferEnded, role=TO)


async def at_the_desk(tried: Tried, first: Family, seats: list[dict[str, UUID]]) -> None:
    tried.world.now = AT_THE_DESK
    for seat in (seats[0], seats[1]):
        await tried.once("check_in", None, role=AD, **seat)
        await tried.once("check_baggage", {"pieces": 1}, role=AD, **seat)
        await tried.once("state_willingness", YES, t.WillingnessStated, role=AD, **seat)
        await tried.once("board_passenger", None, role=AD, **seat)
    walks_in = await Family(tried.world, members=one_adult()).ready()
    body = {"case_id": str(walks_in.case)}
    await tried.once("take_walk_in", body, t.BookingMade, role=AD, flight_id=await schedule(tried.world))
    pocket = money(f"pocket_money:{first.ids[0]}")
    await tried.once("pay_allowance", pocket, t.AllowancePaid, role=FI, **seats[0])
    gone = (t.PassengerOffloaded, t.BookingCancelled)
    await tried.once("offload_passenger", {"reason": "medical"}, *gone, role=AD, **seats[2])
    await tried.once("mark_no_show", None, t.PassengerNoShow, t.BookingCancelled, role=AD, **seats[3])


async def to_the_end(tried: Tried, flight: UUID, seats: list[dict[str, UUID]]) -> None:
    world, home = tried.world, {"role": Role.REINTEGRATION_OFFICER}
    world.now = DOORS
    await tried.once("close_doors", None, role=AD, flight_id=flight)
    await carry(world)
    world.now = DEPARTS + timedelta(minutes=1)
    left = {"departed_at": DEPARTS.isoformat()}
    both = (t.PassengerDeparted, t.PassengerDeparted)
    await tried.once("confirm_departure", left, *both, role=AD, flight_id=flight)
    world.now = STOP
    await tried.once("record_transit", transit(), t.PassengerInTransit, **home, **seats[0])
    world.now = HOME
    await tried.once("record_arrival", arrival(), t.PassengerArrived, **home, **seats[0])
    back = happened(HOME, country="IRQ", kind="refused_entry")
    await tried.once("record_non_admission", back, t.PassengerNotAdmitted, **home, **seats[1])


async def on_paper(tried: Tried) -> None:
    flight, family = await schedule(tried.world), Family(tried.world, members=one_adult())
    tried.world.now = AT_THE_DESK - timedelta(days=3)
    await family.ready()
    await family.book(flight)
    tried.world.now = AFTER
    stayed, left = paper(line(family.ids[0], "no_show")), paper(yes(family.ids[0]))
    of_flight = {"role": AD, "flight_id": flight}
    await tried.once("enter_paper_manifest", stayed, t.PassengerNoShow, t.BookingCancelled, **of_flight)
    kept = await tried.world.post(f"/flights/{flight}/paper-manifests", left, role=AD)
    found = {"role": TO, "flight_id": flight, "paper_id": kept["id"]}
    await tried.once("resolve_paper", {"resolution": "departed_too"}, t.PassengerDeparted, **found)
