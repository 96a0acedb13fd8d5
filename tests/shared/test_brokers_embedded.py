"""What only the log in one file has to stand: death in the middle, a full disk, other processes, its neighbours."""

import asyncio
import os
import random
import signal
import sqlite3
import stat
import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from shared.brokers import BrokerUnavailable, Delivery, TopicSpec
from shared.brokers.embedded import EmbeddedBroker
from tests.shared.brokers_fixtures import by_key, message, number_of, take

TOPIC = TopicSpec("events", 4)


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[EmbeddedBroker]:
    broker = EmbeddedBroker(tmp_path / "events.db", timeout=0.3)
    await broker.start()
    await broker.create_topics([TOPIC])
    yield broker
    await broker.stop()


def python(script: str, *args: object) -> subprocess.Popen[str]:
    """Start `script` in a process of its own; it finds `publish(number)` and prints what it wants."""
    ahead = """
        import asyncio, sys
        from shared.brokers import BrokerUnavailable, Message
        from shared.brokers.embedded import EmbeddedBroker
        broker = EmbeddedBroker(sys.argv[1])
        async def publish(number, size=0):
            batch = [Message("events", f"case-{n % 7}", b"%d" % (number * 10 + n) + b"." * size, {}) for n in range(10)]
            assert await broker.publish(batch) == [None] * 10
    """
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(ahead) + textwrap.dedent(script), *map(str, args)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )


async def test_a_process_killed_while_publishing_loses_nothing_it_was_told_is_safe(broker: EmbeddedBroker) -> None:
    endless = """
        async def main():
            await broker.start()
            number = int(sys.argv[2])
            while True:
                await publish(number)
                print(number, flush=True)
                number += 1
        asyncio.run(main())
    """
    acknowledged = []
    for round_number in range(4):
        with python(endless, broker.path, round_number * 100_000) as process:
            assert process.stdout is not None
            acknowledged.append(int(process.stdout.readline()))
            await asyncio.sleep(random.uniform(0.05, 0.3))
            process.send_signal(signal.SIGKILL)
            acknowledged += [int(line) for line in process.stdout if line.endswith("\n")]

    found = [each async for each in broker.read("events")]
    numbers = {number_of(each) for each in found}
    assert len(numbers) == len(found)
    assert {batch * 10 + n for batch in acknowledged for n in range(10)} <= numbers
    for batch in {number // 10 for number in numbers}:  # a batch is there whole or not at all
        assert {batch * 10 + n for n in range(10)} <= numbers
    for ordered in by_key(found).values():
        assert ordered == sorted(ordered)
    assert await broker.publish([message("events", "a", 1)]) == [None]


def test_a_full_disk_is_waited_for_and_then_it_goes_on(tmp_path: Path) -> None:
    narrow = """
        import resource, signal
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        async def main():
            await broker.start()
            from shared.brokers import TopicSpec
            await broker.create_topics([TopicSpec("events", 4)])
            resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, resource.RLIM_INFINITY))
            number = 0
            try:
                while True:
                    await publish(number, 10_000)
                    number += 1
            except BrokerUnavailable:
                print("full", number)
            resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            await publish(number, 10_000)
            print("found", len([each async for each in broker.read("events")]))
            await broker.stop()
        asyncio.run(main())
    """
    with python(narrow, tmp_path / "events.db") as process:
        out, _ = process.communicate(timeout=60)
    (_, batches), (_, found) = (line.split() for line in out.splitlines())
    assert 0 < int(batches) < 200
    assert int(found) == (int(batches) + 1) * 10


async def test_a_log_that_another_process_holds_is_waited_for(broker: EmbeddedBroker) -> None:
    with closing(sqlite3.connect(broker.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(BrokerUnavailable):
            await broker.publish([message("events", "a", 1)])
        async with broker.subscribe("readers", ["events"]) as subscription:
            assert await subscription.fetch(1, 0.01) == []  # reading goes on meanwhile
        other.execute("ROLLBACK")
    assert await broker.publish([message("events", "a", 1)]) == [None]


async def test_a_place_where_no_file_can_be_made_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    for path in (tmp_path / "file" / "events.db", tmp_path, tmp_path / "file"):
        with pytest.raises(BrokerUnavailable):
            await EmbeddedBroker(path).start()


async def test_a_log_of_a_later_version_is_refused(broker: EmbeddedBroker) -> None:
    with closing(sqlite3.connect(broker.path)) as other:
        other.execute("PRAGMA user_version = 7")
    with pytest.raises(RuntimeError, match="layout 7"):
        await EmbeddedBroker(broker.path).start()


async def test_only_its_owner_may_read_the_log(broker: EmbeddedBroker) -> None:
    files = list(broker.path.parent.glob("events.db*"))
    assert len(files) == 3
    assert {stat.S_IMODE(os.stat(file).st_mode) for file in files} == {0o600}


async def test_a_second_reader_of_a_group_is_refused_until_the_first_is_gone(broker: EmbeddedBroker) -> None:
    neighbour = EmbeddedBroker(broker.path)
    await neighbour.start()
    async with broker.subscribe("readers", ["events"]):
        with pytest.raises(RuntimeError, match="already reads"):
            await neighbour.subscribe("readers", ["events"]).__aenter__()
    async with neighbour.subscribe("readers", ["events"]):
        pass
    await neighbour.stop()


async def test_a_broker_that_was_not_started_says_so(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="not started"):
        await EmbeddedBroker(tmp_path / "events.db").publish([message("events", "a", 1)])


async def test_a_broker_is_stopped_and_started_again(broker: EmbeddedBroker) -> None:
    await broker.publish([message("events", "a", 1)])
    await broker.stop()
    await broker.stop()
    await broker.start()
    await broker.start()
    assert [number_of(each) async for each in broker.read("events")] == [1]


async def test_an_append_wakes_the_readers_of_the_same_process_without_polling(broker: EmbeddedBroker) -> None:
    neighbour = EmbeddedBroker(broker.path, poll=30)
    await neighbour.start()
    loop = asyncio.get_running_loop()
    waits = []
    async with neighbour.subscribe("readers", ["events"]) as subscription:
        for number in range(100):
            fetching = asyncio.create_task(subscription.fetch(10, 20))
            await asyncio.sleep(0.003)
            await broker.publish([message("events", "a", number)])
            told = loop.time()
            assert [number_of(each) for each in await fetching] == [number]
            waits.append(loop.time() - told)
    await neighbour.stop()
    assert sorted(waits)[94] < 0.05


async def test_what_another_process_appends_is_found_without_a_wake_up(broker: EmbeddedBroker) -> None:
    once = """
        async def main():
            await broker.start()
            await publish(0)
            await broker.stop()
        asyncio.run(main())
    """
    async with broker.subscribe("readers", ["events"]) as subscription:
        fetching = asyncio.create_task(take(subscription, 10))
        with python(once, broker.path) as process:
            assert await asyncio.to_thread(process.wait, 30) == 0
        async with asyncio.timeout(2):
            assert len(await fetching) == 10


async def test_four_services_write_and_read_one_file_at_once(broker: EmbeddedBroker) -> None:
    names = ["registration", "eligibility", "travel", "reintegration"]
    brokers = [EmbeddedBroker(broker.path) for _ in names]
    for each in brokers:
        await each.start()
    await broker.create_topics([TopicSpec(name, 3) for name in names])

    async def tell(service: EmbeddedBroker, name: str) -> None:
        for start in range(0, 200, 10):
            batch = [message(name, f"case-{n % 5}", n) for n in range(start, start + 10)]
            assert await service.publish(batch) == [None] * 10

    async def hear(service: EmbeddedBroker, name: str) -> None:
        async with service.subscribe(name, names) as subscription:
            found: list[Delivery] = []
            while len(found) < 800:
                found += (taken := await subscription.fetch(37, 5))
                await subscription.commit(taken)
        for topic in names:
            own = by_key([each for each in found if each.topic == topic])
            assert own == {f"case-{k}": list(range(k, 200, 5)) for k in range(5)}

    async with asyncio.timeout(60):
        pairs = list(zip(brokers, names, strict=True))
        await asyncio.gather(*(tell(*pair) for pair in pairs), *(hear(*pair) for pair in pairs))
    assert set((await broker.lag("travel", names)).values()) == {0}
    for each in brokers:
        await each.stop()
