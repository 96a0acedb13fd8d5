"""Returns by vulnerability: counted once, as of a day, as known at a position, and no small cell."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.registration.reckoning.rules import PositionUnknown, check_position
from services.registration.reports.rules import PeriodNotOver, PeriodNotWhole, check_period, shown_cell
from shared.contracts import travel
from tests.registration.story import AU, CO, PR, RO, TOOK_OFF, Case, family_body, person, register
from tests.registration.test_protection_of_persons import vulnerable
from tests.world import World

NEW_YEAR = datetime(2022, 1, 1, 9, tzinfo=UTC)


async def report(world: World, role: Any = PR, **more: Any) -> Any:
    """As the worker does first: what has no position yet is in no report."""
    while await world.runtime.runner.turn():
        pass
    asked = "".join(f"&{name}={value}" for name, value in more.items())
    path = f"/reports/returns-by-vulnerability?since=2021-12-01&as_of=2021-12-31{asked}"
    return await world.get(path, role=role, now=NEW_YEAR)


async def woman(world: World, name: str, *categories: str, born: str = "1988-07-04") -> Case:
    case = await register(world, family_body(members=[person("woman", "principal_applicant", name, born, "female")]))
    if categories:
        body = vulnerable(case, "woman", categories=list(categories))
        await world.post(f"{case.path}/vulnerability-assessments", body, role=PR)
    return case


async def six_women(world: World) -> list[Case]:
    """All of them expect a child; two have a disability."""
    some = [("pregnant", "disability"), ("pregnant", "disability"), *[("pregnant",)] * 4]
    return [await woman(world, f"Lana{number}", *each) for number, each in enumerate(some)]


def cells(shown: Any) -> dict[str, Any]:
    return {each["category"]: each["people"] for each in shown["items"]}


async def test_returns_are_counted_by_vulnerability_and_small_cells_are_suppressed(world: World) -> None:
    for case in await six_women(world):
        await case.depart()
    shown = await report(world)
    found = {each["category"]: (each["people"], each["suppressed"]) for each in shown["items"]}
    assert shown["people"] == 6
    assert (found["pregnant"], found["disability"], found["elderly"]) == ((6, False), (None, True), (0, False))
    await world.get("/reports/returns-by-vulnerability?since=2021-12-01&as_of=2021-12-31", role=CO, expect=403)
    await world.get("/reports/returns-by-vulnerability?since=2021-12-02&as_of=2021-12-01", role=PR, expect=422)
    year = await world.get("/reports/returns-by-vulnerability?since=2021-01-01&as_of=2021-12-31", role=PR, now=NEW_YEAR)
    assert (year["people"], cells(year)) == (6, cells(shown))


async def test_the_report_that_was_given_is_given_again_whatever_was_heard_or_recorded_since(world: World) -> None:
    cases = await six_women(world)
    before = await report(world)
    for case in cases:  # all of it was recorded by travel at one moment, which the first report was asked after
        await case.depart()
    left = await report(world)
    assert (before["people"], left["people"], cells(left)["pregnant"]) == (0, 6, 6)
    for case in cases:
        body = vulnerable(case, "woman", categories=["elderly"])
        await world.post(f"{case.path}/vulnerability-assessments", body, role=PR)
    assert cells(await report(world))["elderly"] == 6
    assert await report(world, as_known_at=before["as_known_at"]) == before
    assert await report(world, as_known_at=left["as_known_at"]) == left
    problem = await world.get(
        "/reports/returns-by-vulnerability?since=2021-12-01&as_of=2021-12-31&as_known_at=99999",
        role=AU,
        expect=422,
        now=NEW_YEAR,
    )
    assert problem["type"] == "/problems/reckoned-position-unknown"


async def test_who_was_not_admitted_is_no_return_from_when_that_was_known(world: World) -> None:
    cases = await six_women(world)
    for case in cases:
        await case.depart()
    before = await report(world)
    refused = {"country": "TUR", "kind": "refused_entry"}
    fact = cases[5].passage(travel.PassengerNotAdmitted, "woman", TOOK_OFF + timedelta(hours=4), **refused)
    await cases[5].hear(fact, subject=cases[5].ids["woman"], attempt=1)
    now = await report(world)
    assert (before["people"], now["people"], cells(now)["pregnant"]) == (6, 5, 5)
    assert await report(world, as_known_at=before["as_known_at"]) == before


async def test_two_records_of_one_person_count_as_one_for_as_long_as_the_link_was_known(world: World) -> None:
    cases = [await woman(world, f"Lana{number}", "pregnant") for number in range(5)]
    cases.append(await woman(world, "Lana4", "pregnant"))
    for case in cases:
        await case.depart()
    await world.post("/duplicate-reviews", {}, role=RO)
    (likeness,) = (await world.get("/possible-duplicates", role=RO))["items"]
    apart = await report(world)
    decision = {"verdict": "same_person", "stands": str(cases[4].ids["woman"])}
    decided = await world.post(f"/possible-duplicates/{likeness['id']}/decision", decision, role=RO)
    linked = await report(world)
    await world.post(f"/people-links/{decided['link_id']}/undoing", role=RO)
    undone = await report(world)
    assert [each["people"] for each in (apart, linked, undone)] == [6, 5, 6]
    for each in (apart, linked, undone):
        assert await report(world, as_known_at=each["as_known_at"]) == each


def test_a_position_that_was_not_reached_yet_is_refused() -> None:
    assert (check_position(None, 7), check_position(0, 7), check_position(7, 7)) == (7, 0, 7)
    with pytest.raises(PositionUnknown):
        check_position(8, 7)


def test_a_report_is_of_a_whole_month_or_year_that_is_over_so_that_two_do_not_differ_by_a_day() -> None:
    today = date(2024, 3, 1)
    assert check_period(date(2024, 2, 1), date(2024, 2, 29), today) == []
    months = check_period(date(2023, 1, 1), date(2023, 12, 31), today)
    assert (len(months), months[1]) == (12, (date(2023, 2, 1), date(2023, 2, 28)))
    for since, as_of in (("02-01", "02-28"), ("01-31", "02-29"), ("01-01", "02-29"), ("02-29", "02-01")):
        with pytest.raises(PeriodNotWhole):
            check_period(date.fromisoformat(f"2024-{since}"), date.fromisoformat(f"2024-{as_of}"), today)
    with pytest.raises(PeriodNotOver):
        check_period(date(2024, 2, 1), date(2024, 2, 29), date(2024, 2, 29))


@pytest.mark.parametrize(
    ("months", "shown"),
    [
        ([6, 7], 13),
        ([6, 7, 0], 13),
        ([6, 7, 3], None),  # 16 less 13 would tell the third
        ([9, 2, 2], None),
        ([9, 4, 4], None),  # eight in two months of at most four
        ([9, 1, 1, 1, 1, 1], None),
        ([9, 2, 3], 14),
        ([2, 1], None),
    ],
)
def test_a_year_less_its_months_does_not_tell_a_month_that_is_suppressed(months: list[int], shown: int | None) -> None:
    assert shown_cell(sum(months), months) == shown
