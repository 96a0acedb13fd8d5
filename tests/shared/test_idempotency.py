"""A key is its client's own."""

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
