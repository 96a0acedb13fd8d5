"""Every promise has a route that keeps it and a test that shows it, and both exist."""

import ast
import re
from pathlib import Path

import pytest

from services.together import CREATE
from shared.settings import Settings

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"\| (\d+) \| (.+) \| `(\w+) ([A-Z]+) (\S+)` \| `(tests/\S+\.py)::(\w+)` \|")
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
        file = ROOT / row[6]
        tree = ast.parse(file.read_text(encoding="utf-8")) if file.exists() else ast.Module([], [])
        names = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
        if row[7] not in names:
            missing.append(f"{row[1]}: {row[6]}::{row[7]}")
    assert missing == []


@pytest.mark.parametrize("service", CREATE)
def test_every_route_that_a_promise_names_exists(service: str, tmp_path: Path) -> None:
    paths = CREATE[service](Settings(data_dir=tmp_path)).openapi()["paths"]
    routes = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}
    named = {f"{row[4]} {row[5]}" for row in filter(None, ROWS) if row[3] == service}
    assert named, "every service promises something"
    assert sorted(named - routes) == []
