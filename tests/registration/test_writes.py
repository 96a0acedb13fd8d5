"""What holds for every write: closed by role, once, whole or not at all."""

from typing import Any

import pytest
from sqlalchemy import select

from services.registration.app import WIRING
from shared.auth import Role
from shared.database import core, outbox
from shared.web import HomewardRoute
from tests.registration.story import AD, CO, DOORS, ME, PR, RO, SV, TO, Case, family_body, register
from tests.registration.test_consents import consent
from tests.registration.test_papers_and_health import check, laissez_passer
from tests.world import World

ROUTES = [route for router in WIRING.routers for route in router.routes if isinstance(route, HomewardRoute)]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
async def test_every_route_is_closed_to_nobody_and_to_other_roles(world: World, route: HomewardRoute) -> None:
    path = route.path
    for part in ("case_id", "individual_id", "hold_id", "document_id", "consent_id", "site_id"):
        path = path.replace("{" + part + "}", "0189d7d2-6f9c-7000-8000-000000000000")
    path = path.replace("{clearance_id}", "0189d7d2-6f9c-7000-8000-000000000000")
    path = path.replace("{incident_id}", "0189d7d2-6f9c-7000-8000-000000000000")
    method = min(route.methods or {"GET"})
    assert (await world.call(method, path, {})).status_code == 401
    for role in set(Role) - route.allowed.roles:
        answer = await world.call(method, path, None if method == "GET" else {}, role=role, etag='"1"')
        assert answer.status_code == 403, (role, answer.text)


def writes(case: Case) -> list[tuple[Role, str, dict[str, Any]]]:
    """One write of each kind, in an order in which all of them are taken."""
    son = str(case.ids["son"])
    screening = {"individual_id": son, "level": "individual", "outcome": "refer"}
    willing = {"individual_id": str(case.ids["father"]), "case_id": str(case.id), "attempt": 1, "willing": "yes"}
    return [
        (RO, "/cases", family_body()),
        (CO, f"{case.path}/counselling-sessions", case.counselling()),
        (PR, f"{case.path}/screenings", screening),
        (TO, f"{case.path}/documents", laissez_passer(case)),
        (ME, f"{case.path}/fitness-checks", check(case)),
        (CO, f"{case.path}/consents", consent(case)),
        (CO, f"{case.path}/declarations", case.declaration("father")),
        (CO, f"{case.path}/declarations", case.declaration("son", "father", "mother")),
        (PR, f"{case.path}/holds", {"reason": "safety", "individuals": [son]}),
        (SV, "/clearances", case.clearance_body([willing])),
        (AD, f"{case.path}/withdrawal", {"channel": "in_person"}),
    ]


async def test_every_write_repeated_with_its_key_gives_the_same_answer_and_tells_nothing_more(world: World) -> None:
    case = await register(world)
    for number, (role, path, body) in enumerate(writes(case)):
        first = await world.call("POST", path, body, role=role, key=f"write-{number:08}")
        told = await world.count_told()
        again = await world.call("POST", path, body, role=role, key=f"write-{number:08}")
        assert (first.status_code, first.content) == (again.status_code, again.content), path
        assert await world.count_told() == told


async def test_a_write_with_a_stale_version_is_refused_where_one_was_named(world: World) -> None:
    case = await register(world)
    etag = await case.etag()
    await case.counsel()
    for role, path, body in writes(case)[1:9]:
        answer = await world.call("POST", path, body, role=role, etag=etag)
        assert answer.status_code == 412, f"{path}: {answer.text}"
    taken = await world.call("POST", f"{case.path}/withdrawal", {"channel": "phone"}, role=CO)
    assert taken.status_code == 200, "a withdrawal asks for no version: whatever changed meanwhile, it is taken"


async def test_the_sequence_of_a_case_counts_every_fact_once(world: World) -> None:
    case = await (await register(world)).declare()
    await case.clear()
    await case.withdraw(now=DOORS)
    async with world.runtime.database.reading() as session:
        rows = select(outbox.c.sequence).where(outbox.c.key == str(case.id)).order_by(outbox.c.id)
        sequences = [row.sequence for row in (await core(session, rows)).all()]
    assert sequences == list(range(1, len(sequences) + 1))
    journey = await world.get(f"{case.path}/journey", role=RO)
    assert [line["told"] for line in journey["lines"]] == [False] * len(sequences)
