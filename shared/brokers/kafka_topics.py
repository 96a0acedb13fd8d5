"""Kafka's topics: how they are made, and how they are beside how they should be."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aiokafka.admin import NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import IncompatibleBrokerVersion, TopicAlreadyExistsError, for_code

from shared.brokers import BrokerUnavailable, TopicSpec, what_is_wrong

COPIES = 3
KEEPS = {"cleanup.policy": "delete", "retention.ms": "-1", "retention.bytes": "-1"}
"""A topic keeps everything: what a service folded can be folded again from the start."""


@dataclass(frozen=True, slots=True)
class AsItIs:
    """One topic. `copies`: of the partition that has the fewest; `settings`: empty where the broker does not tell."""

    partitions: int
    copies: int
    settings: dict[str, str]


async def create(admin: Any, topics: Sequence[TopicSpec], copies: int | None) -> None:
    """Makes those that are missing, and waits until the broker knows them. Raises `BrokerUnavailable`."""
    there = await partitions(admin)
    missing = [topic for topic in topics if topic.name not in there]
    if not missing:
        return
    copies = copies or min(COPIES, len((await admin.describe_cluster())["brokers"]))
    answer = await admin.create_topics(
        [NewTopic(topic.name, topic.partitions, copies, topic_configs=KEEPS) for topic in missing]
    )
    for name, code, *_ in answer.topic_errors:
        if code and for_code(code) is not TopicAlreadyExistsError:
            raise BrokerUnavailable(f"topic {name} could not be made: {for_code(code).__name__}")
    # Kafka tells nobody when its brokers have come to know a topic: one has to look.
    while not {topic.name for topic in missing} <= (await partitions(admin)).keys():  # noqa: ASYNC110 - see above
        await asyncio.sleep(0.05)


async def partitions(admin: Any) -> dict[str, int]:
    """How many each topic has."""
    # All topics, not those looked for: naming one would make it, where the cluster makes topics by itself.
    topics = await admin.describe_topics()
    return {topic["topic"]: len(topic["partitions"]) for topic in topics if not topic["error_code"]}


async def wrong_with(admin: Any, topics: Sequence[TopicSpec]) -> list[str]:
    """What is missing, has too few partitions, or would lose events, in sentences."""
    there = await _look(admin, {topic.name for topic in topics})
    sentences = what_is_wrong(topics, {name: each.partitions for name, each in there.items()})
    for name, each in sorted(there.items()):
        sentences += [
            f"Topic {name} has {setting}={each.settings[setting]} and so loses events: set {setting}={wanted} "
            "(kafka-configs.sh --alter)."
            for setting, wanted in KEEPS.items()
            if setting in each.settings and each.settings[setting] != wanted
        ]
    return sentences


async def risks_of(admin: Any, topics: Sequence[TopicSpec]) -> list[str]:
    """What works, and would not survive the loss of a broker, in sentences."""
    brokers = len((await admin.describe_cluster())["brokers"])
    there = await _look(admin, {topic.name for topic in topics})
    sentences = []
    for name, each in sorted(there.items()):
        if each.copies < min(COPIES, brokers):
            sentences.append(
                f"Topic {name} has {each.copies} of {min(COPIES, brokers)} copies: add some "
                "(kafka-reassign-partitions.sh), or what one broker loses is lost."
            )
        if each.settings.get("unclean.leader.election.enable") == "true":
            sentences.append(f"Topic {name} has unclean.leader.election.enable=true: events may be lost. Set it false.")
    return sentences


async def _look(admin: Any, names: set[str]) -> dict[str, AsItIs]:
    topics = {each["topic"]: each for each in await admin.describe_topics() if not each["error_code"]}
    there = sorted(names & topics.keys())
    settings: dict[str, dict[str, str]] = {name: {} for name in there}
    if there:
        try:
            answers = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, name) for name in there])
        except IncompatibleBrokerVersion:  # a small broker that has no settings
            answers = []
        for answer in answers:
            for _code, _message, _kind, name, entries in answer.resources:
                settings[name] = {entry[0]: entry[1] for entry in entries}
    return {
        name: AsItIs(
            len(topics[name]["partitions"]),
            min((len(each["replicas"]) for each in topics[name]["partitions"]), default=0),
            settings[name],
        )
        for name in there
    }
