"""The short form of `make faults`: each of these kinds once, on real servers, under a load of journeys."""

import os
from collections.abc import Callable
from random import SystemRandom

import pytest

from tests.outages.auditor import audit
from tests.outages.plan import SHORT
from tests.outages.run import run
from tests.servers import session
from tests.servers.plugin import leave_out
from tests.servers.postgres import Postgres
from tests.servers.processes import ServerMissing

Note = Callable[[str, object], None]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_faults_lose_nothing_and_do_nothing_twice(own_postgres: Postgres, record_property: Note) -> None:
    seed = int(os.environ.get("HOMEWARD_SEED") or SystemRandom().randrange(1_000_000))
    try:
        folder = session.own_folder("outages")
        report = run(
            folder,
            own_postgres,
            SHORT,
            audit,
            seed=seed,
            seconds=0,
            rate=0.8,
            haste=3.0,
            with_network=False,
            whole=False,
        )
    except ServerMissing as missing:
        leave_out("Kafka", missing)
    said = f"seed {seed}: {sum(report.counts.values())} faults, {report.load.get('writes')} writes, {report.took}"
    print(said)
    record_property("told", said)
    assert not report.findings, "\n".join([said, *report.findings])
