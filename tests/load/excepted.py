"""A rule that a case does not meet, and an exception to it: asked for by one person, and granted by another."""

import asyncio
from datetime import timedelta
from typing import Any

from services.demo.year import Calendar
from tests.load.desk import Desk, Refused
from tests.load.groups import Do
from tests.load.suspension import decided

RULE = "not_assisted_lately"
BY_WHO_ASKED = "by-who-asked"
"""Part of the key of an approval that must be refused."""
OWN = "own-exception"
SETTLED = ("not-possible-now", "stale-version")
"""Said to the second of two who approve the same."""
ASKS, APPROVES = "programme_officer", ("approver", "programme_officer#2")


async def except_from_the_rule(do: Do, desk: Desk, case: str, number: int, calendar: Calendar) -> Any:
    """Asked for, of every second case refused once and asked for again, not granted by who asked, and granted by two
    others at once. Gives where the case stands then. Raises `Refused`, `GaveUp`."""
    until = calendar.at("departed").date() + timedelta(days=60)
    body = {"rule": RULE, "reason": "humanitarian", "valid_until": until.isoformat()}
    asked = await _ask(do, case, body, "at-first")
    if number % 2:
        no = {"reason": "evidence_lacks"}
        await do("exception-refused", "eligibility", f"{asked}/refusal", no, APPROVES[0], "answered")
        asked = await _ask(do, case, body, "once-more")
    try:
        await do("exception", "eligibility", f"{asked}/approval", {}, ASKS, "answered", BY_WHO_ASKED)
    except Refused as refused:
        if refused.problem != OWN:
            raise
    await asyncio.gather(*(_grant(do, asked, role) for role in APPROVES))
    desk.tally.beside["excepted from a rule"] += 1
    return await decided(desk, case, calendar)


async def _ask(do: Do, case: str, body: Any, part: str) -> str:
    made = await do("exception-asked", "eligibility", f"/cases/{case}/exceptions", body, ASKS, "answered", part)
    return f"/exceptions/{made['exception_id']}"


async def _grant(do: Do, asked: str, role: str) -> None:
    try:
        await do("exception", "eligibility", f"{asked}/approval", {}, role, "answered", role[-12:])
    except Refused as refused:
        if refused.problem not in SETTLED:
            raise
