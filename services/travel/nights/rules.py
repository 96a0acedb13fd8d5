"""Rules on nights: how many, for whom, and what they cost, also when they end early. Amounts in one currency."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Final, Protocol
from uuid import UUID

from shared.problems import Problem
from shared.states import StateTable, move

STAY: Final = StateTable(
    "hotel stay",
    ("booked", "cancelled"),
    "booked",
    (move("cancel_stay", "booked", to="cancelled"),),
)
MOST_NIGHTS: Final = 60
MOST_COST: Final = Decimal(10) ** 12
"""Below it, as every amount that is sent: each factor is bounded by itself, and their product is not."""


class StayUnclear(Problem):
    slug = "stay-unclear"
    status = 422
    title = "Those nights do not fit"
    remedy = (
        "`reason` says what does not fit: the days, the beds, when the house still takes it back free of charge, or a "
        "cost that is too high: mend the price of a night or the rooms."
    )


class NightsBookedAlready(Problem):
    slug = "nights-booked-already"
    status = 409
    title = "Somebody of these has a bed for one of those nights already"
    remedy = "`stay` is where those in `individuals` sleep: cancel it first, or leave them or the nights out."


class Slept(Protocol):
    """A stay that stands."""

    id: UUID
    individuals: list[str]
    first_night: date
    until: date


def check_not_twice(there: Iterable[Slept], people: Collection[UUID], first_night: date, until: date) -> None:
    """Nobody sleeps in two beds. Raises `NightsBookedAlready`."""
    for stay in there:
        same = sorted(each for each in people if str(each) in stay.individuals)
        if same and stay.first_night < until and first_night < stay.until:
            raise NightsBookedAlready(stay=stay.id, individuals=same)


def nights_between(first_night: date, until: date) -> int:
    """Nights from the first to the morning of `until`."""
    return (until - first_night).days


def check_stay(
    first_night: date, until: date, beds: int, people: int, departs: date, free_until: datetime | None
) -> None:
    """At least one night, none after the day of departure, a bed for everyone. Raises `StayUnclear`."""
    nights = nights_between(first_night, until)
    if nights < 1:
        raise StayUnclear("the last morning is not after the first night", reason="no_night")
    if nights > MOST_NIGHTS:
        raise StayUnclear(f"more than {MOST_NIGHTS} nights", reason="too_many_nights")
    if until > departs:
        raise StayUnclear("a night lies after the departure", reason="after_departure")
    if beds < people:
        raise StayUnclear("there is not a bed for everyone", reason="too_few_beds")
    if free_until is not None and free_until.date() > until:
        raise StayUnclear("the house would take it back after it has ended", reason="free_after_the_end")


def stay_cost(price: Decimal, rooms: int, first_night: date, until: date) -> Decimal:
    """Of every night, by room."""
    return price * rooms * nights_between(first_night, until)


def cost_within(cost: Decimal) -> Decimal:
    """The cost, if it is one that can be written down. Raises `StayUnclear`."""
    if cost >= MOST_COST:
        raise StayUnclear("all those nights together cost more than can be written down", reason="cost_too_high")
    return cost


def cost_of_ended(
    price: Decimal, rooms: int, first_night: date, until: date, free_until: datetime | None, at: datetime
) -> Decimal:
    """What is owed when a stay ends early: the nights slept, and all of them once the house takes none back."""
    if free_until is not None and at <= free_until:
        slept = max(first_night, min(until, at.date()))
        return stay_cost(price, rooms, first_night, slept)
    return stay_cost(price, rooms, first_night, until)
