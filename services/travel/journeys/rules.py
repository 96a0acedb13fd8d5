"""What may be said about a journey after departure."""

from datetime import datetime
from enum import StrEnum

from shared.problems import Problem


class NotAdmittedKind(StrEnum):
    """How a journey ended that was no arrival."""

    REFUSED_ENTRY = "refused_entry"
    DETAINED = "detained"
    LEFT_IN_TRANSIT = "left_in_transit"


class OutOfOrder(Problem):
    slug = "journey-out-of-order"
    status = 422
    title = "That cannot have happened before what is already recorded"
    remedy = "The person was last recorded at `since`. Send the moment this happened, at or after it."


class NotTheDestination(Problem):
    slug = "not-the-destination"
    status = 422
    title = "That is not the country this flight ends in"
    remedy = (
        "An arrival is in `destination`. Record a stop on the way as transit, and a journey that ended elsewhere as "
        "non-admission."
    )


def check_order(at: datetime, departed_at: datetime | None, transit_at: datetime | None) -> None:
    """Nobody arrives before they left. Raises `OutOfOrder`."""
    since = max((moment for moment in (departed_at, transit_at) if moment is not None), default=None)
    if since is not None and at < since:
        raise OutOfOrder(since=since.isoformat())


def check_destination(country: str, destination: str) -> None:
    """Raises `NotTheDestination`."""
    if country != destination:
        raise NotTheDestination(destination=destination)
