"""One distribution after the other at the site that all share: stock comes in, cards are given out, who comes twice is
given nothing, what is left goes back."""

import asyncio
from dataclasses import dataclass
from typing import Any

from services.demo.year import Calendar
from tests.load.desk import Desk, Refused

ITEMS = {"load_blanket": "piece", "load_water": "litre"}
OFFICER, KEEPER = "relief_officer", "registration_officer"
DOES_NOT_ADD_UP = "distribution-does-not-add-up"


@dataclass
class Relief:
    desk: Desk
    run: str
    site: str

    async def name_the_items(self, calendar: Calendar) -> None:
        """Where they are not there yet."""
        for code, unit in ITEMS.items():
            try:
                body = {"code": code, "name": code.replace("_", " "), "unit": unit}
                await self._do("item", 0, "/relief-items", body, calendar, code)
            except Refused as refused:
                if refused.problem != "item-code-taken":
                    raise

    async def distribute(self, number: int, calendar: Calendar) -> None:
        """From the stock's arrival to the closure. Raises `Refused`, `GaveUp`."""
        stock = f"/sites/{self.site}/stock-movements"
        for code, quantity in zip(ITEMS, ("12", "60.5"), strict=True):
            received = {"item": code, "move": "received", "quantity": quantity, "paper": f"waybill {number}"}
            await self._do("received", number, stock, received, calendar, code)
        made = await self._do("announced", number, "/distributions", self._announcement(calendar), calendar)
        path = f"/distributions/{made['distribution_id']}"
        cards = [await self._card(number, place, calendar) for place in range(3)]
        await self._do("opening", number, f"{path}/opening", {}, calendar)
        one, other, third = cards
        # Two desks serve the same card at once; and somebody comes again, by another.
        come = [("one", one, OFFICER), ("one-too", one, KEEPER), ("other", other, OFFICER), ("third", third, KEEPER)]
        await asyncio.gather(*(self._collect(path, number, card, calendar, name, role) for name, card, role in come))
        await self._collect(path, number, other, calendar, "again", KEEPER)
        # Who leaves the other household was given with it; and the third has a new number from then on.
        apart = {"leaving": {"adults": 1}}
        new = (await self._do("split", number, f"/relief-cards/{other}/split", apart, calendar))["new_card"]
        lost = await self._do("replaced", number, f"/relief-cards/{third}/replacement", {"reason": "lost"}, calendar)
        for name, card in (("apart", new), ("replaced", lost)):
            await self._collect(path, number, str(card["code"]), calendar, name, OFFICER)
        for kind, code in (("lost", "load_water"), ("damaged", "load_blanket")):
            spoilt = {"item": code, "kind": kind, "quantity": "1"}
            await self._do("spoilt", number, f"{path}/spoilt", spoilt, calendar, kind)
        await self._close(path, number, calendar)
        lost = {"item": "load_water", "move": "lost", "quantity": "0.5"}
        await self._do("lost", number, stock, lost, calendar)
        self.desk.tally.beside["distributions"] += 1

    def _announcement(self, calendar: Calendar) -> dict[str, Any]:
        items = [
            {"item": "load_blanket", "planned": "10", "per_person": "1"},
            {"item": "load_water", "planned": "40.5", "per_household": "2.5", "per_child": "1"},
        ]
        when = {"takes_place_at": calendar.at("papers").isoformat(), "place": "Hall 2", "to_bring": "Your card"}
        return {"site_id": self.site, "items": items, **when}

    async def _card(self, number: int, place: int, calendar: Calendar) -> str:
        needs = ["infant"] if place == 2 else []
        body = {"site_id": self.site, "adults": 1 + place % 2, "infants": len(needs), "children": place, "needs": needs}
        made = await self._do("card", number, "/relief-cards", body, calendar, f"{place}")
        return str(made["code"])

    async def _collect(self, path: str, number: int, card: str, calendar: Calendar, name: str, role: str) -> None:
        proxy = {"proxy_reason": "ill", "proxy_name": "Rebwar Aziz"} if name == "again" else {}
        body = {"card": card, **proxy}
        await self._do("collection", number, f"{path}/collections", body, calendar, name, role)

    async def _close(self, path: str, number: int, calendar: Calendar) -> None:
        """First miscounted, and refused; then as it is."""
        at = calendar.at("papers")
        seen = await self.desk.until("left", "registration", path, lambda _: True, role=OFFICER, at=at)
        left = {each["item"]: each["left"] for each in seen["items"]}
        wrong = {**left, "load_blanket": "9"}
        try:
            await self._do("closure", number, f"{path}/closure", {"left": wrong}, calendar, "wrong")
        except Refused as refused:
            if refused.problem != DOES_NOT_ADD_UP:
                raise
        await self._do("closure", number, f"{path}/closure", {"left": left}, calendar)

    async def _do(
        self, step: str, number: int, path: str, body: Any, calendar: Calendar, part: str = "", role: str = OFFICER
    ) -> Any:
        key = "-".join(each for each in (self.run, f"relief-{number:05}", step, part) if each)
        at = calendar.at("papers")
        return await self.desk.do(step, "registration", path, body, role=role, at=at, key=key)
