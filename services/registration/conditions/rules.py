"""The Sphere figures as data, and what they make of a site. Pure."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Final

WINTER_MONTHS: Final = frozenset({10, 11, 12, 1, 2, 3})
"""Ours, for the north: from October to March a site is reckoned as one in the cold."""


class Measure(StrEnum):
    COVERED_AREA = "covered_area"
    WATER = "water"
    LATRINES = "latrines"


@dataclass(frozen=True, slots=True)
class Standard:
    """`each`: how much one person needs, or (`people_each`) how many people share one. `provisional`: the figure is
    generally known, and no source for it was at hand."""

    measure: Measure
    figure: Decimal
    unit: str
    source: str
    people_each: bool = False
    provisional: bool = False


SPHERE_SHELTER: Final = "Sphere, shelter standard 3: 3.5 m2 of covered floor a person; 4.5 to 5.5 quoted for the cold"
SPHERE_WATER: Final = "Sphere, water supply standard 1: 15 litres a person and day"
WATER: Final = Standard(Measure.WATER, Decimal("15"), "litre_per_person_and_day", SPHERE_WATER)
LATRINES: Final = Standard(
    Measure.LATRINES,
    Decimal("20"),
    "people_per_latrine",
    "One toilet for twenty people: generally known, not confirmed from a source",
    people_each=True,
    provisional=True,
)


def covered_area(on: date) -> Standard:
    """The least covered floor on that day: more in winter."""
    winter = on.month in WINTER_MONTHS
    figure = Decimal("4.5") if winter else Decimal("3.5")
    return Standard(Measure.COVERED_AREA, figure, "m2_per_person", SPHERE_SHELTER)


def standards_on(on: date) -> tuple[Standard, ...]:
    return (covered_area(on), WATER, LATRINES)


@dataclass(frozen=True, slots=True)
class Finding:
    """`needed`: what that many people need; `there` None: nobody measured it. `per_person` rounded to two decimals.
    `room_for`: how many people what is there suffices for."""

    needed: Decimal
    there: int | None
    per_person: Decimal | None
    room_for: int | None
    meets: bool | None


def against(standard: Standard, there: int | None, people: int) -> Finding:
    """What is there against what the standard asks for that many people."""
    figure = standard.figure
    exact = Decimal(people) / figure if standard.people_each else figure * people
    needed = exact.to_integral_value(ROUND_CEILING) if standard.people_each else exact
    if there is None:
        return Finding(needed, None, None, None, None)
    room_for = int(there * figure) if standard.people_each else int(Decimal(there) / figure)
    per_person = (Decimal(there) / people).quantize(Decimal("0.01"), ROUND_HALF_UP) if people else None
    return Finding(needed, there, per_person, room_for, there >= needed)
