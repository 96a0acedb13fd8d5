"""Outages of what is told: messages doubled, late, in a muddle, broken, newer, or too much for their handler; and of
the clocks by which it is told."""

import time
from collections.abc import Callable
from random import Random
from typing import Any
from uuid import uuid4

import httpx
import orjson
from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition

from shared.clock import machine_now, rfc3339
from shared.settings import SERVICES
from tests.outages.foreign import foreign_key, is_foreign
from tests.outages.plan import Outage
from tests.outages.scene import AWAY, NotReached, Scene
from tests.outages.suffering import NEWER
from tests.stack import Stack
from tests.stack.parts import HOST
from tests.stack.reading import rows

SECONDS = 45.0
"""How long to wait for what should follow soon."""
COPIED = 40
"""Messages of each partition that are sent again."""
PARKED = "SELECT source, key, type, reason FROM parked WHERE settled_at IS NULL"
Sent = tuple[str, bytes | None, bytes | None, dict[str, bytes]]
"""Topic, key, value, headers."""


def clock_jumped(scene: Scene, outage: Outage, random: Random) -> str:
    """Of some processes, at once, and back again later."""
    by = random.choice((30.0, 600.0, 7_200.0, 40 * 86_400.0))
    if outage.kind.endswith("back"):
        by = -random.choice((30.0, 600.0, 7_200.0))
    names = sorted(scene.stack.parts)
    chosen = random.sample(names, random.randint(1, len(names)))
    for name in chosen:
        scene.switches(name).on("clock", str(by))
    time.sleep(outage.seconds)
    for name in chosen:
        scene.switches(name).off("clock")
    return f"{by:+.0f} s in {len(chosen)} processes"


def sent_otherwise(switch: str) -> Callable[[Scene, Outage, Random], str]:
    """For a while the relays send as the switch says."""

    def outage_of(scene: Scene, outage: Outage, random: Random) -> str:
        parts = [part for part in scene.stack.parts.values() if part.kind == "worker"]
        chosen = random.sample(parts, random.randint(max(1, len(parts) - 2), len(parts)))
        for part in chosen:
            scene.switches(part.name).on(switch, str(random.randrange(2**32)))
        time.sleep(outage.seconds)
        for part in chosen:
            scene.switches(part.name).off(switch)
        return f"{len(chosen)} workers for {outage.seconds:.1f} s"

    return outage_of


def newer_version(scene: Scene, outage: Outage, random: Random) -> str:
    """Facts with more in them than is known are taken; those of a later envelope are put aside."""
    told = sent_otherwise("newer")(scene, outage, random)
    service = random.choice(SERVICES)
    document = {**_envelope(foreign_key(), "registration.case.registered.v1"), "specversion": "1.1", NEWER: 1}
    send(scene.stack, [_message(service, document)])
    return told


def doubled_in_the_topic(scene: Scene, _outage: Outage, random: Random) -> str:
    """The last messages of each partition come once more, in their order."""
    count = 0
    for service in random.sample(SERVICES, random.randint(2, 4)):
        count += _again(scene.stack, f"homeward.{service}")
    if not count:
        raise NotReached("the topics were empty")
    return f"{count} messages"


def _again(stack: Stack, topic: str) -> int:
    servers = {"bootstrap.servers": f"{HOST}:{stack.kafka.port}", "group.id": "outages"}
    consumer = Consumer({**servers, "enable.auto.commit": False})
    producer = Producer({"bootstrap.servers": servers["bootstrap.servers"], "message.timeout.ms": 5_000})
    count = 0
    try:
        ends: dict[int, int] = {}
        places = []
        for number in consumer.list_topics(topic, timeout=5).topics[topic].partitions:
            low, high = consumer.get_watermark_offsets(TopicPartition(topic, number), timeout=5) or (0, 0)
            if high > low:
                ends[number] = high
                places.append(TopicPartition(topic, number, max(low, high - COPIED)))
        consumer.assign(places)
        deadline = time.monotonic() + SECONDS
        while ends and time.monotonic() < deadline:
            for record in consumer.consume(500, 0.5):
                number = record.partition() or 0
                if record.error() or number not in ends:
                    continue
                producer.produce(topic, record.value(), record.key(), partition=number, headers=record.headers() or [])
                count += 1
                if (record.offset() or 0) + 1 >= ends[number]:
                    del ends[number]
        if producer.flush(SECONDS):
            raise NotReached("Kafka did not take all")
    except KafkaException as error:
        raise NotReached(f"Kafka is away ({error})") from None
    finally:
        consumer.close()
    return count


def malformed(scene: Scene, _outage: Outage, random: Random) -> str:
    messages: list[Sent] = []
    for service in SERVICES:
        topic, kind = f"homeward.{service}", "registration.case.registered.v1"
        whole = orjson.dumps(_envelope(foreign_key(), kind))
        header = {"ce_type": b"homeward." + kind.encode()}
        messages += [
            (topic, foreign_key().encode(), b"", header),
            (topic, foreign_key().encode(), None, header),
            (topic, foreign_key().encode(), whole[: len(whole) // 2], header),
            (topic, foreign_key().encode(), b"\x00\xff\xfe nothing that could be read", {}),
            (topic, None, b"[1, 2]", {}),
            (topic, foreign_key().encode(), orjson.dumps({"specversion": "1.0", "data": "x" * 5_000}), header),
            (topic, foreign_key().encode(), whole, header),  # under another key than it says
        ]
    random.shuffle(messages)
    return send(scene.stack, messages)


def unknown_type(scene: Scene, _outage: Outage, _random: Random) -> str:
    """Nobody asked for them: they are passed over, and ticked off nowhere."""
    messages = []
    for service in SERVICES:
        for kind in (f"{service}.case.renamed.v1", f"{service}.case.registered.v7"):
            document = _envelope(foreign_key(), kind)
            messages += [_message(service, document), (*_message(service, document)[:3], {})]
    return send(scene.stack, messages)


def poison_fact(scene: Scene, _outage: Outage, _random: Random) -> str:
    """A whole fact of a known type, with a count that no table takes. It and what follows it are put aside."""
    key = foreign_key()
    data = {
        "booking": str(uuid4()),
        "flight": str(uuid4()),
        "individuals": [(somebody := str(uuid4()))],
        "attempts": {somebody: 2**40},
        "departs": rfc3339(machine_now()),
        "arrives": rfc3339(machine_now()),
        "destination_country": "IRQ",
        "destination_airport": "EBL",
    }
    facts = [_envelope(key, "travel.booking.made.v1", data, sequence) for sequence in (1, 2)]
    send(scene.stack, [_message("travel", fact) for fact in facts])
    deadline = time.monotonic() + SECONDS
    listeners = {"registration", "reintegration"}
    while listeners:
        listeners -= {name for name in listeners if sum(row["key"] == key for row in parked(scene, name)) == 2}
        if time.monotonic() > deadline:
            raise NotReached(f"it was not put aside by {', '.join(listeners)}")
        time.sleep(0.2)
    return "put aside, and its follower with it"


def poison_case(scene: Scene, outage: Outage, random: Random) -> str:
    """A handler is at fault for one real case: it waits alone, and when the fault is mended an operator replays it."""
    service = random.choice(SERVICES)
    switch = scene.switches(service)
    switch.on("poisoned")
    try:
        deadline = time.monotonic() + SECONDS
        while not (key := switch.told("poisoned")) or not any(row["key"] == key for row in parked(scene, service)):
            if time.monotonic() > deadline:
                raise NotReached(f"{service} put nothing aside")
            time.sleep(0.1)
        time.sleep(outage.seconds)
        aside = parked(scene, service)
        # Two processes may each have met a first case at the same moment: both are poisoned then.
        poisoned = {key} | {row["key"] for row in aside if "Mistake" in row["reason"]}
        for row in aside:
            if row["key"] not in poisoned and not is_foreign(row["key"]):
                scene.finding(f"{service} put {row['type']} aside beside the poison case ({row['reason']})")
    finally:
        switch.off("poisoned")
    time.sleep(0.3)  # a batch in hand may still fail
    replay(scene, service)
    return f"in {service}"


def parked(scene: Scene, service: str) -> list[dict[str, Any]]:
    """What a service has put aside; nothing, where its database is away."""
    try:
        return rows(scene.stack, service, PARKED)
    except AWAY:
        return []


def replay(scene: Scene, service: str, seconds: float = SECONDS) -> None:
    """Asks a service to handle again what it put aside, as an operator does, until it has. Foreign facts stay."""
    headers = {"Authorization": f"Bearer {scene.stack.token('administrator')}"}
    deadline = time.monotonic() + seconds
    while True:
        for url in scene.stack.addresses[service]:
            try:
                headers["Idempotency-Key"] = str(uuid4())
                httpx.post(f"{url}/operations/replays", headers=headers, timeout=30, trust_env=False)
            except httpx.TransportError:
                continue
        if not [row for row in parked(scene, service) if not is_foreign(row["key"])] or time.monotonic() > deadline:
            return
        time.sleep(0.5)


def send(stack: Stack, messages: list[Sent]) -> str:
    """Straight into the topics, as no service does. Raises `NotReached`."""
    producer = Producer(
        {
            "bootstrap.servers": f"{HOST}:{stack.kafka.port}",
            "message.timeout.ms": 5_000,
            "partitioner": "murmur2_random",  # the partition that the key belongs to
        }
    )
    failed: list[Any] = []
    for topic, key, value, headers in messages:
        producer.produce(
            topic, value, key, headers=list(headers.items()), on_delivery=lambda error, _: failed.append(error)
        )
    left = producer.flush(SECONDS)
    if left or any(failed):
        raise NotReached("Kafka did not take all")
    return f"{len(messages)} messages"


def _message(service: str, document: dict[str, Any]) -> Sent:
    header = {"ce_type": document["type"].encode(), "ce_id": document["id"].encode()}
    return f"homeward.{service}", document["partitionkey"].encode(), orjson.dumps(document), header


def _envelope(key: str, kind: str, data: dict[str, Any] | None = None, sequence: int = 1) -> dict[str, Any]:
    now = rfc3339(machine_now())
    return {
        "specversion": "1.0",
        "id": str(uuid4()),
        "source": f"homeward/{kind.split('.')[0]}",
        "type": f"homeward.{kind}",
        "partitionkey": key,
        "subject": None,
        "sequence": sequence,
        "position": 1_000_000 + sequence,
        "time": now,
        "recordedtime": now,
        "machinetime": now,
        "causationid": str(uuid4()),
        "correlationid": str(uuid4()),
        "attempt": None,
        "data": {} if data is None else data,
    }
