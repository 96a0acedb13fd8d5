"""Who travels, what they are asked for, and who changes their mind: drawn from a seed. Dates hang on the flight's."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from random import Random
from typing import Any

from services.demo.year import Calendar, story


class Mind(StrEnum):
    """What becomes of a journey."""

    FLIES = "flies"
    WITHDRAWS_EARLY = "withdraws before booking"
    WITHDRAWS_BOOKED = "withdraws after booking"
    NO_AT_THE_DESK = "says no at the desk"
    NEVER_COMES = "never comes to the airport"
    WITHDRAWS_AT_THE_DOORS = "withdraws while the doors close"


MINDS = {
    Mind.FLIES: 86,
    Mind.WITHDRAWS_EARLY: 3,
    Mind.WITHDRAWS_BOOKED: 3,
    Mind.NO_AT_THE_DESK: 4,
    Mind.NEVER_COMES: 2,
    Mind.WITHDRAWS_AT_THE_DOORS: 2,
}
"""In a hundred."""


@dataclass(frozen=True, slots=True)
class Household:
    """`adults` and `children` by their labels; children are in the care of every adult of it."""

    name: str
    adults: tuple[str, ...]
    children: tuple[str, ...] = ()

    @property
    def everyone(self) -> tuple[str, ...]:
        return (*self.adults, *self.children)

    @property
    def speakers(self) -> tuple[str, ...]:
        """Who is talked to, and signs: the adults, or a child that has none."""
        return self.adults or self.children


HOUSEHOLDS = {
    Household("one adult", ("father",)): 60,
    Household("a couple", ("father", "mother")): 30,
    Household("a couple with two children", ("father", "mother"), ("daughter", "son")): 10,
}
"""In a hundred: about twenty writes a journey, the flights' own counted in."""


CHILD_ALONE = Household("a child alone", (), ("boy",))
"""Signs for himself with a paper that names his guardian, and flies with nobody who is responsible for him."""


HELPED_BEFORE = "2019-05-05"
"""A day within five years before every day of the load's calendar: whoever was helped then fails a rule."""


class Turn(StrEnum):
    """What else happens on a journey when the whole operation is played."""

    WAITS = "waits for a seat"
    HELD = "is held, and released"
    ALONE = "is a child alone"
    OFFERED = "has seats held, and takes them"
    REBOOKS = "changes the flight"
    COMES_HOME = "is helped at home"
    GROUPED = "is booked with a group"
    ESCORTED = "has an escort"
    SUSPENDED = "is bound for a place that is suspended for a while"
    REFUSED = "is not let in"
    ON_PAPER = "has a flight that is worked on paper"
    CHANGES = "is joined by somebody who leaves"
    EXCEPTED = "does not meet a rule, and is excepted from it"
    TWICE = "is registered twice"
    ALIKE = "is taken for another of the same name"
    RIDES = "is fetched to the airport, and sleeps near it"
    WALKS_IN = "comes to the airport without a booking"
    TOLD = "is told what must be told"


TURNS = {
    Turn.WAITS: (4, 1),
    Turn.HELD: (5, 2),
    Turn.ALONE: (6, 3),
    Turn.OFFERED: (4, 2),
    Turn.REBOOKS: (3, 2),
    Turn.COMES_HOME: (2, 0),
    Turn.GROUPED: (7, 4),
    Turn.ESCORTED: (5, 0),
    Turn.SUSPENDED: (9, 8),
    Turn.REFUSED: (9, 0),
    Turn.ON_PAPER: (10, 8),
    Turn.CHANGES: (7, 0),
    Turn.EXCEPTED: (5, 4),
    Turn.TWICE: (4, 1),
    Turn.ALIKE: (8, 0),
    Turn.RIDES: (3, 2),
    Turn.WALKS_IN: (13, 0),
    Turn.TOLD: (2, 1),
}
"""By turn, each how many-eth journey, and the first: a small load has all of them, too."""
OF_ADULTS = frozenset({Turn.CHANGES, Turn.EXCEPTED, Turn.TWICE, Turn.ALIKE})
"""What happens to no child alone."""


@dataclass(frozen=True, slots=True)
class Traveller:
    """A journey to be made. `name` is part of every key it sends."""

    name: str
    number: int
    household: Household
    mind: Mind
    turns: frozenset[Turn] = frozenset()


def with_turns(who: Traveller) -> Traveller:
    """The same, in the whole operation."""
    turns = frozenset(turn for turn, (each, first) in TURNS.items() if who.number % each == first)
    if Turn.ALONE in turns:
        turns = (turns | {Turn.COMES_HOME}) - OF_ADULTS
        return replace(who, household=CHILD_ALONE, mind=Mind.FLIES, turns=turns)
    return replace(who, turns=turns)


def traveller(random: Random, run: str, number: int) -> Traveller:
    household = random.choices(list(HOUSEHOLDS), list(HOUSEHOLDS.values()))[0]
    mind = random.choices(list(MINDS), list(MINDS.values()))[0]
    return Traveller(f"{run}-{number:06}", number, household, mind)


BOY = {
    "ref": "boy",
    "relation": "principal_applicant",
    "given_name": "Aram",
    "family_name": "Barzinji",
    "birth_date": "2008-09-03",
    "sex": "male",
    "nationality": "IRQ",
    "languages": ["ckb"],
}
"""A child on every day of the load's calendar."""


AREAS = ("IQ-AN", "IQ-BA", "IQ-BB", "IQ-BG", "IQ-DA", "IQ-DI", "IQ-DQ", "IQ-KA", "IQ-KI", "IQ-MA", "IQ-MU", "IQ-NI")
"""Where nobody else is bound for. Parties that are under way at once have one each."""


def area_of(number: int) -> str:
    return AREAS[number // 9 % len(AREAS)]


def case_body(who: Traveller, site: str, calendar: Calendar) -> dict[str, Any]:
    known = {each["ref"]: each for each in (*story()["members"], BOY)}
    members = [_member(known[label], who, place) for place, label in enumerate(who.household.everyone)]
    if Turn.EXCEPTED in who.turns:
        members[0]["last_assisted_return"] = HELPED_BEFORE
    bound = {"country": "IRQ", "area": area_of(who.number)} if Turn.SUSPENDED in who.turns else None
    case = {**story()["case"], "site_id": site, "members": members}
    return case if bound is None else {**case, "destination": bound}


def _member(known: dict[str, Any], who: Traveller, place: int) -> dict[str, Any]:
    number = who.number - (Turn.ALIKE in who.turns and not place and who.number > 0)  # as the one before is called
    passport = {
        "kind": "passport",
        "number": f"A{number:06}{place}",
        "issuing_country": "IRQ",
        "valid_from": "2020-02-01",
        "valid_until": "2029-01-31",
        "for_country": None,
        "single_journey": False,
    }
    return {**known, "family_name": f"{known['family_name']} {number}", "documents": [passport]}


def screening_body(principal: str) -> dict[str, Any]:
    return {"level": "household", "outcome": "no_concern", "notes": "No sign of pressure.", "individual_id": principal}


def counselling_body(adults: Sequence[str]) -> dict[str, Any]:
    return {**story()["counselling"], "individuals": list(adults)}


def consent_body(individual: str, who: Traveller) -> dict[str, Any]:
    consent = {name: value for name, value in story()["consents"][0].items() if name != "of"}
    return {**consent, "individual_id": individual, **who_consents(who)}


def who_consents(who: Traveller) -> dict[str, Any]:
    """For a child alone its guardian does, and the child is asked, too; else the person."""
    alone = Turn.ALONE in who.turns
    return {"proxy_reason": "child_alone", "proxy_name": "A guardian", "child_agrees": True} if alone else {}


def declaration_body(individual: str, signers: Sequence[str]) -> dict[str, Any]:
    return {
        "individual_id": individual,
        "form_version": story()["declaration"]["form_version"],
        "language": story()["declaration"]["language"],
        "signatures": [{"signer": signer, "method": "signature", "witness": None} for signer in signers],
    }


def guardian_paper(who: Traveller) -> dict[str, Any]:
    return {"paper": "court_order", "reference": f"G-{who.number:06}", "why": "guardian of the court"}


def permit_body(individual: str, number: str, calendar: Calendar) -> dict[str, Any]:
    on = calendar.at("papers").date()
    return {
        "individual_id": individual,
        "kind": "exit_permit",
        "number": number,
        "issuing_country": "BLR",
        "for_country": "BLR",
        "valid_from": on.isoformat(),
        "valid_until": (on + timedelta(days=60)).isoformat(),
        "single_journey": False,
    }


def flight_body(seats: int, calendar: Calendar) -> dict[str, Any]:
    return {**calendar.flight(), "seats": seats}
