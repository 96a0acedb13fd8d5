"""The doors raced from several processes against several, on PostgreSQL, while registration is killed in the middle.

A short form; `make races` runs a thousand.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.races.course import chosen_seed
from tests.races.crowd import OnBoard
from tests.races.on_servers import run_on_servers
from tests.races.tally import one_sided
from tests.servers.kafka import Kafka
from tests.servers.postgres import Postgres

RACES = 120
KILLS = 3
"""At least; how many there are depends on how long the races take."""

Note = Callable[[str, object], None]


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_nobody_both_withdraws_and_departs_while_registration_is_killed(
    on_board: OnBoard, tmp_path: Path, postgres: Postgres, kafka: Kafka, record_property: Note
) -> None:
    seed = chosen_seed()
    outcome = run_on_servers(tmp_path, lambda files: on_board.copied(files, RACES, seed), postgres, kafka, seed)
    told = outcome.told(seed, RACES)
    print(told)
    record_property("told", told)
    assert not outcome.verdict.faults, "\n".join([told, *outcome.verdict.faults])
    assert outcome.kills.total() >= KILLS, told
    assert outcome.again["registration"] > 0, told
    assert not one_sided(outcome.verdict.counts), f"{one_sided(outcome.verdict.counts)}; {told}"
