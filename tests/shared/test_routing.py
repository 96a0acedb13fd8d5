"""Which route a request is handed to: the one that trying all of them in turn would find."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from starlette.requests import ClientDisconnect
from starlette.routing import Match, Route

from services.together import CREATE
from shared.routing import RouteTable
from shared.settings import SERVICES, Settings
from shared.web import HomewardRoute
from tests.shared import toy
from tests.world import World


def asked(method: str, path: str) -> dict[str, Any]:
    return {"type": "http", "method": method, "path": path, "root_path": "", "headers": []}


def found_in_turn(routes: list[Any], scope: dict[str, Any]) -> tuple[Any, Any]:
    for route in routes:
        match, taken = route.matches(dict(scope))
        if match is Match.FULL:
            return route, taken["path_params"]
    return None, None


@pytest.mark.parametrize("service", SERVICES)
def test_each_route_is_found_as_it_would_be_by_trying_all_in_turn(service: str, tmp_path: Path) -> None:
    routes = [each for each in CREATE[service](Settings(data_dir=tmp_path)).routes if isinstance(each, HomewardRoute)]
    table = RouteTable((route, True) for route in routes)
    for route in routes:
        for method in route.methods or ():
            scope = asked(method, route.path_format.format_map({name: uuid4() for name in route.param_convertors}))
            route_in_turn, taken = found_in_turn(routes, scope)
            assert table.find(scope) is route_in_turn
            assert scope["path_params"] == taken
    assert any(route.is_plain for route in routes)


async def nothing() -> None: ...


@pytest.mark.parametrize("path", ["/notes", "/notes/new/", "/notes//", "/", "", "/other/new", "notes/new"])
def test_what_fits_no_route_is_left_to_the_layers_that_refuse_it(path: str) -> None:
    table = RouteTable([(Route("/notes/{note_id}", nothing), True)])
    assert table.find(asked("GET", path)) is None
    assert table.find(asked("DELETE", "/notes/new")) is None


def test_a_route_that_needs_all_layers_keeps_its_place_before_a_later_one() -> None:
    table = RouteTable([(Route("/notes/new", nothing), False), (Route("/notes/{note_id}", nothing), True)])
    assert table.find(asked("GET", "/notes/new")) is None
    assert table.find(asked("GET", "/notes/old")) is not None


@pytest.mark.parametrize("path", ["/{anything}", "/files/{path:path}", "/notes/{number:int}"])
def test_a_path_that_is_not_found_by_its_place_does_not_start(path: str) -> None:
    with pytest.raises(TypeError, match="begins with a word"):
        RouteTable([(Route(path, nothing), True)])


async def test_a_caller_who_goes_away_in_mid_request_is_told_of_as_one_and_changes_nothing(world: World) -> None:
    sent: list[Any] = []

    async def gone() -> Any:
        return {"type": "http.disconnect"}

    async def sending(message: Any) -> None:
        sent.append(message)

    headers = {"authorization": f"Bearer {world.token(toy.ROLE)}", "idempotency-key": str(uuid4())}
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {**asked("POST", "/notes"), "headers": raw, "query_string": b"", "http_version": "1.1"}
    app: Any = world.app
    try:
        await app(scope, gone, sending)
    except ClientDisconnect:
        pytest.fail("it must not look like a failure of ours")
    assert sent[0]["status"] == 499
    assert await toy.notes(world) == []
