"""The order of a run, and its closing lines: what tests had to tell (seeds, counts), what was skipped, and why."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

pytest_plugins = ["tests.servers.plugin"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long comes first: else one worker ends with it, alone, when the others have nothing left."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


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
