"""The auditor of a stack: holds the load's journal against databases and topics. Trusts nobody's word, asks no service.

Give it a stack in which nothing moves any more (`is_quiet`), its servers up; the services may be up or gone.
"""

import asyncio
from collections.abc import Iterable
from pathlib import Path

from shared.settings import SERVICES
from tests.auditor.every_rule import CHECKS
from tests.auditor.evidence import found_by
from tests.auditor.facts import HEARD
from tests.outages.evidence import StackEvidence, left_in_the_topics
from tests.outages.foreign import FOREIGN
from tests.stack.parts import Stack
from tests.stack.reading import connect

SOUGHT = """SELECT key, max(sequence) AS last FROM outbox WHERE type = ANY($1) GROUP BY key"""
TICKED_OFF = "SELECT key, sequence AS last FROM inbox WHERE source = $1 AND key NOT LIKE $2"
STILL_HERE = """SELECT (SELECT count(*) FROM outbox) AS told,
                       (SELECT count(*) FROM outbox WHERE sent_at IS NULL) AS waiting"""


def audit(stack: Stack, journal: Path | None = None) -> list[str]:
    """Everything that is not as it must be, each finding a sentence."""
    return found_by(CHECKS, StackEvidence(stack, journal))


def is_quiet(stack: Stack) -> bool:
    """Whether nothing waits to leave, to be fetched or to be applied, and nothing was told while this looked."""
    return not moving(stack) and not any(left_in_the_topics(stack, service) for service in SERVICES)


def moving(stack: Stack) -> list[str]:
    """What still moves in the databases, in sentences. Cheap: it counts, and reads no fact."""
    return asyncio.run(_moving(stack))


async def _moving(stack: Stack) -> list[str]:
    connections = {service: await connect(stack, service) for service in SERVICES}
    try:
        told = {service: await connections[service].fetchrow(STILL_HERE) for service in SERVICES}
        found = [f"{service}: {row['waiting']} facts were not sent" for service, row in told.items() if row["waiting"]]
        for listener in SERVICES:
            for teller in SERVICES:
                types = _heard_of(listener, teller)
                if not types:
                    continue
                last = {row["key"]: row["last"] for row in await connections[teller].fetch(SOUGHT, types)}
                applied = await connections[listener].fetch(TICKED_OFF, f"homeward/{teller}", f"{FOREIGN}%")
                done = {row["key"]: row["last"] for row in applied}
                behind = sum(done.get(key, 0) < sequence for key, sequence in last.items())
                if behind:
                    found.append(f"{listener}: behind {teller} on {behind} keys")
        for service, before in told.items():
            now = await connections[service].fetchrow(STILL_HERE)
            if now["told"] != before["told"]:
                found.append(f"{service}: told {now['told'] - before['told']} facts just now")
        return found
    finally:
        for connection in connections.values():
            await connection.close()


def _heard_of(listener: str, teller: str) -> list[str]:
    kinds: Iterable[str] = (kind.type for kind in HEARD[listener])
    return [kind for kind in kinds if kind.split(".")[1] == teller]
