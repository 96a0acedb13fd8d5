"""What Prometheus is told: from the running service, with labels that cannot grow, and all of it explained."""

import asyncio
import re
from pathlib import Path
from uuid import uuid4

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import event

from shared.brokers import BrokerUnavailable, Message
from shared.clock import monotonic
from shared.contracts.registration import CaseClosed, CaseClosureReason
from shared.scrape import watch_the_topics
from shared.telemetry import make_metrics, render
from shared.version import VERSION
from shared.wiring import PARTITIONS
from tests.house.source import ROOT
from tests.shared import toy
from tests.world import World

LABELS = {"service", "method", "route", "status", "topic", "partition", "job", "errand", "version", "python", "le"}


async def scraped(world: World) -> dict[str, dict[tuple[tuple[str, str], ...], float]]:
    text = (await world.call("GET", "/metrics")).text
    return {
        family.name: {tuple(sorted(sample.labels.items())): sample.value for sample in family.samples}
        for family in text_string_to_metric_families(text)
    }


async def only(world: World, name: str) -> float:
    [value] = (await scraped(world))[name].values()
    return value


async def test_the_outbox_is_as_deep_and_as_old_as_it_is(world: World) -> None:
    assert (await only(world, "homeward_outbox_depth"), await only(world, "homeward_outbox_age_seconds")) == (0, 0)
    for _ in range(3):
        await world.call("POST", "/notes", {"text": "a"}, role=toy.ROLE)
    assert await only(world, "homeward_outbox_depth") == 3
    assert 0 < await only(world, "homeward_outbox_age_seconds") < 60  # machine time, though it is 2021 in the story


async def test_a_scrape_reads_the_outbox_in_one_statement(world: World) -> None:
    said: list[str] = []

    def note(*arguments: object) -> None:
        said.append(str(arguments[2]))

    engine = world.runtime.database._reader.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    await world.call("GET", "/metrics")
    event.remove(engine, "before_cursor_execute", note)
    assert len([each for each in said if "outbox" in each]) == 1


async def test_how_far_the_topics_are_ahead_is_told_for_each_partition(world: World) -> None:
    heard = world.delivery(CaseClosed(reason=CaseClosureReason.DIED), key=uuid4())
    sent = Message(heard.topic, heard.key, heard.value, dict(heard.headers))
    assert await world.runtime.broker.publish([sent]) == [None]
    watching = asyncio.create_task(watch_the_topics(world.runtime))
    await toy.until(lambda: world.runtime.metrics.broker_up._value.get() == 1)
    watching.cancel()
    lag = (await scraped(world))["homeward_consumer_lag"]
    assert sum(lag.values()) == 1
    topics = {dict(labels)["topic"] for labels in lag}
    assert topics == {"homeward.registration", "homeward.eligibility"}
    assert len(lag) == PARTITIONS * len(topics)


async def test_a_broker_that_is_away_is_told_and_delays_no_scrape(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise BrokerUnavailable("gone")

    monkeypatch.setattr(world.runtime.broker, "lag", away)
    world.runtime.metrics.broker_up.set(1)
    watching = asyncio.create_task(watch_the_topics(world.runtime))
    await toy.until(lambda: world.runtime.metrics.broker_up._value.get() == 0)
    watching.cancel()
    assert await only(world, "homeward_broker_up") == 0


async def test_errands_that_wait_are_counted_with_the_age_of_the_oldest(world: World) -> None:
    for job in world.runtime.work():
        job.close()
    world.runtime.runner.waiting = {"carry_hand_over": {uuid4(): monotonic() - 90, uuid4(): monotonic()}}
    said = await scraped(world)
    assert list(said["homeward_errands_waiting"].values()) == [2]
    assert 89 < next(iter(said["homeward_errand_age_seconds"].values())) < 120


async def test_the_version_and_the_pool_are_told(world: World) -> None:
    said = await scraped(world)
    [labels] = said["homeward_build"]
    assert dict(labels)["version"] == VERSION
    assert next(iter(said["homeward_pool_in_use"].values())) <= next(iter(said["homeward_pool_size"].values()))
    assert said["process_resident_memory_bytes"]
    assert said["process_cpu_seconds"]


def test_the_version_is_that_of_the_project() -> None:
    assert f'version = "{VERSION}"' in (ROOT / "pyproject.toml").read_text()


async def test_labels_hold_nothing_that_can_grow(world: World) -> None:
    made = await world.call("POST", "/notes", {"text": "Shilan Karim"}, role=toy.ROLE)
    for path in (made.headers["location"], f"/notes/{uuid4()}", "/Shilan", "/notes?Shilan=1"):
        await world.call("GET", path, role=toy.ROLE)
    await world.client.request("SHILAN", "/notes")
    text = (await world.call("GET", "/metrics")).text
    assert "shilan" not in text.lower()
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}", text)
    names = {name for family in text_string_to_metric_families(text) for s in family.samples for name in s.labels}
    assert names - {"implementation", "major", "minor", "patchlevel"} <= LABELS


def test_every_metric_is_explained_and_none_that_is_not() -> None:
    text = render(make_metrics("travel"))[0].decode()
    there = {family.name for family in text_string_to_metric_families(text) if family.name.startswith("homeward_")}
    there = {name for name in there if not name.endswith("_created")}
    page = Path(ROOT / "docs" / "operations.md").read_text()
    explained = set(re.findall(r"^\| `(homeward_\w+?)(?:_total|_bucket)?(?:\{[\w, ]*\})?` \|", page, re.MULTILINE))
    assert there == explained
