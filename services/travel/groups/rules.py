"""Rules on groups: their statuses, and that an allotment holds those who are booked out of it."""

from typing import Final

from shared.problems import Problem
from shared.states import StateTable, move

GROUP: Final = StateTable(
    "travel group",
    ("open", "closed"),
    "open",
    (
        move("book_group_case", "open"),
        move("allot_seats", "open"),
        move("move_group", "open"),
        move("close_group", "open", to="closed"),
    ),
)


class GroupFull(Problem):
    slug = "group-full"
    status = 409
    title = "The group's allotment does not hold all of that case"
    remedy = "`left` of its seats are free and `wanted` are needed; nobody was booked. Allot more seats to it first."


class AllotmentTooSmall(Problem):
    slug = "allotment-too-small"
    status = 409
    title = "More seats of the group are booked than it would be allotted"
    remedy = "`booked` of its seats are taken: allot at least as many, or cancel bookings first."


class GroupIsEmpty(Problem):
    slug = "group-is-empty"
    status = 409
    title = "Nobody of that group has a seat that could be changed"
    remedy = "Book cases into the group first, or close it and form another on the other flight."


def check_allotment(left: int, wanted: int) -> int:
    """What is left of an allotment after a booking. Raises `GroupFull`."""
    if wanted > left:
        raise GroupFull(left=left, wanted=wanted)
    return left - wanted


def left_after(allotted: int, left: int, seats: int) -> int:
    """What is left when so many seats are allotted instead. Raises `AllotmentTooSmall`."""
    booked = allotted - left
    if seats < booked:
        raise AllotmentTooSmall(booked=booked)
    return seats - booked
