"""Projects of a community that two cases share each: what is given back may be given again, never more than needed."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from tests.load.desk import Desk, Refused

SHARE = "250.00"
COSTS = "500.00"
"""As much as two shares give."""
OFFICER, PROGRAMME = "reintegration_officer", "programme_officer"
TAKEN = ("line-shared-already", "community-project-full", "community-project-ended")
Do = Callable[..., Awaitable[Any]]
"""`(step, path, body, role, moment, part)`: a write at home."""


@dataclass
class Community:
    """`open_one`: the project that has one share so far, and waits for another."""

    desk: Desk
    run: str
    made: int = 0
    open_one: str | None = None
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def share(self, do: Do, number: int, plan: str, line: str) -> None:
        """A line of an approved plan gives a share, asked for by two at once; of every second case it is given back
        and given again. The second case asks for more than the project needs, and ends it. Raises `Refused`,
        `GaveUp`."""
        async with self.turn:  # two cases share one, one after the other: the third begins another
            first = self.open_one is None
            path = self.open_one or await self._begin(do)
            body = {"plan_id": plan, "line_id": line, "amount": SHARE}
            taken = await asyncio.gather(*(self._take(do, path, body, f"by-{role}", role) for role in (1, 2)))
            share = next(each for each in taken if each is not None)
            if number % 2:
                await do("share-released", f"/shares/{share['share_id']}/release", {}, OFFICER, "approved")
                await self._take(do, path, body, "once-more", 1)
            if first:
                self.open_one = path
                return
            self.open_one = None
            await self._take(do, path, body, "too-much", 1)
            await do("project-ended", f"{path}/end", {}, PROGRAMME, "approved")
            self.desk.tally.beside["projects that two cases share"] += 1

    async def _begin(self, do: Do) -> str:
        self.made += 1
        project = {
            "code": f"WELL-{self.run}-{self.made}",
            "goal": "Water for the street.",
            "activities": ["Dig a well."],
            "country": "IRQ",
            "amount": COSTS,
            "currency": "EUR",
        }
        made = await do("project", "/community-projects", project, PROGRAMME, "approved")
        return f"/community-projects/{made['project_id']}"

    async def _take(self, do: Do, path: str, body: Any, part: str, person: int) -> Any:
        role = OFFICER if person == 1 else f"{OFFICER}#{person}"
        try:
            return await do("share", f"{path}/shares", body, role, "approved", part)
        except Refused as refused:
            if refused.problem not in TAKEN:
                raise
            return None
