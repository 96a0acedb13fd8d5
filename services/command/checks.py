"""What is looked at before a process starts.

It refuses what only a person can put right, with a sentence that says how, and waits for what comes back by itself: a
server that is away.
"""

import asyncio
import errno

import structlog

from shared.access import broker_options
from shared.brokers import Broker, BrokerUnavailable
from shared.certificates import shown_by
from shared.database import Database, StoreAway
from shared.revisions import is_behind, revisions_in, revisions_of
from shared.settings import Settings
from shared.wiring import TOPICS, Wiring, open_database

log = structlog.get_logger("start")

LONGEST_PAUSE = 10.0
LOOKS = 3
"""A broker that has just come back may not know all its topics yet: what seems wrong is looked at again."""


class CannotStart(Exception):
    """Why a process cannot start: a sentence with its remedy."""


def on_servers(settings: Settings, command: str) -> None:
    """Whether database and events lie where several processes may share them. Raises `CannotStart`."""
    if not settings.on_servers:
        raise CannotStart(
            f"`homeward {command}` is for PostgreSQL and Kafka: set HOMEWARD_DATABASE_URL (postgresql+asyncpg://...) "
            "and HOMEWARD_BROKER_URL (kafka://...). On files, `homeward up` runs all four services in one process."
        )


def on_files(settings: Settings) -> None:
    """Whether nothing sends `up` elsewhere than to its folder. Passed over, such a setting would let an operator
    believe that the servers are used. Raises `CannotStart`, and says no address: it may carry a password."""
    named = [
        f"HOMEWARD_{name.upper()}" for name in ("database_url", "broker_url") if getattr(settings, name) is not None
    ]
    if named:
        it = "them" if len(named) > 1 else "it"
        raise CannotStart(
            f"`homeward up` runs all four services on the files of its folder, and {' and '.join(named)} would be "
            f"passed over. Unset {it}, or run each service on servers with `homeward serve` and `homeward work`."
        )


def on_the_same_ground(settings: Settings) -> None:
    """Whether database and events both lie on servers, or both in files. Raises `CannotStart`."""
    servers = (settings.database_of("").startswith("postgresql"), settings.broker().startswith("kafka"))
    if any(servers) and not all(servers):
        missing = (
            "HOMEWARD_BROKER_URL (kafka://...)" if servers[0] else "HOMEWARD_DATABASE_URL (postgresql+asyncpg://...)"
        )
        raise CannotStart(f"PostgreSQL and Kafka go together: set {missing}, too, or neither of the two.")


async def schema_is_current(wiring: Wiring, database: Database) -> None:
    """Raises `CannotStart` where the schema is behind, and `StoreAway`. A newer one is served, and logged."""
    here, wanted = await revisions_of(database), revisions_in(wiring.migrations)
    if is_behind(here, wanted):
        raise CannotStart(
            f"The database of {wiring.name} lacks {', '.join(sorted(wanted.heads - here))}: run `homeward migrate "
            f"{wiring.name}` with the same settings, then start this again."
        )
    if ahead := sorted(here - wanted.known):
        log.warning("the schema is newer than this code", service=wiring.name, revisions=ahead)


def api_may_start(wiring: Wiring, settings: Settings) -> None:
    """Looks before an API serves, in a loop and with connections of its own.

    A database that is away stops no API: it starts, says that it is not ready, and is when the database is there.
    Raises `CannotStart` where the schema is behind.
    """

    async def look() -> None:
        database = open_database(wiring.name, settings)
        try:
            await schema_is_current(wiring, database)
        except StoreAway as error:
            log.warning("not ready until the database is there", reason=database_is_away(wiring.name, error))
        finally:
            await database.close()

    asyncio.run(look())


async def until_the_schema_is_current(wiring: Wiring, database: Database) -> None:
    """The same as `schema_is_current`, and waits for a database that is away."""
    pause = 0.2
    while True:
        try:
            await schema_is_current(wiring, database)
            return
        except StoreAway as error:
            log.warning("waits for the database", reason=database_is_away(wiring.name, error), seconds=pause)
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)


async def topics_are_right(broker: Broker) -> None:
    """Raises `CannotStart` where one is missing or is not as it should be, and `BrokerUnavailable`."""
    wrong: list[str] = []
    for look in range(LOOKS):
        await asyncio.sleep(look * 0.5)
        wrong = await broker.check_topics(TOPICS)
        if not wrong:
            return
    raise CannotStart("\n".join([*wrong, "`homeward migrate` makes topics that are missing, and changes none."]))


async def until_the_topics_are_right(broker: Broker, settings: Settings, looked: asyncio.Event) -> None:
    """The same, and waits for a broker that is away; `looked` is set when it has not answered once."""
    pause = 0.5
    while True:
        try:
            await topics_are_right(broker)
            return
        except BrokerUnavailable as error:
            looked.set()
            log.warning("waits for the broker", reason=await broker_is_away(settings, error), seconds=pause)
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)


async def broker_is_away(settings: Settings, error: BrokerUnavailable) -> str:
    """The sentence for it. Kafka's client keeps to itself why it got nowhere, so each server is asked once more."""
    url = settings.broker()
    if not url.startswith("kafka://"):
        return f"The log of events cannot be used: {error}."
    context = broker_options(settings).get("ssl_context")
    for server in url.removeprefix("kafka://").split(","):
        host, _, port = server.rpartition(":")
        shown = await shown_by(host.strip("[]"), int(port), context)
        if shown.trouble is not None:
            return shown.trouble
    signs_in = " Are user and password right?" if settings.broker_security.startswith("SASL") else ""
    return f"{error}, though something listens there.{signs_in} Is HOMEWARD_BROKER_SECURITY?"


def database_is_away(service: str, error: StoreAway) -> str:
    """The sentence for it, by what the driver said."""
    said = str(error)
    for code, meaning in _MEANINGS.items():
        if code in said:
            return f"The database of {service} {meaning} ({said})."
    return (
        f"The database of {service} cannot be reached ({said}): is it started, and is HOMEWARD_DATABASE_URL right? "
        "`homeward doctor` says more."
    )


_MEANINGS = {
    "28P01": "refused the password: look at HOMEWARD_DATABASE_URL or the password file",
    "28000": "does not let this role in: look at its rules (pg_hba.conf) and at TLS",
    "3D000": "does not exist on that server: look at HOMEWARD_DATABASE_URL, or make it (deploy/postgres/roles.sql)",
    "42501": "gives this role too few rights: make it the owner (deploy/postgres/roles.sql)",
    "25006": "only reads: address the primary, not a copy of it",
    "53300": "has no connection left: raise max_connections there, or lower HOMEWARD_POOL",
    "53100": "has no space left on its disk",
    "SQLITE_FULL": "has no space left on its disk",
    "SQLITE_IOERR": "could not be written: is the disk full, or broken?",
    "SQLITE_READONLY": "may not be written: look at the rights of the file and its folder",
    "SQLITE_CANTOPEN": "cannot be opened: look at the rights of the file and its folder, and at the space on its disk",
    "SSLCertVerificationError": "showed a certificate that is not believed: `homeward doctor` says why",
}

NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def file_trouble(error: OSError) -> str:
    """A sentence for what the file system refused."""
    at = f"{error.filename}: " if error.filename else ""
    if error.errno in NO_SPACE:
        return f"{at}No space is left there. Make some, and start this again."
    return f"{at}{error.strerror or type(error).__name__}."
