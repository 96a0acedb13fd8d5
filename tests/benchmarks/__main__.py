"""`make bench`: runs every benchmark, prints a table, and writes `build/bench.json`."""

import os
import platform
import sqlite3
import sys
from pathlib import Path

import orjson
from rich.console import Console
from rich.table import Table

from shared.clock import machine_now, rfc3339
from tests.benchmarks.embedded import effect_times, hosted, journeys

EVENTS = 500
SECONDS = 20.0
TELLERS = 4
SEED = 2021


def main() -> int:
    with hosted() as where:
        results = {"effect": effect_times(where, EVENTS, SEED), "journeys": journeys(where, SECONDS, TELLERS)}
    machine = {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "system": platform.platform(),
        "at": rfc3339(machine_now()),
        "command": "make bench",
    }
    path = Path("build/bench.json")
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(orjson.dumps({"machine": machine, "results": results}, option=orjson.OPT_INDENT_2))
    console = Console()
    for result in results.values():
        table = Table(title=str(result["what"]), title_justify="left", show_header=False)
        for name, value in result.items():
            if name != "what":
                table.add_row(name, str(value))
        console.print(table)
    console.print(f"Written to {path}.")
    return 0 if results["effect"]["kept"] else 1


if __name__ == "__main__":
    sys.exit(main())
