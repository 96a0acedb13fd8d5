"""What an API process costs before anybody asks it anything: memory at rest, and the time from its start to ready.

Each is a process of its own, on real PostgreSQL and Kafka, with its code compiled as an image has it. Memory is what
the kernel counts as resident; of a library that several processes share, each is charged the whole.
"""

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from services.command.chosen import create
from shared.settings import SERVICES
from tests.benchmarks.real_parts import Parts, Row, real_parts
from tests.servers.databases import Databases
from tests.servers.processes import free_port, last_lines

STARTS = 5
MEGABYTES, SECONDS = 120.0, 2.0
PATIENCE = 60.0
SETTLES = 1.0
ROOT = Path(__file__).parents[2]


def run() -> list[Row]:
    """Two rows a service: its memory, and its start (the median of `STARTS`, after one that compiles)."""
    rows: list[Row] = []
    with real_parts() as parts, TemporaryDirectory(prefix="homeward-bench-") as folder:
        for service in SERVICES:
            starts = asyncio.run(_measured(parts, service, Path(folder)))
            memory, ready = (median(each) for each in zip(*starts, strict=True))
            rows.append(_row(f"memory of {service}'s API at rest", memory, MEGABYTES, "MB"))
            rows.append(_row(f"start of {service}'s API to ready", ready, SECONDS, "s"))
    return rows


def _row(what: str, ours: float, bar: float, unit: str) -> Row:
    return {"what": what, "ours": round(ours, 2), "bar": bar, "kept": ours <= bar, "unit": unit}


async def _measured(parts: Parts, service: str, folder: Path) -> list[tuple[float, float]]:
    async with Databases(parts.postgres).of(_create(service)) as url:
        settings = {
            "HOMEWARD_DATABASE_URL": url,
            "HOMEWARD_BROKER_URL": parts.kafka.url,
            "HOMEWARD_DATA_DIR": str(folder),
        }
        return [await asyncio.to_thread(_start, service, folder, settings) for _ in range(STARTS + 1)][1:]


def _create(service: str) -> Any:
    def made(*given: Any, **options: Any) -> Any:
        return create(service, *given, **options)

    made.__module__ = f"services.{service}.app"  # by which a template of databases is named
    return made


def _start(service: str, folder: Path, settings: dict[str, str]) -> tuple[float, float]:
    """Megabytes at rest, and seconds to ready."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("HOMEWARD_", "PYTHON"))}
    compiled = {"PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": str(folder / "compiled")}
    port = free_port()
    command = [sys.executable, "-m", "services.cli", "serve", service, "--port", str(port)]
    begun = time.monotonic()
    log = folder / "log"
    with log.open("ab") as told:
        process = subprocess.Popen(command, env={**plain, **compiled, **settings}, cwd=ROOT, stdout=told, stderr=told)
    try:
        _until_ready(process, f"http://127.0.0.1:{port}/health/ready", log)
        ready = time.monotonic() - begun
        time.sleep(SETTLES)
        return _resident(process.pid), ready
    finally:
        process.terminate()
        process.wait(30)


def _until_ready(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    with httpx.Client(trust_env=False, timeout=5) as client:
        while True:
            try:
                if client.get(url).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            assert process.poll() is None, f"it ended before it was ready:\n{last_lines(log)}"
            assert time.monotonic() < deadline, "it was not ready in time"
            time.sleep(0.005)


def _resident(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000


if __name__ == "__main__":
    for row in run():
        sys.stdout.write(f"{row}\n")
