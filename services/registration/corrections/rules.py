"""What a correction changes. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from shared.problems import Problem


class Why(StrEnum):
    TYPING_ERROR = "typing_error"
    TOLD_OTHERWISE = "told_otherwise"
    DOCUMENT_SEEN = "document_seen"
    CIRCUMSTANCES_CHANGED = "circumstances_changed"


@dataclass(frozen=True, slots=True)
class Change:
    field: str
    before: Any
    after: Any


def changes(before: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[Change]:
    """Those of the wanted values that differ from what is there."""
    return [Change(name, before[name], value) for name, value in wanted.items() if before[name] != value]


class GoesNowhere(Problem):
    slug = "goes-nowhere"
    status = 422
    title = "The destination is the country the people are in"
    remedy = "Correct host country and destination together, so that they differ."


def check_goes_elsewhere(case: Mapping[str, Any]) -> None:
    """Raises `GoesNowhere`."""
    if case["host_country"] == case["destination_country"]:
        raise GoesNowhere()
