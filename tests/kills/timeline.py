"""What was told, without the ids that each run makes anew: two runs of the same story give the same."""

import re
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, Protocol

from tests.kills.files import Told

ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
MACHINE_MADE = ("machinetime", "causationid", "correlationid", "id", "traceparent", "tracestate")

Names = Mapping[str, str]


class Telling(Protocol):
    """What services left, in files or on a server."""

    @property
    def told(self) -> Mapping[str, Sequence[Told]]:
        """What each service told, by key and sequence."""
        ...


def timeline(left: Telling, names: Names) -> dict[tuple[str, str], list[Any]]:
    """By service and key, the facts in their order with their business times. `names`: what the story calls an id.

    Facts of one act are put in an order of their own: they are told in the order of ids, which are others each time.
    """
    found: dict[tuple[str, str], list[Any]] = {}
    for service, told in left.told.items():
        for (key, _cause), facts in groupby(told, lambda fact: (fact.key, fact.cause)):
            said = [_said(fact, names) for fact in facts]
            found.setdefault((service, _named(key, names)), []).extend(sorted(said, key=repr))
    return found


def _said(fact: Told, names: Names) -> Any:
    return _named(
        {name: part for name, part in fact.document.items() if name not in (*MACHINE_MADE, "sequence")}, names
    )


def _named(value: Any, names: Names) -> Any:
    """The same with names for ids; a list without an order of its own is sorted."""
    if isinstance(value, str):
        return ID.sub(lambda match: names.get(match.group(), "another id"), value)
    if isinstance(value, dict):
        return {_named(key, names): _named(part, names) for key, part in sorted(value.items())}
    if isinstance(value, list):
        return sorted((_named(part, names) for part in value), key=repr)
    return value
