"""Everyone else who went home in 2021: who they are, and when they fly. Drawn from a seed; the totals are given."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from random import Random
from typing import Any

from services.demo.scenario import Scenario, read_scenario

STORY = "family.json"
YEAR = "year.json"


@cache
def story() -> Scenario:
    return read_scenario(STORY)


@cache
def year() -> Scenario:
    return read_scenario(YEAR)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The moments of the family's story, so many days later."""

    days: int

    @classmethod
    def of_departure(cls, on: date) -> "Calendar":
        """The calendar of those who fly on that day."""
        return cls((on - datetime.fromisoformat(story()["times"]["departed"]).date()).days)

    def at(self, moment: str) -> datetime:
        return self.later(story()["times"][moment])

    def later(self, moment: str) -> datetime:
        return datetime.fromisoformat(moment) + timedelta(days=self.days)

    def flight(self) -> dict[str, Any]:
        """The family's flight, so many days later, as travel is asked for it."""
        flight: dict[str, Any] = story()["flight"]

        def moved(whole: dict[str, Any], *moments: str) -> dict[str, Any]:
            return {**whole, **{name: self.later(whole[name]).isoformat() for name in moments}}

        legs = [moved(leg, "departs", "arrives") for leg in flight["legs"]]
        return {**moved(flight, "cut_off_at", "check_in_opens_at", "doors_at"), "legs": legs}


@dataclass(frozen=True, slots=True)
class Case:
    """People who go together. `stays`: nobody of it flies after all, for the first adult says no at the desk. `speaks`:
    of a child alone, the paper of who speaks for the child."""

    name: str
    members: tuple[dict[str, Any], ...]
    arrived: date
    channel: str
    stays: bool = False
    speaks: dict[str, Any] | None = None

    @property
    def adults(self) -> list[str]:
        """Those who sign for themselves; of a child alone, the child."""
        return [each["ref"] for each in self.members if "responsible" not in each]

    @property
    def asked(self) -> list[str]:
        """Who is asked once more at the desk, alone: no child ever."""
        return self.adults if self.speaks is None else []


@dataclass(frozen=True, slots=True)
class Flight:
    on: date
    to: str
    cases: tuple[Case, ...]

    @property
    def name(self) -> str:
        return f"{self.on.isoformat()} to {self.to}"

    @property
    def calendar(self) -> Calendar:
        return Calendar.of_departure(self.on)

    @property
    def flying(self) -> int:
        return sum(len(case.members) for case in self.cases if not case.stays)

    def body(self) -> dict[str, Any]:
        """As travel schedules it: the family's flight on another day, and to another place."""
        place = year()["places"][self.to]
        flight = self.calendar.flight()
        legs = flight["legs"]
        legs[-1] |= {"to_airport": place["airport"], "to_country": self.to, "flight_number": place["flight_number"]}
        return {**flight, "seats": sum(len(case.members) for case in self.cases) + 2}


_CHANNELS = ("office_visit", "phone", "online", "referral")


def flights_of_the_year(since: date, until: date) -> list[Flight]:
    """Those that left between two days, both counted in, in the order of their days."""
    random = Random(year()["seed"])  # noqa: S311 - people of a story, not secrets
    numbers = iter(range(9_000))
    everyone = [_flight(random, numbers, planned) for planned in year()["flights"]]
    return [flight for flight in everyone if since <= flight.on <= until]


def flight_otherwise(part: str) -> Flight:
    """The flight of the year on which that part of the operation is played."""
    on = date.fromisoformat(year()["otherwise"][part]["on"])
    (flight,) = [each for each in flights_of_the_year(on, on) if each.to == year()["otherwise"][part]["to"]]
    return flight


def flight_on_paper() -> Flight:
    """The one that was worked on paper, and is known of only when its paper is entered. Of nobody in the published
    totals: it shows that what is entered late changes later answers, and never what was reported."""
    random = Random(year()["seed"] + 1)  # noqa: S311 - people of a story, not secrets
    return _flight(random, iter(range(9_000, 10_000)), year()["on_paper"])


def _flight(random: Random, numbers: Iterator[int], planned: dict[str, Any]) -> Flight:
    on, to, left = date.fromisoformat(planned["on"]), planned["to"], planned["people"]
    sizes = {int(size): weight for size, weight in year()["household_sizes"].items()}
    cases = []
    while left:
        size = min(left, random.choices(list(sizes), list(sizes.values()))[0])
        cases.append(_case(random, next(numbers), on, to, size))
        left -= size
    if planned["on"] in year()["nobody_reached_the_gate_on"]:
        cases.append(_case(random, next(numbers), on, to, 1, stays=True))
    return Flight(on, to, tuple(cases))


def _case(random: Random, number: int, on: date, to: str, size: int, *, stays: bool = False) -> Case:
    adults = min(size, 2)
    family = random.choice(year()["names"][to]["family"])
    members = [_member(random, number, place, to, family, adults) for place in range(size)]
    arrived = on - timedelta(days=random.randint(14, 70))
    channel = random.choice(_CHANNELS) if on < date(2021, 12, 1) else "outreach_visit"
    return Case(f"case {number:03}", tuple(members), arrived, channel, stays)


def _member(random: Random, number: int, place: int, to: str, family: str, adults: int) -> dict[str, Any]:
    adult = place < adults
    sex = random.choice(("male", "female")) if not adult else ("male" if random.random() < 0.82 else "female")
    if adult and place == 1:
        sex = "female"
    born = random.randint(1976, 2002) if adult else random.randint(2006, 2018)
    member: dict[str, Any] = {
        "ref": f"p{place}",
        "relation": ("principal_applicant", "spouse", "child", "child")[place],
        "given_name": random.choice(year()["names"][to][sex]),
        "family_name": family,
        "birth_date": date(born, random.randint(1, 12), random.randint(1, 28)).isoformat(),
        "sex": sex,
        "nationality": to,
        "languages": year()["places"][to]["languages"],
        "documents": _papers(f"{number:04}{place}", to),
    }
    if not adult:
        member["responsible"] = [f"p{each}" for each in range(adults)]
    return member


def _papers(number: str, country: str) -> list[dict[str, Any]]:
    """What each needs on the way: a passport, leave to go, and where the story's rules ask for it a transit visa."""
    papers = [
        _paper("passport", f"P{number}", country, None),
        _paper("exit_permit", f"BY-EX-{number}", "BLR", "BLR"),
    ]
    for rule in story()["papers"]:
        if rule["applies"] == "transit" and country in rule["nationalities"]:
            papers.append(_paper("transit_visa", f"TV-{number}", rule["country"], rule["country"]))
    return papers


def _paper(kind: str, number: str, issued_by: str, for_country: str | None) -> dict[str, Any]:
    return {
        "kind": kind,
        "number": number,
        "issuing_country": issued_by,
        "valid_from": "2020-02-01",
        "valid_until": "2027-01-31",
        "for_country": for_country,
        "single_journey": False,
    }
