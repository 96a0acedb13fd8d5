"""The near end of the process that forks the services of a stack, see `forker.py`."""

import json
import os
import subprocess
import sys
import threading
from atexit import register
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


@dataclass
class Forker:
    """The near end: a line of JSON asks, a line of JSON answers. Safe to use from several threads."""

    process: subprocess.Popen[str]
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def start(
        self, arguments: Iterable[str], environment: Mapping[str, str], log: Path, folder: Path, sabotage: str = ""
    ) -> int:
        """The number of a new child. `sabotage`: names of functions (`module:function`, by spaces) that the child
        calls with the folder before all else; without `arguments` it does nothing but that."""
        asked = {
            "arguments": list(arguments),
            "environment": dict(environment),
            "log": str(log),
            "folder": str(folder),
            "sabotage": sabotage.split(),
        }
        return int(self._ask(asked))

    def ended(self, pid: int) -> int | None:
        """How the child ended: its code, or minus the signal; None while it runs. Until this has told the end, the
        number is nobody else's. Ask again and the answer is the same."""
        code = self._ask({"ended": pid})
        return None if code is None else int(code)

    def close(self) -> None:
        """Ends it, and with it whatever still runs."""
        if self.process.stdin is not None and not self.process.stdin.closed:
            self.process.stdin.close()
        self.process.wait(30)

    def _ask(self, asked: Mapping[str, Any]) -> Any:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        with self._turn:
            self.process.stdin.write(json.dumps(asked) + "\n")
            self.process.stdin.flush()
            answer = self.process.stdout.readline()
        assert answer, "the forker is gone"
        return json.loads(answer)


@cache
def the_forker() -> Forker:
    """One for this process and all its stacks, gone when it is."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HOMEWARD_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.stack.forker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
        cwd=ROOT,
        start_new_session=True,  # Ctrl-C is for the tests, which end this one in their own time
    )
    forker = Forker(process)
    register(forker.close)
    return forker
