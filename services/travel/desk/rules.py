"""What the airport desk refuses."""

from typing import Final

from shared.contracts.travel import BookingReason, WillingnessAnswer
from shared.problems import Problem


class CheckInNotOpen(Problem):
    slug = "check-in-not-open"
    status = 409
    title = "Check-in for that flight is not open"
    remedy = "It opens at `opens_at` and ends when the doors close; `state` says where the flight stands."


class AskedOfAdultsOnly(Problem):
    slug = "asked-of-adults-only"
    status = 422
    title = "A child's yes is not asked for"
    remedy = (
        "Ask the adults who are responsible for the child, each alone. A child flies on their word, never on its own; "
        "its own `no`, `not_sure` or `pressed` is taken here at any time until the doors close."
    )


class NotAskedAlone(Problem):
    slug = "not-asked-alone"
    status = 422
    title = "An adult must be asked alone"
    remedy = (
        "Ask again where no relative, official or escort listens, and send `asked_alone: true`. Any answer but yes is "
        "taken without it."
    )


class AskedBeforeOthersLeft(Problem):
    slug = "asked-before-others-left"
    status = 422
    title = "Since that answer somebody of the same booking was taken off"
    remedy = "A yes from before `since` counts no longer. Ask this adult again and record the new answer."


REASON_OF_ANSWER: Final = {
    WillingnessAnswer.NO: BookingReason.WITHDRAWN,
    WillingnessAnswer.NOT_SURE: BookingReason.OFFLOADED,
    WillingnessAnswer.PRESSED: BookingReason.OFFLOADED,
}
"""Any answer but yes takes the person off; none is held against them."""


def counted(boarded: int, expected: int) -> str:
    return f"{boarded} of {expected} boarded"
