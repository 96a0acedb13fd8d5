"""Whole journeys, registration to arrival: all processes, Kafka, PostgreSQL and the load on the same cores.

`RATE` journeys a second are begun whatever the services do. Kept: all began, a write's p99 stays under the bar, when
the load ends nothing is left behind in the topics, and the processes hold no more memory than after the first third.
Workers give way to APIs where both want the processor (`NICE`), as an operator may choose: what a worker does a moment
later nobody waits for at a desk.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil

from services.command.chosen import wiring_of
from shared.brokers import open_broker
from shared.consumer import group_of, topics_heard
from shared.settings import SERVICES
from tests.benchmarks.real_parts import Row, real_parts
from tests.stack import Stack, stack

RATE = 5.0
SECONDS = 600.0
P99_MS = 100.0
MORE_MEMORY = 0.15
SETTLES_WITHIN = 30.0
SEED = 2021
NICE = 5


def memory(services: Stack) -> float:
    """Megabytes that the services' processes hold."""
    held = [int(psutil.Process(part.pid).memory_info().rss) for part in services.parts.values() if part.pid]
    return sum(held) / 1e6


def lag(services: Stack) -> int:
    """Messages that the services' groups have not committed."""

    async def ask() -> int:
        broker = open_broker(services.kafka.url)
        heard = {service: topics_heard(wiring_of(service).handlers) for service in SERVICES}
        try:
            each = [await broker.lag(group_of(service), topics) for service, topics in heard.items()]
        finally:
            await broker.stop()
        return max(sum(found.values()) for found in each)

    return asyncio.run(ask())


def burnt(services: Stack) -> dict[str, float]:
    """Seconds of processor time so far, by who took them."""
    found = {"APIs": 0.0, "workers": 0.0}
    for part in services.parts.values():
        if part.pid:
            found["APIs" if part.kind == "api" else "workers"] += _burnt(psutil.Process(part.pid))
    for name, server in (("PostgreSQL", services.postgres.process), ("Kafka", services.kafka.process)):
        if server is not None:
            process = psutil.Process(server.pid)
            found[name] = process.cpu_times().children_user + process.cpu_times().children_system
            found[name] += sum(_burnt(each) for each in (process, *process.children()))
    return found


def _burnt(process: psutil.Process) -> float:
    try:
        return float(process.cpu_times().user + process.cpu_times().system)
    except psutil.NoSuchProcess:
        return 0.0


def measured(services: Stack, rate: float, seconds: float) -> Row:
    addresses, summary = services.folder / "addresses.json", services.folder / "summary.json"
    addresses.write_text(json.dumps(services.addresses))
    command = [sys.executable, "-m", "tests.load", "--addresses", str(addresses), "--data", str(services.folder)]
    command += ["--rate", str(rate), "--seconds", str(seconds), "--seed", str(SEED), "--summary", str(summary)]
    for part in services.parts.values():
        if part.kind == "worker" and part.pid:
            os.setpriority(os.PRIO_PROCESS, part.pid, NICE)
    before = burnt(services)
    load = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    time.sleep(seconds / 3)
    early = memory(services)
    time.sleep(seconds * 2 / 3)
    late, behind = memory(services), lag(services)
    load.wait(timeout=600)
    said: dict[str, Any] = json.loads(summary.read_text())
    took = {name: seconds - before[name] for name, seconds in burnt(services).items()}
    settled = time.monotonic() + SETTLES_WITHIN
    while (left := lag(services)) and time.monotonic() < settled:
        time.sleep(1)
    p99 = said["write p99 ms"]
    kept = said["journeys a second"] >= RATE * 0.99 and p99 < P99_MS and not said["surprises"]
    return {
        "what": f"whole journeys, {said['writes a journey']} writes each, {seconds:.0f} s; all on the same cores, "
        f"workers {NICE} nicer",
        "ours": said["journeys a second"],
        "bar": f"{RATE:.0f}/s, p99 of a write < {P99_MS:.0f} ms, no growth",
        "kept": kept and not left and late < early * (1 + MORE_MEMORY) and not said["held back"],
        "unit": "journeys/s",
        "write p50 ms": said["write p50 ms"],
        "write p99 ms": p99,
        "memory MB": f"{early:.0f} then {late:.0f}",
        "lag at the last journey's begin, and at the end": f"{behind}, {left}",
        "ended": said["ended"],
        "surprises": said["surprises"],
        "processor, ms a journey": {name: round(each * 1_000 / (rate * seconds)) for name, each in took.items()},
    }


def run(rate: float = RATE, seconds: float = SECONDS) -> list[Row]:
    with (
        real_parts() as parts,
        TemporaryDirectory(prefix="homeward-bench-") as folder,
        stack(Path(folder), parts.postgres, parts.kafka) as services,
    ):
        return [measured(services, rate, seconds)]


if __name__ == "__main__":
    from tests.benchmarks.__main__ import keep  # which asks for this module, too

    taken = run(*(float(each) for each in sys.argv[1:]))
    keep("journeys", taken, " ".join(["python -m tests.benchmarks.journeys", *sys.argv[1:]]))
    for line in taken:
        print(line)
