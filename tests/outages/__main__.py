"""`make faults`: ten minutes of outages on real servers, and what an auditor finds afterwards. 1 where it finds."""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from random import SystemRandom

from shared.clock import machine_now, rfc3339
from tests.outages import full_disk
from tests.outages.auditor import audit
from tests.outages.plan import LANES, SHORT
from tests.outages.run import ROOT, Report, run
from tests.outages.toxiproxy import is_there
from tests.servers import session
from tests.servers.postgres import Postgres


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.outages", description=__doc__)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--rate", type=float, default=1.0, help="journeys begun a second")
    parser.add_argument("--short", action="store_true", help="only the kinds that run with all other tests")
    parser.add_argument("--kinds", default="", help="only kinds with one of these words in them, by commas")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "faults.json")
    given = parser.parse_args()
    seed = SystemRandom().randrange(1_000_000) if given.seed is None else given.seed
    kinds: dict[str, Sequence[str]] = dict(SHORT if given.short else LANES)
    left_out = []
    if not is_there():
        print(
            "NO TOXIPROXY: the faults of the network are left out. `make toxiproxy` builds it; it needs Go.", flush=True
        )
        left_out = list(kinds.pop("network", ()))
    words = [word for word in given.kinds.split(",") if word]
    if words:
        chosen = {lane: [k for k in of_lane if any(word in k for word in words)] for lane, of_lane in kinds.items()}
        kinds = {lane: of_lane for lane, of_lane in chosen.items() if of_lane}
    disks = [which for which in full_disk.WHICH if not given.short and (not words or any(w in which for w in words))]
    print(f"seed {seed}, {given.seconds:g} s, {given.rate:g} journeys/s", flush=True)
    opened = session.open_session()
    try:
        postgres = Postgres(session.own_folder("postgres"), safe=True)
        postgres.make()
        postgres.start()
        report = run(
            session.own_folder("outages"),
            postgres,
            kinds,
            audit,
            seed=seed,
            seconds=given.seconds,
            rate=given.rate,
            with_network="network" in kinds,
            whole=not given.short,
            tell=lambda line: print(line, flush=True),
        )
        for which in disks:
            told = full_disk.run(session.own_folder("disk"), which, tell=lambda line: print(line, flush=True))
            report.counts[which] = 1
            report.findings += told.findings
    finally:
        session.close_session(opened)
        os.environ.pop(session.PLACE, None)
    report.left_out = left_out
    given.out.parent.mkdir(exist_ok=True)
    given.out.write_text(json.dumps({"of": build(), **asdict(report)}, indent=1))
    show(report)
    return 1 if report.findings else 0


def build() -> dict[str, str]:
    """What was tried, and when: a report that cannot be told from an older one shows nothing."""
    git = ["git", "-C", str(ROOT), "log", "-1", "--format=%H"]
    try:
        commit = subprocess.run(git, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        commit = "unknown"
    return {"commit": commit, "at": rfc3339(machine_now())}


def show(report: Report) -> None:
    print(f"\n{'fault':<48} times")
    for kind, count in report.counts.items():
        print(f"{kind:<48} {count:>5}")
    print(f"{'in all':<48} {sum(report.counts.values()):>5}")
    for kind in report.left_out:
        print(f"{kind:<48}  left out")
    load = {name: value for name, value in report.load.items() if isinstance(value, int | float | str)}
    print(f"\nload: {json.dumps(load)}")
    print(f"writes answered while Kafka was away: {report.answered_without_kafka}; started again: {report.revived}")
    print(f"seconds: {json.dumps(report.took)}; seed {report.seed}")
    if not report.findings:
        print("auditor: nothing lost, nothing twice, the services agree")
    for finding in report.findings:
        print(f"FINDING {finding}")


if __name__ == "__main__":
    sys.exit(main())
