"""Every promise has a route that keeps it and a test that shows it, and both exist."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from services.together import CREATE
from shared.settings import Settings

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"\| (\d+) \| (.+) \| `(\w+) ([A-Z]+) (\S+)` \| ((?:`tests/\S+\.py::\w+`(?:, )?)+) \|")
OVER_HTTP = {"world", "services", "real"}
"""Fixtures that are a running service, or all four of them, and are asked over HTTP."""
OTHERWISE = {
    "15": "the family of six is one fixture of its file, which several tests read: it asks over HTTP",
    "110": "the demo is a process of its own, which plays the year over HTTP",
    "111": "the demo is a process of its own, which plays the year over HTTP",
}
TEST = re.compile(r"`(tests/\S+\.py)::(\w+)`")
LINES = [line for line in (ROOT / "docs/promises.md").read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
ROWS = [ROW.fullmatch(line) for line in LINES[1:]]


def test_every_promise_names_a_route_and_a_test_and_they_are_numbered() -> None:
    assert len(ROWS) > 30
    assert [line for line, row in zip(LINES[1:], ROWS, strict=True) if row is None] == []
    assert [int(row[1]) for row in ROWS if row] == list(range(1, len(ROWS) + 1))


def test_every_promise_is_of_a_service_that_is_there() -> None:
    """Routes are looked for service by service: of a name misspelt, nobody would look for any."""
    assert sorted({row[3] for row in filter(None, ROWS)} - set(CREATE)) == []


def test_every_test_that_a_promise_names_exists() -> None:
    missing = []
    for row in filter(None, ROWS):
        named = TEST.findall(row[6])
        assert named, row[1]
        missing += [f"{row[1]}: {file}::{test}" for file, test in named if test not in _tests_of(file)]
    assert missing == []


def test_every_promise_is_shown_over_http_by_the_service_of_its_route_or_by_all_four() -> None:
    """A rule asked as a function shows that the rule is so, and not that the route asks it."""
    unshown = {
        row[1] for row in filter(None, ROWS) if not any(_goes_to(row[3], *each) for each in TEST.findall(row[6]))
    }
    assert sorted(unshown) == sorted(OTHERWISE)


def _goes_to(service: str, file: str, test: str) -> bool:
    return file.split("/")[1] in (service, "journey") and not OVER_HTTP.isdisjoint(_tests_of(file).get(test, set()))


@cache
def _tests_of(file: str) -> dict[str, set[str]]:
    """Each function with the names of what it takes."""
    path = ROOT / file
    tree = ast.parse(path.read_text(encoding="utf-8")) if path.exists() else ast.Module([], [])
    made = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return {node.name: {each.arg for each in (*node.args.args, *node.args.kwonlyargs)} for node in made}


@pytest.mark.parametrize("service", CREATE)
def test_every_route_that_a_promise_names_exists(service: str, tmp_path: Path) -> None:
    paths = CREATE[service](Settings(data_dir=tmp_path)).openapi()["paths"]
    routes = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}
    named = {f"{row[4]} {row[5]}" for row in filter(None, ROWS) if row[3] == service}
    assert named, "every service promises something"
    assert sorted(named - routes) == []
