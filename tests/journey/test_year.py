"""Those who went home in 2021, as the plan of the year has them: the totals that are published, and nobody twice."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

from services.demo.child_alone import flight_with_a_child_alone
from services.demo.year import Flight, flight_on_paper, flight_otherwise, flights_of_the_year, story, year

FAMILY = len(story()["members"])


def flying(since: str, until: str) -> int:
    return sum(flight.flying for flight in flights_of_the_year(date.fromisoformat(since), date.fromisoformat(until)))


def whole_year() -> list[Flight]:
    return flights_of_the_year(date(2021, 1, 1), date(2021, 12, 31))


def test_the_periods_of_the_year_have_the_numbers_of_the_story() -> None:
    assert flying("2021-01-01", "2021-08-31") == 55
    assert flying("2021-09-01", "2021-11-30") == 50
    assert flying("2021-12-01", "2021-12-03") == 0
    assert flying("2021-12-04", "2021-12-13") == 36
    assert flying("2021-12-14", "2021-12-31") + FAMILY == 240


def test_every_nationality_has_the_number_of_the_story() -> None:
    flown = Counter({"IRQ": FAMILY})
    for flight in whole_year():
        flown[flight.to] += flight.flying
    assert flown == {"IRQ": 267, "LBN": 30, "IRN": 24, "LKA": 20, "CUB": 16, "CMR": 14, "EGY": 10}


def test_a_case_has_about_one_and_seven_tenths_persons() -> None:
    cases = sum(not case.stays for flight in whole_year() for case in flight.cases) + 1
    assert round(381 / cases, 1) == 1.7


def test_the_same_seed_draws_the_same_people_and_nobody_has_a_passport_twice() -> None:
    assert whole_year() == whole_year()
    members = [member for flight in whole_year() for case in flight.cases for member in case.members]
    passports = [member["documents"][0]["number"] for member in members]
    assert len(set(passports)) == len(passports)


def test_whoever_is_a_child_in_the_plan_is_one_on_the_day_of_the_flight() -> None:
    for flight in whole_year():
        eighteen = flight.on - timedelta(days=18 * 366)
        for case in flight.cases:
            for member in case.members:
                assert (date.fromisoformat(member["birth_date"]) > eighteen) == bool(member.get("responsible"))


def test_who_flew_on_paper_is_one_person_and_nobody_of_the_published_totals() -> None:
    late = flight_on_paper()
    (entered,) = (member for case in late.cases for member in case.members)
    assert (late.on, late.flying) == (date(2021, 12, 12), 1)
    assert late.name not in {flight.name for flight in whole_year()}
    for flight in whole_year():
        for case in flight.cases:
            assert case.name != late.cases[0].name
            for member in case.members:
                assert member["documents"][0]["number"] != entered["documents"][0]["number"]
                assert _who(member) != _who(entered)


def test_each_part_played_otherwise_has_a_flight_of_its_own_with_the_people_of_the_year() -> None:
    parts = {part: flight_otherwise(part) for part in year()["otherwise"]}
    assert len({flight.name for flight in parts.values()}) == len(parts) == 4
    for part, flight in parts.items():
        assert flight in whole_year()
        assert not any(case.stays for case in flight.cases)
        named = year()["otherwise"][part].get("case")
        assert named is None or named in {case.name for case in flight.cases}


def test_the_child_alone_is_one_of_the_year_who_goes_alone_and_is_16_on_the_day_of_the_flight() -> None:
    before, flight = flight_otherwise("child_alone"), flight_with_a_child_alone()
    (alone,) = (case for case in flight.cases if case.speaks is not None)
    (child,) = alone.members
    born = date.fromisoformat(child["birth_date"])
    assert born.replace(year=born.year + 16) <= flight.on < born.replace(year=born.year + 17)
    assert alone.asked == []
    assert flight.flying == before.flying
    assert [case for case in flight.cases if case != alone] == [c for c in before.cases if c.name != alone.name]


def _who(member: dict[str, Any]) -> tuple[str, str, str]:
    return member["given_name"], member["family_name"], member["birth_date"]
