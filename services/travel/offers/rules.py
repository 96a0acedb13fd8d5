"""Rules on offers: how long seats may be held, and how a hold ends."""

from datetime import datetime
from typing import Final

from shared.problems import Problem
from shared.states import StateTable, move

OFFER: Final = StateTable(
    "offer",
    ("held", "taken", "declined", "expired", "ended"),
    "held",
    (
        move("accept_offer", "held", to="taken"),
        move("decline_offer", "held", to="declined"),
        move("expire", "held", to="expired"),
        move("end", "held", to="ended"),
    ),
)
"""`expired`: its moment passed; `ended`: nobody of it could be booked any more, or the flight went away."""


class OfferTime(Problem):
    slug = "offer-time"
    status = 422
    title = "Seats cannot be held until then"
    remedy = "Give a moment after now, and not after the doors of the flight close (`doors_at`)."


class OfferExpired(Problem):
    slug = "offer-expired"
    status = 409
    title = "The seats were held until a moment that has passed"
    remedy = "They are back in the pool since `expired_at`. Book seats, or offer them again, if there are any left."


class OfferedAlready(Problem):
    slug = "offered-already"
    status = 409
    title = "Seats are held for this case already"
    remedy = "The offer is in `offer`: accept it, or decline it first."


def check_expiry(expires_at: datetime, now: datetime, doors_at: datetime) -> None:
    """Raises `OfferTime`."""
    if not now < expires_at <= doors_at:
        raise OfferTime(doors_at=doors_at.isoformat())


def is_over(expires_at: datetime, now: datetime, *, doors_open: bool) -> bool:
    """Whether seats held until a moment go back: it has come, or the doors have closed before."""
    return now >= expires_at or not doors_open
