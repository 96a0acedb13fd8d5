"""The servers that tests start: whole, apart from each other, and gone when the tests are."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import psutil
import pytest

from shared.settings import SERVICES
from tests.servers import plugin, session
from tests.servers.databases import Databases
from tests.servers.kafka import Kafka
from tests.servers.postgres import ROLES, Postgres, found
from tests.servers.processes import NOTE, ServerMissing, ServerProcess, noted

ROOT = Path(__file__).parents[2]
PASSWORDS = {f"{role.upper()}_PASSWORD": f"the {role}'s" for role in SERVICES}


@pytest.fixture(params=found(), ids=str)
def each_postgres(request: pytest.FixtureRequest) -> Iterator[Postgres]:
    """Every PostgreSQL there is here: Debian's, and those in the wheel."""
    server = Postgres(session.own_folder("postgres"), server=request.param)
    server.make()
    server.start()
    yield server
    server.kill()


async def connect(server: Postgres, role: str, database: str, password: str) -> asyncpg.Connection:
    return await asyncpg.connect(
        host="127.0.0.1", port=server.port, user=role, database=database, password=password, timeout=10
    )


async def test_no_role_opens_the_database_of_another(each_postgres: Postgres) -> None:
    each_postgres.run_script(ROLES, PASSWORDS)
    each_postgres.run_script(ROLES, PASSWORDS)  # again is harmless
    for role in SERVICES:
        password = PASSWORDS[f"{role.upper()}_PASSWORD"]
        own = await connect(each_postgres, role, role, password)
        await own.execute("CREATE TABLE kept (id int); DROP TABLE kept")
        for another in (*(name for name in SERVICES if name != role), "postgres", "template1"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied for database"):
                await connect(each_postgres, role, another, password)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await own.execute("CREATE DATABASE another")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await own.execute("COPY (SELECT 1) TO PROGRAM 'true'")
        await own.close()
        with pytest.raises(asyncpg.InvalidPasswordError):
            await connect(each_postgres, role, role, "a guess")


async def test_a_database_is_a_copy_of_its_own_and_gone_afterwards(databases: Databases) -> None:
    async with databases.standing() as one, databases.standing() as another:
        assert one != another
        names = [url.split("@/")[1].split("?")[0] for url in (one, another)]
        tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        assert [(await databases.ask(tables, name))[0]["count"] for name in names] == [6, 6]
    there = await databases.ask("SELECT datname FROM pg_database")
    assert not {row["datname"] for row in there} & set(names)


def test_a_killed_postgres_keeps_what_it_had_and_answers_again(own_postgres: Postgres) -> None:
    own_postgres.run_script(ROLES, PASSWORDS)
    own_postgres.kill()
    assert not own_postgres.answers()
    own_postgres.start()
    assert own_postgres.answers()
    own_postgres.run_script(ROLES, PASSWORDS)


def test_a_server_is_lent_to_the_whole_run(postgres: Postgres, kafka: Kafka) -> None:
    assert session.postgres().port == postgres.port
    assert session.kafka().port == kafka.port


RUN = """
import sys, time
from tests.servers import session
folder = session.open_session()
session.postgres()
print(folder, flush=True)
time.sleep(60)
"""


@pytest.mark.usefixtures("postgres")
def test_a_run_that_is_killed_leaves_nothing_behind() -> None:
    run = subprocess.Popen([sys.executable, "-c", RUN], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert run.stdout is not None
    folder = Path(run.stdout.readline().strip())
    servers = [noted(note.parent)[0] for note in folder.glob(f"postgres*/{NOTE}")]
    assert [server.is_alive() for server in servers] == [True]
    run.kill()
    run.communicate()
    deadline = time.monotonic() + 20
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not folder.exists()
    assert not any(server.is_alive() for server in servers)


def test_what_is_missing_is_left_out_and_in_ci_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    missing = ServerMissing("no Java")
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="left out, real Kafka: no Java"):
        plugin.leave_out("Kafka", missing)
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="leaves nothing out"):
        plugin.leave_out("Kafka", missing)


def test_a_process_is_not_taken_for_another_of_its_number() -> None:
    mine = ServerProcess.of(os.getpid())
    assert mine.is_alive()
    earlier = ServerProcess(mine.pid, mine.started - 60)
    assert not earlier.is_alive()
    earlier.end(signal.SIGKILL)  # and so it is not sent anything


def test_a_clock_that_is_set_while_a_run_goes_on_ends_none_of_its_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    mine, booted = ServerProcess.of(os.getpid()), psutil.boot_time()
    monkeypatch.setattr("psutil._psplatform.boot_time", lambda: booted + 3600)
    assert psutil.boot_time() == booted + 3600
    assert mine.is_alive()
