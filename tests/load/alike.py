"""Records that look like one person: found by comparing, linked by a person, and two people again when it is undone."""

import asyncio
from dataclasses import dataclass
from typing import Any

from services.demo.year import Calendar
from tests.load.desk import LONGEST_NAP, Desk, Refused
from tests.load.groups import Do

OFFICER = "registration_officer"
NOT_NOW = ("duplicate-on-the-way", "link-makes-a-chain")
"""Said where the other one is cleared to depart just now, or of another link."""
SETTLED = ("likeness-decided-already", "link-undone-already", "stale-version")
"""Said to the second of two who decide the same."""
ON_ITS_WAY = ("open", "counselled", "declared", "cleared")
WAITS = 60
"""Looks, a second apart, for the other record to come home, too, so that both have left when they are taken for one."""


@dataclass
class Alike:
    """`one`: a record that has another like it."""

    do: Do
    desk: Desk
    one: str
    calendar: Calendar

    async def registered_twice(self, body: dict[str, Any], *, stays: bool) -> None:
        """They come again, and are registered by who does not know them. `stays`: the second record is closed as a
        duplicate; else the link is undone, and it goes on. `body`: as they were registered first. Raises `Refused`,
        `GaveUp`."""
        first = [{name: value for name, value in body["members"][0].items() if name != "responsible"}]
        again = await self._do("registered-again", "/cases", {**body, "members": first}, "papers")
        likeness = await self._found("papers", str(again["members"][0]["individual_id"]))
        assert likeness is not None, f"{self.one} was registered twice, and nobody was found to look like them"
        link = await self._linked(likeness, self.one, "papers", str(likeness["id"])[-8:])
        if not stays:
            await self._undone(str(link), "papers")
            return
        await self._do("closed-as-duplicate", f"/cases/{again['id']}/closure", {"reason": "duplicate"}, "papers")
        self.desk.tally.beside["registered twice, and linked"] += 1

    async def taken_for_one(self, moment: str) -> None:
        """Two people who have the same name and papers are taken for one, when both are home where that comes in time,
        and are two again. Raises `Refused`, `GaveUp`."""
        likeness = await self._found(moment)
        if likeness is None:
            return
        for _ in range(WAITS):
            if await self._left(likeness, moment):
                break
            await asyncio.sleep(LONGEST_NAP)
        for number in range(20):
            link = await self._linked(likeness, self.one, moment, f"{str(likeness['id'])[-8:]}-{number}")
            if link is not None:
                break
            await asyncio.sleep(LONGEST_NAP)  # what becomes of the other one at the doors is awaited
        else:
            return
        await self._undone(link, moment)

    async def _undone(self, link: str, moment: str) -> None:
        """By two at once, and so once."""
        path, part = f"/people-links/{link}/undoing", link[-8:]
        roles = (OFFICER, "protection")
        await asyncio.gather(*(self._once("undone", path, {}, moment, role, f"{part}-{role[:3]}") for role in roles))
        self.desk.tally.beside["taken for one, and two again"] += 1

    async def _found(self, moment: str, other: str | None = None) -> Any:
        """The open likeness of this record with another, or this other, once all that is new was compared."""
        for number in range(50):
            seen = await self._do("compared", "/duplicate-reviews", {"limit": 500}, moment, f"{self.one[-8:]}-{number}")
            if not seen["more"]:
                break
        at, cursor = self.calendar.at(moment), ""
        while True:
            path = f"/possible-duplicates?limit=100{cursor}"
            listed = await self.desk.until("alike", "registration", path, lambda _: True, role=OFFICER, at=at)
            for each in listed["items"]:
                two = {each["one_id"], each["other_id"]}
                if self.one in two and (other is None or other in two):
                    return each
            if not listed.get("next"):
                return None
            cursor = f"&cursor={listed['next']}"

    async def _left(self, likeness: Any, moment: str) -> bool:
        """Whether the other of the two has left the country."""
        case = next((each["case_id"] for each in likeness["people"] if each["individual_id"] != self.one), None)
        path, at = f"/cases/{case}", self.calendar.at(moment)
        found = await self.desk.look("registration", path, role=OFFICER, at=at)
        people = [] if found is None else found["members"]
        return any(each["status"] not in ON_ITS_WAY for each in people)

    async def _linked(self, likeness: Any, stands: str, moment: str, part: str) -> str | None:
        """Decided by two at once, and so once: the link. None where that cannot be done now."""
        path = f"/possible-duplicates/{likeness['id']}/decision"
        body = {"verdict": "same_person", "stands": stands}
        roles = (OFFICER, "counsellor")
        made = await asyncio.gather(
            *(self._once("decided", path, body, moment, role, f"{part}-{role[:3]}") for role in roles)
        )
        return next((str(each["link_id"]) for each in made if each is not None and each["link_id"]), None)

    async def _once(self, step: str, path: str, body: Any, moment: str, role: str, part: str) -> Any:
        try:
            return await self._do(step, path, body, moment, part, role)
        except Refused as refused:
            if refused.problem not in (*SETTLED, *NOT_NOW):
                raise
            return None

    async def _do(self, step: str, path: str, body: Any, moment: str, part: str = "", role: str = OFFICER) -> Any:
        return await self.do(step, "registration", path, body, role, moment, part)
