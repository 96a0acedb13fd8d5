"""`make races`: a thousand races at the doors on real servers, with registration killed; prints how they came out."""

import argparse
import sys
import tempfile
from pathlib import Path

import uvloop

from tests.races.course import chosen_seed
from tests.races.crowd import OnBoard, bring_on_board
from tests.races.on_servers import run_on_servers
from tests.races.tally import one_sided
from tests.servers import session
from tests.servers.processes import ServerMissing


def main() -> int:
    options = argparse.ArgumentParser(prog="make races", description=__doc__)
    options.add_argument("--races", type=int, default=1_000)
    options.add_argument("--seed", type=int, default=None, help="plays the plans of an earlier run again")
    said = options.parse_args()
    seed = chosen_seed() if said.seed is None else said.seed
    print(f"{said.races} races, seed {seed}", flush=True)
    servers = session.open_session()
    try:
        return _raced(said.races, seed)
    except ServerMissing as missing:
        print(f"The races need real servers: {missing}", file=sys.stderr)
        return 1
    finally:
        session.close_session(servers)


def _raced(races: int, seed: int) -> int:
    with tempfile.TemporaryDirectory(prefix="homeward-races-") as name:
        folder = Path(name)
        (folder / "first").mkdir()
        (folder / "run").mkdir()
        on_board = OnBoard(folder / "first", uvloop.run(bring_on_board(folder / "first")))
        outcome = run_on_servers(
            folder / "run",
            lambda files: on_board.copied(files, races, seed),
            session.postgres(),
            session.kafka(),
            seed,
        )
    faults = outcome.verdict.faults + one_sided(outcome.verdict.counts)
    print(outcome.told(seed, races), *faults, sep="\n")
    print(f"{len(faults)} faults." if faults else "No fault.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
