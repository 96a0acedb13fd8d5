"""Waiting until two services have nothing more to tell each other, seen from their files alone."""

import asyncio
import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from time import monotonic
from uuid import UUID

from services.registration.handlers import HANDLERS as REGISTRATION_HEARS
from services.travel.handlers import HANDLERS as TRAVEL_HEARS
from shared.events import source_of

LISTENERS = {"registration": REGISTRATION_HEARS, "travel": TRAVEL_HEARS}
TOLD = """SELECT key, max(sequence) FROM outbox WHERE type IN (SELECT value FROM json_each(?))
          AND key IN (SELECT value FROM json_each(?)) GROUP BY key"""
UNSENT = "SELECT DISTINCT key FROM outbox WHERE sent_at IS NULL AND key IN (SELECT value FROM json_each(?))"
HEARD = """SELECT key, sequence FROM inbox WHERE source = ? AND key IN (SELECT value FROM json_each(?))"""


class NeverQuiet(AssertionError):
    """Facts did not arrive in time."""


def reader(folder: Path, service: str) -> sqlite3.Connection:
    """A connection that can only read."""
    return sqlite3.connect(f"file:{folder / f'{service}.db'}?mode=ro", uri=True)


def still_on_the_way(folder: Path, cases: Iterable[UUID]) -> dict[str, list[str]]:
    """By "teller to listener", the cases of which something was told that has not been applied; and by "relay of",
    those of which something is not yet marked as sent.

    Travel is read first, then registration: what each has told is compared with what the other had applied. Nothing
    left in either direction then means that nothing was left at the first reading.
    """
    keys = json.dumps([str(case) for case in cases])
    found: dict[str, list[str]] = {}
    told: dict[str, dict[str, int]] = {}
    heard: dict[str, dict[str, int]] = {}
    for service in ("travel", "registration"):
        other = "registration" if service == "travel" else "travel"
        types = [kind.type for kind in LISTENERS[other] if kind.type.split(".")[1] == service]
        with closing(reader(folder, service)) as db:
            db.execute("BEGIN")
            told[service] = dict(db.execute(TOLD, (json.dumps(types), keys)))
            heard[service] = dict(db.execute(HEARD, (source_of(other), keys)))
            found[f"relay of {service}"] = [key for (key,) in db.execute(UNSENT, (keys,))]
    for teller, listener in (("travel", "registration"), ("registration", "travel")):
        behind = [key for key, last in told[teller].items() if heard[listener].get(key, 0) < last]
        found[f"{teller} to {listener}"] = behind
    return found


async def until_quiet(folder: Path, cases: Iterable[UUID], seconds: float = 30) -> None:
    """Returns when both services have applied all that the other told of these cases. Raises `NeverQuiet`."""
    wanted = list(cases)
    deadline = monotonic() + seconds
    while True:
        waiting = still_on_the_way(folder, wanted)
        if not any(waiting.values()):
            return
        if monotonic() > deadline:
            raise NeverQuiet(f"still on the way: {waiting}")
        await asyncio.sleep(0.02)
