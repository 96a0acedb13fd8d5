"""A donor is told of visits, talks and help right after the arrival too, each by its kind and as it was known then."""

from datetime import UTC, datetime
from typing import Any

from alembic import command
from sqlalchemy import Connection, select
from sqlmodel import col

from services.reintegration.app import WIRING
from services.reintegration.visits.models import Visit
from shared.auth import Role
from shared.contracts.reintegration import CounsellingHeld, HelpGiven, VisitMade
from shared.database import outbox
from shared.migrations import config_of
from tests.reintegration.story import FI, RE, Family, approved, at_home, line_of, payment_body
from tests.reintegration.test_budgets import AU, report, told
from tests.world import World

NOTHING: dict[str, Any] = {"payments": 0, "deliveries": 0, "visits": {}, "talks": 0, "help_after_arrival": {}}


async def talk(world: World, family: Family, day: str, *who: Any) -> Any:
    body = {"individuals": [str(each) for each in who], "language": "ckb", "topics": ["housing"], "held_on": day}
    return await world.post(f"/cases/{family.case}/counselling-sessions", late(body), role=RE)


async def visit(world: World, family: Family, day: str, kind: str, *who: Any) -> Any:
    body = {"made_on": day, "kind": kind, "individuals": [str(each) for each in who], "findings": "It is warm."}
    return await world.post(f"/cases/{family.case}/visits", late(body), role=RE)


async def helped(world: World, family: Family, day: str, kind: str, whom: Any) -> Any:
    body = {"individual_id": str(whom), "help": kind, "given_on": day}
    return await world.post(f"/cases/{family.case}/post-arrival-help", late(body), role=RE)


def late(body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "late_reason": "paper_form", "evidence": "F-1"}


async def test_a_donor_is_told_of_visits_talks_and_help_each_by_its_kind(world: World) -> None:
    family = await at_home(world)
    await helped(world, family, "2021-12-16", "reception", family.mother)
    await talk(world, family, "2021-12-16")
    await told(world)
    assert (await report(world))["activities"] == NOTHING, "no money of the project goes to this case yet"
    await approved(world, family)
    world.now = datetime(2022, 2, 4, 9, 0, tzinfo=UTC)
    await helped(world, family, "2021-12-17", "medical_support", family.son)
    await helped(world, family, "2021-12-18", "reception", family.father)
    await visit(world, family, "2022-01-20", "at_home", family.father)
    await visit(world, family, "2022-01-21", "by_phone", family.mother)
    await visit(world, family, "2022-02-01", "at_home", family.father)
    await told(world)
    said = await report(world)
    assert said["activities"] == {
        **NOTHING,
        "visits": {"at_home": 2, "by_phone": 1},
        "talks": 1,
        "help_after_arrival": {"medical_support": 1, "reception": 2},
    }
    assert (said["cases"], said["people"]) == (1, 4), "each once, however often"
    january = "/reports/donor?project=RT.0123&since=2022-01-20&until=2022-01-31"
    part = await world.get(january, role=AU)
    assert part["activities"] == {**NOTHING, "visits": {"at_home": 1, "by_phone": 1}}
    assert (part["cases"], part["people"]) == (1, 2), "those who were visited"
    other = await world.get("/reports/donor?project=RT.9&since=2021-01-01&until=2022-12-31", role=Role.FINANCE)
    assert (other["activities"], other["cases"], other["people"]) == (NOTHING, 0, 0)


async def test_a_case_that_is_talked_to_and_paid_for_counts_once_and_so_do_its_people(world: World) -> None:
    first, second = await at_home(world), await at_home(world)
    plan = await approved(world, first)
    await approved(world, second)
    world.now = datetime(2022, 1, 4, 9, 0, tzinfo=UTC)
    await world.post(f"/plans/{plan['plan_id']}/payments", payment_body(plan), role=FI)
    await talk(world, first, "2022-01-03", first.mother)
    await talk(world, second, "2022-01-03", second.mother, second.father)
    await helped(world, second, "2021-12-20", "food_and_items", second.mother)
    await told(world)
    said = await report(world)
    assert (said["cases"], said["people"], said["activities"]["talks"]) == (2, 6, 2)


async def test_what_is_recorded_later_leaves_the_report_that_was_given_as_it_was(world: World) -> None:
    family = await at_home(world)
    plan = await approved(world, family)
    world.now = datetime(2022, 2, 4, 9, 0, tzinfo=UTC)
    await visit(world, family, "2022-01-20", "at_home", family.father)
    await told(world)
    given = await report(world)
    await visit(world, family, "2022-01-20", "at_work", family.mother)
    await talk(world, family, "2022-01-20")
    await helped(world, family, "2021-12-20", "reception", family.son)
    assert await report(world) == given, "what was not told yet is in no report"
    await told(world)
    now = await report(world)
    assert now["activities"]["visits"] == {"at_home": 1, "at_work": 1}
    assert (now["activities"]["talks"], now["activities"]["help_after_arrival"]) == (1, {"reception": 1})
    assert await report(world, f"&as_known_at={given['as_known_at']}") == given
    release = f"/plans/{plan['plan_id']}/lines/{line_of(plan, 'rent')}/release"
    await world.post(release, {"reason": "no_longer_needed"}, role=RE)
    await told(world)
    assert (await report(world))["activities"] == now["activities"]


async def test_what_is_told_of_a_talk_or_of_help_says_neither_of_what_nor_which(world: World) -> None:
    family = await at_home(world)
    talked = await talk(world, family, "2021-12-20")
    given = await helped(world, family, "2021-12-20", "medical_support", family.son)
    (held,) = await world.told(CounsellingHeld, family.case)
    assert held.data == {"session": talked["session_id"], "held_on": "2021-12-20"}
    (of_help,) = await world.told(HelpGiven, family.case)
    assert of_help.data == {"help": given["help_id"], "given_on": "2021-12-20"}
    for fact in (held, of_help):
        assert fact.time.date().isoformat() == "2021-12-20"
        assert str(family.son) not in fact.body().decode()
        assert b"medical" not in fact.body()


async def test_a_visit_from_before_the_migration_names_the_fact_that_told_of_it(world: World) -> None:
    family = await at_home(world)
    for kind in ("at_home", "at_work"):
        await visit(world, family, "2021-12-20", kind, family.father)
    told_of = {each.data["visit"]: each.id for each in await world.told(VisitMade, family.case)}

    def again(connection: Connection) -> None:
        config = config_of(WIRING)
        config.attributes["connection"] = connection
        command.downgrade(config, "0006")
        command.upgrade(config, "0007")
        kept = {str(row.id): row.event_id for row in connection.execute(select(col(Visit.id), col(Visit.event_id)))}
        assert kept == told_of
        assert set(kept.values()) <= set(connection.execute(select(outbox.c.event_id)).scalars())

    async with world.runtime.database.schema_connection() as connection:
        await connection.run_sync(again)
