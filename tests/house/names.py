"""Names of the house: files by role, handlers, routes named as their actions, events in the past tense, sentences."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.source import SERVICES, Source, dotted, sources

SAYS_NOTHING = {"util", "utils", "helper", "helpers", "common", "base", "manager", "managers", "core", "misc"}
ROLES = {"__init__.py", "routes.py", "schemas.py", "actions.py", "rules.py", "models.py", "queries.py"}
OF_A_SERVICE = {"__init__.py", "app.py", "handlers.py", "settings.py", "tables.py"}
WRITES = {"post", "put", "patch", "delete"}
IRREGULAR = {
    "withdrawn",
    "paid",
    "made",
    "lost",
    "set",
    "held",
    "sent",
    "met",
    "left",
    "given",
    "taken",
    "begun",
    "spent",
}
FIELD_TERMS = {"no_show", "in_transit", "pending", "waiting", "on_hold"}  # states that the field itself names so
TYPE = re.compile(r"homeward\.[a-z]+\.[a-z_]+\.([a-z_]+)\.v\d+")
Function = ast.FunctionDef | ast.AsyncFunctionDef


def names_that_say_nothing(root: Path) -> list[str]:
    """No module or folder is called utils, helpers, common, base, manager, core."""
    return [
        f"{source.place} has a name that says nothing"
        for source in sources(root, "services", "shared", "tests")
        if SAYS_NOTHING & {part.removesuffix(".py") for part in source.parts}
    ]


def files_without_a_role(root: Path) -> list[str]:
    """A noun's folder holds files by role and nothing else; a service's, its four files."""
    found = []
    for source in sources(root, "services"):
        if source.noun and source.parts[-1] not in ROLES:
            found.append(f"{source.place} is none of {', '.join(sorted(ROLES))}")
        if len(source.parts) == 3 and source.parts[1] in SERVICES and source.parts[2] not in OF_A_SERVICE:
            found.append(f"{source.place} is none of {', '.join(sorted(OF_A_SERVICE))}")
        if len(source.parts) > 4 and source.parts[1] in SERVICES and source.parts[2] != "migrations":
            found.append(f"{source.place} lies deeper than a noun's folder")
    return found


def handlers_not_named_on(root: Path) -> list[str]:
    """What handlers.py shows is called on_<event>."""
    return [
        source.at(function, f"{function.name} is not called on_<event>")
        for source in sources(root, "services")
        if source.parts[-1] == "handlers.py"
        for function in _functions(source.tree)
        if not function.name.startswith(("on_", "_"))
    ]


def routes_not_named_as_their_action(root: Path) -> list[str]:
    """A writing route that calls an action of its noun bears that action's name."""
    found = []
    for source in sources(root, "services"):
        if source.parts[-1] != "routes.py":
            continue
        for function in _functions(source.tree):
            called = set(_actions_called(source, function))
            if _is_write(function) and called and function.name not in called:
                found.append(source.at(function, f"{function.name} calls {', '.join(sorted(called))}"))
    return found


def events_misnamed_or_misplaced(root: Path) -> list[str]:
    """Event classes lie in shared/contracts, and their type ends in the past tense."""
    found = []
    for source in sources(root, "services", "shared"):
        for node in source.nodes:
            kind = _event_type(node)
            if kind is None:
                continue
            if not source.place.startswith("shared/contracts/"):
                found.append(source.at(node, f"{kind} is an event outside shared/contracts"))
            match = TYPE.fullmatch(kind)
            words = set(match[1].split("_")) if match else set()
            past = any(word.endswith("ed") or word in IRREGULAR for word in words)
            if not past and not (match and match[1] in FIELD_TERMS):
                found.append(source.at(node, f"{kind} is not in the past tense"))
    return found


def tests_that_are_no_sentence(root: Path) -> list[str]:
    """A test's name says what is so, in four words or more."""
    return [
        source.at(function, f"{function.name} is no sentence")
        for source in sources(root, "tests")
        for function in source.nodes
        if isinstance(function, Function)
        and function.name.startswith("test_")
        and len([word for word in function.name.split("_") if word]) < 5
    ]


def _functions(tree: ast.Module) -> Iterator[Function]:
    return (node for node in tree.body if isinstance(node, Function))


def _is_write(function: Function) -> bool:
    return any(
        isinstance(mark, ast.Call) and isinstance(mark.func, ast.Attribute) and mark.func.attr in WRITES
        for mark in function.decorator_list
    )


def _actions_called(source: Source, function: Function) -> Iterator[str]:
    here = ".".join(source.parts[:-1]) + ".actions"
    imported = {
        alias.asname or alias.name: alias.name
        for node in source.nodes
        if isinstance(node, ast.ImportFrom) and node.module == here
        for alias in node.names
    }
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            name = dotted(node.func)
            if name.startswith("actions."):
                yield name.removeprefix("actions.")
            elif name in imported:
                yield imported[name]


def _event_type(node: ast.AST) -> str | None:
    if not isinstance(node, ast.ClassDef):
        return None
    for line in node.body:
        if (
            isinstance(line, ast.AnnAssign)
            and isinstance(line.target, ast.Name)
            and line.target.id == "type"
            and isinstance(line.value, ast.Constant)
            and str(line.value.value).startswith("homeward.")
        ):
            return str(line.value.value)
    return None
