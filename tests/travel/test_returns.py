"""Returns are counted as of a day and as known at a moment: what comes later changes no answer that was given."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from alembic import command
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from services.travel.app import WIRING
from services.travel.returns.rules import (
    Left,
    PublicReportNotWhole,
    check_public,
    counted_beside_another,
    share,
    shown_to_the_public,
    total_shown_to_the_public,
)
from shared.auth import Role
from shared.contracts import registration as r
from shared.contracts import travel as t
from shared.database import core, new_id
from shared.migrations import config_of, upgrade
from shared.relay import place
from tests.travel.registration import Registration, carry
from tests.travel.story import AD, DEPARTS, SITE, TO, Family, close_doors, schedule, seat, to_the_door
from tests.world import World

AU = Role.AUDITOR
DAY = DEPARTS.date()
DECEMBER = (date(DAY.year, 12, 1), date(DAY.year, 12, 31))
NEW_YEAR = datetime(DAY.year + 1, 1, 2, 9, tzinfo=UTC)


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
    assert (await report(world, more=f"&site={SITE}"))["count"] == 4
    assert (await report(world, more=f"&site={new_id()}"))["count"] == 0, "nobody left from there"
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
        ("sex", {"male": 1, "female": 1, "unknown": 2}),
        ("site", {str(SITE): 4}),
    ],
)
async def test_returns_are_told_apart_by_what_was_known_at_departure(
    world: World, registration: Registration, by: str, cells: dict[str | None, int]
) -> None:
    await left(world)
    said = await report(world, more=f"&by={by}")
    assert {each["key"]: each["count"] for each in said["cells"]} == cells
    world.now = NEW_YEAR
    hidden = await report(world, DECEMBER[1], more=f"&by={by}&public=true")
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


@given(st.lists(st.dictionaries(st.sampled_from("ABCD"), st.integers(0, 12)), min_size=12, max_size=12))
@settings(derandomize=True, max_examples=100, database=None, deadline=None)
def test_a_year_for_the_public_less_its_months_tells_no_hidden_cell(months: list[dict[str | None, int]]) -> None:
    year: Counter[str | None] = Counter()
    for each in months:
        year.update(each)
    shown, by_month = shown_to_the_public(year, months), [shown_to_the_public(each) for each in months]
    for key, count in shown.items():
        hidden = [counts[key] for counts, told in zip(months, by_month, strict=True) if told.get(key, 0) is None]
        if hidden and count is not None:
            assert len(hidden) > 1
            assert max(5, len(hidden) + 1) <= sum(hidden) != 4 * len(hidden)


@pytest.mark.parametrize(
    ("count", "months", "shown"),
    [(4, [], None), (0, [], 0), (9, [], 9), (23, [20, 3], None), (25, [20, 3, 2], 25), (28, [20, 4, 4], None)],
)
def test_a_total_for_the_public_tells_no_small_month(count: int, months: list[int], shown: int | None) -> None:
    assert total_shown_to_the_public(count, months) == shown


@pytest.mark.parametrize(
    ("since", "as_of", "whole"),
    [
        ("2021-12-02", "2021-12-31", True),
        ("2021-12-01", "2021-12-30", True),
        ("2021-11-01", "2021-12-31", True),
        ("2022-01-01", "2022-01-31", True),  # not over
        ("2021-12-01", "2021-12-31", False),
    ],
)
def test_of_two_reports_for_the_public_the_days_do_not_differ_by_one(since: str, as_of: str, whole: bool) -> None:
    with pytest.raises(PublicReportNotWhole):
        check_public(date.fromisoformat(since), date.fromisoformat(as_of), date(2022, 1, 31), whole=whole)


async def test_reports_for_the_public_cannot_be_subtracted_by_day_place_or_position(
    world: World, registration: Registration
) -> None:
    await left(world)
    world.now = NEW_YEAR
    said = await report(world, DECEMBER[1], DECEMBER[0], "&public=true")
    assert (said["count"], said["year_to_date"], said["share"]) == (None, None, None)
    two_years = await report(world, since=date(DAY.year - 1, 1, 1))
    assert (two_years["count"], two_years["share"]) == (4, None), "no share of another year"
    for more in ("&from_airport=MSQ", f"&site={SITE}", "&flight_kind=charter", f"&as_known_at={said['as_known_at']}"):
        path = f"/reports/returns?since={DECEMBER[0]}&as_of={DECEMBER[1]}&public=true{more}"
        assert (await world.get(path, role=AU, expect=422))["type"] == "/problems/public-report-not-whole"
    await world.get(f"/reports/returns?since={DECEMBER[0]}&as_of={DAY}&public=true", role=AU, expect=422)


async def test_people_who_turn_out_to_be_one_are_counted_once_from_then_on(
    world: World, registration: Registration
) -> None:
    one, _ = await left(world)
    world.now = DEPARTS - timedelta(days=1)
    two, _ = await left(world)
    before = await report(world)
    assert before["count"] == 8
    link = {"link": new_id(), "duplicate": two.ids[0], "stands": one.ids[0]}
    await two.tell(r.PeopleLinked(**link, standing_case=one.case), two.ids[0])
    await told(world)
    (fact,) = await world.told(t.DepartureCountedOnce)
    assert fact.data["individual"] == str(two.ids[0]), "the record that does not stand"
    assert (await report(world))["count"] == 7
    assert sum(each["count"] for each in (await report(world, more="&by=nationality"))["cells"]) == 7
    assert await report(world, more=f"&as_known_at={before['as_known_at']}") == before, "as it was known before"
    linked = await report(world)
    await two.tell(r.PeopleUnlinked(**link, standing_case=one.case), two.ids[0])
    await told(world)
    assert (await report(world))["count"] == 8, "they were two people after all"
    assert await report(world, more=f"&as_known_at={linked['as_known_at']}") == linked


async def test_a_second_record_that_departs_after_the_link_is_not_counted_beside_the_first(
    world: World, registration: Registration
) -> None:
    one, _ = await left(world)
    two = Family(world)
    link = r.PeopleLinked(link=new_id(), duplicate=one.ids[0], stands=two.ids[0], standing_case=two.case)
    await one.tell(link, one.ids[0])
    assert await world.told(t.DepartureCountedOnce) == [], "only one of the two has departed"
    world.now = DEPARTS - timedelta(days=1)
    await two.ready()
    second = await schedule(world)
    await two.book(second)
    await to_the_door(world, second, two)
    await close_doors(world, second)
    await carry(world)
    world.now = DEPARTS + timedelta(minutes=10)
    await world.post(f"/flights/{second}/departure", {"departed_at": DEPARTS.isoformat()}, role=AD)
    await told(world)
    (fact,) = await world.told(t.DepartureCountedOnce)
    assert fact.data["individual"] == str(one.ids[0])
    assert (await report(world))["count"] == 7
    body = {"country": "TUR", "kind": "refused_entry", "at": (DEPARTS + timedelta(hours=8)).isoformat()}
    world.now = DEPARTS + timedelta(hours=8)
    await world.post(f"{seat(second, two.ids[0])}/non-admission", body, role=TO)
    await told(world)
    assert (await report(world))["count"] == 7, "who was refused under one record is counted under the other"


def test_of_one_persons_records_the_one_that_stands_is_counted_else_the_one_that_left_first() -> None:
    one, two, three = new_id(), new_id(), new_id()
    first, second, third = (Left(new_id(), who, DAY + timedelta(days=day)) for day, who in enumerate((one, two, three)))
    again = Left(new_id(), one, DAY + timedelta(days=9))
    assert counted_beside_another([], [first, second]) == set()
    assert counted_beside_another([(one, two)], [first, second]) == {first.departure}
    assert counted_beside_another([(one, three), (two, three)], [first, second]) == {second.departure}
    assert counted_beside_another([(one, two), (two, three)], [first, second, third]) == {
        first.departure,
        second.departure,
    }
    assert counted_beside_another([(two, one)], [first, again, second]) == {second.departure}, "he left twice himself"
    assert counted_beside_another([(one, two), (two, one)], [first]) == set(), "a ring of links ends"


async def test_departures_from_before_there_was_a_ledger_are_entered_into_it(
    world: World, registration: Registration
) -> None:
    family, flight = await left(world)
    world.now = DEPARTS + timedelta(hours=8)
    body = {"country": "TUR", "kind": "refused_entry", "at": world.now.isoformat()}
    await world.post(f"{seat(flight, family.ids[0])}/non-admission", body, role=TO)
    await told(world)
    more = "&by=age_group"
    before = await report(world, more=more)
    config, database = config_of(WIRING), world.runtime.database

    def back(connection: Connection) -> None:
        config.attributes["connection"] = connection
        command.downgrade(config, "0008")

    async with database.schema_connection() as connection:
        await connection.run_sync(back)
    async with database.transaction() as session:
        await core(session, text("DELETE FROM departure_undone"))
        await core(session, text("DELETE FROM departure"))
    for _ in range(2):
        await upgrade(WIRING, database)
        assert await report(world, more=more) == before, "also when it is done again"
        async with database.schema_connection() as connection:
            await connection.run_sync(back)
    await upgrade(WIRING, database)
