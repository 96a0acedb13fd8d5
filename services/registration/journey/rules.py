"""Reading events as lines of a journey. Pure."""

from collections.abc import Mapping
from uuid import UUID


def depths(causes: Mapping[UUID, UUID]) -> dict[UUID, int]:
    """How many of the other events led to each, one after the other. `causes`: by event, what led to it."""
    found: dict[UUID, int] = {}
    for event in causes:
        chain: list[UUID] = []
        at = event
        while at in causes and at not in found and at not in chain:
            chain.append(at)
            at = causes[at]
        depth = found.get(at, -1)
        for one in reversed(chain):
            depth += 1
            found[one] = depth
    return found


def summary_of(event_type: str) -> str:
    """`homeward.travel.passenger.departed.v1` is `passenger_departed`."""
    _, _, noun, past, _ = event_type.split(".")
    return f"{noun}_{past}"
