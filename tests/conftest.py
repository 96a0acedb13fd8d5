"""The closing line of every run: what was skipped, and why."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

pytest_plugins = ["tests.servers.plugin"]


def _reasons(reports: list[Any]) -> Iterator[str]:
    for report in reports:
        place = report.longrepr
        reason = place[2] if isinstance(place, tuple) else str(place)
        yield reason.removeprefix("Skipped: ")


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    counted = Counter(_reasons(terminalreporter.getreports("skipped")))
    if not counted:
        terminalreporter.write_line("skipped: nothing")
        return
    told = "; ".join(f"{count} × {reason}" for reason, count in counted.most_common())
    terminalreporter.write_line(f"skipped: {counted.total()} ({told})")
