"""Routes that take no body: what is sent to them all the same is not swallowed."""

from uuid import uuid4

import httpx
import pytest

from tests.faults import contents
from tests.shared import toy
from tests.world import World


async def sent(world: World, body: bytes, kind: str | None = "application/json") -> httpx.Response:
    note = (await world.call("POST", "/notes", {"text": "a"}, role=toy.ROLE, key="the-note-itself")).json()["id"]
    headers = {"Authorization": f"Bearer {world.token(toy.ROLE)}", "Idempotency-Key": str(uuid4())}
    if kind is not None:
        headers["Content-Type"] = kind
    return await world.client.post(f"/notes/{note}/events", content=body, headers=headers)


@pytest.mark.parametrize(("body", "kind"), [(b"", None), (b"", "application/json"), (b"{}", "application/json")])
async def test_no_body_and_an_empty_object_are_taken(world: World, body: bytes, kind: str | None) -> None:
    assert (await sent(world, body, kind)).status_code == 200


@pytest.mark.parametrize(
    ("body", "kind", "refusal"),
    [
        (b'{"reason": "Zohreh"}', "application/json", (422, "body-not-expected")),
        (b"[]", "application/json", (422, "body-not-expected")),
        (b"null", "application/json", (422, "body-not-expected")),
        (b"0", "application/json", (422, "body-not-expected")),
        (b"Zohreh", "application/json", (400, "malformed-json")),
        (b"Zohreh", "text/plain", (415, "unsupported-media-type")),
    ],
)
async def test_anything_else_is_refused_and_changes_nothing(
    world: World, body: bytes, kind: str, refusal: tuple[int, str]
) -> None:
    await sent(world, b"")
    before = await contents(world)
    answer = await sent(world, body, kind)
    assert (answer.status_code, answer.json()["type"]) == (refusal[0], f"/problems/{refusal[1]}")
    assert "Zohreh" not in answer.text
    assert await contents(world) == before
