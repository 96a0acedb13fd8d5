"""What the services of a stack left behind: rows of four databases, messages of four topics, and the load's journal.

Read past the services: from the databases by their own driver, from Kafka by another client than theirs. What the
outages themselves put into the topics is told apart by its key, and judged by nobody.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import UUID

import orjson
from confluent_kafka import Consumer, ConsumerGroupTopicPartitions, TopicPartition
from confluent_kafka.admin import AdminClient

from shared.consumer import topics_heard
from shared.settings import SERVICES
from tests.auditor.evidence import Findings, Kept, Logged, Row, Told
from tests.auditor.facts import HEARD
from tests.load.journal import Asked, read
from tests.outages.foreign import is_foreign
from tests.outages.suffering import NEWER
from tests.stack.parts import HOST, Stack
from tests.stack.reading import fetch

TOLD = "SELECT key, sequence, type, position, sent_at IS NOT NULL AS sent, body FROM outbox ORDER BY key, sequence"
KEPT = "SELECT client, key, status, encode(sha256(body), 'hex') AS answer FROM request_key"
INBOX = "SELECT source, key, sequence FROM inbox"
PATIENCE = 30.0
"""Seconds for an answer of Kafka."""


@dataclass
class StackEvidence:
    """Read when first asked for, and kept."""

    stack: Stack
    journal_path: Path | None = None
    services: Sequence[str] = SERVICES
    _tables: dict[tuple[str, str], list[Row]] = field(default_factory=dict)

    def rows(self, service: str, query: str) -> list[Row]:
        return asyncio.run(fetch(self.stack, service, query))

    @cached_property
    def journal(self) -> list[Asked]:
        return [] if self.journal_path is None else list(read(self.journal_path))

    @cached_property
    def told(self) -> dict[str, list[Told]]:
        return {service: [_told(service, row) for row in self.rows(service, TOLD)] for service in self.services}

    @cached_property
    def logged(self) -> list[Logged]:
        found = []
        for service in self.services:
            for lane, key, value in messages(self.stack, f"homeward.{service}"):
                if not is_foreign(key):
                    found.append(Logged(f"homeward.{service}", key, _as_it_was_told(value), lane))
        return found

    def inbox(self, service: str) -> dict[tuple[str, str], int]:
        found = self.all_of(service, "inbox")
        return {(row["source"].rsplit("/", 1)[-1], row["key"]): row["sequence"] for row in found}

    def kept(self, service: str) -> list[Kept]:
        if (service, KEPT) not in self._tables:
            self._tables[(service, KEPT)] = self.rows(service, KEPT)
        return [Kept(row["client"], row["key"], row["status"], row["answer"]) for row in self._tables[(service, KEPT)]]

    def behind(self, listener: str) -> Findings:
        for topic, count in left_in_the_topics(self.stack, listener).items():
            yield f"{listener}: {count} messages of {topic} were never fetched"

    def all_of(self, service: str, table: str) -> list[Row]:
        if (service, table) not in self._tables:
            found = self.rows(service, f"SELECT * FROM {table}")  # noqa: S608  # names from the auditor alone
            self._tables[(service, table)] = [row for row in found if not _of_the_outages(row)]
        return self._tables[(service, table)]


def messages(stack: Stack, topic: str) -> list[tuple[int, str, bytes]]:
    """Everything in a topic: partition, key and value, each partition in its order."""
    settings = {"bootstrap.servers": f"{HOST}:{stack.kafka.port}", "group.id": "auditor", "enable.auto.commit": False}
    consumer = Consumer(settings)
    try:
        partitions = consumer.list_topics(topic, timeout=PATIENCE).topics[topic].partitions
        ends = {
            number: consumer.get_watermark_offsets(TopicPartition(topic, number), timeout=PATIENCE)
            for number in partitions
        }
        waiting = {number: high for number, (low, high) in ends.items() if high > low}
        consumer.assign([TopicPartition(topic, number, ends[number][0]) for number in waiting])
        found: list[tuple[int, str, bytes]] = []
        deadline = monotonic() + PATIENCE
        while waiting:
            records = consumer.consume(5_000, timeout=0.1)
            assert records or monotonic() < deadline, f"{topic} holds more than can be read"
            for record in records:
                assert record.error() is None, record.error()
                lane, at = record.partition() or 0, record.offset() or 0
                found.append((lane, (record.key() or b"").decode(errors="replace"), record.value() or b""))
                if at + 1 >= waiting.get(lane, 0):
                    waiting.pop(lane, None)
        return found
    finally:
        consumer.close()


def left_in_the_topics(stack: Stack, listener: str) -> dict[str, int]:
    """Messages between the place of a service's group and the end, by topic, where there are any."""
    servers: dict[str, str | int | float | bool] = {"bootstrap.servers": f"{HOST}:{stack.kafka.port}"}
    admin = AdminClient(servers)
    consumer = Consumer({**servers, "group.id": "auditor", "enable.auto.commit": False})
    group = f"homeward.{listener}"
    left: dict[str, int] = {}
    try:
        asked = [ConsumerGroupTopicPartitions(group)]
        answer = admin.list_consumer_group_offsets(asked)[group].result(PATIENCE)
        places = {(each.topic, each.partition): each.offset for each in answer.topic_partitions}
        for topic in topics_heard(HEARD[listener]):
            for number in consumer.list_topics(topic, timeout=PATIENCE).topics[topic].partitions:
                low, high = consumer.get_watermark_offsets(TopicPartition(topic, number), timeout=PATIENCE)
                place = max(places.get((topic, number), low), low)
                if high > place:
                    left[topic] = left.get(topic, 0) + high - place
    finally:
        consumer.close()
    return left


def _told(service: str, row: Row) -> Told:
    document = orjson.loads(row["body"])
    return Told(service, row["key"], row["sequence"], row["type"], row["position"], row["sent"], document)


def _as_it_was_told(value: bytes) -> Row:
    """Without what a newer version would say beside it: the outages add that on the way."""
    document: Row = orjson.loads(value)
    document.pop(NEWER, None)
    document["data"].pop(NEWER, None)
    return document


def _of_the_outages(row: Row) -> bool:
    about: Any = row.get("case_id", row.get("key"))
    if about == "":  # a message without a key, put aside: what has a source came from a topic
        return "source" in row
    return isinstance(about, str | UUID) and is_foreign(str(about))
