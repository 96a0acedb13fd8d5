"""`homeward events tail`: all that the services tell, or one of them, as it comes and once."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from services.command import events
from shared.brokers import Message, TopicSpec, open_broker
from shared.brokers.embedded import EmbeddedBroker
from shared.events import topic_of
from shared.settings import SERVICES
from tests.deploy.commands import PATIENCE, as_process, homeward


@pytest.fixture
async def log(tmp_path: Path) -> AsyncIterator[EmbeddedBroker]:
    """The log of a folder on which services have started, with their topics."""
    assert homeward("token", "--role", "auditor", "--data", str(tmp_path)).returncode == 0
    broker = open_broker(events.settings_of(tmp_path).broker())
    assert isinstance(broker, EmbeddedBroker)
    await broker.start()
    await broker.create_topics([TopicSpec(topic_of(service), 2) for service in SERVICES])
    yield broker
    await broker.stop()


async def tell(log: EmbeddedBroker, service: str, *numbers: int) -> None:
    told = [Message(topic_of(service), str(number), b'{"number": %d}' % number, {}) for number in numbers]
    assert await log.publish(told) == [None] * len(numbers)


async def test_without_a_service_all_four_are_read_and_with_one_that_one(tmp_path: Path, log: EmbeddedBroker) -> None:
    for number, service in enumerate(SERVICES):
        await tell(log, service, number)
    said = await asyncio.to_thread(homeward, "events", "tail", "--data", str(tmp_path))
    everything = said.stdout.splitlines()
    assert [json.loads(line)["number"] for line in everything] == [0, 1, 2, 3]
    one = await asyncio.to_thread(homeward, "events", "tail", "--service", SERVICES[2], "--data", str(tmp_path))
    assert json.loads(one.stdout) == {"number": 2}


async def test_what_comes_is_followed_in_all_topics_and_read_once(
    tmp_path: Path, log: EmbeddedBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    await tell(log, "registration", *range(20))
    read, plain = [], EmbeddedBroker.read

    async def counted(self: EmbeddedBroker, topic: str, **options: Any) -> AsyncIterator[Any]:
        async for delivery in plain(self, topic, **options):
            read.append(delivery)
            yield delivery

    monkeypatch.setattr(EmbeddedBroker, "read", counted)
    following = events.tail(tmp_path, [], follow=True)
    seen = [(await anext(following))["number"] for _ in range(20)]
    for number, service in enumerate(("reintegration", "registration", "travel"), start=20):
        await tell(log, service, number)
        seen.append((await anext(following))["number"])
    await following.aclose()  # type: ignore[attr-defined]  # it is a generator
    assert sorted(seen) == list(range(23))
    assert len(read) == 23


async def test_whoever_follows_through_a_pipe_gets_each_line_at_once(tmp_path: Path, log: EmbeddedBroker) -> None:
    command, told = as_process(["events", "tail", "--follow", "--data", str(tmp_path)], {"PYTHONUNBUFFERED": ""})
    tail = await asyncio.create_subprocess_exec(*command, **told, stdout=asyncio.subprocess.PIPE)
    assert tail.stdout is not None
    try:
        await tell(log, "travel", 1)
        async with asyncio.timeout(PATIENCE):
            assert json.loads(await tail.stdout.readline()) == {"number": 1}
    finally:
        tail.kill()
        await tail.wait()
