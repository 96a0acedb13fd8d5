"""Each rule of the auditor finds what it looks for: one row, message or line of a real run is spoilt at a time."""

import asyncio
import time
from itertools import chain

import pytest

from services.demo.hosting import names_four
from tests.auditor.every_rule import CHECKS
from tests.auditor.evidence import found_by
from tests.auditor.made import READ, Made, copied
from tests.auditor.spoilt import SPOILT
from tests.auditor.spoilt_operation import SPOILT as SPOILT_OPERATION
from tests.auditor.spoilt_parties import SPOILT as SPOILT_PARTIES
from tests.kills.auditor import is_quiet
from tests.kills.files import Folder
from tests.kills.nest import nest
from tests.load.__main__ import tokens
from tests.load.steady import Load
from tests.servers.processes import free_port

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

SEED, JOURNEYS = 94362, 9
"""Nine in which everything happens: a family flies, others say no early, late or at the desk, or never come; and beside
them and after them all of the operation that a load plays."""


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """What a small load left behind in the embedded default."""
    folder = tmp_path_factory.mktemp("left")
    with nest(folder, free_port()) as running:
        running.start()
        deadline = time.monotonic() + 120
        while (named := names_four(running.url)) is None:
            assert time.monotonic() < deadline, "the services never started"
            time.sleep(0.1)
        addresses = {service: [url] for service, url in named.items()}
        load = Load(addresses, tokens(folder / "keys"), JOURNEYS, folder / "journal.jsonl", SEED, whole=True)
        asyncio.run(load.run(1))
        assert load.tally.surprises == {}
        assert load.tally.started == JOURNEYS
        while not is_quiet(Folder(folder)):
            assert time.monotonic() < deadline, "the services never came to rest"
            time.sleep(0.1)
        running.kill()
    return copied(Folder(folder, folder / "journal.jsonl"))


def test_a_run_in_which_nothing_went_wrong_gives_no_finding(left: Made) -> None:
    assert found_by(CHECKS, left) == []
    empty = {f"{service}.{table}" for (service, table), rows in left.tables.items() if not rows}
    assert empty <= {f"{service}.parked" for service in left.services}


def test_a_message_that_stands_in_the_log_twice_is_no_fault(left: Made) -> None:
    made = copied(left)
    made.logged.append(made.logged[0])
    assert found_by(CHECKS, made) == []


def test_a_request_that_was_repeated_and_answered_twice_is_no_fault(left: Made) -> None:
    made = copied(left)
    made.journal.extend(left.journal)
    assert found_by(CHECKS, made) == []


def test_each_way_to_spoil_a_run_is_found_out_and_each_rule_finds_something(left: Made) -> None:
    missed, silent = [], set(CHECKS)
    for spoil, finding in (*SPOILT, *SPOILT_OPERATION, *SPOILT_PARTIES):
        made = copied(left)
        spoil(made)
        found = {check: found_by([check], made) for check in CHECKS}
        saying = {check for check, said in found.items() if any(finding in each for each in said)}
        silent -= saying
        if not saying:
            missed.append(f"{finding!r} is not among {list(chain(*found.values()))[:5]}")
    assert missed == []
    assert silent == set(), "no example shows these rules at work"


def test_every_table_that_is_read_was_copied(left: Made) -> None:
    assert {(service, table) for service, tables in READ for table in tables.split()} == set(left.tables)
