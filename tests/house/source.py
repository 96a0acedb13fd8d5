"""The source files of a tree, as the checks of the house read them."""

import ast
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from io import StringIO
from pathlib import Path

ROOT = Path(__file__).parents[2]
SERVICES = ("registration", "eligibility", "travel", "reintegration")


@dataclass(frozen=True)
class Source:
    """One Python file; `place` is its path from the tree's root, with slashes."""

    place: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.place)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """All of the tree, walked once for every check that looks at it."""
        return list(ast.walk(self.tree))

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(self.place.split("/"))

    @property
    def noun(self) -> str | None:
        """The noun folder this file lies in, if any: services/<service>/<noun>/<role>.py."""
        folders = self.parts
        is_one = len(folders) == 4 and folders[0] == "services" and folders[1] in SERVICES
        return folders[2] if is_one and folders[2] not in ("migrations", "static") else None

    def comments(self) -> Iterator[tuple[int, str]]:
        for token in tokenize.generate_tokens(StringIO(self.text).readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.string

    def at(self, node: ast.AST, sentence: str) -> str:
        """A finding, with its place."""
        return f"{self.place}:{getattr(node, 'lineno', 1)} {sentence}"


@cache
def read(place: str, text: str) -> Source:
    """What one check has parsed serves the next. Whoever is done with a large tree calls `read.cache_clear()`."""
    return Source(place, text)


def sources(root: Path, *folders: str) -> list[Source]:
    """Every Python file under the named folders, but for generated migrations."""
    found = [path for folder in folders for path in sorted((root / folder).rglob("*.py"))]
    return [
        read(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"))
        for path in found
        if not {"versions", "__pycache__"} & set(path.parts)
    ]


def dotted(node: ast.expr) -> str:
    """`a.b.c` of a chain of names, or what is left of it: `().c` for a call's attribute."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "()"
