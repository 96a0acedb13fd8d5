"""Returns are counted as of a day and as known at a moment: what comes later changes no answer that was given."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.travel.returns.rules import share, shown_to_the_public
from shared.auth import Role
from shared.relay import place
from tests.travel.registration import Registration, carry
from tests.travel.story import AD, DEPARTS, TO, Family, close_doors, schedule, seat, to_the_door
from tests.world import World

AU = Role.AUDITOR
DAY = DEPARTS.date()


async def told(world: World) -> None:
    """As the relay does first: what has no position yet is in no report."""
    async with world.runtime.database.transaction() as session:
        await place(session)


async def report(world: World, as_of: date = DAY, since: date = date(DAY.year, 1, 1), more: str = "") -> Any:
    return await world.get(f"/reports/returns?since={since}&as_of={as_of}{more}", role=AU)


async def left(world: World) -> tuple[Family, UUID]:
    """A family of four that departed."""
    family = await Family(world).ready()
    flight = await schedule(world)
    await family.book(flight)
    await to_the_door(world, flight, family)
    await close_doors(world, flight)
    await carry(world)
    world.now = DEPARTS + timedelta(minutes=10)
    await world.post(f"/flights/{flight}/departure", {"departed_at": DEPARTS.isoformat()}, role=AD)
    await told(world)
    return family, flight


async def test_departures_are_counted_with_definition_day_and_position(
    world: World, registration: Registration
) -> None:
    await left(world)
    said = await report(world)
    assert (said["count"], said["year_to_date"], said["share"]) == (4, 4, "100.0")
    assert "as_known_at" in said["definition"]
    assert said["as_known_at"] > 0
    assert (await report(world, DAY - timedelta(days=1)))["count"] == 0, "they had not left the day before"
    assert (await report(world, more="&from_airport=VNO"))["count"] == 0
    assert (await report(world, more="&flight_kind=charter"))["count"] == 0
    await world.get(f"/reports/returns?since={DAY}&as_of={DAY - timedelta(days=1)}", role=AU, expect=422)
    problem = await world.get(f"/reports/returns?since={DAY}&as_of={DAY}&as_known_at=99999", role=AU, expect=422)
    assert problem["type"] == "/problems/position-unknown"


async def test_a_report_that_was_given_is_given_again_after_late_entries(
    world: World, registration: Registration
) -> None:
    await left(world)
    given_then = await report(world)
    world.now = DEPARTS - timedelta(days=1)
    await left(world)
    assert (await report(world))["count"] == 8, "as known now"
    again = await report(world, more=f"&as_known_at={given_then['as_known_at']}")
    assert again == given_then, "as it was known then"


@pytest.mark.parametrize(
    ("by", "cells"),
    [
        ("nationality", {"IRQ": 4}),
        ("destination", {"IRQ": 4}),
        ("age_group", {"adult": 2, "2_11": 2}),
        ("flight_kind", {"commercial": 4}),
        ("month", {f"{DAY:%Y-%m}": 4}),
        ("site", {None: 4}),
    ],
)
async def test_returns_are_told_apart_by_what_was_known_at_departure(
    world: World, registration: Registration, by: str, cells: dict[str | None, int]
) -> None:
    await left(world)
    said = await report(world, more=f"&by={by}")
    assert {each["key"]: each["count"] for each in said["cells"]} == cells
    hidden = await report(world, more=f"&by={by}&public=true")
    assert {each["count"] for each in hidden["cells"]} == {None}, "fewer than five are not shown to the public"


async def test_who_was_not_admitted_did_not_return_and_was_counted_until_that_was_known(
    world: World, registration: Registration
) -> None:
    family, flight = await left(world)
    before = await report(world)
    world.now = DEPARTS + timedelta(hours=8)
    body = {"country": "TUR", "kind": "refused_entry", "at": world.now.isoformat()}
    await world.post(f"{seat(flight, family.ids[0])}/non-admission", body, role=TO)
    await told(world)
    assert (await report(world))["count"] == 3
    assert (await report(world, more=f"&as_known_at={before['as_known_at']}"))["count"] == 4


async def test_seats_that_are_still_planned_are_told_flight_by_flight(world: World, registration: Registration) -> None:
    family = await Family(world).ready()
    flight = await schedule(world)
    await family.book(flight)
    planned = await world.get("/reports/planned?days=30", role=AU)
    assert (planned["persons"], [each["flight_id"] for each in planned["flights"]]) == (4, [str(flight)])
    assert (await world.get("/reports/planned?days=0", role=AU))["flights"] == []
    assert (await report(world))["count"] == 0, "nobody has returned who is only booked"


def test_the_shares_of_the_published_table_come_out() -> None:
    assert [share(*each) for each in ((86, 141), (36, 141), (326, 381), (276, 381), (0, 0))] == [
        Decimal("61.0"),
        Decimal("25.5"),
        Decimal("85.6"),
        Decimal("72.4"),
        None,
    ]


@given(st.dictionaries(st.sampled_from("ABCDEFG"), st.integers(0, 40)))
def test_no_hidden_cell_can_be_worked_out_from_the_total(counts: dict[str | None, int]) -> None:
    shown = shown_to_the_public(counts)
    hidden = [key for key, count in shown.items() if count is None]
    assert not any(count is not None and 0 < count < 5 for count in shown.values())
    others = [key for key, count in counts.items() if count]
    enough = len(hidden) > 1 and sum(counts[key] for key in hidden) >= 5
    assert not hidden or enough or len(hidden) == len(others), "the total less the others would tell"


async def test_a_count_of_fewer_than_five_is_not_told_to_the_public(world: World, registration: Registration) -> None:
    await left(world)
    said = await report(world, more="&public=true")
    assert (said["count"], said["share"]) == (None, None)
    two_years = await report(world, since=date(DAY.year - 1, 1, 1))
    assert (two_years["count"], two_years["share"]) == (4, None), "no share of another year"
