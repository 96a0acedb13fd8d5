"""A key is its client's own, and what it was answered is for who asked."""

from uuid import uuid4

from shared.auth import issue_token
from shared.clock import machine_now, rfc3339
from tests.shared import toy
from tests.world import World


async def test_two_clients_with_the_same_key_cause_different_events(world: World) -> None:
    for who in ("anna", "berta"):
        made = await world.call("POST", "/notes", {"text": "a"}, role=toy.ROLE, subject=who, key="the-same-key")
        note = made.json()["id"]
        told = await world.call("POST", f"/notes/{note}/events", {}, role=toy.ROLE, subject=who, key="and-another")
        assert (made.status_code, told.status_code) == (201, 200)
    events = await world.told()
    assert len(events) == len({each.id for each in events}) == 4
    assert len({each.cause for each in events}) == 4
    assert len(await toy.notes(world)) == 2


async def test_people_of_one_client_do_not_get_each_others_answers(world: World) -> None:
    async def post(who: str, key: str) -> tuple[int, str]:
        token = issue_token(world.runtime.keys, who, [toy.ROLE], 3600, machine_now(), client="the-desks-application")
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key, "Business-Time": rfc3339(world.now)}
        answer = await world.client.post("/notes", json={"text": "a"}, headers=headers)
        return answer.status_code, str(answer.json().get("id") or answer.json()["type"])

    first = await post("anna", "approve-it")
    assert await post("berta", "approve-it") == (422, "/problems/idempotency-key-reused"), "she has done nothing yet"
    assert await post("anna", "approve-it") == first, "with a new token, too"
    assert (await post("berta", str(uuid4())))[0] == 201
    assert len(await toy.notes(world)) == 2
