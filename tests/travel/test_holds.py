"""Who is booked is held and told at once, keeps the seat, and is stopped at the next gate; and who is not bookable."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from services.travel.bookings.rules import hold_reason
from shared.contracts import eligibility as e
from shared.contracts import registration as r
from shared.contracts import travel as t
from shared.database import new_id
from tests.travel.registration import Registration, carry
from tests.travel.story import (
    AD,
    AT_THE_DESK,
    DEPARTS,
    LEFT,
    TO,
    Family,
    boarded,
    close_doors,
    one_adult,
    schedule,
    seat,
    statuses,
    two_adults,
)
from tests.travel.test_bookings import body
from tests.travel.watch import refused
from tests.world import World

SUSPENDED: dict[str, Any] = {"restriction": new_id(), "country": "IRQ", "area": None}


def suspended(since: date = date(2021, 12, 10), until: date | None = None) -> e.RestrictionSet:
    return e.RestrictionSet(**SUSPENDED, valid_from=since, valid_until=until, source="Security advice of 10 December")


def open_again(on: date = date(2021, 12, 12)) -> e.RestrictionLifted:
    return e.RestrictionLifted(**SUSPENDED, lifted_on=on)


async def booking_of(world: World, made: Any) -> Any:
    return await world.get(f"/bookings/{made['id']}", role=TO)


async def test_a_destination_suspended_after_booking_holds_everyone_booked_at_once_and_says_by_whom(
    world: World,
) -> None:
    flight = await schedule(world)
    families = [await Family(world).bookable(), await Family(world, members=one_adult()).bookable()]
    made = [await each.book(flight) for each in families]
    await world.hear(suspended(), key="IRQ")
    for family, booking in zip(families, made, strict=True):
        shown = await booking_of(world, booking)
        assert (shown["status"], shown["held_for"]) == ("on_hold", "restriction")
        assert (shown["held_from"], shown["held_source"]) == ("2021-12-10", "Security advice of 10 December")
        (told,) = await world.told(t.BookingOnHold, family.case)
        assert (told.subject, told.data["reason"]) == (booking["id"], "restriction")
        assert {UUID(each) for each in told.data["individuals"]} == set(family.ids)
    assert (await world.get(f"/flights/{flight}", role=TO))["seats"]["taken"] == 5, "nobody lost a seat"
    await world.hear(suspended(), key="IRQ")
    assert len(await world.told(t.BookingOnHold)) == 2, "told once"

    await world.hear(open_again(), key="IRQ")
    for family, booking in zip(families, made, strict=True):
        shown = await booking_of(world, booking)
        assert (shown["status"], shown["held_for"], shown["held_source"]) == ("confirmed", None, None)
        assert len(await world.told(t.BookingResumed, family.case)) == 1


async def test_a_suspension_that_ends_before_the_day_of_departure_holds_nobody(world: World) -> None:
    family = await Family(world).bookable()
    made = await family.book(await schedule(world))
    await world.hear(suspended(until=DEPARTS.date() - timedelta(days=1)), key="IRQ")
    assert (await booking_of(world, made))["status"] == "confirmed"
    await world.hear(suspended(until=DEPARTS.date()), key="IRQ")
    assert (await booking_of(world, made))["status"] == "on_hold"
    await world.hear(open_again(on=DEPARTS.date() + timedelta(days=1)), key="IRQ")
    assert (await booking_of(world, made))["status"] == "on_hold", "it is lifted the day after"


async def test_those_held_are_asked_again_at_check_in_and_at_the_doors(
    world: World, registration: Registration
) -> None:
    family, other = Family(world, members=one_adult()), await Family(world, members=one_adult()).ready()
    flight = await boarded(world, family)
    await other.book(flight)
    await world.hear(suspended(), key="IRQ")
    world.now = AT_THE_DESK
    problem = await refused(world, f"{seat(flight, other.ids[0])}/check-in", None, "gate-not-passed", 409, role=AD)
    codes = [item["code"] for item in problem["missing"][str(other.ids[0])]]
    assert "destination_suspended" in codes
    await close_doors(world, flight)
    await carry(world)
    assert set((await statuses(world, flight)).values()) == {"offloaded", "no_show"}
    assert registration.asked == [], "there is nobody to clear"


async def test_a_hold_by_registration_holds_the_booking_until_it_is_released(world: World) -> None:
    family = await Family(world, members=two_adults()).bookable()
    made = await family.book(await schedule(world))
    hold = new_id()
    await family.tell(r.CaseHeld(hold=hold, individuals=(family.ids[0],)))
    shown = await booking_of(world, made)
    assert (shown["status"], shown["held_for"], shown["held_source"]) == ("on_hold", "held", None)
    await family.tell(r.CaseReleased(hold=hold, individuals=(family.ids[0],)))
    assert (await booking_of(world, made))["status"] == "confirmed"
    kinds = [each.type.split(".")[3] for each in await world.told(key=family.case)]
    assert kinds == ["made", "on_hold", "resumed"]


async def test_a_decision_that_changes_holds_those_booked_and_tells_them_until_they_are_eligible_again(
    world: World,
) -> None:
    family = await Family(world).bookable()
    made = await family.book(await schedule(world))
    no = family.decision_fact(outcome=e.Outcome.INELIGIBLE, good_until=None, package=())
    await family.tell(no)
    shown = await booking_of(world, made)
    assert (shown["status"], shown["held_for"], shown["held_source"]) == ("on_hold", "not_eligible", None)
    (told,) = await world.told(t.BookingOnHold, family.case)
    assert (told.subject, told.data["reason"]) == (made["id"], "not_eligible")
    assert {UUID(each) for each in told.data["individuals"]} == set(family.ids)
    await family.tell(no)
    await family.decide(outcome=e.Outcome.NEEDS_INFORMATION, good_until=None, package=())
    assert len(await world.told(t.BookingOnHold)) == 1, "told once: they are held for the same"
    await family.decide()
    assert (await booking_of(world, made))["status"] == "confirmed"
    assert [each.type.split(".")[3] for each in await world.told(key=family.case)] == ["made", "on_hold", "resumed"]


async def test_a_decision_that_is_not_good_until_departure_holds_the_booking(world: World) -> None:
    family = await Family(world, members=one_adult()).bookable()
    made = await family.book(await schedule(world))
    await family.decide(good_until=DEPARTS.date() - timedelta(days=1))
    assert (await booking_of(world, made))["held_for"] == "expired"
    await family.decide(good_until=DEPARTS.date())
    assert (await booking_of(world, made))["status"] == "confirmed"


async def test_a_booking_is_held_for_the_graver_of_two_reasons_and_for_the_other_when_that_is_gone(
    world: World,
) -> None:
    family = await Family(world, members=one_adult()).bookable()
    made = await family.book(await schedule(world))
    hold = new_id()
    await family.tell(r.CaseHeld(hold=hold, individuals=tuple(family.ids)))
    await world.hear(suspended(), key="IRQ")
    assert (await booking_of(world, made))["held_for"] == "restriction"
    await world.hear(open_again(), key="IRQ")
    assert (await booking_of(world, made))["held_for"] == "held"
    await family.tell(r.CaseReleased(hold=hold, individuals=tuple(family.ids)))
    assert [each.data.get("reason") for each in await world.told(t.BookingOnHold)] == ["held", "restriction", "held"]
    assert len(await world.told(t.BookingResumed)) == 1


async def test_the_rest_goes_on_when_the_one_who_was_held_withdraws(world: World) -> None:
    family = await Family(world, members=two_adults()).bookable()
    made = await family.book(await schedule(world))
    await family.tell(r.CaseHeld(hold=new_id(), individuals=(family.ids[0],)))
    await family.withdraw(family.ids[0])
    assert (await booking_of(world, made))["status"] == "confirmed"


async def test_a_booking_on_hold_can_be_given_back(world: World) -> None:
    family = await Family(world).bookable()
    made = await family.book(await schedule(world))
    await world.hear(suspended(), key="IRQ")
    gone = await world.post(f"/bookings/{made['id']}/cancellation", {"reason": "restriction"}, role=TO)
    assert gone["status"] == "cancelled"
    await world.hear(open_again(), key="IRQ")
    assert await world.told(t.BookingResumed) == []


async def test_who_is_home_already_loses_the_seat_and_is_not_booked_again(world: World) -> None:
    family = await Family(world, members=one_adult()).bookable()
    flight = await schedule(world)
    await family.book(flight)
    fact = r.ReturnRecorded(
        individuals=tuple(family.ids),
        attempts=dict.fromkeys(family.ids, 1),
        kind=r.ReturnKind.OWN_GOVERNMENT,
        country="IRQ",
        returned_on=date(2021, 12, 8),
        entered_at=world.now,
    )
    await family.tell(fact)
    assert await statuses(world, flight) == {family.ids[0]: "cancelled"}
    await refused(world, "/bookings", body(family, flight), "nobody-to-book", 409, role=TO)
    problem = await refused(world, "/bookings", body(family, flight, *family.ids), "gate-not-passed", 409, role=TO)
    assert [item["code"] for item in problem["missing"][str(family.ids[0])]] == ["home_already"]
    await family.tell(r.ReturnReversed(individuals=fact.individuals, attempts=fact.attempts))
    await family.book(flight, expect=201)


async def test_of_two_records_of_one_person_only_the_one_that_stands_is_booked(world: World) -> None:
    stands, twin = [await Family(world, members=one_adult()).bookable() for _ in range(2)]
    flight = await schedule(world)
    link = {"link": new_id(), "duplicate": twin.ids[0], "stands": stands.ids[0], "standing_case": stands.case}
    await twin.tell(r.PeopleLinked(**link))
    problem = await refused(world, "/bookings", body(twin, flight), "gate-not-passed", 409, role=TO)
    assert [item["code"] for item in problem["missing"][str(twin.ids[0])]] == ["other_record_stands"]
    await stands.book(flight, expect=201)
    await twin.tell(r.PeopleUnlinked(**link))
    await twin.book(flight, expect=201)


async def test_who_has_travelled_is_refused_by_name_and_not_only_left_out(
    world: World, registration: Registration
) -> None:
    family = Family(world, members=one_adult())
    flight = await boarded(world, family)
    await close_doors(world, flight)
    await carry(world)
    world.now = DEPARTS
    await world.post(f"/flights/{flight}/departure", LEFT, role=AD)
    later = await schedule(world, departs=DEPARTS + timedelta(days=2))
    await refused(world, "/bookings", body(family, later, *family.ids), "already-booked", 409, role=TO)
    world.now = DEPARTS + timedelta(hours=9)
    home = {"at": world.now.isoformat(), "airport": "EBL", "country": "IRQ", "met_by": "family"}
    await world.post(f"{seat(flight, family.ids[0])}/arrival", home, role=TO)
    problem = await refused(world, "/bookings", body(family, later, *family.ids), "already-travelled", 409, role=TO)
    assert problem["individuals"] == [str(family.ids[0])]


def test_the_graver_reason_holds_a_booking_and_what_only_the_next_gate_asks_holds_none() -> None:
    assert hold_reason(["held", "destination_suspended"]) is t.BookingReason.RESTRICTION
    assert hold_reason(["not_eligible", "held"]) is t.BookingReason.HELD
    assert hold_reason(["eligibility_needs_information"]) is t.BookingReason.NOT_ELIGIBLE
    assert hold_reason(["not_declared", "decision_expired"]) is t.BookingReason.EXPIRED
    assert hold_reason(["not_declared", "protection_pending", "eligibility_undecided"]) is None
