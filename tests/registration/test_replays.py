"""Facts that registration could not handle for a while, replayed: it ends as if nothing had been."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from shared.auth import Role
from shared.brokers import Delivery
from shared.contracts import registration as r
from shared.contracts import travel
from shared.events import Event
from tests.registration.story import CO, DOORS, PR, TOOK_OFF, Case, assistance_closed, register
from tests.registration.test_passages import booked, incidents, willing
from tests.replays import UUID_FORM, Fault, arrive, expected_to_wait, waiting
from tests.world import World, contents


async def ready(world: World) -> Case:
    """Everyone is cleared, and the father takes back his word and the children's after the doors have closed."""
    family = await (await register(world)).declare()
    await family.clear()
    await family.withdraw("father", "daughter", "son", now=DOORS + timedelta(minutes=5))
    return family


def story(case: Case) -> list[tuple[Event, UUID | None]]:
    """He and the children are taken off, she leaves; the end of her assistance is told before all of that is known."""
    off = [case.passage(travel.PassengerOffloaded, ref, clearance=case.clearance) for ref in ("father", "son")]
    return [
        (booked(case), case.booking),
        (willing(case, "mother", "yes"), case.ids["mother"]),
        *zip(off, (case.ids["father"], case.ids["son"]), strict=True),
        (assistance_closed(TOOK_OFF), None),
        (case.departed("mother"), case.ids["mother"]),
        (case.passage(travel.PassengerOffloaded, "daughter", clearance=case.clearance), case.ids["daughter"]),
    ]


def deliveries(world: World, case: Case) -> list[Delivery]:
    return [
        world.delivery(fact, key=case.id, subject=subject, attempt=1 if subject else None, now=TOOK_OFF)
        for fact, subject in story(case)
    ]


async def outcome(world: World, case: Case) -> Any:
    """The rows and the told facts of one case, its ids by their names and all others without theirs."""
    known = {**case.ids, "case": case.id, "flight": case.flight, "clearance": case.clearance, "booking": case.booking}
    names = {str(one).encode(): f"<{name}>".encode() for name, one in known.items()}

    def plain(value: Any) -> bytes:
        return UUID_FORM.sub(lambda found: names.get(found.group(), b"<made here>"), str(value).encode())

    tables = await contents(world)
    rows = {}
    for table in world.runtime.wiring.metadata.sorted_tables:
        # The place of a fact among all facts of its service differs from case to case.
        kept = [at for at, column in enumerate(table.columns) if column.name != "position"]
        shown = [plain([row[at] for at in kept]) for row in tables[table.name]]
        rows[table.name] = sorted(row for row in shown if any(name in row for name in names.values()))
    told = [(e.type, e.sequence, e.attempt, plain(e.subject), plain(e.data)) for e in await world.told(key=case.id)]
    return rows, told


@pytest.mark.parametrize("kind", [travel.BookingMade, travel.PassengerOffloaded, travel.PassengerDeparted])
async def test_a_replay_makes_up_for_what_could_not_be_handled(world: World, kind: type[Event]) -> None:
    disturbed, undisturbed = await ready(world), await ready(world)
    facts: Sequence[Delivery] = [*deliveries(world, disturbed), *deliveries(world, undisturbed)]
    fault = Fault(kind, disturbed.id)
    fault.put_into(world)
    await arrive(world, facts)
    line = expected_to_wait(facts, fault)
    assert 1 < len(line) < len(facts) / 2, "some of the key wait behind it, another source's go on"
    assert await waiting(world) == line
    expected = await outcome(world, undisturbed)
    assert await outcome(world, disturbed) != expected
    assert (await undisturbed.read())["status"] == "closed", "the other case was not held up"

    answer = await world.post("/operations/replays", role=Role.ADMINISTRATOR)
    assert (answer["applied"], await waiting(world)) == (0, line), "it fails still, and keeps its order"
    world.runtime.consumer.handlers = world.runtime.wiring.handlers
    answer = await world.post("/operations/replays", role=Role.ADMINISTRATOR)
    assert answer == {"applied": len(line), "still_parked": 0}
    rows, told = await outcome(world, disturbed)
    for name in rows:
        assert rows[name] == expected[0][name], name
    assert told == expected[1]
    assert {e.type for e in await world.told(key=disturbed.id)} >= {
        r.ClearanceReleased.type,
        r.MemberWithdrawn.type,
        r.CaseClosed.type,
    }
    assert (await world.post("/operations/replays", role=Role.ADMINISTRATOR))["applied"] == 0


async def test_a_no_that_waits_is_heard_by_the_replay_and_opens_no_door_meanwhile(world: World) -> None:
    family = await (await register(world)).declare()
    fault = Fault(travel.WillingnessStated, family.id)
    fault.put_into(world)
    pressed = world.delivery(
        willing(family, "mother", "pressed"), key=family.id, subject=family.ids["mother"], attempt=1
    )
    no = world.delivery(willing(family, "father", "no"), key=family.id, subject=family.ids["father"], attempt=1)
    await arrive(world, [pressed, no])
    assert len(await waiting(world)) == 2
    assert set((await family.statuses()).values()) == {"declared"}
    assert (await world.get(f"{family.path}/holds", role=PR))["items"] == []
    assert (await family.clear("mother", "father", mother="pressed", father="no"))["cleared"] == []
    world.runtime.consumer.handlers = world.runtime.wiring.handlers
    await world.post("/operations/replays", role=Role.ADMINISTRATOR)
    assert (await family.statuses())["father"] == "withdrawn"
    assert await incidents(world) == [("pressed_at_desk", str(family.ids["mother"]))]
    assert len((await world.get(f"{family.path}/holds", role=CO))["items"]) == 1
