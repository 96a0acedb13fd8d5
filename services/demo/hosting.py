"""The four services for the length of a demo: `homeward up` as a process of its own, on a folder and a free port."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from services.command.run import CannotStart
from shared.folder import where

LOG = "log.jsonl"
STARTS_WITHIN = 600.0
"""The first start after an installation compiles every module, and a machine may be busy: while the process lives, it
is on its way."""
STOPS_WITHIN = 15.0


@contextmanager
def services_up(folder: Path) -> Iterator[str]:
    """The address of the page that names the four, for as long as the block lasts. Their log is kept in the folder.

    Raises `CannotStart`.
    """
    with (folder / LOG).open("ab") as log:
        process = subprocess.Popen(  # noqa: S603 - this very interpreter, and arguments made here
            [sys.executable, "-m", "services.cli", "up", "--data", str(folder), "--port", "0"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=log,
            env={name: value for name, value in os.environ.items() if not name.startswith("HOMEWARD_")},
        )
        try:
            yield _address(process, folder)
        finally:
            _stop(process)


def _address(process: subprocess.Popen[bytes], folder: Path) -> str:
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise CannotStart(f"The services did not start. {_last_words(folder)}")
        url = where(folder)
        if url is not None and names_four(url) is not None:
            return url
        time.sleep(0.02)
    busy = "If this machine is busy with other work, try again when it is not."
    raise CannotStart(f"The services did not start within {STARTS_WITHIN:.0f} seconds. {busy} {_last_words(folder)}")


def names_four(url: str) -> dict[str, str] | None:
    """The addresses of the services, from the page at `url` that names them; None where it does not answer."""
    try:
        answer = httpx.get(url, headers={"Accept": "application/json"}, timeout=10, trust_env=False)
        found = answer.json()["services"]
    except (httpx.HTTPError, ValueError, KeyError, TypeError):
        return None
    return {str(name): str(address) for name, address in found.items()}


def _last_words(folder: Path) -> str:
    lines = (folder / LOG).read_text(errors="replace").strip().splitlines()
    return lines[-1] if lines else "They said nothing."


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(STOPS_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
