"""The auditor of outages is shown to work: three builds that lose or repeat something, each under a short load."""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.kills.sabotage import DIED
from tests.load.__main__ import tokens
from tests.load.steady import Load
from tests.outages.auditor import audit, is_quiet
from tests.outages.sabotage import SABOTAGES
from tests.servers.kafka import Kafka
from tests.servers.postgres import Postgres
from tests.stack import Stack, stack

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

TWO_APIS = {"registration": 2, "eligibility": 1, "travel": 2, "reintegration": 1}
NOTICED = {
    "inbox_is_not_asked": (4, "the journey has 2 lines for"),
    "relay_remembers_the_highest": (12, "log: missing"),
    "answers_before_the_commit": (4, "does not know the key"),
}
"""By sabotage, the journeys that it takes, and what is said then."""


def test_the_auditor_finds_nothing_where_nothing_is_wrong(tmp_path: Path, postgres: Postgres, kafka: Kafka) -> None:
    with stack(tmp_path, postgres, kafka, apis=TWO_APIS) as running:
        load = loaded(running, journeys=8, patience=60)
        until_quiet(running, 60)
        assert load.tally.surprises == {}
        assert audit(running, load.journal) == []


@pytest.mark.parametrize("sabotage", SABOTAGES)
def test_the_auditor_notices_a_sabotaged_stack(sabotage: str, tmp_path: Path, postgres: Postgres, kafka: Kafka) -> None:
    journeys, finding = NOTICED[sabotage]
    with stack(tmp_path, postgres, kafka, apis=TWO_APIS, sabotages={"*": SABOTAGES[sabotage]}) as running:
        with revived(running):
            load = loaded(running, journeys, patience=2)
        until_quiet(running, 3)
        found = audit(running, load.journal)
        assert any(finding in each for each in found), found[:20]


def loaded(running: Stack, journeys: int, patience: float) -> Load:
    """So many journeys, begun within two seconds. What is broken lets some of them give up."""
    journal = running.folder / "journal.jsonl"
    load = Load(running.addresses, tokens(running.folder / "keys"), journeys / 2, journal=journal, patience=patience)
    asyncio.run(load.run(2))
    return load


def until_quiet(running: Stack, seconds: float) -> None:
    """Or until so long has passed: the auditor says what is still on its way."""
    deadline = time.monotonic() + seconds
    while not is_quiet(running) and time.monotonic() < deadline:
        time.sleep(0.2)


@contextmanager
def revived(running: Stack) -> Iterator[None]:
    """Starts again what dies of its own sabotage, as long as the block lasts."""
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.05):
            if (running.folder / DIED).exists():
                for part in running.parts.values():
                    part.start()

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()
