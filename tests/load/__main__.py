"""`python -m tests.load --against URL --data FOLDER --rate 1 --seconds 30`: a load, and its figures in JSON.

SIGTERM or SIGINT: begins no more journeys, and ends when those on their way have. SIGUSR1: says on standard error what
each of them waits for.
"""

import argparse
import asyncio
import json
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import uvloop

from services.demo.hosting import names_four
from shared.auth import Keys, Role, issue_token
from shared.clock import machine_now
from tests.load.steady import Load

VALID_FOR = timedelta(days=30)


def tokens(folder: Path) -> Callable[[str], tuple[str, str]]:
    """By role, a token and the client it names, signed with the development key in this folder. `finance#2` is another
    person of the same role."""
    keys = Keys.development(folder)
    made: dict[str, tuple[str, str]] = {}

    def token(role: str) -> tuple[str, str]:
        if role not in made:
            who, seconds = f"load-{role}", int(VALID_FOR.total_seconds())
            made[role] = (issue_token(keys, who, [Role(role.partition("#")[0])], seconds, machine_now()), who)
        return made[role]

    return token


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__)
    parser.add_argument("--against", help="the page that names the four services")
    parser.add_argument("--addresses", type=Path, help="or a JSON file: by service, the addresses of its APIs")
    parser.add_argument("--data", type=Path, required=True, help="the folder in which `keys` lies")
    parser.add_argument("--rate", type=float, default=1.0, help="journeys begun a second")
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--most", type=int, default=300, help="journeys on their way at once")
    parser.add_argument("--patience", type=float, default=120.0, help="seconds for a write or a wait")
    parser.add_argument("--journal", type=Path)
    parser.add_argument("--summary", type=Path, help="where the figures are written, beside being printed")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--whole", action="store_true", help="the whole operation, beside the journeys and after them")
    given = parser.parse_args(arguments)
    if given.addresses is not None:
        addresses = json.loads(given.addresses.read_text())
    else:
        named = names_four(given.against) or parser.error(f"nothing at {given.against} names the four services")
        addresses = {service: [url] for service, url in named.items()}
    load = Load(
        addresses,
        tokens(given.data / "keys"),
        given.rate,
        journal=given.journal,
        seed=given.seed,
        most=given.most,
        patience=given.patience,
        whole=given.whole,
    )
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        summary = json.dumps(runner.run(_run(load, given.seconds)), indent=1)
    if given.summary is not None:
        given.summary.write_text(summary)
    print(summary)
    return 1 if load.tally.surprises else 0


async def _run(load: Load, seconds: float) -> dict[str, object]:
    loop = asyncio.get_running_loop()
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, load.stop)
    loop.add_signal_handler(signal.SIGUSR1, load.tell)
    return (await load.run(seconds)).summary()


def _end_with(parent: int) -> None:
    """Ends this process when who started it is gone: nobody would stop it any more."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


if __name__ == "__main__":
    raise SystemExit(main())
