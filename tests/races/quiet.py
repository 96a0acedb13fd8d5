"""Waiting until two services have nothing more to tell each other, seen from what they keep alone."""

import asyncio
from collections.abc import Collection
from time import monotonic
from uuid import UUID

from services.registration.handlers import HANDLERS as REGISTRATION_HEARS
from services.travel.handlers import HANDLERS as TRAVEL_HEARS
from shared.events import source_of
from tests.races.books import Books, Exchange

LISTENERS = {"registration": REGISTRATION_HEARS, "travel": TRAVEL_HEARS}


class NeverQuiet(AssertionError):
    """Facts did not arrive in time."""


async def still_on_the_way(books: Books, cases: Collection[UUID]) -> dict[str, list[str]]:
    """By "teller to listener", the cases of which something was told that has not been applied; and by "relay of",
    those of which something is not yet marked as sent.

    Travel is read first, then registration: what each has told is compared with what the other had applied. Nothing
    left in either direction then means that nothing was left at the first reading.
    """
    seen: dict[str, Exchange] = {}
    for service, other in (("travel", "registration"), ("registration", "travel")):
        types = [kind.type for kind in LISTENERS[other] if kind.type.split(".")[1] == service]
        seen[service] = await books.exchange(service, types, source_of(other), cases)
    found = {f"relay of {service}": each.unsent for service, each in seen.items()}
    for teller, listener in (("travel", "registration"), ("registration", "travel")):
        heard = seen[listener].heard
        found[f"{teller} to {listener}"] = [key for key, last in seen[teller].told.items() if heard.get(key, 0) < last]
    return found


async def until_quiet(books: Books, cases: Collection[UUID], seconds: float = 30, pause: float = 0.02) -> None:
    """Returns when both services have applied all that the other told of these cases. Raises `NeverQuiet`."""
    deadline = monotonic() + seconds
    while True:
        waiting = await still_on_the_way(books, cases)
        if not any(waiting.values()):
            return
        if monotonic() > deadline:
            raise NeverQuiet(f"still on the way: {waiting}")
        await asyncio.sleep(pause)
