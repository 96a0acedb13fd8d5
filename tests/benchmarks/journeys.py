"""Whole journeys, registration to arrival: all processes, Kafka, PostgreSQL and the load on the same cores.

`RATE` journeys a second are begun whatever the services do. Kept: all began, a write's p99 stays under the bar, when
the load ends nothing is left behind in the topics, and the processes hold no more memory than after the first third.
"""

import asyncio
import json
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil

from shared.brokers import open_broker
from shared.settings import SERVICES
from shared.wiring import TOPICS
from tests.benchmarks.real_parts import Row, real_parts
from tests.stack import Stack, stack

RATE = 5.0
SECONDS = 600.0
P99_MS = 100.0
MORE_MEMORY = 0.15
SETTLES_WITHIN = 30.0
SEED = 2021


def memory(services: Stack) -> float:
    """Megabytes that the services' processes hold."""
    held = [int(psutil.Process(part.pid).memory_info().rss) for part in services.parts.values() if part.pid]
    return sum(held) / 1e6


def lag(services: Stack) -> int:
    """Messages that the services' groups have not committed."""

    async def ask() -> int:
        broker = open_broker(services.kafka.url)
        topics = [topic.name for topic in TOPICS]
        try:
            each = [await broker.lag(f"homeward.{service}", topics) for service in SERVICES]
        finally:
            await broker.stop()
        return max(sum(found.values()) for found in each)

    return asyncio.run(ask())


def measured(services: Stack, rate: float, seconds: float) -> Row:
    addresses, summary = services.folder / "addresses.json", services.folder / "summary.json"
    addresses.write_text(json.dumps(services.addresses))
    command = [sys.executable, "-m", "tests.load", "--addresses", str(addresses), "--data", str(services.folder)]
    command += ["--rate", str(rate), "--seconds", str(seconds), "--seed", str(SEED), "--summary", str(summary)]
    load = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    time.sleep(seconds / 3)
    early = memory(services)
    time.sleep(seconds * 2 / 3)
    late, behind = memory(services), lag(services)
    load.wait(timeout=600)
    said: dict[str, Any] = json.loads(summary.read_text())
    settled = time.monotonic() + SETTLES_WITHIN
    while (left := lag(services)) and time.monotonic() < settled:
        time.sleep(1)
    p99 = said["write p99 ms"]
    kept = said["journeys a second"] >= rate * 0.99 and p99 < P99_MS and not said["surprises"]
    return {
        "what": f"whole journeys, {said['writes a journey']} writes each, {seconds:.0f} s; all on the same cores",
        "ours": said["journeys a second"],
        "bar": f"{rate}/s, p99 of a write < {P99_MS:.0f} ms, no growth",
        "kept": kept and not left and late < early * (1 + MORE_MEMORY) and not said["held back"],
        "unit": "journeys/s",
        "write p50 ms": said["write p50 ms"],
        "write p99 ms": p99,
        "memory MB": f"{early:.0f} then {late:.0f}",
        "lag at the last journey's begin, and at the end": f"{behind}, {left}",
        "ended": said["ended"],
    }


def run(rate: float = RATE, seconds: float = SECONDS) -> list[Row]:
    with (
        real_parts() as parts,
        TemporaryDirectory(prefix="homeward-bench-") as folder,
        stack(Path(folder), parts.postgres, parts.kafka) as services,
    ):
        return [measured(services, rate, seconds)]


if __name__ == "__main__":
    for line in run(*(float(each) for each in sys.argv[1:])):
        print(line)
