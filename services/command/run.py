"""Running processes: all four together, one API, one worker, the migrations.

The services are imported by what runs them: a command that only asks should answer at once.
"""

import asyncio
import errno
import gc
import signal
import socket
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import uvicorn

from shared.folder import check_files, owned, say_where
from shared.logs import configure
from shared.settings import Settings

if TYPE_CHECKING:
    from shared.wiring import Runtime


class CannotStart(Exception):
    """Why a process cannot start: a sentence with its remedy."""


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one. Raises `CannotStart` when the port is taken."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            remedy = "Stop what uses it, or give another with --port (0 takes a free one)."
            raise CannotStart(f"Port {port} on {host} is taken. {remedy}") from None
        raise CannotStart(f"Cannot listen on {host}, port {port}: {error.strerror}.") from None
    return listener


def up(data: Path | None, host: str, port: int, ready: Callable[[str, Path], None]) -> None:
    """All four services in this process, until it is told to stop. `data` None: the folder that the settings name.
    `ready` is told the address and the folder."""
    from services.together import create_together

    data = Settings().data_dir if data is None else data
    with owned(data):
        check_files(data)
        listener = listen(host, port)
        url = f"http://{host}:{listener.getsockname()[1]}"
        settings = Settings(data_dir=data, base_url=url, database_url=None, broker_url=None)
        configure("together", settings.log_level)
        app = create_together(settings)

        def started() -> None:
            say_where(data, url)
            ready(url, data)

        _serve(app, listener, started)


def serve(service: str, host: str, port: int, ready: Callable[[str], None]) -> None:
    """One service's API."""
    from services.together import CREATE

    settings = Settings()
    configure(service, settings.log_level)
    listener = listen(host, port)
    app = CREATE[service](settings)
    _serve(app, listener, lambda: ready(f"http://{host}:{listener.getsockname()[1]}"))


def _serve(app: Any, listener: socket.socket, started: Callable[[], None]) -> None:
    config = uvicorn.Config(
        app, log_config=None, access_log=False, server_header=False, date_header=True, timeout_graceful_shutdown=10
    )
    server = _Server(config, started)
    server.run(sockets=[listener])
    if not server.started:
        raise CannotStart("The services did not start; the log above says why.")


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and not self.should_exit:
            # What start-up made stays for the process's life: looking through it again and again is what a desk feels
            # as a pause.
            gc.collect()
            gc.freeze()
            self._ready()


def work(service: str) -> None:
    """One service's relay, consumer and runner, until SIGTERM or SIGINT; what is in hand is finished."""
    settings = Settings()
    configure(service, settings.log_level)
    asyncio.run(_work(service, settings))


async def _work(service: str, settings: Settings) -> None:
    from services.together import CREATE

    runtime: Runtime = CREATE[service](settings).state.runtime
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await runtime.broker.start()
    jobs = (runtime.relay.run(), runtime.consumer.run(), runtime.runner.run())
    tasks = [asyncio.create_task(job) for job in jobs]
    await stop.wait()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await runtime.close()


def migrate(services: list[str], data: Path | None) -> None:
    """Brings the schemas and the topics up to date. Harmless when they are."""
    from services.together import CREATE
    from shared.migrations import upgrade
    from shared.wiring import TOPICS

    settings = Settings() if data is None else Settings(data_dir=data)
    configure("migrate", settings.log_level)
    if settings.database_url is None:
        check_files(settings.data_dir)

    async def run() -> None:
        for service in services:
            runtime: Runtime = CREATE[service](settings).state.runtime
            await upgrade(runtime.wiring, runtime.database)
            await runtime.broker.start()
            await runtime.broker.create_topics(TOPICS)
            await runtime.close()

    asyncio.run(run())
