"""What cannot be read is put aside under its key, whatever it is, and holds up nothing else."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import orjson
import pytest

from shared.brokers import Delivery
from tests.shared.test_consumer import CLOSED, REOPENED, aside, lifted, take
from tests.shared.toy import heard
from tests.world import World


def changed(delivery: Delivery, **fields: Any) -> Delivery:
    """The same message with other fields in its envelope."""
    return replace(delivery, value=orjson.dumps({**orjson.loads(delivery.value), **fields}))


@pytest.mark.parametrize(
    "broken",
    [
        {"specversion": "2.0"},
        {"sequence": 0},
        {"sequence": 2**63},
        {"sequence": "1"},
        {"partitionkey": "x" * 81},
        {"partitionkey": "nul\0"},
        {"partitionkey": "another key"},
        {"source": "homeward/eligibility"},
        {"source": "x" * 5000},
        {"subject": 7},
        {"type": "homeward.eligibility.restriction.lifted.v1"},
        {"type": "t" * 500},
        {"time": "never"},
        {"data": None},
        {"data": {"reason": "no such reason"}},
        {"data": {}},
        {"type": "homeward.registration.moon.landed.v1"},
    ],
)
async def test_what_cannot_be_read_is_parked_under_its_key_and_later_ones_wait(
    world: World, broken: dict[str, Any]
) -> None:
    key, other = uuid4(), uuid4()
    bad = changed(world.delivery(CLOSED, key=key), **broken)
    await take(world, bad, world.delivery(REOPENED, key=key), world.delivery(REOPENED, key=other))
    assert [row[0] for row in await aside(world)] == [str(key), str(key)]
    assert await heard(world) == [(str(other), 1)]
    assert await world.told() == []


@pytest.mark.parametrize("value", [b"", b"\xff", b"[]", b"7", b"[" * 100_000, b"{}"])
async def test_what_is_no_event_at_all_is_parked_under_its_key(world: World, value: bytes) -> None:
    key = uuid4()
    bad = replace(world.delivery(CLOSED, key=key), value=value)
    await take(world, bad, world.delivery(REOPENED, key=key))
    assert [row[:2] for row in await aside(world)] == [(str(key), None), (str(key), 2)]


@pytest.mark.parametrize("key", ["", "x" * 500, "nul\0", "\ud800"])
async def test_even_a_key_that_no_column_takes_is_put_aside(world: World, key: str) -> None:
    bad = replace(world.delivery(CLOSED, key=uuid4()), key=key, value=b"?")
    await take(world, bad, world.delivery(REOPENED, key=uuid4()))
    assert len(await aside(world)) == 1
    assert len(await heard(world)) == 1


async def test_what_says_it_is_of_a_key_it_was_not_sent_under_moves_nothing_of_that_key(world: World) -> None:
    sent_under, claimed = uuid4(), uuid4()
    strange = changed(world.delivery(REOPENED, key=sent_under), partitionkey=str(claimed), sequence=5)
    await take(world, strange, world.delivery(REOPENED, key=claimed))
    assert [row[0] for row in await aside(world)] == [str(sent_under)]
    assert await heard(world) == [(str(claimed), 1)]
    assert await world.parked() == ["its key is not the one it was sent under"]


async def test_what_only_another_service_tells_is_not_taken_from_this_ones_topic(world: World) -> None:
    said = world.delivery(lifted(), key="SYR")
    strange = replace(changed(said, source="homeward/registration"), topic="homeward.registration")
    await take(world, strange)
    assert await heard(world) == []
    assert await world.parked() == ["its source or type is not that of the topic it came on"]
