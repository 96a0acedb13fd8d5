"""`make bench`: runs every benchmark, or those that are named, prints a table of each and writes `build/bench.json`.

`python -m tests.benchmarks writes reads` runs two of them and leaves the others' figures as they were.
"""

import os
import platform
import sqlite3
import subprocess
import sys
from importlib import import_module, metadata
from pathlib import Path
from typing import Any

import orjson
from rich.console import Console
from rich.table import Table

from shared.clock import machine_now, rfc3339
from tests.servers.processes import ServerMissing

Row = dict[str, Any]

NAMES = ("writes", "reads", "relay", "consume", "latency", "journeys", "rest", "growth", "embedded", "desks")
"""Modules of this package, each with a `run()` that gives its rows: what, beside, ours, reference, ratio, bar, kept,
unit, and whatever else it can say."""
ONLY_NAMED = ("ramp",)
"""Takes many minutes, and tells a limit instead of keeping a bar: run where it is asked for."""
FIRST = ("what", "beside", "ours", "reference", "ratio", "bar", "kept", "unit")
WRITTEN = Path("build/bench.json")
PACKAGES = ("fastapi", "uvicorn", "sqlalchemy", "sqlmodel", "asyncpg", "aiokafka", "pydantic")


def main(named: list[str]) -> int:
    known = (*NAMES, *ONLY_NAMED)
    unknown = set(named) - set(known)
    if unknown:
        print(f"There is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(known)}.", file=sys.stderr)
        return 2
    console = Console()
    results: dict[str, list[Row]] = _written().get("results", {}) if named else {}
    here: list[Row] = []
    complete = True
    for name in named or NAMES:
        try:
            results[name] = import_module(f"tests.benchmarks.{name}").run()
        except ServerMissing as error:
            console.print(f"{name}: not measured, {error}")
            complete = False
            continue
        here += results[name]
        console.print(table_of(name, results[name]))
        keep(name, results[name], " ".join(["python -m tests.benchmarks", *named]) if named else "make bench")
    return 0 if complete and all(row.get("kept", True) for row in here) else 1


def table_of(name: str, rows: list[Row]) -> Table:
    table = Table(title=name, title_justify="left")
    columns = [column for column in FIRST if any(column in row for row in rows)]
    columns += sorted({column for row in rows for column in row} - {*FIRST, "samples"})
    for column in columns:
        table.add_column(column)
    for row in rows:
        table.add_row(*(_shown(row.get(column, "")) for column in columns))
    return table


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {each}" for name, each in value.items())
    if isinstance(value, bool):
        return "yes" if value else "NO"
    return f"{value:,}" if isinstance(value, int) else str(value)


def keep(name: str, rows: list[Row], command: str) -> None:
    """Writes the rows of one benchmark beside those that are there, and how and when they were taken."""
    there = _written()
    results: dict[str, list[Row]] = {**there.get("results", {}), name: rows}
    taken = {**there.get("taken", {}), name: {"at": rfc3339(machine_now()), "command": command}}
    _write(results, taken)


def _written() -> dict[str, Any]:
    try:
        found: dict[str, Any] = orjson.loads(WRITTEN.read_bytes())
    except (OSError, ValueError):
        return {}
    results = found.get("results")
    return found if isinstance(results, dict) and all(isinstance(rows, list) for rows in results.values()) else {}


def _write(results: dict[str, list[Row]], taken: dict[str, Row]) -> None:
    machine = {
        "cores": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": platform.platform(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "postgresql": _postgresql(),
        "kafka": _kafka(),
        **{name: metadata.version(name) for name in PACKAGES},
    }
    WRITTEN.parent.mkdir(exist_ok=True)
    WRITTEN.write_bytes(
        orjson.dumps({"machine": machine, "taken": taken, "results": results}, option=orjson.OPT_INDENT_2)
    )


def _kafka() -> str | None:
    jars = sorted(Path("build/kafka/libs").glob("kafka_*.jar"))
    return jars[0].stem if jars else None


def _postgresql() -> str | None:
    from tests.servers.postgres import found

    servers = found()
    if not servers:
        return None
    told = subprocess.run([servers[0] / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    return told.strip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
