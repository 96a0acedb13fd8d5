"""Making a stack: databases of its own, topics made anew, an environment for each process."""

import asyncio
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import asyncpg
from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient

from shared.auth import Keys
from shared.settings import SERVICES, Settings
from tests.servers.kafka import Kafka
from tests.servers.postgres import ROLES, Postgres
from tests.servers.processes import free_port, last_lines
from tests.stack.forking import Forker, the_forker
from tests.stack.parts import HOST, STEP, Kind, Part, Stack

Addresses = Callable[[str, str], tuple[str, int]]
"""Where a part (by its name) is to find "postgres", "kafka" or another service: its host and port."""

TEMPLATE = "stack_template_"
MIGRATES_WITHIN = 60.0
LEAVES_WITHIN = 5.0


@contextmanager
def stack(
    folder: Path,
    postgres: Postgres,
    kafka: Kafka,
    *,
    apis: int | Mapping[str, int] = 1,
    workers: int | Mapping[str, int] = 1,
    addresses: Addresses | None = None,
    sabotages: Mapping[str, str] | None = None,
    environment: Mapping[str, str] | None = None,
    fill: Callable[[Stack], None] | None = None,
    start: bool = True,
) -> Iterator[Stack]:
    """So many APIs and workers of each service (or of each that is named), ready to work, until the block ends.

    `addresses` may put something between any two parts. `sabotages`: what breaks a part's code, by the part's name, or
    by "*" for all; see `Part.sabotage`. `environment` is added to that of every part. `fill` is called when the
    databases and topics are there, and no process yet; with `start` False none is started. A Kafka serves one stack at
    a time: who comes second waits.
    """
    folder.mkdir(parents=True, exist_ok=True)
    forker = the_forker()
    Keys.development(folder / "keys")
    with kafka.alone():
        empty(kafka)
        databases = asyncio.run(_databases(folder, postgres, kafka, forker))
        ports: dict[str, int] = {}
        for service in SERVICES:
            for number in range(_count(apis, service)):
                ports[_name(service, "api", number)] = free_port()
        plan = _Plan(folder, postgres, kafka, databases, ports, addresses, dict(sabotages or {}), environment or {})

        def make(service: str, kind: Kind, number: int) -> Part:
            name = _name(service, kind, number)
            port = ports.setdefault(name, free_port())
            part = Part(name, service, kind, number, port, folder, forker)
            part.environment = plan.environment_of(part)
            part.sabotage = " ".join(filter(None, (plan.sabotages.get(key, "") for key in ("*", name))))
            return part

        kinds: list[tuple[Kind, int | Mapping[str, int]]] = [("api", apis), ("worker", workers)]
        made = [make(name, kind, n) for kind, many in kinds for name in SERVICES for n in range(_count(many, name))]
        urls = {name: [part.url for part in made if (part.service, part.kind) == (name, "api")] for name in SERVICES}
        built = Stack(folder, {part.name: part for part in made}, postgres, kafka, urls, databases, make)
        try:
            if fill is not None:
                fill(built)
            if start:
                for part in made:
                    part.start()
                built.until_ready()
            yield built
        finally:
            for part in built.parts.values():
                part.send(signal.SIGTERM)  # so that the workers leave their groups: the next stack waits for that
            for part in built.parts.values():
                part.ended(LEAVES_WITHIN)
                part.kill()
            if postgres.answers():
                asyncio.run(_dropped(postgres, databases))


def _count(many: int | Mapping[str, int], service: str) -> int:
    return many if isinstance(many, int) else many.get(service, 0)


def _name(service: str, kind: Kind, number: int) -> str:
    return f"{service}-{kind}-{number}"


class _Plan:
    """What a part is told about the others."""

    def __init__(
        self,
        folder: Path,
        postgres: Postgres,
        kafka: Kafka,
        databases: Mapping[str, str],
        ports: Mapping[str, int],
        addresses: Addresses | None,
        sabotages: dict[str, str],
        environment: Mapping[str, str],
    ) -> None:
        self.sabotages = sabotages
        self._folder = folder
        self._databases = databases
        self._postgres = postgres
        self._kafka = kafka
        self._ports = ports
        self._given = environment
        self._addresses = addresses

    def environment_of(self, part: Part) -> dict[str, str]:
        found = {
            "HOMEWARD_DATA_DIR": str(self._folder),
            "HOMEWARD_DATABASE_URL": self._database_url(part),
            "HOMEWARD_BROKER_URL": "kafka://{}:{}".format(*self.address(part, "kafka")),
            "HOMEWARD_LOG_LEVEL": "WARNING",
        }
        for name in SERVICES:
            found[f"HOMEWARD_{name.upper()}_URL"] = "http://{}:{}".format(*self.address(part, name))
        if part.kind == "worker" and "worker_port" in Settings.model_fields:
            found["HOMEWARD_WORKER_PORT"] = str(part.port)
        return {**found, **self._given}

    def address(self, part: Part, what: str) -> tuple[str, int]:
        if self._addresses is not None:
            return self._addresses(part.name, what)
        if what == "postgres":
            return HOST, self._postgres.port
        if what == "kafka":
            return HOST, self._kafka.port
        # Where several answer, each part keeps to one of them; a balancer would stand in between.
        apis = [port for name, port in self._ports.items() if name.startswith(f"{what}-api-")]
        return HOST, apis[part.number % len(apis)] if apis else 1

    def _database_url(self, part: Part) -> str:
        host, port = self.address(part, "postgres")
        role = part.service
        return f"postgresql+asyncpg://{role}:{role}@{host}:{port}/{self._databases[role]}"


async def _databases(folder: Path, postgres: Postgres, kafka: Kafka, forker: Forker) -> dict[str, str]:
    """Four new databases with their tables, by service, and all topics."""
    run = uuid4().hex[:8]
    connection = await _owner(postgres)
    try:
        # One process at a time: the next finds the templates that this one made.
        await connection.execute("SELECT pg_advisory_lock(hashtext('stack'))")
        there = {row["datname"] for row in await connection.fetch("SELECT datname FROM pg_database")}
        if not {TEMPLATE + name for name in SERVICES} <= there:
            await asyncio.to_thread(postgres.run_script, ROLES, {f"{role.upper()}_PASSWORD": role for role in SERVICES})
            for name in SERVICES:
                await connection.execute(f"DROP DATABASE IF EXISTS {TEMPLATE}{name} WITH (FORCE)")
                await connection.execute(f"DROP DATABASE IF EXISTS {TEMPLATE}draft_{name} WITH (FORCE)")
                await connection.execute(f"CREATE DATABASE {TEMPLATE}draft_{name} OWNER {name}")
            await asyncio.to_thread(_migrate, folder, postgres, kafka, forker, f"{TEMPLATE}draft_", SERVICES)
            for name in SERVICES:
                await connection.execute(f"ALTER DATABASE {TEMPLATE}draft_{name} RENAME TO {TEMPLATE}{name}")
        made = {name: f"stack_{run}_{name}" for name in SERVICES}
        for name, database in made.items():
            await connection.execute(
                f"CREATE DATABASE {database} TEMPLATE {TEMPLATE}{name} OWNER {name} STRATEGY FILE_COPY"
            )
    finally:
        await connection.close()
    # The schemas are there; this makes the topics, as an operator would.
    await asyncio.to_thread(_migrate, folder, postgres, kafka, forker, f"stack_{run}_", SERVICES[:1])
    return made


async def _dropped(postgres: Postgres, databases: Mapping[str, str]) -> None:
    connection = await _owner(postgres)
    try:
        for database in databases.values():
            await connection.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")
    finally:
        await connection.close()


async def _owner(postgres: Postgres) -> asyncpg.Connection:
    return await asyncpg.connect(host=str(postgres.folder), port=postgres.port, user="postgres", database="postgres")


def _migrate(
    folder: Path, postgres: Postgres, kafka: Kafka, forker: Forker, prefix: str, services: tuple[str, ...]
) -> None:
    """`homeward migrate`, for each service in a process of its own, as they are deployed."""
    log = folder / "migrate.log"
    running = {}
    for name in services:
        environment = {
            "HOMEWARD_DATA_DIR": str(folder),
            "HOMEWARD_DATABASE_URL": postgres.url(prefix + name, name, password=name),
            "HOMEWARD_BROKER_URL": kafka.url,
            "HOMEWARD_LOG_LEVEL": "WARNING",
        }
        running[name] = forker.start(["migrate", name], environment, log, folder)
    deadline = time.monotonic() + MIGRATES_WITHIN
    for name, pid in running.items():
        while (code := forker.ended(pid)) is None and time.monotonic() < deadline:
            time.sleep(STEP)
        assert code == 0, f"homeward migrate {name} ended with {code}:\n{last_lines(log)}"


def empty(kafka: Kafka, seconds: float = 20) -> None:
    """Removes every topic of the house, and every group with the places it had read to. Nobody must be at work."""
    admin = AdminClient({"bootstrap.servers": f"{HOST}:{kafka.port}", "log_level": 2})
    topics = [name for name in admin.list_topics(timeout=seconds).topics if name.startswith("homeward.")]
    groups = [group.group_id for group in admin.list_consumer_groups().result(seconds).valid]
    for asked in (admin.delete_topics(topics) if topics else {}).values():
        asked.result(seconds)
    _forget(admin, [group for group in groups if group.startswith("homeward.")], 2 * seconds)
    deadline = time.monotonic() + seconds
    while any(name in admin.list_topics(timeout=seconds).topics for name in topics):
        assert time.monotonic() < deadline, "Kafka keeps its topics"
        time.sleep(0.05)


def _forget(admin: AdminClient, groups: list[str], seconds: float) -> None:
    """Removes the groups. One that was killed belongs to its group until Kafka misses it."""
    deadline = time.monotonic() + seconds
    while groups:
        asked = admin.delete_consumer_groups(groups)
        groups = []
        for group, answer in asked.items():
            try:
                answer.result(seconds)
            except KafkaException as error:
                if error.args[0].code() != KafkaError.NON_EMPTY_GROUP or time.monotonic() > deadline:
                    raise
                groups.append(group)
        time.sleep(0.3 if groups else 0)
