"""How an assistance is followed up: visits that are due, one that a visitor asks for, and one that nobody makes."""

from collections.abc import Awaitable, Callable
from typing import Any

Do = Callable[..., Awaitable[Any]]
"""`(step, path, body, role, moment, part)`: a write at home."""
Until = Callable[..., Awaitable[Any]]
"""`(step, path, good, moment)`: a read at home."""
OFFICER = "reintegration_officer"


async def follow_up(do: Do, until: Until, case: str, one: str, day: Callable[[str], str]) -> None:
    """A first visit, which says when the next is due; that one; and the last one of the plan is given up.
    `day(moment)`: its date. Raises `Refused`, `GaveUp`."""
    path = f"/cases/{case}"
    seen = {"kind": "at_home", "individuals": [one], "findings": "They live from it."}
    early = {**seen, "made_on": day("delivered"), "next_due": day("visited")}
    await do("visit", f"{path}/visits", early, OFFICER, "delivered", "early")
    await do("visit", f"{path}/visits", {**seen, "made_on": day("visited")}, OFFICER, "visited")
    listed = await until("follow-ups", f"{path}/follow-ups", lambda found: bool(found["items"]), "visited")
    waiting = [each for each in listed["items"] if each["kind"] == "visit" and each["actions"]]
    last = max(waiting, key=lambda each: str(each["due_on"]))
    why = {"reason": "moved_away"}
    await do("follow-up-given-up", f"/follow-ups/{last['follow_up_id']}/loss", why, OFFICER, "visited")
