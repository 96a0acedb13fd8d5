"""Who is it and may they, before anything else; and what a route must say to be one."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import APIRouter

from shared.auth import Role, allow, public
from shared.offers import offers
from shared.permissions import ANONYMOUS, Principal
from shared.settings import Settings
from shared.web import HomewardRoute, RouteWithoutPermission, build_app
from tests.shared import toy
from tests.world import World


async def sent(world: World, body: bytes, **headers: str) -> httpx.Response:
    return await world.client.post("/notes", content=body, headers=headers)


async def test_a_stranger_is_refused_before_the_body_is_looked_at(world: World) -> None:
    answer = await sent(world, b"{not json at all")
    assert answer.status_code == 401
    assert answer.json()["type"] == "/problems/token-missing"
    assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_who_may_not_is_refused_before_the_body_and_the_key(world: World) -> None:
    answer = await sent(world, b"{not json at all", Authorization=f"Bearer {world.token(Role.MEDICAL)}")
    assert answer.status_code == 403
    assert answer.json()["allowed"] == ["counsellor"]


async def test_who_may_is_told_what_is_wrong_with_the_request(world: World) -> None:
    token = f"Bearer {world.token(toy.ROLE)}"
    answer = await sent(world, b'{"text":"a"}', Authorization=token, **{"content-type": "application/json"})
    assert answer.json()["type"] == "/problems/idempotency-key-missing"


@pytest.mark.parametrize("key", ["short", "x" * 101, "with space in it", 'with"quote-inside', "nön-ascii-key"])
async def test_a_key_that_cannot_be_used_is_refused(world: World, key: str) -> None:
    headers = [
        (b"authorization", f"Bearer {world.token(toy.ROLE)}".encode()),
        (b"content-type", b"application/json"),
        (b"idempotency-key", key.encode()),
    ]
    answer = await world.client.post("/notes", content=b'{"text":"a"}', headers=headers)
    assert answer.json()["type"] == "/problems/idempotency-key-unusable"
    assert await toy.notes(world) == []


def test_a_route_without_a_permission_does_not_start() -> None:
    router = APIRouter(route_class=HomewardRoute)

    async def open_door() -> None: ...

    with pytest.raises(RouteWithoutPermission):
        router.add_api_route("/open", open_door)


def test_a_route_of_another_class_does_not_start(tmp_path: Path) -> None:
    router = APIRouter()

    async def open_door() -> None: ...

    router.add_api_route("/open", open_door, dependencies=[public()])
    with pytest.raises(RouteWithoutPermission):
        build_app(toy.wiring(tmp_path, router), Settings(data_dir=tmp_path))


def test_two_routes_do_not_have_one_name(tmp_path: Path) -> None:
    router = APIRouter(route_class=HomewardRoute)

    async def twice() -> None: ...

    router.add_api_route("/one", twice, dependencies=[public()])
    router.add_api_route("/two", twice, dependencies=[public()])
    with pytest.raises(TypeError, match="twice"):
        build_app(toy.wiring(tmp_path, router), Settings(data_dir=tmp_path))


async def test_a_route_added_later_needs_a_permission_too(world: World) -> None:
    async def open_door() -> None: ...

    with pytest.raises(RouteWithoutPermission):
        world.app.add_api_route("/open", open_door)


async def test_the_api_page_says_who_may_and_what_a_write_needs(world: World) -> None:
    document = await world.get("/openapi.json")
    made = document["paths"]["/notes"]["post"]
    assert made["description"].count("For: counsellor.") == 1
    assert made["operationId"] == "make_note"
    needs = {each["name"]: each["required"] for each in made["parameters"]}
    assert needs == {"Idempotency-Key": True, "If-Match": False}
    changed: dict[str, Any] = document["paths"]["/notes/{note_id}"]["patch"]
    assert {each["name"]: each["required"] for each in changed["parameters"]}["If-Match"] is True
    assert changed["security"] == [{"bearer": []}]


async def test_offers_are_the_actions_this_caller_may_do(world: World) -> None:
    known = world.runtime.offers
    counsellor = Principal("c", frozenset({toy.ROLE}), "c")
    found = offers(known, ["change_note", "live"], counsellor, note_id="7")
    assert [(each.action, each.method, each.href) for each in found] == [
        ("change_note", "PATCH", "/notes/7"),
        ("live", "GET", "/health/live"),
    ]
    assert [each.action for each in offers(known, ["change_note", "live"], ANONYMOUS, note_id="7")] == ["live"]
    with pytest.raises(KeyError):
        offers(known, ["fly_to_the_moon"], counsellor)


async def test_a_wrong_method_is_told_the_right_ones(world: World) -> None:
    answer = await world.call("DELETE", "/notes", role=toy.ROLE)
    assert answer.status_code == 405
    assert "POST" in answer.headers["allow"] or "GET" in answer.headers["allow"]
    assert answer.json()["type"] == "/problems/method-not-allowed"


def test_a_permission_names_a_role() -> None:
    with pytest.raises(TypeError):
        allow()
