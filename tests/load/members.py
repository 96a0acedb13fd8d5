"""Somebody of the household who joins a case on its way, leaves it, and comes back or does not."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from services.demo.year import Calendar
from tests.load.desk import Desk, Refused, until_let
from tests.load.groups import Do
from tests.load.people import counselling_body, declaration_body

OFFICER = "registration_officer"
STALE = "stale-version"
BROTHER = "brother"
GONE_BY_ANOTHER = (STALE, "left-case-already")
"""Said to the second of two who record the same leaving."""


@dataclass
class Household:
    """One case whose household changes. `number`: of the journey."""

    do: Do
    desk: Desk
    case: str
    number: int
    calendar: Calendar

    async def change(self) -> tuple[str | None, Any]:
        """A brother is found, signs, is decided on, and goes his own way again; of every second one he comes back and
        signs anew. Gives him, where he is of the case at the end, and where the case stands. Raises `Refused`,
        `GaveUp`."""
        body = {**_brother(self.number), "how": "found"}
        one = str((await self._changed("joining", "/members", body, "answered"))["individual_id"])
        await self._signs(one, "answered", "at-first")
        await self._decided(one, "answered", there=True)
        path, version = f"/members/{one}/leaving", await self._version("papers")
        two = (self._leaves(path, version, role) for role in (OFFICER, "counsellor"))
        if not any(await asyncio.gather(*two)):  # the case was touched by another fact meanwhile
            await self._changed("leaving", path, {"how": "gone"}, "papers")
        standing = await self._decided(one, "papers", there=False)
        await self._travel_knows_he_left(one)
        self.desk.tally.beside["joined a case and left it"] += 1
        if self.number // 7 % 2 == 0:
            return None, standing
        await self._changed("rejoining", f"/members/{one}/rejoining", {"relation": "sibling"}, "papers")
        await self._signs(one, "papers", "once-more")
        self.desk.tally.beside["came back to a case"] += 1
        return one, await self._decided(one, "papers", there=True)

    async def _leaves(self, path: str, version: str, role: str) -> bool:
        """Two record it at once, having seen the same: it is done once."""
        try:
            body = {"how": "gone"}
            where = f"/cases/{self.case}{path}"
            await self.do("leaving", "registration", where, body, role, "papers", f"by-{role[:10]}", etag=version)
        except Refused as refused:
            if refused.problem not in GONE_BY_ANOTHER:
                raise
            return refused.problem == "left-case-already"
        return True

    async def _signs(self, one: str, moment: str, part: str) -> None:
        case = f"/cases/{self.case}"
        talk, word = counselling_body([one]), declaration_body(one, [one])
        await self.do("counselling", "registration", f"{case}/counselling-sessions", talk, "counsellor", moment, part)
        await self.do("declaration", "registration", f"{case}/declarations", word, "counsellor", moment, part)

    async def _changed(self, step: str, noun: str, body: Any, moment: str) -> Any:
        """With the version of the case as it is now; again, where a fact of another service came in between."""
        path = f"/cases/{self.case}{noun}"

        async def attempt(part: str) -> Any:
            version = await self._version(moment)
            return await self.do(step, "registration", path, body, OFFICER, moment, part, etag=version)

        return await until_let(attempt, STALE, _at_once, self.desk.patience)

    async def _version(self, moment: str) -> str:
        at = self.calendar.at(moment)
        return await self.desk.version("registration", f"/cases/{self.case}", role=OFFICER, at=at)

    async def _decided(self, one: str, moment: str, *, there: bool) -> Any:
        """Where the case stands, once it is decided with him, or without."""

        def stands(standing: Any) -> bool:
            decision = standing["decision"] or {"package": []}
            given: Sequence[Any] = decision["package"]
            eligible = standing["status"] == "eligible" and not standing["looks_again"]
            return bool(eligible and there == any(each["individual"] == one for each in given))

        at, path = self.calendar.at(moment), f"/cases/{self.case}"
        return await self.desk.until("decided-anew", "eligibility", path, stands, role="counsellor", at=at)

    async def _travel_knows_he_left(self, one: str) -> None:
        """Else he is booked by what he signed before, and comes into the case when the seats are taken."""

        def without(ready: Any) -> bool:
            return all(each["individual_id"] != one for each in ready["individuals"])

        at, path = self.calendar.at("papers"), f"/cases/{self.case}/readiness"
        await self.desk.until("left-the-case", "travel", path, without, role="travel_officer", at=at)


async def _at_once() -> None:
    """Nothing has to come first."""


def _brother(number: int) -> dict[str, Any]:
    passport = {"kind": "passport", "number": f"B{number:06}", "issuing_country": "IRQ"}
    return {
        "relation": "sibling",
        "given_name": "Karwan",
        "family_name": f"Salih {number}",
        "birth_date": "1990-04-02",
        "sex": "male",
        "nationality": "IRQ",
        "languages": ["ckb"],
        "documents": [{**passport, "valid_from": "2020-02-01", "valid_until": "2029-01-31"}],
    }
