"""The mutants of one `rules.py`: what mutmut would change in its functions, methods and properties, one change each.

mutmut leaves decorated functions alone; the rules' properties are plain reckoning, so here they are changed as well.
Of the changes to a text some are left out: its letters made small or large, and any change to prose (what holds a
space is read by people, and no test should rest on it). Tables and fields outside of functions stay as they are.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.file_mutation import MutationVisitor
from mutmut.mutation.mutators import mutation_operators
from mutmut.mutation.pragma_handling import IgnoredCode

_PROPERTY = re.compile(r"^( *)@property$", re.MULTILINE)


@dataclass(frozen=True)
class Mutant:
    """`name` as in `Stock.left#3`, `line` as in the file, `source` the whole function with its change.

    `about_a_call`: an argument is left out or None. There are as many of these as of all others, and nearly all end
    in a TypeError, so they are tried last.
    """

    module: str
    function: str
    name: str
    line: int
    about_a_call: bool
    was: str
    becomes: str
    source: str


def module_of(root: Path, place: Path) -> str:
    return ".".join(place.relative_to(root).with_suffix("").parts)


def without_properties(text: str) -> str:
    """The file with its properties as methods; every line stays where it is."""
    return _PROPERTY.sub(r"\1#", text)


def mutants_of(root: Path, place: Path) -> Iterator[Mutant]:
    """Every mutant of this file, from its first line to its last."""
    module = module_of(root, place)
    text = without_properties(place.read_text())
    wrapped = MetadataWrapper(cst.parse_module(text))
    visitor = MutationVisitor(mutation_operators, IgnoredCode(set(), set(), set()), None)
    wrapped.visit(visitor)
    lines = wrapped.resolve(PositionProvider)
    owners = dict(_functions(wrapped.module))
    counted: dict[str, int] = {}
    for change in visitor.mutations:
        function = change.contained_by_top_level_function
        if not isinstance(function, cst.FunctionDef) or _is_about_words(change.original_node, change.mutated_node):
            continue
        name = owners[function]
        counted[name] = counted.get(name, 0) + 1
        changed = function.deep_replace(change.original_node, change.mutated_node)
        yield Mutant(
            module,
            name,
            f"{name}#{counted[name]}",
            lines[change.original_node].start.line,
            isinstance(change.original_node, cst.Call),
            wrapped.module.code_for_node(change.original_node),
            wrapped.module.code_for_node(change.mutated_node),
            wrapped.module.with_changes(header=(), footer=(), body=[changed]).code,
        )


def _functions(module: cst.Module) -> Iterator[tuple[cst.FunctionDef, str]]:
    for node in module.body:
        if isinstance(node, cst.FunctionDef):
            yield node, node.name.value
        elif isinstance(node, cst.ClassDef):
            for part in node.body.body:
                if isinstance(part, cst.FunctionDef):
                    yield part, f"{node.name.value}.{part.name.value}"


def _is_about_words(was: cst.CSTNode, becomes: cst.CSTNode) -> bool:
    if not (isinstance(was, cst.SimpleString) and isinstance(becomes, cst.SimpleString)):
        return False
    return " " in was.value or "XX" not in becomes.value
