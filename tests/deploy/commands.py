"""The real command, started as an operator does, and judged by what it says and how it ends."""

import gc
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from typer.testing import CliRunner

from services.cli import app
from tests.house.source import ROOT

PATIENCE = 60


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """This process's own, with these settings and no others."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("HOMEWARD_")}
    return {**plain, **settings}


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it said."""

    returncode: int
    stdout: str
    stderr: str


def homeward(*arguments: str, settings: Mapping[str, str] | None = None) -> Ended:
    """`homeward ...` from start to end, in this process: what it says and how it ends is the same, and what takes long
    is loaded once. Whatever happens, it says no stack trace."""
    gc.collect()  # what an earlier test left would complain in the midst of what this command says
    with patch.dict(os.environ, environment(settings or {}), clear=True):
        done = CliRunner().invoke(app, arguments)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
    return _without_a_trace(Ended(done.exit_code, done.stdout, done.stderr))


def process(*arguments: str, settings: Mapping[str, str] | None = None, **options: Any) -> Ended:
    """The same as a process of its own, for what only one can show."""
    command, told = as_process(arguments, settings or {})
    done = subprocess.run(command, **told, capture_output=True, text=True, timeout=PATIENCE, check=False, **options)
    return _without_a_trace(Ended(done.returncode, done.stdout, done.stderr))


def as_process(arguments: Sequence[str], settings: Mapping[str, str]) -> tuple[list[str], dict[str, Any]]:
    """What `subprocess` is told to run `homeward ...`."""
    told = {"env": environment(settings), "cwd": ROOT, "stdin": subprocess.DEVNULL}
    return [sys.executable, "-m", "services.cli", *arguments], told


def _without_a_trace(ended: Ended) -> Ended:
    assert "Traceback" not in ended.stdout + ended.stderr, ended.stderr
    return ended


def refused(*arguments: str, settings: Mapping[str, str] | None = None) -> str:
    """What a command says that does not start: one that can tell a person, and a code that can tell a program."""
    done = homeward(*arguments, settings=settings)
    assert done.returncode == 1, (done.returncode, done.stdout, done.stderr)
    return done.stderr


def found_by_doctor(*arguments: str, settings: Mapping[str, str] | None = None) -> tuple[int, list[dict[str, str]]]:
    """How `homeward doctor` ended, and what it found."""
    done = homeward("doctor", "--json", *arguments, settings=settings)
    told = json.loads(done.stdout)
    assert ["ok", "warning", "wrong"].index(told["state"]) == done.returncode
    findings: list[dict[str, str]] = told["findings"]
    return done.returncode, findings


def said(findings: list[dict[str, str]], state: str) -> str:
    """All findings of one state, as one text."""
    return "\n".join(f"{each['area']}: {each['what']} {each['do']}" for each in findings if each["state"] == state)
