"""`homeward up`, started and killed as often as a test wants, without loading the code anew each time.

Run as a module, this is a process that has loaded everything and does nothing but fork: each child runs the command as
it would have been run from a shell. Killing a child is killing a process of its own, with all that it had in memory.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NoReturn

LOG = "log.jsonl"


@dataclass
class Nest:
    """Starts and kills the services of one folder, which always answer at the same address."""

    process: subprocess.Popen[str]
    url: str
    kills: int = 0

    def start(self) -> None:
        """Returns when the process is there; it answers a little later."""
        self._say("start")

    def kill(self) -> None:
        """SIGKILL, and waits until the process is gone."""
        self._say("kill")
        self.kills += 1

    def _say(self, word: str) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        assert answer == f"{word}\n", f"the nest answered {answer!r}"


@contextmanager
def nest(folder: Path, port: int, sabotage: str | None = None) -> Iterator[Nest]:
    """A nest for these files, none of its services started. Whatever it started is gone at the end."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HOMEWARD_")}
    command = [sys.executable, "-m", "tests.kills.nest", str(folder), str(port), *([sabotage] if sabotage else [])]
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**environment, "HOMEWARD_LOG_LEVEL": "WARNING"},
        cwd=Path(__file__).parents[2],
    )
    try:
        yield Nest(process, f"http://127.0.0.1:{port}")
    finally:
        process.communicate("end\n", timeout=30)


def _serve(folder: str, port: str, sabotage: str | None) -> None:
    # Loaded once, for all the children: each of these is loaded only when it is needed.
    import services.cli
    import services.command.run
    import services.together  # noqa: F401 - loaded for the children
    import shared.migrations  # noqa: F401 - loaded for the children

    if sabotage is not None:
        from tests.kills.sabotage import SABOTAGES

        SABOTAGES[sabotage](Path(folder))
    child: int | None = None
    for line in sys.stdin:
        word = line.strip()
        if child is not None and word in ("kill", "end"):
            os.kill(child, signal.SIGKILL)  # until it is waited for, a process that ended by itself keeps its number
            os.waitpid(child, 0)
            child = None
        if word == "start":
            child = os.fork()
            if child == 0:
                _become_homeward(["up", "--data", folder, "--port", port], Path(folder) / LOG)
        if word == "end":
            return
        sys.stdout.write(f"{word}\n")
        sys.stdout.flush()


def _become_homeward(arguments: list[str], log: Path) -> NoReturn:
    from services.cli import app

    with Path(os.devnull).open("r+") as nothing, log.open("a") as file:
        for number, target in ((0, nothing), (1, nothing), (2, file)):
            _point(number, target)
        try:
            app(arguments)
        finally:
            os._exit(1)


def _point(number: int, target: IO[str]) -> None:
    os.dup2(target.fileno(), number)


if __name__ == "__main__":
    _serve(sys.argv[1], sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else None)
