"""Those who ask: requests for return by week and channel, a call from somebody in distress, sessions and visits."""

import asyncio
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from services.demo.crowd import crowd, together
from services.demo.family import Family
from services.demo.scenario import read_scenario
from services.demo.teller import Teller


def ask_for_return(family: Family) -> None:
    """Twenty a week in August, a hundred and sixty in early December."""
    story = read_scenario("voices.json")
    first, weeks = date.fromisoformat(story["first_week"]), story["requests"]
    asyncio.run(_ask(family.teller, first, weeks, story["channels"], family.at("registered").tzinfo))
    last = first + timedelta(weeks=len(weeks)) - timedelta(days=1)
    path = f"/reports/requests?since={first}&until={last}"
    said = family.look("registration", path, role="auditor", at="looked")
    found = [each["count"] for each in said["weeks"]]
    family.found |= {f"requests for return, week of {each['first_day']}": each["count"] for each in said["weeks"]}
    family.found["requests for return, in all"] = sum(found)
    family.found["requests for return, weeks with fewer than the week before"] = sum(
        later < earlier for earlier, later in pairwise(found)
    )
    for channel in story["channels"]:
        asked = sum(each["by_channel"].get(channel, 0) for each in said["weeks"])
        family.found[f"requests for return, by {channel.replace('_', ' ')}"] = asked


async def _ask(teller: Teller, first: date, weeks: list[int], channels: list[str], zone: Any) -> None:
    async with crowd(teller) as many:
        for number, count in enumerate(weeks):
            asked = [
                many.do(
                    f"request {each} of week {number} was taken down",
                    "registration",
                    "/enquiries",
                    {"channel": channels[each % len(channels)], "language": "ar", "topic": "return"},
                    role="counsellor",
                    at=datetime.combine(first + timedelta(weeks=number, days=each % 7), time(11), zone),
                )
                for each in range(count)
            ]
            await together(asked)


def answer_and_explain(family: Family) -> None:
    """A call from the forest, an information session, the teams' visits, a complaint."""
    story = read_scenario("voices.json")
    at = family.at("registered")
    call = family.do(
        "somebody called from the forest", "registration", "/enquiries", story["distress"], role="counsellor", at=at
    )
    family.found["a call in distress was passed on to"] = call["referred_to"]
    site = f"/sites/{family.ids['site']}"
    attended = 0
    for number, held in enumerate(story["sessions"]):
        step = f"information session {number} was held"
        path = f"{site}/information-sessions"
        attended += family.do(step, "registration", path, held, role="counsellor", at=at)["attended"]
    family.found["people at information sessions"] = attended
    for number, visit in enumerate(story["visits"]):
        step = f"the teams' visit {number}"
        family.do(step, "registration", f"{site}/outreach-visits", visit, role="counsellor", at=at)
    given = family.do("a complaint was made", "registration", "/feedback", story["complaint"], role="counsellor", at=at)
    path = f"/feedback/{given['id']}"
    answer = {"note": "The queue begins an hour earlier for families from now on."}
    family.do("the complaint was answered", "registration", f"{path}/answer", answer, role="protection", at=at)
    closed = family.do("the complaint was closed", "registration", f"{path}/closure", answer, role="protection", at=at)
    family.found["the complaint is"] = closed["status"]
