"""Every fact that is heard: handled twice without a trace of the second time, and folded again by a rebuild."""

import json
from pathlib import Path
from typing import Any

from sqlalchemy import select

from services.registration.app import WIRING
from services.registration.handlers import HANDLERS
from shared.auth import Role
from shared.brokers import Delivery
from shared.contracts import travel
from shared.database import core
from shared.events import Event
from tests.registration.story import RO, TOOK_OFF, Case, assistance_closed, register
from tests.registration.test_changed_flights import changed, scheduled
from tests.registration.test_passages import booked, booking, willing
from tests.replays import arrive
from tests.world import World, contents

OF_FLIGHTS = {travel.FlightScheduled, travel.FlightChanged}
SAMPLES = Path(__file__).parent.parent / "contract" / "samples"


def sample(kind: type[Event]) -> Event:
    """The fact of the contract's sample: for those that are a line of the journey here, and nothing else."""
    return kind.model_validate(json.loads((SAMPLES / f"{kind.type}.json").read_text())["data"])


def everything(case: Case) -> list[tuple[Event, str | None]]:
    """One fact of each kind and more, in an order in which those that have consequences have them; each with the
    member it is about."""
    acting: list[tuple[Event, str | None]] = [
        (booked(case), None),
        (willing(case, "mother", "pressed"), "mother"),
        (case.passage(travel.PassengerNoShow, "son", clearance=case.clearance), "son"),
        (case.passage(travel.PassengerOffloaded, "daughter", clearance=case.clearance), "daughter"),
        (case.departed("father"), "father"),
        (case.passage(travel.PassengerNotAdmitted, "father", country="IRQ", kind="detained"), "father"),
        (booking(case, travel.BookingCancelled, "mother", reason=travel.BookingReason.BY_OFFICER), None),
        (willing(case, "mother", "no"), "mother"),
        (assistance_closed(TOOK_OFF), None),
    ]
    lines = [kind for kind in HANDLERS if kind not in {type(fact) for fact, _ in acting} | OF_FLIGHTS]
    return [*acting, *((sample(kind), None) for kind in lines)]


def of_the_flight(case: Case) -> list[Event]:
    """What is told of the flight itself, under its own key."""
    return [scheduled(case), changed(case, 90)]


def deliveries(world: World, case: Case) -> list[Delivery]:
    return [
        world.delivery(
            fact,
            key=case.id,
            subject=case.ids[ref] if ref else case.booking,
            attempt=1 if ref else None,
            now=TOOK_OFF,
        )
        for fact, ref in everything(case)
    ] + [world.delivery(fact, key=case.flight, now=TOOK_OFF) for fact in of_the_flight(case)]


async def folded(world: World) -> dict[str, list[tuple[Any, ...]]]:
    async with world.runtime.database.reading() as session:
        return {
            table.name: [
                tuple(row) for row in (await core(session, select(table).order_by(*table.primary_key.columns))).all()
            ]
            for table in WIRING.facts
        }


async def ready(world: World) -> Case:
    family = await (await register(world)).declare()
    await family.clear()
    return family


async def test_every_fact_is_handled_once_however_often_it_comes(world: World) -> None:
    family = await ready(world)
    heard = set()
    for fact, ref in everything(family):
        subject = family.ids[ref] if ref else family.booking
        await world.hear(fact, key=family.id, subject=subject, attempt=1 if ref else None, now=TOOK_OFF)
        heard.add(type(fact))
    for fact in of_the_flight(family):
        await world.hear(fact, key=family.flight, now=TOOK_OFF)
    assert heard == set(HANDLERS) - OF_FLIGHTS
    journey = await world.get(f"{family.path}/journey", role=RO)
    lines = [line for line in journey["lines"] if line["service"] != "registration"]
    assert {line["type"] for line in lines} == {kind.type for kind in heard}
    assert len(lines) == len(everything(family))
    statuses = {"father": "not_admitted", "mother": "withdrawn", "daughter": "counselled", "son": "counselled"}
    assert await family.statuses() == statuses, "the facts had their consequences"


async def test_a_rebuild_gives_the_same_facts_and_tells_nothing(world: World) -> None:
    family = await ready(world)
    facts = deliveries(world, family)
    await arrive(world, facts)
    await arrive(world, facts)  # the topic holds each of them twice
    assert await world.parked() == []
    before, everywhere, told = await folded(world), await contents(world), await world.told()
    assert all(before.values()), "every fact table is put to the test"

    answer = await world.post("/operations/rebuilds", role=Role.ADMINISTRATOR)
    assert answer == {"folded": len(facts)}
    assert await folded(world) == before
    assert await world.told() == told
    after = await contents(world)
    assert {**after, "audit": []} == {**everywhere, "audit": []}, "and nothing else changed either"
    assert len(after["audit"]) == len(everywhere["audit"]) + 1
