"""What the teams do beside the journeys: a call that is answered, a complaint that is followed up, a count, a visit,
somebody passed on to another agency with their own consent."""

import asyncio
from dataclasses import dataclass
from typing import Any

from services.demo.year import Calendar
from tests.load.desk import Desk
from tests.load.people import Traveller, who_consents

COUNSELLOR, OFFICER = "counsellor", "registration_officer"
AGENCY = "Red Cross, Grodno"
PASSED_ON = 5
"""Of so many cases one has somebody who is referred."""


@dataclass
class GroundWork:
    desk: Desk
    run: str
    site: str
    whole: bool

    async def day(self, number: int, calendar: Calendar) -> None:
        """What has nothing to do with one case. Raises `Refused`, `GaveUp`."""
        await asyncio.gather(
            self._call(number, calendar),
            self._complaint(number, calendar),
            self._count(number, calendar),
            self._visit(number, calendar),
        )
        self.desk.tally.beside["days of the teams"] += 1

    async def pass_on(self, who: Traveller, case: str, one: str, calendar: Calendar) -> None:
        """Somebody is referred, accepted and helped, by a consent that names who is told, in one of so many cases.

        Raises `Refused`, `GaveUp`.
        """
        number = who.number
        if not self.whole or number % PASSED_ON:
            return
        consent = {
            "individual_id": one,
            "purpose": "referral",
            "recipient": AGENCY,
            "form_version": "2021-02",
            "language": "ckb",
            "form": "written",
            **who_consents(who),
        }
        await self._do("consent-to-referral", number, f"{case}/consents", consent, calendar)
        body = {"individual_id": one, "recipient": AGENCY, "need": "legal_aid"}
        sent = await self._do("referral", number, f"{case}/referrals", body, calendar)
        path = f"/referrals/{sent['id']}"
        await self._do("referral-answer", number, f"{path}/answer", {"answer": "accept_referral"}, calendar)
        await self._do("referral-completion", number, f"{path}/completion", {}, calendar)
        self.desk.tally.beside["passed on"] += 1

    async def _call(self, number: int, calendar: Calendar) -> None:
        asked = {"channel": "phone", "language": "ckb", "topic": "return", "site_id": self.site}
        call = {**asked, "contact": "+375291234567", "call_back_wanted": True}
        made = await self._do("enquiry", number, "/enquiries", call, calendar)
        await self._do("call-back", number, f"/enquiries/{made['id']}/call-back", {}, calendar)

    async def _complaint(self, number: int, calendar: Calendar) -> None:
        said = {"way": "in_person", "category": "quality", "said": "The water was cold.", "site_id": self.site}
        made = await self._do("feedback", number, "/feedback", said, calendar)
        for step in ("follow-up", "answer", "closure"):
            note = {"note": "They were told."}
            await self._do(f"feedback-{step}", number, f"/feedback/{made['id']}/{step}", note, calendar, OFFICER)

    async def _count(self, number: int, calendar: Calendar) -> None:
        """First wrong, then put right."""
        path = f"/sites/{self.site}/headcounts"
        counted = {"people": 900 + number % 50, "method": "count_of_persons"}
        made = await self._do("head-count", number, path, counted, calendar, OFFICER)
        right = {**counted, "people": 901 + number % 50, "corrects": made["id"]}
        await self._do("head-count-corrected", number, path, right, calendar, OFFICER)

    async def _visit(self, number: int, calendar: Calendar) -> None:
        """A team comes to the site, and explains the return to whoever wants to hear it."""
        visit = {"team": "GRO-1", "purpose": "information", "people_spoken_to": 40 + number % 20}
        await self._do("team-visit", number, f"/sites/{self.site}/outreach-visits", visit, calendar)
        came = [
            {"sex": "male", "age_group": "adult", "people": 30},
            {"sex": "female", "age_group": "adult", "people": 9},
        ]
        topics = ["voluntariness", "asylum", "right_to_withdraw"]
        held = {"language": "ckb", "interpreter": True, "topics": topics, "attendance": came}
        await self._do("information-session", number, f"/sites/{self.site}/information-sessions", held, calendar)

    async def _do(
        self, step: str, number: int, path: str, body: Any, calendar: Calendar, role: str = COUNSELLOR
    ) -> Any:
        at = calendar.at("papers")
        key = f"{self.run}-ground-{number:05}-{step}"
        return await self.desk.do(step, "registration", path, body, role=role, at=at, key=key)
