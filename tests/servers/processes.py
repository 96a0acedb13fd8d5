"""Server processes, nobody's children: the one that started them may end, and they go on until told to stop."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from random import SystemRandom
from typing import Any

import psutil

PORTS = (12_000, 30_000)
"""Below the range of outgoing connections on Linux (32768) and elsewhere (49152)."""
_drawn = SystemRandom()


class ServerMissing(Exception):
    """The machine lacks what the server is made of. The message says what, and how to get it."""


class ServerFailed(Exception):
    """The server is there and did not start; the message holds the end of its log."""


@dataclass(frozen=True, slots=True)
class ServerProcess:
    """A process, told from a later one of the same number by when it started: seconds since the machine did, since its
    clock may be set while a run goes on, and all its servers would be taken for those of a run that is gone."""

    pid: int
    started: float

    @classmethod
    def of(cls, pid: int) -> "ServerProcess":
        try:
            return cls(pid, _started(psutil.Process(pid)))
        except psutil.NoSuchProcess:  # it ended as soon as it began
            return cls(pid, 0.0)

    def is_alive(self) -> bool:
        try:
            process = psutil.Process(self.pid)
            # who is dead and not yet buried is a zombie
            return bool(abs(_started(process) - self.started) < 1 and process.status() != psutil.STATUS_ZOMBIE)
        except psutil.NoSuchProcess:
            return False

    def send(self, number: int) -> None:
        """Sends it a signal, if it is still there."""
        if self.is_alive():
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def wait(self, seconds: float) -> bool:
        """Whether it ended within that time."""
        deadline = time.monotonic() + seconds
        while self.is_alive():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        return True

    def end(self, number: int, seconds: float = 10) -> None:
        """Asks it to end by a signal, and kills it where it does not in time."""
        self.send(number)
        if not self.wait(seconds):
            self.send(signal.SIGKILL)
            self.wait(5)


def _started(process: psutil.Process) -> float:
    return float(process.create_time() - psutil.boot_time())


NOTE = "process.json"

_START = 'log=$1; shift; "$@" </dev/null >>"$log" 2>&1 & echo $!'


def spawn(command: Sequence[str], log: Path, *, user: str | None = None, folder: Path | None = None) -> ServerProcess:
    """Starts a process in a session of its own; what it says goes to the end of `log`. `user`: whom it runs as."""
    # The shell ends at once: the server has no parent here, that would have to wait for it.
    shell = subprocess.run(
        ["/bin/sh", "-c", _START, "sh", str(log), *command],
        stdout=subprocess.PIPE,
        check=True,
        start_new_session=True,
        env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
        cwd=folder or log.parent,
        **as_user(user),
    )
    return ServerProcess.of(int(shell.stdout))


def note(folder: Path, process: ServerProcess, last: int) -> None:
    """Writes down in a server's folder which process it is, and by which signal it may be ended for good."""
    told = {"pid": process.pid, "started": process.started, "signal": int(last)}
    (folder / NOTE).write_text(json.dumps(told))


def noted(folder: Path) -> tuple[ServerProcess, int]:
    """What `note` wrote."""
    told = json.loads((folder / NOTE).read_text())
    return ServerProcess(told["pid"], told["started"]), told["signal"]


def as_user(user: str | None) -> dict[str, Any]:
    """Options of `subprocess` that make a child run as `user`, and with no group but theirs."""
    if user is None:
        return {}
    import pwd

    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}


def last_lines(log: Path, count: int = 20) -> str:
    """The end of a log, for a message."""
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-count:])
    except OSError:
        return "(it left no log)"


def free_port() -> int:
    """A TCP port nobody listens on at this moment. No outgoing connection is given one of these: it would have it by
    the time the server starts, or starts again."""
    while True:
        with closing(socket.socket()) as listener:
            port = _drawn.randrange(*PORTS)
            with contextlib.suppress(OSError):
                listener.bind(("127.0.0.1", port))
                return port
