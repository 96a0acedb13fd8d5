"""A process that has loaded all code and does nothing but fork: each child runs a `homeward` command as a shell would.

So a service that was killed is back after a moment, and not after the seconds that loading takes. Killing a child is
killing a process of its own, with all that it had in memory.
"""

import ctypes
import gc
import importlib
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any, NoReturn

LOADED = ("services.cli", "services.command.run", "services.together", "shared.brokers.kafka", "shared.migrations")
"""What the children find loaded; the rest comes with it."""
PR_SET_PDEATHSIG = 1


def _serve() -> None:
    for name in LOADED:
        importlib.import_module(name)

    gc.collect()
    gc.freeze()
    codes: dict[int, int | None] = {}
    for line in sys.stdin:
        asked = json.loads(line)
        if "ended" in asked:
            answer = _ended(codes, asked["ended"])
        else:
            answer = _fork(asked)
            codes[answer] = None
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
    for pid in codes:
        if _ended(codes, pid) is None:
            os.kill(pid, signal.SIGKILL)


def _ended(codes: dict[int, int | None], pid: int) -> int | None:
    if codes[pid] is None:
        found, status = os.waitpid(pid, os.WNOHANG)
        if found:
            codes[pid] = os.waitstatus_to_exitcode(status)
    return codes[pid]


def _fork(asked: Any) -> int:
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        _become_homeward(asked, parent)
    return pid


def _become_homeward(asked: Any, parent: int) -> NoReturn:
    code = 1
    try:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)  # it died in between
        os.setsid()
        with Path(os.devnull).open("r+") as nothing, Path(asked["log"]).open("a") as file:
            for number, target in ((0, nothing), (1, nothing), (2, file)):
                os.dup2(target.fileno(), number)
        os.environ.update(asked["environment"])
        for name in asked["sabotage"]:
            module, function = name.split(":")
            getattr(importlib.import_module(module), function)(Path(asked["folder"]))

        if asked["arguments"]:
            from services.cli import app

            app(asked["arguments"])
        code = 0
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else 0 if error.code is None else 1
    except BaseException as error:
        sys.excepthook(type(error), error, error.__traceback__)
    finally:
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    _serve()
