"""The embedded default on a disk that fills up under a load: the disk of all its files, or only that of its log.

A small disk is a tmpfs where we may mount one; elsewhere the process is forbidden to write (RLIMIT_FSIZE), which it
meets in the same calls. That binds all of its files, so that the log's disk alone cannot be filled there.
"""

import contextlib
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from services.demo.play import tokens_for
from services.demo.year import Calendar, story
from shared.auth import Keys
from tests.kills.auditor import audit
from tests.kills.files import Folder
from tests.kills.telling import until_quiet
from tests.servers.processes import free_port, last_lines
from tests.stack.forking import ROOT, the_forker

MEGABYTE = 1 << 20
SIZE = 64
"""Megabytes of the small disk."""
RATE = 1.5
"""Journeys a second."""
PATIENCE = 60.0
EVERYTHING, LOG = "disk full", "disk of the embedded log full"
WHICH = (EVERYTHING, LOG)


@dataclass
class Told:
    """What the services said. `full_after`: seconds from the full disk to the first write that was not taken."""

    findings: list[str] = field(default_factory=list)
    full_after: float | None = None
    refused: int = 0
    taken: int = 0
    mounted: bool = True
    writes: int = 0


def run(folder: Path, which: str, tell: Callable[[str], None] = print) -> Told:
    """Fills the disk, looks, frees it, and has the auditor judge what is left."""
    told = Told()
    data = folder / "data"
    data.mkdir(parents=True)
    with _small_disk(folder / "small") as disk:
        told.mounted = disk is not None
        if disk is None and which == LOG:
            tell(f"{which}: left out, no small disk may be mounted here")
            return told
        if disk is not None:
            _put_onto(disk, data, which)
        with _up(folder, data) as (pid, url), _load(folder, data, url) as load:
            journal = folder / "journal.jsonl"
            _until(lambda: journal.exists() and journal.stat().st_size > 20_000, "the load does not begin", folder)
            with _full(disk, pid):
                _look_while_full(told, data, url, which)
            _look_again(told, data, url)
            load.send_signal(signal.SIGTERM)
            load.wait(PATIENCE * 2)
            until_quiet(data, PATIENCE)
            if not Path(f"/proc/{pid}").exists():
                told.findings.append(f"the services ended:\n{last_lines(folder / 'up.log')}")
        left = Folder(data, journal)
        told.writes = sum(asked.acknowledged for asked in left.journal)
        told.findings += audit(left)
    tell(
        f"{which}: {told.refused} writes refused, {told.taken} taken while it was full; {told.writes} acknowledged in "
        f"all; {len(told.findings)} findings"
    )
    return told


def _look_while_full(told: Told, data: Path, url: str, which: str) -> None:
    """Writes until one is not taken; where only the log is full, all are."""
    began = time.monotonic()
    patient = PATIENCE / 2 if which == EVERYTHING else 5.0
    unready = False
    while time.monotonic() - began < patient and not (told.refused > 2 and unready):
        answer = _write(data, url)
        if answer.status_code == 201:
            told.taken += 1
        else:
            told.refused += 1
            told.full_after = told.full_after or time.monotonic() - began
            told.findings += _unclear(answer)
        ready = httpx.get(f"{url}/registration/health/ready", timeout=20, trust_env=False)
        unready = unready or ready.status_code == 503
        if ready.status_code == 503 and not ready.json()["reasons"]:
            told.findings.append("a service is not ready and does not say why")
        read = _ask(data, "GET", f"{url}/registration/sites")
        if read.status_code != 200:
            told.findings.append(f"nothing can be read while the disk is full: {read.status_code} {read.text[:200]}")
        time.sleep(0.2)
    if which == EVERYTHING and not told.refused:
        told.findings.append("every write was taken while the disk was full")
    if which == EVERYTHING and told.refused and not unready:
        told.findings.append("registration said it was ready while it took no writes")
    if which == LOG and told.refused:
        told.findings.append("writes were refused, though only the disk of the log was full")


def _unclear(answer: httpx.Response) -> Iterator[str]:
    kind = answer.headers.get("content-type", "")
    if answer.status_code != 503 or not kind.startswith("application/problem+json"):
        yield f"a write on a full disk was answered with {answer.status_code} {kind}: {answer.text[:200]}"


def _look_again(told: Told, data: Path, url: str) -> None:
    """There is room again: writes are taken, without anybody's help."""
    deadline = time.monotonic() + PATIENCE
    while (answer := _write(data, url)).status_code != 201:
        if time.monotonic() > deadline:
            told.findings.append(
                f"no write is taken after there is room again: {answer.status_code} {answer.text[:200]}"
            )
            return
        time.sleep(0.2)
    while httpx.get(f"{url}/registration/health/ready", timeout=20, trust_env=False).status_code != 200:
        if time.monotonic() > deadline:
            told.findings.append("registration is not ready after there is room again")
            return
        time.sleep(0.2)


def _write(data: Path, url: str) -> httpx.Response:
    body = {**story()["site"], "code": f"S{uuid4().hex[:8].upper()}"}
    return _ask(data, "POST", f"{url}/registration/sites", body)


def _ask(data: Path, method: str, url: str, body: Any = None) -> httpx.Response:
    token = tokens_for(Keys.development(data / "keys"))("registration_officer")
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())}
    headers["Business-Time"] = Calendar(0).at("ground").isoformat()
    return httpx.request(method, url, json=body, headers=headers, timeout=20, trust_env=False)


@contextmanager
def _small_disk(place: Path) -> Iterator[Path | None]:
    """A folder that takes `SIZE` megabytes; None where none can be mounted."""
    place.mkdir()
    options = ["-t", "tmpfs", "-o", f"size={SIZE}m", "none", str(place)]
    if subprocess.run(["mount", *options], capture_output=True, check=False).returncode:
        yield None
        return
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def _put_onto(disk: Path, data: Path, which: str) -> None:
    """Lets the files of the services lie there: all of them, or the log."""
    if which == LOG:
        (data / "events.db").symlink_to(disk / "events.db")
        (disk / "events.db").touch(mode=0o600)
        return
    data.rmdir()
    (disk / "data").mkdir(mode=0o700)
    data.symlink_to(disk / "data")


@contextmanager
def _full(disk: Path | None, pid: int) -> Iterator[None]:
    """Inside the block there is no room for another byte."""
    if disk is None:
        limits = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, limits[1]))
        try:
            yield
        finally:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)
        return
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        for size in (MEGABYTE, 4096):
            with contextlib.suppress(OSError):
                while True:
                    file.write(b"\0" * size)
    try:
        yield
    finally:
        ballast.unlink()


@contextmanager
def _up(folder: Path, data: Path) -> Iterator[tuple[int, str]]:
    """`homeward up`, its number and address."""
    port = free_port()
    url, log = f"http://127.0.0.1:{port}", folder / "up.log"
    arguments = ["up", "--data", str(data), "--port", str(port)]
    forker = the_forker()
    pid = forker.start(arguments, {"HOMEWARD_LOG_LEVEL": "WARNING"}, log, folder)
    try:
        _until(lambda: _answers(f"{url}/registration/health/ready"), "the services did not start", folder)
        yield pid, url
    finally:
        if forker.ended(pid) is None:
            os.kill(pid, signal.SIGKILL)
            while forker.ended(pid) is None:
                time.sleep(0.02)


@contextmanager
def _load(folder: Path, data: Path, url: str) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "tests.load", "--against", url, "--data", str(data), "--rate", str(RATE)]
    command += ["--seconds", "600", "--most", "30", "--journal", str(folder / "journal.jsonl")]
    with (folder / "load.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=log, cwd=ROOT)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _until(good: Callable[[], bool], otherwise: str, folder: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while not good():
        logs = "\n".join(last_lines(log, 5) for log in folder.glob("*.log"))
        assert time.monotonic() < deadline, f"{otherwise}:\n{logs}"
        time.sleep(0.1)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5, trust_env=False).status_code == 200
    except httpx.TransportError:
        return False
