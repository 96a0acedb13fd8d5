"""How often a list asks its database, around one request: the lists that are about one case, flight, plan or site, and
what is kept apart from any. Those of a desk are in `tests/benchmarks/desks.py`."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

from sqlalchemy import Engine, event

from tests.world import World


class Asked(NamedTuple):
    rows: int
    queries: int


COUNTED: dict[str, tuple[str, ...]] = {
    "registration": (
        "/cases/{case_id}/capacity-doubts",
        "/cases/{case_id}/consents",
        "/cases/{case_id}/consents/standing",
        "/cases/{case_id}/corrections",
        "/cases/{case_id}/counselling-sessions",
        "/cases/{case_id}/declarations",
        "/cases/{case_id}/fitness-checks",
        "/cases/{case_id}/guardians",
        "/cases/{case_id}/holds",
        "/cases/{case_id}/membership",
        "/cases/{case_id}/priorities",
        "/cases/{case_id}/protection-items",
        "/cases/{case_id}/screenings",
        "/cases/{case_id}/vulnerability-assessments",
        "/cases/{case_id}/withdrawals",
        "/distributions/{distribution_id}",
        "/distributions/{distribution_id}/entitlements/{code}",
        "/relief-cards/{code}/changes",
        "/relief-items",
        "/sites/{site_id}/stock",
    ),
    "eligibility": (
        "/cases/{case_id}/answers",
        "/cases/{case_id}/decisions",
        "/cases/{case_id}/exceptions",
        "/programmes",
        "/programmes/{programme_id}/versions",
    ),
    "travel": (
        "/check-rules",
        "/flights/{flight_id}/escorts",
        "/flights/{flight_id}/fare-entries",
        "/flights/{flight_id}/fares",
        "/flights/{flight_id}/paper-manifests",
        "/flights/{flight_id}/passengers/{individual_id}/allowances",
        "/flights/{flight_id}/travel-groups",
        "/papers",
        "/support-rules",
    ),
    "reintegration": (
        "/cases/{case_id}/assessments",
        "/cases/{case_id}/contact-attempts",
        "/cases/{case_id}/counselling-sessions",
        "/cases/{case_id}/feasibility-checks",
        "/cases/{case_id}/follow-ups",
        "/cases/{case_id}/post-arrival-help",
        "/cases/{case_id}/post-arrival-windows",
        "/cases/{case_id}/reopenings",
        "/cases/{case_id}/surveys",
        "/cases/{case_id}/visits",
        "/community-projects/{project_id}/shares",
        "/plans/{plan_id}/amendments",
        "/plans/{plan_id}/deliveries",
        "/plans/{plan_id}/lines/{line_id}/quotations",
        "/plans/{plan_id}/payments",
        "/survey-schemes",
    ),
}
"""By service, each counted by its `test_lists.py`."""

UNCOUNTED: dict[str, dict[str, str]] = {
    service: {"/operations/parked": "one query of the floor, the same in each service"} for service in COUNTED
}
UNCOUNTED["registration"]["/reports/returns-by-vulnerability"] = "numbers of an edition that was reckoned before"


@contextmanager
def counting() -> Iterator[list[str]]:
    """The statements that are executed inside."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


async def asked(world: World, lists: Mapping[str, tuple[str, Any]]) -> dict[str, Asked]:
    """By the route: of each list, asked for with its path and role, the rows and the statements."""
    found = {}
    for route, (path, role) in lists.items():
        with counting() as seen:
            answer = await world.get(path, role=role)
        rows = answer if isinstance(answer, list) else answer["items"]
        found[route] = Asked(len(rows), len(seen))
    return found


def check(service: str, few: Mapping[str, Asked], many: Mapping[str, Asked]) -> None:
    assert set(few) == set(many) == set(COUNTED[service])
    none = [route for route, each in few.items() if each.rows == 0 or each.queries == 0]
    assert none == [], f"nothing to count: {none}"
    still = [route for route, each in many.items() if each.rows <= few[route].rows]
    assert still == [], f"no longer than before: {still}"
    grown = {route: (few[route], each) for route, each in many.items() if each.queries != few[route].queries}
    assert grown == {}, f"asks its database more often for more rows: {grown}"
