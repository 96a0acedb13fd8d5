"""Changing a function where it stands: its code is swapped, so whoever imported it before meets the change."""

import ast
import importlib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FunctionType
from typing import Any

from tests.mutants.making import Mutant, without_properties

HIT = "__reached__"


def function_named(module: str, name: str) -> FunctionType:
    """The function, the method, or what a property calls."""
    owner: Any = importlib.import_module(module)
    *classes, last = name.split(".")
    for part in classes:
        owner = getattr(owner, part)
    found = vars(owner)[last]
    found = found.fget if isinstance(found, property) else getattr(found, "__func__", found)
    if not isinstance(found, FunctionType):
        raise TypeError(f"{module}.{name} is no plain function")
    return found


def swap(mutant: Mutant) -> bool:
    """False when the change cannot be made so: it reaches for something around it."""
    tree = ast.parse(mutant.source)
    [node] = tree.body
    assert isinstance(node, ast.FunctionDef)
    node.decorator_list = []
    return _swap(function_named(mutant.module, mutant.function), tree, node.name, mutant.module)


def _swap(function: FunctionType, tree: ast.Module, name: str, module: str) -> bool:
    made: dict[str, Any] = {}
    exec(compile(tree, f"<{module}>", "exec"), vars(importlib.import_module(module)), made)  # noqa: S102 - a function of ours
    other = made[name]
    if other.__code__.co_freevars != function.__code__.co_freevars:
        return False
    function.__code__ = other.__code__
    function.__defaults__ = other.__defaults__
    function.__kwdefaults__ = other.__kwdefaults__
    return True


def watch(module: str, place: Path, reached: Callable[[str, int], None]) -> None:
    """From here on each statement of the module's functions says that it is reached: `module`, its line."""
    loaded = importlib.import_module(module)
    vars(loaded)[HIT] = lambda line: reached(module, line)
    tree = ast.parse(without_properties(place.read_text()))
    for node, name in _functions(tree):
        node.decorator_list = []
        for inner in ast.walk(node):
            for field in ("body", "orelse"):
                statements = getattr(inner, field, None)
                if isinstance(statements, list):
                    setattr(inner, field, [part for one in statements for part in _said(one)])
        alone = ast.fix_missing_locations(ast.Module([node], []))
        _swap(function_named(module, name), alone, node.name, module)


def _said(one: ast.stmt) -> list[ast.stmt]:
    return [ast.Expr(ast.Call(ast.Name(HIT, ast.Load()), [ast.Constant(one.lineno)], [])), one]


def _functions(tree: ast.Module) -> Iterator[tuple[ast.FunctionDef, str]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node, node.name
        elif isinstance(node, ast.ClassDef):
            yield from ((part, f"{node.name}.{part.name}") for part in node.body if isinstance(part, ast.FunctionDef))


def statements_of(place: Path) -> dict[int, int]:
    """Of each line in a function, the line on which its innermost statement begins."""
    tree = ast.parse(without_properties(place.read_text()))
    begins: dict[int, int] = {}
    for function, _ in _functions(tree):
        for line in range(function.lineno, function.body[0].lineno):
            begins[line] = function.body[0].lineno
        inside = [node for node in ast.walk(function) if isinstance(node, ast.stmt) and node is not function]
        for node in sorted(inside, key=lambda one: (one.lineno, -(one.end_lineno or one.lineno))):
            begins |= dict.fromkeys(range(node.lineno, (node.end_lineno or node.lineno) + 1), node.lineno)
    return begins


def functions_of(place: Path) -> dict[int, str]:
    """Of each line in a function, its name."""
    tree = ast.parse(without_properties(place.read_text()))
    named = ((range(node.lineno, (node.end_lineno or node.lineno) + 1), name) for node, name in _functions(tree))
    return {line: name for lines, name in named for line in lines}
