"""Servers that a whole run of the tests shares: started by the first that needs one, ended with the run."""

import fcntl
import json
import os
import secrets
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from shared.settings import SERVICES
from tests.servers.kafka import Kafka
from tests.servers.postgres import ROLES, Postgres
from tests.servers.processes import NOTE, ServerFailed, ServerMissing, ServerProcess, noted, spawn

PLACE = "HOMEWARD_TESTS_SERVERS"
"""In the environment of every process of a run: the folder that its servers lie in."""

OWNER = "HOMEWARD_TESTS_OWNER"
"""Beside it: the process that the run ends with."""

TRIES = 3
"""A free port may be taken before the server has it."""


def open_session() -> Path:
    """Says in the environment where the servers of this run are to lie, and whose they are. Nothing is made yet."""
    folder = Path(tempfile.gettempdir()) / f"homeward-servers-{secrets.token_hex(6)}"
    owner = ServerProcess.of(os.getpid())
    os.environ[PLACE] = str(folder)
    os.environ[OWNER] = f"{owner.pid}:{owner.started}"
    return folder


def close_session(folder: Path) -> None:
    """Ends every server of the run and removes all they left."""
    for written in sorted(folder.glob(f"*/{NOTE}")):
        process, last = noted(written.parent)
        if last:
            process.end(last)
    shutil.rmtree(folder, ignore_errors=True)


def postgres() -> Postgres:
    """The run's PostgreSQL, with the four databases and roles. Raises `ServerMissing`."""

    def begin(folder: Path) -> int:
        server = Postgres(folder)
        server.make()
        server.start()
        server.run_script(ROLES, {f"{role.upper()}_PASSWORD": role for role in SERVICES})
        return server.port

    folder, port = _once("postgres", begin)
    return Postgres(folder, port=port, process=noted(folder)[0])


def kafka() -> Kafka:
    """The run's Kafka. Raises `ServerMissing`."""

    def begin(folder: Path) -> int:
        server = Kafka(folder)
        server.make()
        server.start()
        return server.port

    folder, port = _once("kafka", begin)
    return Kafka(folder, port=port, process=noted(folder)[0])


@contextmanager
def locked(name: str) -> Iterator[Path]:
    """Holds a lock that the processes of the run share, and gives the run's folder."""
    folder = _folder()
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


def own_folder(name: str) -> Path:
    """A new folder for a server that one test has for itself; it is removed with the run."""
    return Path(tempfile.mkdtemp(prefix=f"{name}-", dir=_folder()))


def _folder() -> Path:
    """The run's folder. Whoever makes it lets a process watch the run, so that nothing stays behind if it is killed."""
    folder = Path(os.environ[PLACE])
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        return folder
    folder.chmod(0o711)  # the user that PostgreSQL runs as must get through, and needs to see nothing
    command = [sys.executable, "-m", "tests.servers.watch", str(folder), os.environ[OWNER]]
    spawn(command, folder / "watch.log", folder=Path(__file__).parents[2])
    return folder


def _once(name: str, begin: Callable[[Path], int]) -> tuple[Path, int]:
    """The folder and port of what `begin` began when it was first asked in this run; the others wait, and are told the
    same."""
    with locked(name) as folder:
        told = folder / f"{name}.json"
        if not told.exists():
            told.write_text(json.dumps(_begun(folder, name, begin)))
        found = json.loads(told.read_text())
    if "missing" in found:
        raise ServerMissing(found["missing"])
    if "failed" in found:
        raise ServerFailed(found["failed"])
    return Path(found["folder"]), found["port"]


def _begun(session: Path, name: str, begin: Callable[[Path], int]) -> dict[str, Any]:
    failed = ""
    for number in range(TRIES):
        folder = session / f"{name}-{number}"
        try:
            return {"folder": str(folder), "port": begin(folder)}
        except ServerMissing as error:
            return {"missing": str(error)}
        except ServerFailed as error:
            failed = str(error)
    return {"failed": failed}
