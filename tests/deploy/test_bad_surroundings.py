"""Bad surroundings: a clear line at the start, no stack trace, nothing half done, and a start when they are good."""

import resource
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from shared.brokers import TopicSpec, open_broker
from shared.folder import where
from shared.settings import SERVICES
from shared.wiring import PARTITIONS, TOPICS
from tests.deploy.commands import as_process, found_by_doctor, homeward, process, refused, said
from tests.servers.databases import Databases
from tests.servers.kafka import Kafka
from tests.servers.processes import free_port

NOWHERE = "postgresql+asyncpg://travel:secret@127.0.0.1:1/travel"
STARTS = [["up", "--port", "0"], ["serve", "travel", "--port", "0"], ["work", "travel", "--port", "0"], ["migrate"]]


@contextmanager
def started(*arguments: str, settings: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """A process that goes on, until the block ends."""
    command, told = as_process(arguments, settings)
    running = subprocess.Popen(command, **told, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        yield running
    finally:
        running.terminate()
        out, errors = running.communicate(timeout=60)
        assert "Traceback" not in out + errors


def eventually(look: Callable[[], Any], seconds: float = 90) -> Any:
    deadline = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)
    return found


@pytest.mark.parametrize("command", STARTS, ids=lambda each: each[0])
def test_a_wrong_setting_stops_every_start_with_a_sentence(command: list[str], tmp_path: Path) -> None:
    wrong = {"HOMEWARD_DATA_DIR": str(tmp_path), "HOMEWARD_DATABASE_URI": NOWHERE, "HOMEWARD_POOL": "secret"}
    told = refused(*command, settings=wrong)
    assert told.splitlines() == [
        "HOMEWARD_DATABASE_URI is no setting. Did you mean HOMEWARD_DATABASE_URL?",
        "HOMEWARD_POOL: takes a whole number from 2 to 100, for example 10.",
    ]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"HOMEWARD_DATABASE_URL": "mysql://secret"}, "HOMEWARD_DATABASE_URL: begins with postgresql+asyncpg://"),
        ({"HOMEWARD_BROKER_URL": "secret"}, "HOMEWARD_BROKER_URL: is kafka://host:port"),
        ({"HOMEWARD_DATABASE_CA": "secret.pem"}, "HOMEWARD_DATABASE_CA, _CERTIFICATE, _KEY"),
        ({"HOMEWARD_DATABASE_URL": NOWHERE}, "HOMEWARD_DATABASE_URL would be passed over. Unset it, or run each"),
        (
            {"HOMEWARD_BROKER_URL": "kafka://secret:9"},
            "HOMEWARD_BROKER_URL would be passed over. Unset it, or run each",
        ),
        (
            {"HOMEWARD_DATABASE_URL": NOWHERE, "HOMEWARD_BROKER_URL": "kafka://secret:9"},
            "HOMEWARD_DATABASE_URL and HOMEWARD_BROKER_URL would be passed over. Unset them",
        ),
    ],
)
def test_up_passes_over_no_setting_of_a_server(settings: dict[str, str], said: str, tmp_path: Path) -> None:
    told = refused("up", "--port", "0", "--data", str(tmp_path / "data"), settings=settings)
    assert said in told
    assert "secret" not in told
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_keys_that_holds_none_stops_up_before_a_database_is_made(tmp_path: Path) -> None:
    (tmp_path / "named.json").write_text("{}")
    for name in ("HOMEWARD_JWKS", "HOMEWARD_SERVICE_KEY"):
        settings = {name: str(tmp_path / "named.json")}
        assert "named.json holds" in refused("up", "--port", "0", "--data", str(tmp_path / "data"), settings=settings)
    assert [each.name for each in (tmp_path / "data").iterdir()] == ["owner.lock"]


def test_files_are_not_shared_by_processes() -> None:
    for command in ("serve", "work"):
        assert "`homeward up` runs all four" in refused(command, "travel")
    half = {"HOMEWARD_DATABASE_URL": NOWHERE}
    assert "HOMEWARD_BROKER_URL" in refused("migrate", "travel", settings=half)
    code, findings = found_by_doctor(settings=half)
    assert code == 2
    assert "go together" in said(findings, "wrong")


def test_the_list_of_settings_marks_those_that_are_wrong() -> None:
    wrong = {"HOMEWARD_POOL": "secret", "HOMEWARD_LOG_LEVEL": "INFO", "HOMEWARD_POOLS": "1"}
    done = homeward("settings", settings=wrong)
    assert done.returncode == 1
    standing = dict(line.split(")")[0].split(" (") for line in done.stdout.splitlines())
    assert standing["HOMEWARD_POOL"] == "set, and wrong"
    assert standing["HOMEWARD_LOG_LEVEL"] == "set"
    assert standing["HOMEWARD_MODE"] == "development"
    assert done.stderr.splitlines() == [
        "HOMEWARD_POOLS is no setting. Did you mean HOMEWARD_POOL?",
        "HOMEWARD_POOL: takes a whole number from 2 to 100, for example 10.",
    ]
    assert "secret" not in done.stdout
    together = homeward("settings", settings={"HOMEWARD_MODE": "production", "HOMEWARD_JWKS": "jwks.json"})
    assert together.returncode == 1
    assert "HOMEWARD_SERVICE_KEY must name the file" in together.stderr
    assert homeward("settings").returncode == 0


def test_a_database_that_is_away_stops_a_migration_and_no_api() -> None:
    settings = {"HOMEWARD_DATABASE_URL": NOWHERE, "HOMEWARD_BROKER_URL": f"kafka://127.0.0.1:{free_port()}"}
    # where no other Homeward of this machine answers
    settings["HOMEWARD_BASE_URL"] = f"http://127.0.0.1:{free_port()}"
    told = refused("migrate", "travel", settings=settings)
    assert told.startswith("The database of travel cannot be reached (ConnectionRefusedError)")
    assert "secret" not in told
    port = free_port()

    def answer() -> httpx.Response | None:
        try:
            return httpx.get(f"http://127.0.0.1:{port}/health/ready", trust_env=False, timeout=10)
        except httpx.TransportError:
            return None

    with started("serve", "travel", "--port", str(port), settings=settings):
        ready = eventually(answer)
        assert ready.status_code == 503
        assert ready.json()["reasons"] == ["The database cannot be reached."]
    code, findings = found_by_doctor(settings=settings)
    assert code == 2
    wrong = said(findings, "wrong")
    assert "database of travel: The database of travel cannot be reached" in wrong
    assert "cannot be reached (Connection refused)" in wrong
    assert "services: registration does not answer" in wrong
    assert "secret" not in str(findings)


@pytest.fixture
def empty(databases: Databases) -> Iterator[str]:
    """The address of a database of travel's role, with nothing in it."""
    name = "bad_surroundings"
    ask = _asker(databases)
    ask(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    ask(f"CREATE DATABASE {name} OWNER travel")
    yield databases.server.url(name, "travel")
    ask(f"DROP DATABASE {name} WITH (FORCE)")


def _asker(databases: Databases) -> Callable[..., list[Any]]:
    import asyncio

    return lambda *asked: asyncio.run(databases.ask(*asked))


def _tables(databases: Databases) -> list[str]:
    asked = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    return [row["tablename"] for row in _asker(databases)(asked, "bad_surroundings")]


def test_an_unmigrated_database_is_served_by_nobody(empty: str) -> None:
    settings = {"HOMEWARD_DATABASE_URL": empty, "HOMEWARD_BROKER_URL": f"kafka://127.0.0.1:{free_port()}"}
    for command in (["serve", "travel", "--port", "0"], ["work", "travel", "--port", "0"]):
        told = refused(*command, settings=settings)
        assert "run `homeward migrate travel`" in told
    code, findings = found_by_doctor("--service", "travel", settings=settings)
    assert code == 2
    assert "It has no schema yet. Run `homeward migrate travel`." in said(findings, "wrong")


def _topics(kafka: Kafka, wrong: list[dict[str, Any]]) -> None:
    import confluent_kafka.admin

    admin: Any = confluent_kafka.admin
    client = admin.AdminClient({"bootstrap.servers": f"127.0.0.1:{kafka.port}"})
    made = client.create_topics([admin.NewTopic(**each) for each in wrong])
    for future in made.values():
        future.result(30)


def test_topics_that_are_missing_or_wrong_start_no_worker(own_kafka: Kafka, empty: str, databases: Databases) -> None:
    settings = {"HOMEWARD_DATABASE_URL": empty, "HOMEWARD_BROKER_URL": own_kafka.url}
    names = [topic.name for topic in TOPICS]
    _topics(
        own_kafka,
        [
            {"topic": names[0], "num_partitions": PARTITIONS - 1, "replication_factor": 1},
            {"topic": names[1], "num_partitions": PARTITIONS, "replication_factor": 1},
        ],
    )
    told = refused("migrate", "travel", settings=settings)
    assert f"Topic {names[0]} has {PARTITIONS - 1} partitions and should have {PARTITIONS}" in told
    assert f"Topic {names[1]} has retention.ms=604800000 and so loses events" in told
    assert _tables(databases) == []
    code, findings = found_by_doctor("--service", "travel", settings=settings)
    assert code == 2
    assert f"topics: Topic {names[0]} has {PARTITIONS - 1} partitions" in said(findings, "wrong")

    _delete(own_kafka, names)
    assert homeward("migrate", "travel", settings=settings).returncode == 0
    assert len(_tables(databases)) > 10
    _delete(own_kafka, names[2:3])
    told = refused("work", "travel", "--port", "0", settings=settings)
    assert f"Topic {names[2]} is missing: run `homeward migrate`." in told
    assert homeward("migrate", "travel", settings=settings).returncode == 0
    _, findings = found_by_doctor("--service", "travel", settings=settings)
    assert "All 4 topics are as they should be" in said(findings, "ok")


def _delete(kafka: Kafka, names: list[str]) -> None:
    import asyncio

    import confluent_kafka.admin

    admin: Any = confluent_kafka.admin
    client = admin.AdminClient({"bootstrap.servers": f"127.0.0.1:{kafka.port}"})
    for future in client.delete_topics(names).values():
        future.exception(30)  # not there is as good

    async def gone() -> bool:
        wrong = await open_broker(kafka.url).check_topics([TopicSpec(name, 1) for name in names])
        return len(wrong) == len(names)

    eventually(lambda: asyncio.run(gone()))


def test_a_migration_that_may_not_leaves_all_as_it_was(empty: str, databases: Databases, kafka: Kafka) -> None:
    settings = {"HOMEWARD_DATABASE_URL": empty, "HOMEWARD_BROKER_URL": kafka.url}
    ask = _asker(databases)
    ask("REVOKE CREATE ON SCHEMA public FROM PUBLIC, travel, pg_database_owner", "bad_surroundings")
    with kafka.alone():
        told = refused("migrate", "travel", settings=settings)
        assert "gives this role too few rights" in told
        assert "Its schema is as it was" in told
        assert _tables(databases) == []
        ask("GRANT CREATE ON SCHEMA public TO travel", "bad_surroundings")
        assert homeward("migrate", "travel", settings=settings).returncode == 0


def test_a_schema_of_a_newer_homeward_is_left_alone(tmp_path: Path) -> None:
    assert homeward("migrate", "travel", "--data", str(tmp_path)).returncode == 0
    with closing(sqlite3.connect(tmp_path / "travel.db")) as opened, opened:
        opened.execute("UPDATE alembic_version SET version_num = '9999'")
    for command in (["migrate", "travel"], ["up", "--port", "0"]):
        told = refused(*command, "--data", str(tmp_path))
        assert "The database of travel was migrated by a newer Homeward (9999)" in told
    code, findings = found_by_doctor("--data", str(tmp_path))
    assert code == 1
    assert "A newer Homeward migrated it" in said(findings, "warning")


def _no_file_grows_beyond(size: int) -> Callable[[], None]:
    """For a child: what a full disk says, whoever asks (the kernel's limit of a file; it binds root, too)."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


@pytest.mark.parametrize(("name", "size"), [("up", 0), ("up", 400_000), ("migrate", 20_000)])
def test_a_full_disk_is_named_and_nothing_is_half_done(name: str, size: int, tmp_path: Path) -> None:
    command = ["up", "--port", "0"] if name == "up" else ["migrate"]
    done = process(*command, "--data", str(tmp_path), preexec_fn=_no_file_grows_beyond(size))
    assert done.returncode == 1, (done.stdout, done.stderr)
    assert "space" in done.stderr or "disk" in done.stderr, done.stderr
    for service in SERVICES:
        file = tmp_path / f"{service}.db"
        if file.exists():
            with closing(sqlite3.connect(file)) as opened:
                tables = {name for (name,) in opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            assert not tables or {"outbox", "alembic_version"} <= tables  # a schema is whole, or not there
    assert homeward("migrate", "--data", str(tmp_path)).returncode == 0
    assert found_by_doctor("--data", str(tmp_path))[0] == 0


def test_a_second_process_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    with started("up", "--port", "0", "--data", str(tmp_path), settings={}):
        url = eventually(lambda: where(tmp_path))
        told = refused("up", "--port", "0", "--data", str(tmp_path))
        assert told == (
            f"Another Homeward process works on {tmp_path}. Stop it, or give this one another folder with --data.\n"
        )
        code, findings = found_by_doctor("--data", str(tmp_path))
        assert code == 0, said(findings, "wrong") + said(findings, "warning")
        assert f"A Homeward process works on it, at {url}." in said(findings, "ok")
        assert "services: travel answers and is ready." in said(findings, "ok")
        assert httpx.get(url, trust_env=False).status_code == 200  # the first goes on
    assert where(tmp_path) is None
