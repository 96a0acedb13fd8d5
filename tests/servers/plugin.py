"""Fixtures: the run's PostgreSQL, databases of one's own on it, and the run's Kafka.

Where a server is missing, its tests are skipped with one loud line at the end; with CI=true they fail instead.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from tests.servers import session, stores
from tests.servers.databases import Databases
from tests.servers.kafka import Kafka
from tests.servers.postgres import Postgres
from tests.servers.processes import ServerMissing

LEFT_OUT = "left out, real "
_opened: list[Path] = []


def pytest_addoption(parser: pytest.Parser) -> None:
    kinds = [*stores.KINDS, "both"]
    about = "what the tests that have a world run on (default: files of SQLite)"
    parser.addoption("--stores", choices=kinds, default="sqlite", help=about)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    asked = metafunc.config.getoption("--stores")
    says_which = "databases" in metafunc.fixturenames  # a test that makes its own is about one kind
    if "world" in metafunc.fixturenames and not says_which and asked != "sqlite":
        metafunc.parametrize("store", stores.KINDS if asked == "both" else [asked], indirect=True)


def pytest_configure(config: pytest.Config) -> None:
    if session.PLACE not in os.environ:  # the one that starts the workers, or the only one
        _opened.append(session.open_session())


def pytest_unconfigure(config: pytest.Config) -> None:
    while _opened:
        os.environ.pop(session.PLACE, None)
        os.environ.pop(session.OWNER, None)
        session.close_session(_opened.pop())


@pytest.hookimpl(tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reasons = {
        str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr).removeprefix("Skipped: ")
        for report in terminalreporter.getreports("skipped")
    }
    for reason in sorted(reasons):
        if reason.startswith(LEFT_OUT):
            terminalreporter.write_line(f"LEFT OUT, REAL {reason.removeprefix(LEFT_OUT)}", yellow=True, bold=True)


def leave_out(what: str, missing: ServerMissing) -> NoReturn:
    """Skips a test that needs a server this machine lacks; in CI, where nothing may be left out, fails it."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"CI leaves nothing out, and here is no real {what}: {missing}", pytrace=False)
    pytest.skip(f"{LEFT_OUT}{what}: {missing}")


def real_postgres() -> Postgres:
    """The PostgreSQL of this run, or the test is left out."""
    try:
        return session.postgres()
    except ServerMissing as missing:
        leave_out("PostgreSQL", missing)


def real_kafka() -> Kafka:
    """The Kafka of this run, or the test is left out."""
    try:
        return session.kafka()
    except ServerMissing as missing:
        leave_out("Kafka", missing)


@pytest.fixture(scope="session")
def postgres() -> Postgres:
    """The PostgreSQL of this run. Tests share it: who wants to stop one takes `own_postgres`."""
    return real_postgres()


@pytest.fixture(scope="session")
def kafka() -> Kafka:
    """The Kafka of this run. Tests share it: who wants to stop one takes `own_kafka`."""
    return real_kafka()


@pytest.fixture
def databases(postgres: Postgres) -> Databases:
    """Databases of one's own."""
    return Databases(postgres)


@pytest.fixture(autouse=True)
def store(request: pytest.FixtureRequest) -> Iterator[str]:
    """What the worlds of this test stand on."""
    kind: str = getattr(request, "param", "sqlite")
    if kind == "postgresql":
        stores.choose(Databases(real_postgres()))
    yield kind
    stores.choose(None)


@pytest.fixture
def own_postgres() -> Iterator[Postgres]:
    """A PostgreSQL that the test may stop, kill and start again; it keeps what it says it kept."""
    try:
        server = Postgres(session.own_folder("postgres"), safe=True)
        server.make()
        server.start()
    except ServerMissing as missing:
        leave_out("PostgreSQL", missing)
    yield server
    server.kill()


@pytest.fixture
def own_kafka() -> Iterator[Kafka]:
    """A Kafka that the test may stop, kill and start again."""
    try:
        server = Kafka(session.own_folder("kafka"))
        server.make()
        server.start()
    except ServerMissing as missing:
        leave_out("Kafka", missing)
    yield server
    server.kill()
