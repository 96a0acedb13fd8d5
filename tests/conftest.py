"""The order of a run, and its closing lines: what tests had to tell (seeds, counts), what was skipped, and why."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from shared.settling import settle

pytest_plugins = ["tests.servers.plugin"]


ONE_AT_A_TIME = {
    "outages/test_the_auditor_notices.py": 100,
    "journey/test_separate_processes.py": 75,
    "outages/test_outages.py": 75,
    "races/test_doors_on_servers.py": 50,
    "outages/test_full_disk.py": 25,
    "stack/test_side_by_side.py": 20,
    "stack/test_stack.py": 15,
}
"""Files that take the run's Kafka for themselves, in seconds, roughly: one worker has them all, else they wait for
each other."""
LONG = {
    "journey/test_demo.py": 190,
    "benchmarks/test_growth.py": 50,
    "races/test_doors.py": 60,
    "shared/test_brokers.py": 60,
    "kills/test_kills.py": 65,
    "deploy/test_bad_surroundings.py": 50,
    "shared/test_floor_on_real_servers.py": 40,
    "journey/test_guards_off.py": 40,
    "journey/test_personal_data.py": 30,
    "shared/test_brokers_kafka.py": 25,
    "auditor/test_the_rules.py": 25,
    "benchmarks/test_desks.py": 17,
    "deploy/test_first_steps.py": 15,
}
"""Others that take long: what counts is that the workers share them."""


def pytest_collection_finish() -> None:
    """What was loaded and collected stays to the end: it is not looked through for garbage again and again."""
    settle()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What takes long comes first, and is shared out: else one worker ends with it, alone, when the others have nothing
    left. Each worker is handed a row of neighbours (and takes from the end of another's when it has none left), so the
    order is of as many rows as there are workers, each with its part of the long files at its beginning."""
    workers = int(getattr(config, "workerinput", {}).get("workercount", 1))
    by_file: dict[str, list[pytest.Item]] = {}
    for item in items:
        by_file.setdefault("/".join(item.path.parts[-2:]), []).append(item)
    rows: list[list[pytest.Item]] = [[] for _ in range(workers)]
    seconds = [0] * workers
    for name, takes in ONE_AT_A_TIME.items():
        rows[0] += by_file.pop(name, [])
        seconds[0] += takes
    for name in sorted(LONG, key=lambda name: -LONG[name]):
        least = seconds.index(min(seconds))
        rows[least] += by_file.pop(name, [])
        seconds[least] += LONG[name]
    rest = [item for each in by_file.values() for item in each]
    left = len(items)
    for number, row in enumerate(rows):
        size = left // (workers - number)  # as xdist deals them out
        more = max(0, size - len(row))
        row += rest[:more]
        del rest[:more]
        left -= size
    items[:] = [item for row in rows for item in row] + rest


def _reasons(reports: list[Any]) -> Iterator[str]:
    for report in reports:
        place = report.longrepr
        reason = place[2] if isinstance(place, tuple) else str(place)
        yield reason.removeprefix("Skipped: ")


def _told(reports: list[Any]) -> Iterator[str]:
    for report in reports:
        yield from (str(value) for name, value in report.user_properties if name == "told")


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for line in _told([*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]):
        terminalreporter.write_line(line)
    counted = Counter(_reasons(terminalreporter.getreports("skipped")))
    if not counted:
        terminalreporter.write_line("skipped: nothing")
        return
    told = "; ".join(f"{count} × {reason}" for reason, count in counted.most_common())
    terminalreporter.write_line(f"skipped: {counted.total()} ({told})")
