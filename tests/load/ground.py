"""What must be there before the first journey: the site, the programme, its rules and the papers asked for."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from services.demo.scenario import read_scenario
from services.demo.year import Calendar, story
from tests.load.desk import Desk


async def lay_the_ground(desk: Desk, run: str) -> str:
    """Makes what is not there yet. Gives the site's id."""
    programme_story = read_scenario("programme_story.json")
    at = Calendar(0).at("ground")

    async def found_or_made(name: str, service: str, path: str, body: Any, role: str, *same: str) -> Any:
        def alike(each: Any) -> bool:
            return all(each[part] == body[part] for part in same)

        there = await _first(desk, service, path, alike, role, at)
        return there or await desk.do(name, service, path, body, role=role, at=at, key=f"{run}-ground-{name}")

    site = await found_or_made("site", "registration", "/sites", story()["site"], "registration_officer", "code")
    founded = programme_story["programme"]
    programme = await found_or_made("programme", "eligibility", "/programmes", founded, "programme_officer", "code")
    if programme["latest_version"] == 0:
        path = f"/programmes/{programme['programme_id']}/versions"
        version = programme_story["version"]
        key = f"{run}-ground-version"
        await desk.do("version", "eligibility", path, version, role="programme_officer", at=at, key=key)
    for number, restriction in enumerate(programme_story["restrictions"]):
        same = ("country", "area", "valid_from")
        name = f"restriction-{number}"
        await found_or_made(name, "eligibility", "/restrictions", restriction, "programme_officer", *same)
    for number, paper in enumerate(story()["papers"]):
        await found_or_made(f"paper-{number}", "travel", "/papers", paper, "travel_officer", *paper)
    return str(site["id"])


async def _first(desk: Desk, service: str, path: str, good: Callable[[Any], bool], role: str, at: datetime) -> Any:
    """The first item of a list that is good, page by page."""
    cursor = ""
    while True:
        found = await desk.until(f"the list {path}", service, path + cursor, lambda _page: True, role=role, at=at)
        for each in found["items"]:
            if good(each):
                return each
        if not found.get("next"):
            return None
        cursor = f"?cursor={found['next']}"
