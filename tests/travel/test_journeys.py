"""After departure: transit, arrival met by someone or nobody, and not being admitted."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.travel.journeys.rules import OutOfOrder, check_order
from shared.auth import Role
from shared.contracts import travel as t
from tests.travel.registration import Registration, carry
from tests.travel.story import AD, DEPARTS, TO, Family, close_doors, document, one_adult, schedule, seat, to_the_door
from tests.travel.watch import refused
from tests.world import World

STOP = DEPARTS + timedelta(hours=3)
HOME = DEPARTS + timedelta(hours=8)


def happened(at: datetime, **extra: Any) -> dict[str, Any]:
    return {"at": at.isoformat(), **extra}


def transit(at: datetime = STOP) -> dict[str, Any]:
    return happened(at, airport="IST", country="TUR")


def arrival(at: datetime = HOME, **changes: Any) -> dict[str, Any]:
    return happened(at, **{"airport": "EBL", "country": "IRQ", "met_by": "family", **changes})


async def departed(world: World) -> tuple[str, UUID]:
    family = await Family(world, members=one_adult()).ready()
    flight = await schedule(world)
    await family.book(flight)
    await to_the_door(world, flight, family)
    await close_doors(world, flight)
    await carry(world)
    world.now = DEPARTS
    await world.post(f"/flights/{flight}/departure", {"departed_at": DEPARTS.isoformat()}, role=AD)
    world.now = HOME
    return seat(flight, family.ids[0]), flight


async def test_nobody_arrives_who_has_not_left(world: World, registration: Registration) -> None:
    family = await Family(world, members=one_adult()).ready()
    flight = await schedule(world)
    await family.book(flight)
    path = seat(flight, family.ids[0])
    world.now = HOME
    for verb, body in (("transit", transit()), ("arrival", arrival())):
        await refused(world, f"{path}/{verb}", {**body, "late_reason": "told_later"}, "not-possible-now", 409, role=TO)


async def test_an_arrival_lies_after_the_departure_and_every_stop(world: World, registration: Registration) -> None:
    path, _ = await departed(world)
    late = {"late_reason": "told_later"}
    before = {**transit(DEPARTS - timedelta(minutes=1)), **late}
    await refused(world, f"{path}/transit", before, "journey-out-of-order", 422, role=TO)
    await world.post(f"{path}/transit", {**transit(), **late}, role=TO)
    too_early = {**arrival(STOP - timedelta(minutes=1)), **late}
    await refused(world, f"{path}/arrival", too_early, "journey-out-of-order", 422, role=TO)
    await refused(world, f"{path}/arrival", arrival(HOME + timedelta(days=1)), "in-the-future", 422, role=TO)
    wrong = arrival(country="TUR", airport="IST")
    problem = await refused(world, f"{path}/arrival", wrong, "not-the-destination", 422, role=TO)
    assert problem["destination"] == "IRQ"
    shown = await world.post(f"{path}/arrival", arrival(airport="BGW"), role=Role.REINTEGRATION_OFFICER)
    assert (shown["status"], shown["ended_airport"], shown["met_by"]) == ("arrived", "BGW", "family")
    await refused(world, f"{path}/arrival", arrival(), "not-possible-now", 409, role=TO)
    (told,) = await world.told(t.PassengerArrived)
    assert (told.time, told.data["met_by"], told.attempt) == (HOME, "family", 1)


@pytest.mark.parametrize("kind", ["refused_entry", "detained", "left_in_transit"])
async def test_not_being_admitted_is_an_outcome_of_its_own(world: World, registration: Registration, kind: str) -> None:
    path, _ = await departed(world)
    shown = await world.post(f"{path}/non-admission", happened(HOME, country="IRQ", kind=kind), role=TO)
    assert (shown["status"], shown["not_admitted_kind"], shown["actions"]) == ("not_admitted", kind, [])
    (told,) = await world.told(t.PassengerNotAdmitted)
    assert told.data["kind"] == kind
    assert await world.told(t.PassengerArrived) == []


async def test_a_document_for_one_journey_is_not_taken_for_a_second(world: World, registration: Registration) -> None:
    family = await Family(world, members=one_adult()).bookable()
    (who,) = family.ids
    await family.is_checked()
    await family.tell(document(who, single_journey=True), who)
    flight = await schedule(world)
    await family.book(flight)
    await to_the_door(world, flight, family)
    await close_doors(world, flight)
    await carry(world)
    world.now = DEPARTS
    await world.post(f"/flights/{flight}/departure", {"departed_at": DEPARTS.isoformat()}, role=AD)
    world.now = HOME
    body = happened(HOME, country="IRQ", kind="refused_entry")
    await world.post(f"{seat(flight, who)}/non-admission", body, role=TO)
    await family.declare(attempt=2)
    await family.decide({who: 2})
    shown = await world.get(f"/cases/{family.case}/readiness", role=TO)
    assert [item["code"] for item in shown["individuals"][0]["at_check_in"]["missing"]] == ["document_used_up"]


def test_the_order_of_a_journey_is_checked_against_the_last_moment_known() -> None:
    check_order(STOP, DEPARTS, None)
    check_order(STOP, DEPARTS, STOP)
    with pytest.raises(OutOfOrder):
        check_order(STOP - timedelta(seconds=1), DEPARTS, STOP)
