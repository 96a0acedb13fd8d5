"""Running processes: all four together, one API, one worker, the migrations.

The services are imported by what runs them: a command that only asks should answer at once.
"""

import asyncio
import errno
import signal
import socket
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import uvicorn

from services.command import checks
from services.command.checks import CannotStart
from services.command.chosen import create, wiring_of
from shared.brokers import Broker, BrokerUnavailable, open_broker
from shared.database import StoreAway
from shared.ending import ended
from shared.environment import read_settings
from shared.folder import check_files, owned, say_where
from shared.logs import configure
from shared.settings import Settings
from shared.settling import settle

if TYPE_CHECKING:
    from shared.wiring import Runtime

__all__ = ["CannotStart", "listen", "make_topics", "migrate", "serve", "up", "work"]

TRIES = 6
"""How often a broker that is late is asked for its topics: half a minute in all."""


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one. Raises `CannotStart` when the port is taken."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            remedy = "Stop what uses it, or start `homeward` with another --port (0 takes a free one)."
            raise CannotStart(f"Port {port} on {host} is taken. {remedy}") from None
        raise CannotStart(f"Cannot listen on {host}, port {port}: {error.strerror}.") from None
    return listener


def up(data: Path | None, host: str, port: int, ready: Callable[[str, Path], None]) -> None:
    """All four services in this process, until it is told to stop. `data` None: the folder that the settings name.
    `ready` is told the address and the folder. Raises `CannotStart`, and `SettingsRefused` before anything is made."""
    from services.together import create_together

    given = read_settings(Settings, data)
    checks.on_files(given)
    data = given.data_dir
    with owned(data):
        check_files(data)
        listener = listen(host, port)
        url = f"http://{host}:{listener.getsockname()[1]}"
        settings = given.model_copy(update={"base_url": url})
        configure("together", settings.log_level)
        app = create_together(settings)

        def started() -> None:
            say_where(data, url)
            ready(url, data)

        _serve(app, listener, started)


def serve(service: str, host: str, port: int, ready: Callable[[str], None]) -> None:
    """One service's API."""
    settings = read_settings(Settings)
    checks.on_servers(settings, f"serve {service}")
    configure(service, settings.log_level)
    listener = listen(host, port)
    app = create(service, settings)
    checks.api_may_start(app.state.runtime.wiring, settings)
    _serve(app, listener, lambda: ready(f"http://{host}:{listener.getsockname()[1]}"), settings.root_path)


def _serve(app: Any, listener: socket.socket, started: Callable[[], None], root_path: str = "") -> None:
    config = uvicorn.Config(
        app,
        root_path=root_path,
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=True,
        timeout_graceful_shutdown=10,
        lifespan="off",  # the server below opens it, so that what fails there is ours to say
    )
    server = _Server(config, started)
    try:
        server.run(sockets=[listener])
    except StoreAway as error:
        raise CannotStart(checks.database_is_away("the services", error)) from None
    except BrokerUnavailable as error:
        raise CannotStart(f"The log of events cannot be used: {error}.") from None
    if not server.started:
        raise CannotStart("The services did not start; the log above says why.")


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready
        self._open = AsyncExitStack()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        app: Any = self.config.app
        await self._open.enter_async_context(app.router.lifespan_context(app))
        await super().startup(sockets)
        if self.started and not self.should_exit:
            settle()
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await super().shutdown(sockets)
        await self._open.aclose()


def work(service: str, host: str, port: int | None, ready: Callable[[str], None]) -> None:
    """One service's relay, consumer and runner, until SIGTERM or SIGINT; what is in hand is finished. Its pages (health
    and metrics) are at `host` and `port`, else at the settings' port. `ready` is told their address."""
    settings = read_settings(Settings)
    checks.on_servers(settings, f"work {service}")
    configure(service, settings.log_level)
    with listen(host, settings.worker_port if port is None else port) as listener:
        ready(f"http://{host}:{listener.getsockname()[1]}")
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            runner.run(_work(service, settings, listener))


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """The event loop that an API runs on, too: uvloop, where there is one."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


async def _work(service: str, settings: Settings, listener: socket.socket) -> None:
    """Raises `CannotStart` where the schema or the topics are not right, as soon as that can be known."""
    from shared.pages import shown

    runtime: Runtime = create(service, settings).state.runtime
    async with shown(runtime, listener):
        await _jobs(runtime)


async def _jobs(runtime: "Runtime") -> None:
    from shared.scrape import watch_the_topics

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    stopping = asyncio.create_task(stop.wait())
    tasks: list[asyncio.Task[Any]] = [stopping]
    try:
        tasks.append(asyncio.create_task(checks.until_the_schema_is_current(runtime.wiring, runtime.database)))
        if not await _done_before(stopping, tasks[-1]):
            return
        await runtime.broker.start()
        looked = asyncio.Event()
        right = asyncio.create_task(checks.until_the_topics_are_right(runtime.broker, runtime.settings, looked))
        tasks += [right, asyncio.create_task(looked.wait())]
        # A broker that answers is asked before anything is sent there; one that is away keeps nothing else waiting.
        await asyncio.wait({tasks[-1], right, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if right.done():
            await right
        settle()
        tasks += [asyncio.create_task(job) for job in (*runtime.work(), watch_the_topics(runtime))]
        await _done_before(stopping, right)
        await stopping
    finally:
        await ended(tasks)
        await runtime.close()


async def _done_before(stopping: asyncio.Task[Any], task: asyncio.Task[None]) -> bool:
    """Waits for one of them; whether the task is done. Raises what it raised."""
    await asyncio.wait({stopping, task}, return_when=asyncio.FIRST_COMPLETED)
    if task.done():
        await task
        return True
    return False


def migrate(services: list[str], data: Path | None) -> None:
    """Brings the topics and the schemas up to date. Harmless when they are.

    What can be refused is looked at first, for all of them; then come the topics, and each schema in one transaction.
    Raises `CannotStart`.
    """
    settings = read_settings(Settings, data)
    checks.on_the_same_ground(settings)
    configure("migrate", settings.log_level)
    if settings.database_url is None:
        check_files(settings.data_dir)
    asyncio.run(_migrate(services, settings))


async def _migrate(services: list[str], settings: Settings) -> None:
    from shared.access import broker_options
    from shared.migrations import check_not_newer, upgrade
    from shared.revisions import revisions_of
    from shared.wiring import open_database

    databases = [(wiring_of(service), open_database(service, settings)) for service in services]
    broker = open_broker(settings.broker(), broker_options(settings))
    try:
        for wiring, database in databases:
            try:
                check_not_newer(wiring, await revisions_of(database))
            except StoreAway as error:
                raise CannotStart(checks.database_is_away(wiring.name, error)) from None
        try:
            await broker.start()
            await make_topics(broker)
        except BrokerUnavailable as error:
            why = await checks.broker_is_away(settings, error)
            raise CannotStart(f"The topics cannot be made. {why} No schema was changed.") from None
        for wiring, database in databases:
            try:
                await upgrade(wiring, database)
            except StoreAway as error:
                raise CannotStart(
                    f"{checks.database_is_away(wiring.name, error)} Its schema is as it was; run this again then."
                ) from None
    finally:
        await broker.stop()
        for _, database in databases:
            await database.close()


async def make_topics(broker: Broker) -> None:
    """Those that are missing. Again where the broker is late: one that has only begun is, with four migrations at it on
    a busy machine, and what was made stays. Raises `CannotStart`, `BrokerUnavailable`."""
    from shared.wiring import TOPICS

    for tries_left in reversed(range(TRIES)):
        try:
            await broker.create_topics(TOPICS)
            return await checks.topics_are_right(broker)
        except BrokerUnavailable as error:
            if not tries_left or not isinstance(error.__cause__, TimeoutError):
                raise
