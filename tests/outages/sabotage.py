"""Ways to break what must survive outages, so that the auditor is seen to notice: those of tests/kills, on Kafka and
PostgreSQL. Applied in the child, before it becomes a service."""

import asyncio
import random
from pathlib import Path
from typing import Any

from asyncpg.transaction import Transaction

from shared import relay
from shared.brokers.kafka import KafkaBroker
from tests.kills.sabotage import (
    answers_before_the_commit,
    inbox_forgets,
    patched,
    sends_twice,
)

SLOW_COMMITS = (0.0, 0.0, 0.0, 0.15)
"""Seconds before a commit, drawn: a row with a lower id is then often committed after one with a higher."""


def inbox_is_not_asked(_folder: Path) -> None:
    """Everything is sent twice, the inbox drops no repeat, and the journey trusts it to."""
    sends_twice(KafkaBroker)
    inbox_forgets()


def relay_remembers_the_highest(_folder: Path) -> None:
    """The relay reads on from the highest row it has seen; some commits take long, as they do on a busy disk."""
    step, commit = relay._step, Transaction.commit
    highest = 0

    async def beyond(*arguments: Any) -> list[relay.Unsent]:
        nonlocal highest
        found = [row for row in await step(*arguments) if row.id > highest]
        highest = max([highest, *(row.id for row in found)])
        return found

    async def slowly(self: Any) -> None:
        await asyncio.sleep(random.choice(SLOW_COMMITS))
        await commit(self)

    patched(relay, "_step", beyond)
    patched(Transaction, "commit", slowly)


SABOTAGES = {
    function.__name__: f"{function.__module__}:{function.__name__}"
    for function in (inbox_is_not_asked, relay_remembers_the_highest, answers_before_the_commit)
}
"""As a stack takes them."""
