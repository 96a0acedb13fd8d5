"""Imports the contracts in pyproject.toml cannot say: from noun to noun, and what together.py may know."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.house.source import SERVICES, Source, sources

REACHED_THROUGH = {"actions", "queries", "rules"}
"""Rules too: they are pure, so to ask another noun's rule is to ask a function (docs/decisions/0007)."""


def nouns_reached_past_their_door(root: Path) -> list[str]:
    """A noun reaches another noun of its service through its actions, queries or pure rules."""
    found = []
    for source in sources(root, "services"):
        if source.noun is None:
            continue
        for node, module in imported(source):
            parts = module.split(".")
            if len(parts) < 4 or parts[:2] != list(source.parts[:2]) or parts[2] in (source.noun, "tables"):
                continue
            if parts[3] not in REACHED_THROUGH:
                found.append(source.at(node, f"{source.noun} imports {module}; through actions, queries or rules only"))
    return found


def together_that_knows_too_much(root: Path) -> list[str]:
    """services/together.py imports the four create_app and nothing deeper."""
    found = []
    for source in sources(root, "services"):
        if source.place != "services/together.py":
            continue
        for node, module in imported(source):
            parts = module.split(".")
            if parts[0] == "services" and len(parts) > 1 and parts[1] in SERVICES:
                whole = len(parts) > 2 and parts[2] == "app" and parts[3:] in ([], ["create_app"])
                if not whole:
                    found.append(source.at(node, f"together.py imports {module}"))
    return found


def imported(source: Source) -> Iterator[tuple[ast.stmt, str]]:
    """Every dotted name a file imports: `from a.b import c` gives a.b.c. Relative ones are made absolute."""
    package = list(source.parts[:-1])
    for node in source.nodes:
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else []
            where = ".".join([*start, *([node.module] if node.module else [])])
            yield from ((node, f"{where}.{alias.name}") for alias in node.names)
