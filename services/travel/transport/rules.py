"""Rules on transport: who needs which place, and when a vehicle comes in time."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from typing import Final

from shared.problems import Problem
from shared.states import StateTable, move

RUN: Final = StateTable(
    "transport run",
    ("planned", "cancelled"),
    "planned",
    (
        move("seat_on_run", "planned"),
        move("leave_run", "planned"),
        move("change_pickup", "planned"),
        move("cancel_run", "planned", to="cancelled"),
    ),
)


class Vehicle(StrEnum):
    CAR = "car"
    MINIBUS = "minibus"
    COACH = "coach"
    AMBULANCE = "ambulance"


class Place(StrEnum):
    """What somebody takes up in a vehicle."""

    ORDINARY = "ordinary"
    WHEELCHAIR = "wheelchair"
    STRETCHER = "stretcher"


class RunTooLate(Problem):
    slug = "run-too-late"
    status = 422
    title = "That vehicle would come too late for the flight"
    remedy = "Give a pick-up that lies after now and before the doors of the flight close (`doors_at`)."


class PickUpIsOver(Problem):
    slug = "pick-up-is-over"
    status = 409
    title = "That vehicle has fetched its people, or should have"
    remedy = "Give the places back of those who were not fetched, and seat them on another run."


class RunFull(Problem):
    slug = "run-full"
    status = 409
    title = "There are not enough places left in that vehicle for all of them"
    remedy = "`left` places of the kind `place` are free and `wanted` are needed; nobody was seated. Use another run."


class NeedsAnotherVehicle(Problem):
    slug = "needs-another-vehicle"
    status = 409
    title = "Somebody of these needs a vehicle of another kind"
    remedy = "Those in `individuals` need an ambulance; plan one, and leave them out of this run."


class NotOnThatFlight(Problem):
    slug = "not-on-that-flight"
    status = 422
    title = "Somebody named here has no seat on that flight"
    remedy = "Leave out those in `individuals`, or book seats for them first."


class OnARunAlready(Problem):
    slug = "on-a-run-already"
    status = 409
    title = "Somebody of these has a place in a vehicle already"
    remedy = "Those in `individuals` ride to this flight on another run: give that place back first."


class ChildWouldRideAlone(Problem):
    slug = "child-would-ride-alone"
    status = 409
    title = "A child would ride without an adult of the same booking"
    remedy = "Seat an adult of the booking on the same run, or leave the children in `children` out."


def check_pickup(pickup_at: datetime, now: datetime, doors_at: datetime) -> None:
    """Raises `RunTooLate`."""
    if not now < pickup_at < doors_at:
        raise RunTooLate(doors_at=doors_at.isoformat())


def check_not_given(pickup_at: datetime, now: datetime) -> None:
    """`pickup_at`: as it was told. Raises `PickUpIsOver`."""
    if pickup_at <= now:
        raise PickUpIsOver(pickup_at=pickup_at.isoformat())


def place_needed(support: Collection[str]) -> Place:
    """Lying down goes before sitting in one's own chair."""
    if "stretcher" in support:
        return Place.STRETCHER
    return Place.WHEELCHAIR if "wheelchair" in support else Place.ORDINARY


def check_places(place: Place, left: int, wanted: int) -> None:
    """Raises `RunFull`."""
    if wanted > left:
        raise RunFull(place=str(place), left=left, wanted=wanted)
