"""The settings as the environment gives them: read, refused in sentences, and listed.

A sentence names the variable and what it takes, and never what stood there: that may be a password.
"""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from types import UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from shared.settings import PREFIX, Settings

NOT_OURS = re.compile(
    # what Kubernetes tells every container about services named homeward-...; what the tests tell each other
    r"HOMEWARD_(\w+_)?(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT(_\d+_\w+)?)$|HOMEWARD_(TESTS_\w+|SEED)$"
)
Chosen = TypeVar("Chosen", bound=Settings)


class SettingsRefused(Exception):
    """The settings a process was given to start with are wrong; one sentence a line, for who started it."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


@dataclass(frozen=True, slots=True)
class Listed:
    """A setting, as it is listed."""

    variable: str
    takes: str
    default: str
    example: str
    about: str


def read_settings(kind: type[Chosen], data: Path | None = None, **given: Any) -> Chosen:
    """The settings of the environment; the folder `data` and what else is `given` go before.

    Raises `SettingsRefused` with all that is wrong.
    """
    sentences = list(unknown(os.environ, kind))
    if data is not None:
        given["data_dir"] = data
    try:
        settings = kind(**given)
    except ValidationError as error:
        raise SettingsRefused(sentences + [each for wrong in error.errors() for each in _said(kind, wrong)]) from None
    if sentences:
        raise SettingsRefused(sentences)
    return settings


def refusals(kind: type[Settings]) -> list[str]:
    """A sentence for each thing that is wrong with the settings of the environment. One about a single setting begins
    with its variable and a colon."""
    try:
        read_settings(kind)
    except SettingsRefused as error:
        return error.sentences
    return []


def unknown(environment: Mapping[str, str], kind: type[Settings] = Settings) -> Iterator[str]:
    """A sentence for each variable that is named like a setting and is none."""
    known = [_variable(name) for name in kind.model_fields]
    for name in sorted(environment):
        plain = name.upper()
        if not plain.startswith(PREFIX) or plain in known or NOT_OURS.match(plain):
            continue
        near = get_close_matches(plain.removeprefix(PREFIX), [each.removeprefix(PREFIX) for each in known], 1)
        meant = f"Did you mean {PREFIX}{near[0]}?" if near else "`homeward settings` lists them."
        yield f"{name} is no setting. {meant}"


def listed(kind: type[Settings] = Settings) -> list[Listed]:
    """Every setting, in the order of the class."""
    return [
        Listed(
            _variable(name),
            _takes(field),
            "" if field.default is None else str(field.default),
            str((field.examples or [""])[0]),
            field.description or "",
        )
        for name, field in kind.model_fields.items()
    ]


def as_markdown(kind: type[Settings] = Settings) -> str:
    """The text of docs/settings.md."""
    head = """# Settings

Made by `homeward settings --markdown`; a test fails when it differs. Every setting is read from the environment when a
process starts, and can be given in no other way. A name that begins with `HOMEWARD_` and is not here, or a value that
is not what a setting takes, is refused at start with a sentence. An empty value is none.

| variable | takes | default | what it is for |
|---|---|---|---|
"""
    rows = [
        f"| `{each.variable}` | {each.takes} | {f'`{each.default}`' if each.default else ''} | {each.about}"
        f"{f' (such as `{each.example}`)' if each.example != each.default else ''} |\n"
        for each in listed(kind)
    ]
    return head + "".join(rows)


def _variable(name: str) -> str:
    return f"{PREFIX}{name.upper()}"


def _said(kind: type[Settings], wrong: Any) -> list[str]:
    """What pydantic found, in our words."""
    message = str(wrong["msg"]).removeprefix("Value error, ")
    if not wrong["loc"]:  # said by Settings itself, about several at once
        return message.splitlines()
    name = str(wrong["loc"][0])
    short = name.lower().removeprefix(PREFIX.lower())
    field = kind.model_fields[short]
    example = (field.examples or [""])[0]
    if wrong["type"] == "value_error":
        return [f"{_variable(short)}: {message}, for example {example}."]
    return [f"{_variable(short)}: takes {_takes(field)}, for example {example}."]


def _takes(field: FieldInfo) -> str:
    kind = field.annotation
    if get_origin(kind) in (Union, UnionType):
        kind = next(each for each in get_args(kind) if each is not type(None))
    if get_origin(kind) is Literal:
        return "one of " + ", ".join(get_args(kind))
    if kind is int:
        least = next((each.ge for each in field.metadata if hasattr(each, "ge")), None)
        most = next((each.le for each in field.metadata if hasattr(each, "le")), None)
        return f"a whole number from {least} to {most}"
    if kind is Path:
        return "a path"
    return "text"
