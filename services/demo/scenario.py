"""The story's people, dates and amounts: they lie in files, not in code."""

import json
from pathlib import Path
from typing import Any

SCENARIOS = Path(__file__).parents[2] / "deploy" / "scenarios"
"""Beside the code, in a checkout as in an image."""

Scenario = dict[str, Any]


class ScenarioMissing(Exception):
    """A file of the story cannot be read; the message is a sentence."""


def read_scenario(name: str) -> Scenario:
    """A scenario by its file's name. One that says what it is `like` has all of that one's parts but its own.

    Raises `ScenarioMissing`.
    """
    found = read_json(SCENARIOS / name)
    like = found.pop("like", None)
    return {**read_scenario(like), **found} if like else found


def read_json(path: Path) -> Scenario:
    """The object in a JSON file. Raises `ScenarioMissing`."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ScenarioMissing(f"{path} cannot be read: {error.strerror}.") from None
    except ValueError:
        raise ScenarioMissing(f"{path} is not JSON in UTF-8.") from None
    if not isinstance(found, dict):
        raise ScenarioMissing(f"{path} holds no JSON object.")
    return found
