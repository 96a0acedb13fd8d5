"""Fares on their budget lines: what comes back, what is lost and who bears it."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.travel.fares.rules import (
    FareOutcome,
    FareUnclear,
    Step,
    Terms,
    check_terms,
    kept_by,
    settled,
    until_cut_off,
)
from shared.auth import Role
from shared.contracts.registration import Fitness
from tests.travel.registration import Registration, carry
from tests.travel.story import (
    AD,
    AT_THE_DESK,
    CHECKED,
    CUT_OFF,
    DEPARTS,
    FI,
    LEFT,
    TO,
    Family,
    answered,
    check,
    close_doors,
    one_adult,
    schedule,
    seat,
    to_the_door,
    two_adults,
)
from tests.travel.test_escorts_and_support import escort_body
from tests.travel.watch import refused
from tests.world import World

STEPS = [{"hours_before": 72, "share": "25"}, {"hours_before": 24, "amount": "200.00"}]
FARE: dict[str, Any] = {
    "price": {"amount": "300.00", "currency": "EUR"},
    "steps": STEPS,
    "no_show_fee": "40.00",
    "project_code": "CD.0042",
    "budget_line": "B-AIR",
    "source": "Conditions of carriage, page 3",
}


def decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def terms(*steps: tuple[int, str | None, str | None], amount: str = "300.00", fee: str = "0") -> Terms:
    made = tuple(Step(timedelta(hours=hours), decimal(share), decimal(kept)) for hours, share, kept in steps)
    return Terms(Decimal(amount), "EUR", made, Decimal(fee))


SOLD = terms((72, "25", None), (24, None, "200.00"), fee="40.00")


@pytest.mark.parametrize(
    ("hours", "outcome", "refunded", "lost"),
    [
        (73, FareOutcome.CANCELLED, "300.00", "0"),
        (72, FareOutcome.CANCELLED, "225.00", "75.00"),
        (24, FareOutcome.CHANGED_MIND, "100.00", "200.00"),
        (-1, FareOutcome.OFFLOADED, "100.00", "200.00"),
        (2, FareOutcome.NO_SHOW, "60.00", "240.00"),
        (2, FareOutcome.FLIGHT_CANCELLED, "300.00", "0"),
        (2, FareOutcome.FLOWN, "0", "0"),
    ],
)
def test_what_comes_back_goes_by_the_hours_before_departure_and_by_why(
    hours: int, outcome: FareOutcome, refunded: str, lost: str
) -> None:
    found = settled(SOLD, DEPARTS, DEPARTS - timedelta(hours=hours), outcome)
    assert (found.refunded, found.lost) == (Decimal(refunded), Decimal(lost))


def test_without_a_fare_written_down_a_seat_is_whole_until_the_cut_off_and_lost_from_then() -> None:
    plain = until_cut_off(Decimal(310), "EUR", DEPARTS, CUT_OFF)
    just_before = settled(plain, DEPARTS, CUT_OFF - timedelta(seconds=1), FareOutcome.CANCELLED)
    assert (just_before.refunded, just_before.lost) == (Decimal(310), Decimal(0))
    assert settled(plain, DEPARTS, CUT_OFF, FareOutcome.CANCELLED).lost == 310


def test_a_share_is_rounded_to_the_smallest_coin_of_its_currency_a_half_upwards() -> None:
    assert kept_by(terms(amount="10.01"), Step(timedelta(1), share=Decimal(50))) == Decimal("5.01")
    dinars = Terms(Decimal("10.001"), "IQD", ())
    assert kept_by(dinars, Step(timedelta(1), share=Decimal(50))) == Decimal("5.001")


@pytest.mark.parametrize(
    ("unclear", "reason"),
    [
        (terms((24, "10", None), (24, "20", None)), "same_hours_twice"),
        (terms((24, None, None)), "share_or_amount"),
        (terms((24, "10", "10.00")), "share_or_amount"),
        (terms((24, None, "300.01")), "more_than_the_fare"),
        (terms((72, "50", None), (24, None, "149.99")), "keeps_less_later"),
        (Terms(Decimal(1), "USD", ()), "other_currency"),
    ],
)
def test_terms_from_which_no_refund_can_be_told_are_refused(unclear: Terms, reason: str) -> None:
    with pytest.raises(FareUnclear) as found:
        check_terms(unclear, "EUR")
    assert found.value.members["reason"] == reason


cents = st.integers(0, 200_000).map(lambda each: Decimal(each) / 100)


@given(
    cents,
    st.lists(st.tuples(st.integers(0, 999), st.integers(0, 100)), max_size=4, unique_by=lambda each: each[0]),
    cents,
    st.integers(-48, 1200),
    st.sampled_from(FareOutcome),
)
def test_no_cent_is_lost_between_what_comes_back_and_what_is_borne(
    amount: Decimal, steps: list[tuple[int, int]], fee: Decimal, hours: int, outcome: FareOutcome
) -> None:
    shares = sorted(share for _, share in steps)
    begins = sorted((begin for begin, _ in steps), reverse=True)
    made = tuple(Step(timedelta(hours=begin), share=Decimal(each)) for begin, each in zip(begins, shares, strict=True))
    sold = Terms(amount, "EUR", made, fee)
    check_terms(sold, "EUR")
    found = settled(sold, DEPARTS, DEPARTS - timedelta(hours=hours), outcome)
    assert found.refunded >= 0
    assert found.lost >= 0
    if outcome is FareOutcome.FLOWN:
        assert (found.refunded, found.lost) == (Decimal(0), Decimal(0))
    elif outcome is not FareOutcome.NO_SHOW:
        assert found.refunded + found.lost == amount
    else:
        assert found.refunded + found.lost >= amount
        assert found.refunded == 0 or found.refunded + found.lost == amount
    earlier = settled(sold, DEPARTS, DEPARTS - timedelta(hours=hours + 1), outcome)
    assert earlier.refunded >= found.refunded, "who gives a seat back sooner never gets less of it back"


async def entries(world: World, flight: Any) -> list[tuple[Any, ...]]:
    page = await world.get(f"/flights/{flight}/fare-entries", role=FI)
    names = ("outcome", "fare", "refunded", "lost", "budget_line")
    return [tuple(each[name] for name in names) for each in page["items"]]


async def test_cancelling_changing_ones_mind_and_not_showing_up_say_what_is_refunded_and_lost(world: World) -> None:
    flight = await schedule(world)
    made = await world.post(f"/flights/{flight}/fares", FARE, role=FI)
    assert made["steps"][0] == {"hours_before": 72, "share": "25", "amount": None}
    couple, two, three = [
        await Family(world, members=members).ready() for members in (two_adults(), one_adult(), one_adult())
    ]
    booking = await couple.book(flight)
    await two.book(flight)
    await three.book(flight)
    shown = await world.get(f"{seat(flight, two.ids[0])}/fare", role=TO)
    assert shown["if_given_up_now"] == {"refunded": "300.00", "lost": "0"}
    assert (shown["if_no_show"], shown["budget_line"]) == ({"refunded": "60.00", "lost": "240.00"}, "B-AIR")

    world.now = DEPARTS - timedelta(hours=50)
    given_back = await world.post(f"/bookings/{booking['id']}/cancellation", {"reason": "by_officer"}, role=TO)
    seats = [(each["fare_refunded"], each["fare_lost"], each["fare_currency"]) for each in given_back["passengers"]]
    assert seats == [("225.00", "75.00", "EUR")] * 2
    world.now = AT_THE_DESK
    said = await world.post(f"{seat(flight, two.ids[0])}/willingness", answered("no"), role=AD)
    assert (said["fare_refunded"], said["fare_lost"]) == ("100.00", "200.00")
    missed = await world.post(f"{seat(flight, three.ids[0])}/no-show", role=AD)
    assert (missed["fare_refunded"], missed["fare_lost"]) == ("60.00", "240.00")
    assert await entries(world, flight) == [
        ("cancelled", "300.00", "225.00", "75.00", "B-AIR"),
        ("cancelled", "300.00", "225.00", "75.00", "B-AIR"),
        ("changed_mind", "300.00", "100.00", "200.00", "B-AIR"),
        ("no_show", "300.00", "60.00", "240.00", "B-AIR"),
    ]
    assert (await world.get(f"/flights/{flight}", role=TO))["fares_lost"] == {"amount": "590.00", "currency": "EUR"}
    report = await world.get("/reports/fares?since=2021-12-12&until=2021-12-14", role=Role.AUDITOR)
    assert {each["outcome"]: (each["entries"], each["lost"]) for each in report["lines"]} == {
        "cancelled": (2, "150.00"),
        "changed_mind": (1, "200.00"),
        "no_show": (1, "240.00"),
    }
    assert {each["project_code"] for each in report["lines"]} == {"CD.0042"}


async def test_a_fare_counts_for_seats_booked_after_it_and_a_cancelled_flight_costs_nothing(world: World) -> None:
    flight = await schedule(world)
    first, second = [await Family(world, members=one_adult()).bookable() for _ in range(2)]
    await first.book(flight)
    world.now += timedelta(minutes=1)
    await world.post(f"/flights/{flight}/fares", {**FARE, "for_whom": "adult"}, role=TO)
    await world.post(f"/flights/{flight}/fares", {**FARE, "for_whom": "child", "budget_line": "B-KIDS"}, role=TO)
    await second.book(flight)
    assert len((await world.get(f"/flights/{flight}/fares", role=FI))["items"]) == 2
    await world.post(f"/flights/{flight}/cancellation", role=TO)
    assert sorted(await entries(world, flight)) == [
        ("flight_cancelled", "300.00", "300.00", "0.00", "B-AIR"),
        ("flight_cancelled", "310.00", "310.00", "0.00", "B-TRAVEL"),
    ]


async def test_a_fare_that_was_flown_is_spent_on_its_line(world: World, registration: Registration) -> None:
    flight = await schedule(world)
    await world.post(f"/flights/{flight}/fares", FARE, role=TO)
    family = await Family(world, members=one_adult()).ready()
    await family.book(flight)
    await to_the_door(world, flight, family)
    await close_doors(world, flight)
    await carry(world)
    world.now = DEPARTS + timedelta(minutes=1)
    await world.post(f"/flights/{flight}/departure", LEFT, role=AD)
    assert await entries(world, flight) == [("flown", "300.00", "0.00", "0.00", "B-AIR")]


async def test_a_fare_nobody_could_reckon_with_is_refused_and_nothing_is_kept(world: World) -> None:
    flight = await schedule(world)
    path = f"/flights/{flight}/fares"
    problem = await refused(world, path, {**FARE, "steps": [STEPS[1], {**STEPS[1]}]}, "fare-unclear", 422, role=TO)
    assert problem["reason"] == "same_hours_twice"
    for wrong in ({"no_show_fee": "0.001"}, {"steps": [{"hours_before": 1, "share": "101"}]}, {"source": "a\x00b"}):
        await refused(world, path, {**FARE, **wrong}, "invalid-body", 422, role=TO)


async def test_what_an_escorts_seat_cost_and_lost_stands_in_the_ledger_beside_the_passengers(
    world: World, registration: Registration
) -> None:
    flight = await schedule(world)
    family = await Family(world, members=one_adult()).ready()
    await family.book(flight)
    first = await world.post(f"/flights/{flight}/escorts", escort_body(family), role=TO)
    other = await world.post(f"/flights/{flight}/escorts", escort_body(family, reference="NURSE-08"), role=TO)
    world.now = AT_THE_DESK
    await world.post(f"/escorts/{first['id']}/cancellation", role=TO)
    assert (await world.get(f"/flights/{flight}", role=TO))["fares_lost"]["amount"] == "540.00"
    await to_the_door(world, flight, family)
    await close_doors(world, flight)
    await carry(world)
    world.now = DEPARTS
    await world.post(f"/flights/{flight}/departure", LEFT, role=AD)
    path = f"/flights/{flight}/fare-entries"
    whole = (await world.get(path, role=TO))["items"]
    assert {(each["escort_id"], each["outcome"], each["lost"]) for each in whole} == {
        (first["id"], "cancelled", "540.00"),
        (other["id"], "flown", "0.00"),
        (None, "flown", "0.00"),
    }
    page = await world.get(f"{path}?limit=2", role=TO)
    rest = await world.get(f"{path}?limit=2&cursor={page['next']}", role=TO)
    assert [*page["items"], *rest["items"]] == whole
    report = await world.get("/reports/fares?since=2021-12-01&until=2021-12-31", role=TO)
    of_escorts = [(each["outcome"], each["fare"]) for each in report["lines"] if each["budget_line"] == "B-ESCORT"]
    assert of_escorts == [("cancelled", "540.00"), ("flown", "540.00")]


@pytest.mark.parametrize(("at", "lost", "left"), [(CUT_OFF - timedelta(hours=1), 0, 2), (CUT_OFF, 1, 1)])
async def test_a_second_seat_that_is_no_longer_needed_is_free_until_the_cut_off_and_lost_after_it(
    world: World, at: datetime, lost: int, left: int
) -> None:
    flight = await schedule(world, seats=3)
    family = await Family(world, members=one_adult()).ready()
    (who,) = family.ids
    await family.tell(check(who, CHECKED, outcome=Fitness.FIT_WITH_SUPPORT, support=("extra_seat",)), who)
    await family.book(flight)
    world.now = at
    await family.tell(check(who, CHECKED + timedelta(hours=1)), who)
    shown = await world.get(f"/flights/{flight}", role=TO)
    assert (shown["seats"]["lost"], shown["seats"]["left"], shown["seats_aside"]) == (lost, left, 0)
    (entry,) = (await world.get(f"/flights/{flight}/fare-entries", role=TO))["items"]
    assert (entry["number"], entry["seats"], entry["lost"]) == (None, 1, "310.00" if lost else "0.00")
