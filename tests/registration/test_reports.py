"""Returns by vulnerability: counted once, as of a day, as known at a position, and no small cell."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.registration.reckoning.rules import PositionUnknown, check_position
from services.registration.reports.rules import (
    EditionMissing,
    PeriodNotOver,
    PeriodNotWhole,
    check_editions,
    check_period,
    month_of,
    shown_cell,
    told_count,
)
from shared.auth import Role
from shared.contracts import travel
from tests.registration.story import AU, CO, PR, RO, TOOK_OFF, Case, family_body, person, register
from tests.registration.test_protection_of_persons import vulnerable
from tests.world import World

AD = Role.PROGRAMME_OFFICER
NEW_YEAR = datetime(2022, 1, 1, 9, tzinfo=UTC)


async def edition(world: World, month: int = 1) -> Any:
    """Of that month of 2022. As the worker does first: what has no position yet is in no report."""
    while await world.runtime.runner.turn():
        pass
    return await world.post("/report-editions", role=AD, now=NEW_YEAR.replace(month=month))


async def report(world: World, month: int | None = None, role: Any = PR, **more: Any) -> Any:
    """Of December 2021; with `month`, after the edition of that month of 2022 was made."""
    if month is not None:
        await edition(world, month)
    asked = "".join(f"&{name}={value}" for name, value in more.items())
    path = f"/reports/returns-by-vulnerability?since=2021-12-01&as_of=2021-12-31{asked}"
    return await world.get(path, role=role, now=NEW_YEAR.replace(month=month or 1))


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
    shown = await report(world, 1)
    found = {each["category"]: (each["people"], each["suppressed"]) for each in shown["items"]}
    assert shown["people"] == 6
    assert (found["pregnant"], found["disability"], found["elderly"]) == ((6, False), (None, True), (0, False))
    await world.get("/reports/returns-by-vulnerability?since=2021-12-01&as_of=2021-12-31", role=CO, expect=403)
    await world.get("/reports/returns-by-vulnerability?since=2021-12-02&as_of=2021-12-01", role=PR, expect=422)
    year = await world.get("/reports/returns-by-vulnerability?since=2021-01-01&as_of=2021-12-31", role=PR, now=NEW_YEAR)
    assert (year["people"], cells(year)) == (6, cells(shown))


async def test_the_report_that_was_given_is_given_again_whatever_was_heard_or_recorded_since(world: World) -> None:
    cases = await six_women(world)
    before = await report(world, 1)
    for case in cases:  # all of it was recorded by travel at one moment, which the first report was asked after
        await case.depart()
    assert await report(world) == before, "a month has one edition"
    left = await report(world, 2)
    assert (before["people"], left["people"], cells(left)["pregnant"]) == (0, 6, 6)
    for case in cases:
        body = vulnerable(case, "woman", categories=["elderly"])
        await world.post(f"{case.path}/vulnerability-assessments", body, role=PR)
    assert cells(await report(world, 3))["elderly"] == 6
    assert await report(world, as_known_at=before["as_known_at"]) == before
    assert await report(world, as_known_at=left["as_known_at"]) == left
    assert await report(world, as_known_at=left["as_known_at"] + 1) == left, "of what stands between two, the earlier"
    problem = await world.get(
        "/reports/returns-by-vulnerability?since=2021-12-01&as_of=2021-12-31&as_known_at=99999",
        role=AU,
        expect=422,
        now=NEW_YEAR,
    )
    assert problem["type"] == "/problems/reckoned-position-unknown"


async def test_two_editions_of_a_report_are_subtracted_and_tell_nobody(world: World) -> None:
    cases = [*await six_women(world), *[await woman(world, f"Lana{number}") for number in range(6, 11)]]
    for case in cases:
        await case.depart()
    first = await report(world, 1)
    body = {"categories": ["pregnant"]}
    await world.post(f"{cases[6].path}/vulnerability-assessments", vulnerable(cases[6], "woman", **body), role=PR)
    then = await report(world, 2)
    assert then["as_known_at"] > first["as_known_at"], "it is known that she is"
    assert cells(then) == cells(first), "one more would be she"
    for case in cases[7:]:
        await world.post(f"{case.path}/vulnerability-assessments", vulnerable(case, "woman", **body), role=PR)
    assert (cells(first)["pregnant"], cells(await report(world, 3))["pregnant"]) == (6, 11)
    assert cells(await report(world, as_known_at=then["as_known_at"]))["pregnant"] == 6


async def test_a_report_is_given_of_what_an_edition_knew_that_was_made_after_its_month(world: World) -> None:
    missing = await world.get(
        "/reports/returns-by-vulnerability?since=2021-12-01&as_of=2021-12-31", role=AU, expect=409, now=NEW_YEAR
    )
    assert missing["type"] == "/problems/report-edition-missing"
    made = await edition(world, 2)
    assert made == await edition(world, 1) | {"made_at": made["made_at"]}, "none is made of a month before the last one"
    assert (await report(world))["as_known_at"] == made["as_known_at"]
    await world.post("/report-editions", role=PR, expect=403)


async def test_who_was_not_admitted_is_no_return_from_when_that_was_known(world: World) -> None:
    cases = await six_women(world)
    for case in cases:
        await case.depart()
    before = await report(world, 1)
    for case in cases:
        refused = {"country": "TUR", "kind": "refused_entry"}
        fact = case.passage(travel.PassengerNotAdmitted, "woman", TOOK_OFF + timedelta(hours=4), **refused)
        await case.hear(fact, subject=case.ids["woman"], attempt=1)
    now = await report(world, 2)
    assert (before["people"], now["people"], cells(now)["pregnant"]) == (6, 0, 0)
    assert await report(world, as_known_at=before["as_known_at"]) == before


async def test_two_records_of_one_person_count_as_one_for_as_long_as_the_link_was_known(world: World) -> None:
    cases = [await woman(world, f"Lana{number}", "pregnant") for number in [*range(5), *range(5)]]
    for case in cases:
        await case.depart()
    await world.post("/duplicate-reviews", {}, role=RO)
    apart = await report(world, 1)
    links = []
    for likeness in (await world.get("/possible-duplicates", role=RO))["items"]:
        decision = {"verdict": "same_person", "stands": likeness["people"][0]["individual_id"]}
        links.append(await world.post(f"/possible-duplicates/{likeness['id']}/decision", decision, role=RO))
    linked = await report(world, 2)
    for decided in links:
        await world.post(f"/people-links/{decided['link_id']}/undoing", role=RO)
    undone = await report(world, 3)
    assert [(each["people"], cells(each)["pregnant"]) for each in (apart, linked, undone)] == [
        (10, 10),
        (5, 5),
        (10, 10),
    ]
    for each in (apart, linked, undone):
        assert await report(world, as_known_at=each["as_known_at"]) == each


def test_a_position_that_was_not_reached_yet_is_refused() -> None:
    assert (check_position(None, 7), check_position(0, 7), check_position(7, 7)) == (7, 0, 7)
    with pytest.raises(PositionUnknown):
        check_position(8, 7)


def test_a_report_is_of_a_whole_month_or_year_that_is_over_so_that_two_do_not_differ_by_a_day() -> None:
    today = date(2024, 3, 1)
    assert check_period(date(2024, 2, 1), date(2024, 2, 29), today) == [(date(2024, 2, 1), date(2024, 2, 29))]
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
    assert shown_cell(months) == shown


@pytest.mark.parametrize(
    ("editions", "told"),
    [
        ([7], 7),
        ([7, 8, 9], 7),
        ([7, 11, 12], 12),
        ([12, 8, 7, 6], 7),
        ([7, 11, 7, 13, 17], 13),
        ([0, 3, 5], 5),
        ([3, 8, 30], 3),  # hidden at first: a year that shows it later would tell by how much it grew
        ([9, 4, 1, 0], 0),
        ([9, 1, 14], 14),
    ],
)
def test_what_is_told_of_two_editions_differs_by_five_or_not_at_all(editions: list[int], told: int) -> None:
    assert told_count(editions) == told


@given(st.lists(st.lists(st.integers(0, 14), min_size=12, max_size=12), min_size=2, max_size=5))
@settings(derandomize=True, max_examples=60, database=None, deadline=None)
def test_no_difference_of_what_editions_tell_is_of_fewer_than_five(editions: list[list[int]]) -> None:
    told = [[told_count([each[month] for each in editions[:last]]) for month in range(12)] for last in (1, 2, 3, 4, 5)]
    for earlier, later in pairwise(told):
        assert all(abs(one - other) >= 5 for one, other in zip(earlier, later, strict=True) if one != other)
        years = (shown_cell(earlier), shown_cell(later))
        if None not in years and earlier != later:
            moved = [one != other for one, other in zip(earlier, later, strict=True)]
            assert all(shown_cell([one]) is not None for one, changed in zip(earlier, moved, strict=True) if changed)


def test_an_edition_is_looked_for_at_or_before_the_position_asked_for() -> None:
    january, february = (date(2022, 1, 1), 7), (date(2022, 2, 1), 9)
    december, both = (date(2021, 12, 1), 5), [january, february]
    assert check_editions([december, *both], date(2021, 12, 31), None) == [december, *both]
    assert check_editions([december, *both], date(2021, 12, 31), 8) == [december, january]
    assert month_of(date(2022, 2, 28)) == february[0]
    for editions, asked in (([], None), ([december], None), ([december, *both], 6)):
        with pytest.raises(EditionMissing):
            check_editions(editions, date(2021, 12, 31), asked)
