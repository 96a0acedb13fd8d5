"""Returns by vulnerability: counted once, as of a day, as known at a moment, and no small cell."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

from tests.registration.story import CO, PR, TOOK_OFF, family_body, person, register
from tests.registration.test_protection_of_persons import vulnerable
from tests.world import World


async def report(world: World, **known: Any) -> Any:
    at = f"&known_at={quote(known['known_at'].isoformat())}" if known else ""
    path = f"/reports/returns-by-vulnerability?since=2021-12-01&as_of=2021-12-31{at}"
    return await world.get(path, role=PR, now=TOOK_OFF + timedelta(days=1))


async def test_returns_are_counted_by_vulnerability_and_small_cells_are_suppressed(world: World) -> None:
    for number in range(6):
        woman = person("woman", "principal_applicant", f"Lana{number}", "1988-07-04", "female")
        case = await register(world, family_body(members=[woman]))
        categories = ["pregnant", *(["disability"] if number < 2 else [])]
        body = vulnerable(case, "woman", categories=categories)
        await world.post(f"{case.path}/vulnerability-assessments", body, role=PR)
        await case.depart()
    shown = await report(world)
    cells = {each["category"]: (each["people"], each["suppressed"]) for each in shown["items"]}
    assert shown["people"] == 6
    assert (cells["pregnant"], cells["disability"], cells["elderly"]) == ((6, False), (None, True), (0, False))
    assert shown["position"] is not None
    assert (await report(world, known_at=TOOK_OFF - timedelta(days=1)))["people"] == 0
    await world.get("/reports/returns-by-vulnerability?since=2021-12-01&as_of=2021-12-31", role=CO, expect=403)
