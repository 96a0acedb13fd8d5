"""Vehicles to the airport: a place for everybody who needs one, of the kind they need, and none given twice."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.travel.supports.rules import support_now
from services.travel.transport.rules import Place, place_needed
from shared.auth import Role
from shared.clock import rfc3339
from shared.contracts import travel as t
from shared.contracts.registration import Fitness
from shared.database import new_id
from tests.travel.story import (
    CHECKED,
    DEPARTS,
    DOORS,
    TO,
    Family,
    check,
    flight_body,
    four_people,
    one_adult,
    schedule,
    two_adults,
)
from tests.travel.test_parties_that_grow import born, seated_apart
from tests.travel.watch import refused
from tests.world import World

PICKUP = DEPARTS - timedelta(hours=5)


def run_body(places: int = 8, wheelchairs: int = 0, **changes: Any) -> dict[str, Any]:
    body: dict[str, Any] = {
        "vehicle": "minibus",
        "pickup_place": "Gate 2 of the logistics centre",
        "pickup_at": rfc3339(PICKUP),
        "places": places,
        "wheelchair_places": wheelchairs,
        "cost": {"amount": "85.50", "currency": "EUR"},
        "project_code": "RT.0123",
        "budget_line": "B-GROUND",
    }
    return {**body, **changes}


def of(family: Family, *individuals: UUID) -> dict[str, Any]:
    return {"case_id": str(family.case), "individuals": [str(each) for each in individuals]}


async def booked(world: World, flight: UUID, members: Sequence[Any], support: str | None = None) -> Family:
    family = await Family(world, members=tuple(members)).bookable()
    if support is not None:
        who = family.ids[0]
        told = check(who, CHECKED, outcome=Fitness.FIT_WITH_SUPPORT, support=(support,))
        await family.tell(told, who)
    await family.book(flight)
    return family


async def planned(world: World, flight: UUID, **body: Any) -> Any:
    return await world.post(f"/flights/{flight}/transport-runs", run_body(**body), role=TO)


async def test_a_family_rides_together_or_not_at_all_and_nobody_without_a_place_is_overlooked(world: World) -> None:
    flight = await schedule(world)
    family, other = await booked(world, flight, four_people()), await booked(world, flight, two_adults())
    run = await planned(world, flight, places=5)
    path = f"/transport-runs/{run['id']}/riders"
    seated = await world.post(path, of(family), role=TO)
    assert (seated["places_taken"], len(seated["riders"])) == (4, 4)
    problem = await refused(world, path, of(other), "run-full", 409, role=TO)
    assert (problem["left"], problem["wanted"]) == (1, 2)
    listed = await world.get(f"/flights/{flight}/transport-runs", role=Role.AUDITOR)
    assert set(listed["without_a_place"]) == {str(each) for each in other.ids}
    await refused(world, path, of(family), "on-a-run-already", 409, role=TO)
    freed = await world.post(
        f"/transport-runs/{run['id']}/places-given-back", {"individual_id": str(family.children[0])}, role=TO
    )
    assert freed["places_taken"] == 3
    alone = await planned(world, flight)
    ridden = f"/transport-runs/{alone['id']}/riders"
    await refused(world, ridden, of(family, family.children[0]), "child-would-ride-alone", 409, role=TO)


async def test_a_child_who_joined_by_a_booking_of_its_own_rides_with_an_adult_of_its_party(world: World) -> None:
    flight = await schedule(world)
    family, _made, _second, baby = await seated_apart(world, flight, born)
    path = f"/transport-runs/{(await planned(world, flight))['id']}/riders"
    await refused(world, path, of(family, baby), "child-would-ride-alone", 409, role=TO)
    await world.post(path, of(family, family.adults[0], baby), role=TO)


async def test_who_rides_in_a_wheelchair_or_lying_down_needs_a_place_for_it(world: World) -> None:
    flight = await schedule(world)
    chair = await booked(world, flight, two_adults(), "wheelchair")
    lies = await booked(world, flight, one_adult(), "stretcher")
    bus = await planned(world, flight)
    path = f"/transport-runs/{bus['id']}/riders"
    assert (await refused(world, path, of(chair), "run-full", 409, role=TO))["place"] == "wheelchair"
    problem = await refused(world, path, of(lies), "needs-another-vehicle", 409, role=TO)
    assert problem["individuals"] == [str(lies.ids[0])]
    better = await planned(world, flight, wheelchairs=1, vehicle="ambulance", places=2)
    path = f"/transport-runs/{better['id']}/riders"
    seated = await world.post(path, of(chair), role=TO)
    assert (seated["places_taken"], seated["wheelchair_taken"]) == (1, 1)
    assert (await world.post(path, of(lies), role=TO))["places_taken"] == 2
    back = f"/transport-runs/{better['id']}/places-given-back"
    freed = await world.post(back, {"individual_id": str(chair.ids[0])}, role=TO)
    assert (freed["places_taken"], freed["wheelchair_taken"]) == (2, 0), (
        "the place for a wheelchair is the one given back"
    )


async def test_a_place_in_a_vehicle_ends_with_the_seat_on_the_flight(world: World) -> None:
    flight = await schedule(world)
    family = await booked(world, flight, four_people())
    run = await planned(world, flight)
    await world.post(f"/transport-runs/{run['id']}/riders", of(family), role=TO)
    await family.withdraw()
    shown = await world.get(f"/transport-runs/{run['id']}", role=TO)
    assert (shown["places_taken"], shown["riders"]) == (0, [])
    other = await booked(world, flight, one_adult())
    await world.post(f"/transport-runs/{run['id']}/riders", of(other), role=TO)
    await world.post(f"/flights/{flight}/cancellation", role=TO)
    shown = await world.get(f"/transport-runs/{run['id']}", role=TO)
    assert (shown["status"], shown["places_taken"], shown["actions"]) == ("cancelled", 0, [])


async def test_a_run_that_does_not_go_leaves_its_riders_on_the_list_of_those_without_a_place(world: World) -> None:
    flight = await schedule(world)
    family = await booked(world, flight, two_adults())
    run = await planned(world, flight)
    await world.post(f"/transport-runs/{run['id']}/riders", of(family), role=TO)
    await world.post(f"/transport-runs/{run['id']}/cancellation", role=TO)
    listed = await world.get(f"/flights/{flight}/transport-runs", role=TO)
    assert set(listed["without_a_place"]) == {str(each) for each in family.ids}
    await refused(world, f"/transport-runs/{run['id']}/riders", of(family), "not-possible-now", 409, role=TO)


async def test_a_place_in_a_vehicle_and_its_end_are_told_case_by_case_but_not_to_who_lost_the_seat(
    world: World,
) -> None:
    flight = await schedule(world)
    family, other = await booked(world, flight, two_adults()), await booked(world, flight, one_adult())
    run = await planned(world, flight)
    path = f"/transport-runs/{run['id']}"
    for each in (family, other):
        await world.post(f"{path}/riders", of(each), role=TO)
    arranged = {each.key: each.data for each in await world.told(t.GroundArranged)}
    assert arranged.keys() == {str(family.case), str(other.case)}
    assert sorted(arranged[str(family.case)]["individuals"]) == sorted(str(each) for each in family.ids)
    assert datetime.fromisoformat(arranged[str(other.case)]["begins"]) == PICKUP
    await other.withdraw()
    assert await world.told(t.GroundCancelled) == [], "what became of the booking says it"
    await world.post(f"{path}/cancellation", role=TO)
    (cancelled,) = await world.told(t.GroundCancelled)
    assert (cancelled.key, cancelled.subject) == (str(family.case), run["id"])


async def test_a_vehicle_comes_before_the_doors_close_also_after_the_flight_was_changed(world: World) -> None:
    flight = await schedule(world)
    late = run_body(pickup_at=rfc3339(DOORS))
    await refused(world, f"/flights/{flight}/transport-runs", late, "run-too-late", 422, role=TO)
    await refused(world, f"/flights/{flight}/transport-runs", run_body(places=0), "invalid-body", 422, role=TO)
    run = await planned(world, flight)
    assert run["in_time"]
    sooner = flight_body(departs=PICKUP)
    kept = ("legs", "seats", "cut_off_at", "check_in_opens_at", "doors_at")
    change = {name: sooner[name] for name in kept}
    answer = await world.call("PATCH", f"/flights/{flight}", change, role=TO, etag="*")
    assert answer.status_code == 200
    assert not (await world.get(f"/transport-runs/{run['id']}", role=TO))["in_time"]
    nobody = {"case_id": str(new_id()), "individuals": []}
    await refused(world, f"/transport-runs/{run['id']}/riders", nobody, "run-too-late", 422, role=TO)


def fetched(at: datetime, place: str = "Gate 1") -> dict[str, str]:
    return {"pickup_place": place, "pickup_at": rfc3339(at)}


async def test_who_has_a_place_is_told_anew_when_the_vehicle_comes_at_another_time_or_place(world: World) -> None:
    flight = await schedule(world)
    family, other = await booked(world, flight, two_adults()), await booked(world, flight, one_adult())
    nobody = await booked(world, flight, one_adult())
    run = await planned(world, flight)
    path = f"/transport-runs/{run['id']}"
    for each in (family, other, nobody):
        await world.post(f"{path}/riders", of(each), role=TO)
    await world.post(f"{path}/places-given-back", {"individual_id": str(nobody.ids[0])}, role=TO)
    before = len(await world.told(t.GroundArranged))
    sooner = PICKUP - timedelta(hours=1)
    changed = await world.post(f"{path}/pick-up", fetched(sooner), role=TO)
    assert (datetime.fromisoformat(changed["pickup_at"]), changed["pickup_place"]) == (sooner, "Gate 1")
    told = {each.key: each for each in (await world.told(t.GroundArranged))[before:]}
    assert told.keys() == {str(family.case), str(other.case)}, "who gave the place back is told nothing"
    assert {each.subject for each in told.values()} == {run["id"]}
    assert {datetime.fromisoformat(each.data["begins"]) for each in told.values()} == {sooner}
    assert sorted(told[str(family.case)].data["individuals"]) == sorted(str(each) for each in family.ids)
    await world.post(f"{path}/pick-up", fetched(sooner), role=TO)
    assert len(await world.told(t.GroundArranged)) == before + 2, "the same again is nothing to tell"
    await world.post(f"{path}/pick-up", fetched(sooner, "Gate 2"), role=TO)
    assert len(await world.told(t.GroundArranged)) == before + 4
    assert "Gate" not in str([each.data for each in await world.told(t.GroundArranged)])


async def test_a_pick_up_that_is_over_too_late_or_of_no_run_is_not_changed(world: World) -> None:
    flight = await schedule(world)
    family = await booked(world, flight, one_adult())
    run = await planned(world, flight)
    path = f"/transport-runs/{run['id']}/pick-up"
    await world.post(f"/transport-runs/{run['id']}/riders", of(family), role=TO)
    await refused(world, path, fetched(DOORS), "run-too-late", 422, role=TO)
    await refused(world, path, fetched(world.now), "run-too-late", 422, role=TO)
    await refused(world, path, {"pickup_place": "Gate 1"}, "invalid-body", 422, role=TO)
    await refused(world, path, fetched(PICKUP), "forbidden", 403, role=Role.COUNSELLOR)
    late = fetched(PICKUP + timedelta(hours=1))
    await refused(world, path, late, "pick-up-is-over", 409, role=TO, now=PICKUP)
    await world.post(path, late, role=TO, now=PICKUP - timedelta(seconds=1))
    await world.post(f"/transport-runs/{run['id']}/cancellation", role=TO)
    await refused(world, path, fetched(PICKUP), "not-possible-now", 409, role=TO)
    assert (await world.get(f"/transport-runs/{run['id']}", role=TO))["actions"] == []


async def test_a_vehicle_that_comes_too_late_for_a_changed_flight_is_made_to_come_sooner(world: World) -> None:
    flight = await schedule(world)
    run = await planned(world, flight)
    sooner = flight_body(departs=PICKUP)
    change = {name: sooner[name] for name in ("legs", "seats", "cut_off_at", "check_in_opens_at", "doors_at")}
    assert (await world.call("PATCH", f"/flights/{flight}", change, role=TO, etag="*")).status_code == 200
    changed = await world.post(f"/transport-runs/{run['id']}/pick-up", fetched(PICKUP - timedelta(hours=3)), role=TO)
    assert changed["in_time"]


async def test_a_later_check_that_asks_for_another_place_is_seen_on_the_run(world: World) -> None:
    flight = await schedule(world)
    family = await booked(world, flight, one_adult())
    run = await planned(world, flight)
    await world.post(f"/transport-runs/{run['id']}/riders", of(family), role=TO)
    told = check(family.ids[0], CHECKED, outcome=Fitness.FIT_WITH_SUPPORT, support=("wheelchair",))
    await family.tell(told, family.ids[0])
    (rider,) = (await world.get(f"/transport-runs/{run['id']}", role=TO))["riders"]
    assert (rider["place"], rider["fits"]) == ("ordinary", False)


class Told:
    def __init__(self, hours: int, sequence: int, support: list[str]) -> None:
        self.checked_at = CHECKED + timedelta(hours=hours)
        self.sequence = sequence
        self.support = support


told_checks = st.builds(
    Told, st.integers(0, 3), st.integers(1, 99), st.lists(st.sampled_from(["wheelchair", "stretcher", "oxygen"]))
)


@given(st.lists(told_checks, unique_by=lambda each: each.sequence))
def test_the_last_check_alone_says_what_is_needed(checks: list[Told]) -> None:
    needed = support_now(checks)
    if not checks:
        assert needed == frozenset()
        return
    last = sorted(checks, key=lambda each: (each.checked_at, each.sequence))[-1]
    assert needed == set(last.support)
    place = place_needed(needed)
    assert (place is Place.STRETCHER) == ("stretcher" in last.support)
