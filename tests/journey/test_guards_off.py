"""Each line of those who test the system, with one guard of it switched off: then its story must fail, and where.

A story that passes whatever the services do shows nothing. Here one rule at a time is replaced in the running services,
the test of the line is told again, and must fail at the sentence that the rule keeps true.
"""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module
from typing import Any

import pytest

from services.demo.teller import StoryDiffers
from tests.journey.guards import GUARDS, LINES, Off, Story
from tests.journey.hosting import Hosted


@contextmanager
def switched_off(guard: str, off: Off) -> Iterator[None]:
    """The guard, `module:name` or `module:Class.name`, replaced wherever the services have it."""
    module, _, name = guard.partition(":")
    of, _, verb = name.rpartition(".")
    where: Any = import_module(module)
    with pytest.MonkeyPatch.context() as patch:
        if of:
            where = getattr(where, of)
            patch.setattr(where, verb, off(getattr(where, verb)))
        else:
            there = getattr(where, name)
            for known, each in list(sys.modules.items()):
                if known.startswith("services.") and vars(each).get(name) is there:
                    patch.setattr(each, name, off(there))
        yield


def test_every_line_has_a_guard_that_is_switched_off() -> None:
    assert {line for line, *_ in GUARDS} == set(LINES)


@pytest.mark.parametrize(
    ("story", "guard", "off", "sentence"),
    [
        pytest.param(story, guard, off, sentence, id=f"{line}: {guard.partition(':')[2]}")
        for line, story, guard, off, sentence in GUARDS
    ],
)
def test_with_its_guard_switched_off_the_story_of_the_line_fails(
    services: Hosted, story: Story, guard: str, off: Off, sentence: str
) -> None:
    hurried = replace(services, in_vain=sentence)
    with switched_off(guard, off), pytest.raises((AssertionError, StoryDiffers), match=re.escape(sentence)):
        story(hurried)
