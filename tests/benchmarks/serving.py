"""One API in a process of its own, as uvicorn runs it with one worker: `python -m tests.benchmarks.serving WHAT`."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import uvicorn

from shared.settling import settle
from tests.servers.processes import free_port


@dataclass(frozen=True, slots=True)
class Served:
    """A running API. `spent()`: seconds of processor time so far, told however busy the machine is otherwise."""

    name: str
    port: int
    process: subprocess.Popen[bytes]

    def spent(self) -> float:
        times = psutil.Process(self.process.pid).cpu_times()
        return float(times.user + times.system)


@contextmanager
def served(name: str, url: str, folder: Path) -> Iterator[Served]:
    """`name`: homeward, by_hand or by_template. Raises `RuntimeError` where it does not start."""
    port = free_port()
    command = [sys.executable, "-m", "tests.benchmarks.serving", name, url, str(folder), str(port)]
    with (folder / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log)
    try:
        assert process.stdout is not None
        if process.stdout.readline() != b"ready\n":
            raise RuntimeError(f"{name} did not start: see {folder / name}.log")
        yield Served(name, port, process)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class _Server(uvicorn.Server):
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        settle()  # as `homeward serve` does, and so for all
        print("ready", flush=True)


def app_of(name: str, url: str, folder: Path) -> Any:
    plain = url.replace("postgresql+asyncpg://", "postgresql://")
    if name == "homeward":
        from services.registration.app import create_app
        from services.registration.settings import RegistrationSettings
        from shared.logs import configure

        settings = RegistrationSettings(data_dir=folder, database_url=url)
        configure("registration", settings.log_level)
        return create_app(settings)
    if name == "by_hand":
        from tests.benchmarks.reference import by_hand

        return by_hand.create_app(plain, folder)
    from tests.benchmarks.reference import by_template

    return by_template.create_app(plain, folder)


def main(name: str, url: str, folder: str, port: str) -> None:
    app = app_of(name, url, Path(folder))
    config = uvicorn.Config(
        app, host="127.0.0.1", port=int(port), log_config=None, access_log=False, server_header=False
    )
    _Server(config).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
