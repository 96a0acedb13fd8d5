"""What a desk sees seldom before a flight and on the way, one of each: a flight that left, one whose doors are closed,
one that is being checked in, one that does not go and one that was worked on paper."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from services.demo.crowd import Crowd, together
from services.demo.family import Family
from services.demo.returns import Party, book, decided_party
from services.demo.year import Flight, flights_of_the_year

ON, TO = date(2021, 12, 20), "IRQ"
SEATS = 40
NOT_PLAYED = date(2021, 12, 17), date(2021, 12, 30)
"""Of whom of the year they are, who fly on another day than the year says."""
WAY = ("never came", "was taken off", "was not admitted", "is in transit", "is on the way")
HOME = ("lost", "drafted", "submitted", "sent back", "helped", "gone again", "given up")
WAITING = ("checked in", "boarded", "held", "withdrew")
OFFERED = ("has an offer", "took an offer", "let an offer lapse", "had an offer")
MONEY = {"project_code": "AVRR-BLR-21", "budget_line": "TRAVEL"}


@dataclass
class RareFlights:
    """`parties`: each of one person, by what becomes of them; `flights`: where travel has each, by its name."""

    many: Crowd
    family: Family
    parties: dict[str, Party] = field(default_factory=dict)
    flights: dict[str, str] = field(default_factory=dict)

    async def play(self) -> None:
        """Raises `StoryDiffers`."""
        booked = {"left": (*WAY, *HOME), "closed": ("cleared",), "open": WAITING, "cancelled": ("waits",)}
        booked["paper"] = ("flew on paper",)
        await together(self._hold(name) for name in booked)
        names = [one for of in booked.values() for one in of] + [*OFFERED]
        alone = [case for of in flights_of_the_year(*NOT_PLAYED) for case in of.cases if _flies_alone(of.to, case)]
        self.plan = Flight(ON, TO, tuple(alone[: len(names)]))
        decided = await together(decided_party(self.many, self.family.ids, self.plan, case) for case in self.plan.cases)
        self.parties = dict(zip(names, decided, strict=True))
        await together(
            book(self.many, self.plan, self.parties[one], self.flights[name])
            for name, of in booked.items()
            for one in of
        )
        await together(self._known_at_the_desk(name) for name in ("left", "closed", "open"))
        await together([self._leaves(), self._closes(), self._is_open(), self._is_cancelled(), self._was_on_paper()])

    async def _hold(self, name: str) -> None:
        body = {**Flight(ON, TO, ()).body(), "seats": SEATS}
        made = await self._travel(f"flight {name} was held", "/flights", body, "travel_officer", "ground")
        self.flights[name] = f"/flights/{made['id']}"

    async def _known_at_the_desk(self, name: str) -> None:
        await self.many.until(
            f"rare: the desk knew of everyone on the flight {name}",
            "travel",
            f"{self.flights[name]}/passengers",
            lambda listed: all(each["gates"]["at_check_in"]["passed"] for each in listed["passengers"]),
            role="airport_desk",
            at=self.at("check_in"),
        )

    async def _leaves(self) -> None:
        for one in ("was taken off", "was not admitted", "is in transit", "is on the way", *HOME):
            await self._boards("left", one)
        await self._desk("left", "was taken off", "offload", {"reason": "conduct"}, "boarded")
        await self._desk("left", "never came", "no-show", {}, "doors")
        await self._doors("left")
        body = {"departed_at": self.at("departed").isoformat()}
        await self._travel("flight left", f"{self.flights['left']}/departure", body, "travel_officer", "departed")
        stop = {"airport": "IST", "country": "TUR", "at": self.at("transit").isoformat()}
        for one in ("was not admitted", "is in transit"):
            await self._desk("left", one, "transit", stop, "transit")
        refused = {"country": "TUR", "kind": "refused_entry", "at": self.at("transit").isoformat()}
        await self._desk("left", "was not admitted", "non-admission", refused, "transit")
        home = {"airport": "EBL", "country": TO, "met_by": "partner", "at": self.at("arrived").isoformat()}
        for one in HOME:
            await self._desk("left", one, "arrival", home, "arrived")
        await self._papers()

    async def _papers(self) -> None:
        """Two that say otherwise of who never came: one was looked at."""
        seated = [one for one in (*WAY, *HOME) if one not in ("never came", "was taken off")]
        for number, hours in enumerate((0, 1)):
            moment = (self.at("departed") + timedelta(hours=hours)).isoformat()
            made = await self._paper("left", [*seated, "never came"], moment, f"sheet {number}")
            if not number:
                path = f"{self.flights['left']}/paper-manifests/{made['id']}/resolution"
                await self._travel("paper looked at", path, {"resolution": "record_stands"}, "travel_officer", "again")

    async def _closes(self) -> None:
        await self._boards("closed", "cleared")
        await self._doors("closed")

    async def _is_open(self) -> None:
        await self._boards("open", "boarded")
        await self._desk("open", "checked in", "check-in", {}, "check_in")
        held = {"reason": "document", "individuals": []}
        await self._of("held", "was held", "/holds", held, "counsellor", "check_in")
        await self._of("withdrew", "withdrew", "/withdrawal", {"channel": "in_person"}, "counsellor", "checked")
        await self._beside()
        for one in OFFERED:
            await self._offer(one)

    async def _offer(self, one: str) -> None:
        case, soon = self.parties[one].id, self.at("checked")
        until = soon if one == "let an offer lapse" else self.at("check_in")
        offer = {"case_id": case, "flight_id": self._id("open"), "expires_at": until.isoformat()}
        made = await self._travel(one, "/offers", offer, "travel_officer", "booked")
        path = f"/offers/{made['id']}"
        if one == "has an offer":  # declined once, and made again
            await self._travel("declined", f"{path}/refusal", {}, "travel_officer", "booked")
            await self._travel(f"{one} again", "/offers", offer, "travel_officer", "booked")
        if one == "took an offer":
            await self._travel("took it", f"{path}/acceptance", {}, "travel_officer", "booked")
        if one == "had an offer":
            await self._of(one, "withdrew", "/withdrawal", {"channel": "in_person"}, "counsellor", "booked")
        if one == "let an offer lapse":
            later = soon + timedelta(hours=1)
            await self._travel("offers lapsed", "/offer-sweeps", {}, "travel_officer", later)

    async def _beside(self) -> None:
        """An escort, a group, nights, transport and papers: one that stands, and one that ended."""
        flight, fare = self.flights["open"], {"amount": "310.00", "currency": "EUR"}
        who, officer = self._one("boarded"), "travel_officer"
        runs = {
            "vehicle": "minibus",
            "pickup_place": "Hall 2",
            "pickup_at": self.at("check_in").isoformat(),
            "places": 4,
            "cost": fare,
            **MONEY,
        }
        listed = await self.many.until(
            "rare: bookings",
            "travel",
            f"/bookings?case_id={self.parties['boarded'].id}",
            bool,
            role=officer,
            at=self.at("checked"),
        )
        stay = {
            "booking_id": listed["items"][0]["id"],
            "house": "Hotel 1",
            "first_night": (ON - timedelta(days=1)).isoformat(),
            "until": ON.isoformat(),
            "rooms": 1,
            "beds": 2,
            "night_price": fare,
            **MONEY,
        }
        for number, end in enumerate(("cancellation", None)):
            escort = {"kind": "operational", "reference": f"E-{number}", "individuals": [who], "fare": fare, **MONEY}
            group = {"label": f"Hall {number}", "seats": 2}
            for noun, path, body in (
                ("escorts", f"{flight}/escorts", escort),
                ("travel-groups", f"{flight}/travel-groups", group),
                ("transport-runs", f"{flight}/transport-runs", runs),
                ("hotel-stays", "/hotel-stays", stay),
            ):
                made = await self._travel(f"{noun} {number}", path, body, officer, "checked")
                if end:
                    ended = "closure" if noun == "travel-groups" else end
                    await self._travel(f"{noun} {ended}", f"/{noun}/{made['id']}/{ended}", {}, officer, "checked")
        await self._requests(who)

    async def _requests(self, who: str) -> None:
        day = self.at("checked").date()
        ways = {
            "passport": "",
            "emergency_travel_document": "appointment",
            "laissez_passer": "collection",
            "exit_permit": "refusal",
            "visa": "abandonment",
        }
        for document, way in ways.items():
            body = {
                "case_id": self.parties["boarded"].id,
                "individual_id": who,
                "document": document,
                "asked_of": TO,
                "for_country": "TUR" if document in ("exit_permit", "visa") else None,
                "office": "Moscow",
                "requested_on": day.isoformat(),
                "due_on": (day + timedelta(days=20)).isoformat(),
            }
            made = await self._travel(f"{document} asked for", "/paper-requests", body, "travel_officer", "checked")
            said = {"on": day.isoformat()}
            if way == "appointment":
                said = {"appointment_at": self.at("check_in").isoformat()}
            if way:
                path = f"/paper-requests/{made['id']}/{way}"
                await self._travel(f"{document} {way}", path, said, "travel_officer", "checked")

    async def _is_cancelled(self) -> None:
        path = f"{self.flights['cancelled']}/cancellation"
        await self._travel("flight was cancelled", path, {}, "travel_officer", "checked")
        case = self.parties["waits"].id

        def waits(listed: Any) -> bool:
            return any(each["case_id"] == case for each in listed["items"])

        await self.many.until(
            "rare: waits again",
            "travel",
            f"/waiting-list?destination={TO}&limit=100",
            waits,
            role="travel_officer",
            at=self.at("checked"),
        )
        seating = f"{self.flights['open']}/seating"
        await self._travel("seats were given", seating, {"most": 1}, "travel_officer", "checked")

    async def _was_on_paper(self) -> None:
        await self._paper("paper", ["flew on paper"], self.at("departed").isoformat(), "sheet 7")

    async def _paper(self, flight: str, left: list[str], moment: str, sheet: str) -> Any:
        said = {"outcome": "departed", "willingness": "yes", "asked_alone": True, "language": "ckb"}
        body = {
            "departed_at": moment,
            "reason": "network_down",
            "worked_by": "desk-2",
            "evidence": sheet,
            "lines": [{**said, "individual_id": self._one(one)} for one in left],
        }
        path = f"{self.flights[flight]}/paper-manifests"
        return await self._travel(f"{flight} {sheet}", path, body, "airport_desk", "again")

    async def _boards(self, flight: str, one: str) -> None:
        await self._desk(flight, one, "check-in", {}, "check_in")
        await self._desk(flight, one, "willingness", {"answer": "yes", "asked_alone": True, "language": "ckb"}, "asked")
        await self._desk(flight, one, "boarding", {}, "boarded")

    async def _doors(self, flight: str) -> None:
        path = f"{self.flights[flight]}/doors"
        await self._travel(f"doors of {flight}", path, {}, "airport_desk", "doors")
        await self.many.until(
            f"rare: {flight} was cleared",
            "travel",
            path,
            lambda doors: bool(doors["status"] == "closed"),
            role="airport_desk",
            at=self.at("doors"),
        )

    async def _desk(self, flight: str, one: str, verb: str, body: Any, moment: str) -> None:
        path = f"{self.flights[flight]}/passengers/{self._one(one)}/{verb}"
        await self._travel(f"{one} {verb}", path, body, "airport_desk", moment)

    async def _of(self, one: str, step: str, noun: str, body: Any, role: str, moment: str) -> None:
        path = f"{self.parties[one].path}{noun}"
        await self.many.do(f"rare: {one} {step}", "registration", path, body, role=role, at=self.at(moment))

    async def _travel(self, step: str, path: str, body: Any, role: str, moment: str | datetime) -> Any:
        at = moment if isinstance(moment, datetime) else self.at(moment)
        return await self.many.do(f"rare: {step}", "travel", path, body, role=role, at=at)

    def at(self, moment: str) -> datetime:
        return Flight(ON, TO, ()).calendar.at(moment)

    def _one(self, name: str) -> str:
        (one,) = self.parties[name].people.values()
        return one

    def _id(self, flight: str) -> str:
        return self.flights[flight].rsplit("/", 1)[-1]


def _flies_alone(to: str, case: Any) -> bool:
    return to == TO and len(case.members) == 1 and not case.stays
