"""A service's database: reachable, migrated, in the right hands, and what waits in it."""

from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from services.command.checks import database_is_away
from services.command.chosen import wiring_of
from services.command.doctor.findings import Finding, certificate, ok, warning, wrong
from shared import outbox
from shared.access import database_options
from shared.certificates import CertificateRefused, shown_by
from shared.clock import machine_now
from shared.database import Database, Session, StoreAway, core
from shared.folder import REPLACE_IT, damage_in
from shared.inbox import parked_count
from shared.revisions import is_behind, revisions_in, revisions_of
from shared.settings import SERVICES, Settings
from shared.wiring import open_database

OLDEST_SERVER = 15
LATE = 60.0
SKEW_WORTH_A_WARNING = 1.0
"""Seconds between two clocks; a token is refused from thirty on."""

SERVER = text(
    """
    SELECT current_setting('server_version_num')::int / 10000 AS version, clock_timestamp() AS now,
        pg_is_in_recovery() AS copy, current_setting('fsync') AS fsync,
        current_setting('synchronous_commit') AS synchronous, current_setting('full_page_writes') AS pages,
        (SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()) AS encrypted,
        (inet_server_addr() IS NULL OR inet_server_addr() <<= '127.0.0.0/8' OR inet_server_addr() = '::1') AS local,
        current_setting('max_connections')::int AS most
    """
)
ROLE = text(
    """
    SELECT rolsuper AS super, rolcreaterole OR rolcreatedb OR rolbypassrls OR rolreplication AS much,
        array(SELECT datname::text FROM pg_database
              WHERE datname = ANY(:others) AND has_database_privilege(oid, 'CONNECT') ORDER BY 1) AS others
    FROM pg_roles WHERE rolname = current_user
    """
)


async def looked(service: str, settings: Settings, days: int) -> AsyncIterator[Finding]:
    area = f"database of {service}"
    url = settings.database_of(service)
    if url.startswith("sqlite"):
        file = Path(url.split("///", 1)[1])
        if (standing := _of_the_file(area, file)) is not None:
            yield standing
            return
    try:
        database = open_database(service, settings)
        if not database.is_sqlite:
            async for each in _on_the_way(area, settings, days):
                yield each
    except CertificateRefused:
        return  # said where files are looked at
    try:
        if not database.is_sqlite:
            async for each in _server(area, service, database):
                yield each
        async for each in _content(area, service, database):
            yield each
    except StoreAway as error:
        yield wrong(area, database_is_away(service, error), "Run this again when it is there.")
    finally:
        await database.close()


def _of_the_file(area: str, file: Path) -> Finding | None:
    """Looked at before it is opened, which would make it where it is not."""
    if not file.exists():
        return ok(area, "There is none yet; the first start makes it.")
    trouble = damage_in(file)
    return None if trouble is None else wrong(area, trouble, REPLACE_IT)


async def _on_the_way(area: str, settings: Settings, days: int) -> AsyncIterator[Finding]:
    """What the server's certificate says, where one is asked for."""
    context = database_options(settings).get("ssl")
    url = make_url(settings.database_url or "")
    if context is None or not url.host:
        return
    shown = await shown_by(url.host, url.port or 5432, context, postgres=True)
    if shown.trouble is not None:
        yield wrong(area, shown.trouble, "See that server, and HOMEWARD_DATABASE_URL and HOMEWARD_DATABASE_CA.")
    elif shown.ends is not None:
        yield certificate(area, "The certificate of its server", shown.ends, days)


async def _server(area: str, service: str, database: Database) -> AsyncIterator[Finding]:
    others = [name for name in SERVICES if name != service]
    async with database.reading() as session:
        await core(session, text("SELECT 1"))  # the way there is no part of the clocks' difference
        before = machine_now()
        server = (await core(session, SERVER)).one()
        after = machine_now()
        role = (await core(session, ROLE, {"others": others})).one()
    yield ok(area, f"PostgreSQL {server.version} answers.")
    for each in (*_of_the_server(area, server), *_of_the_role(area, role)):
        yield each
    yield _of_the_clocks(area, server.now, before, after)


def _of_the_server(area: str, server: Any) -> Iterator[Finding]:
    if server.version < OLDEST_SERVER:
        yield wrong(area, f"Homeward needs PostgreSQL {OLDEST_SERVER} or newer.", "Upgrade the server.")
    if server.copy:
        yield wrong(area, "That server only reads: it is a copy.", "Address the primary in HOMEWARD_DATABASE_URL.")
    if "off" in (server.fsync, server.pages, server.synchronous):
        yield wrong(
            area,
            "That server loses with the power what it said it kept.",
            "Set fsync, full_page_writes and synchronous_commit on there.",
        )
    if not server.encrypted and not server.local:
        yield warning(
            area, "What is said to that server goes over the network in the clear.", "Set HOMEWARD_DATABASE_CA."
        )


def _of_the_role(area: str, role: Any) -> Iterator[Finding]:
    again = "Make roles and databases as deploy/postgres/roles.sql does."
    if role.super:
        yield wrong(area, "The role may do everything on that server.", again)
        return
    if role.much:
        yield warning(area, "The role may make databases or roles, or pass over its rules.", again)
    if role.others:
        yield wrong(area, f"The role may open the database of {', '.join(role.others)}, too.", again)
    else:
        yield ok(area, "The role opens no database of another service.")


def _of_the_clocks(area: str, there: datetime, before: datetime, after: datetime) -> Finding:
    skew = (there - (before + (after - before) / 2)).total_seconds()
    # What the way there took may lie on either side.
    off = abs(skew) - (after - before).total_seconds() / 2
    if off < SKEW_WORTH_A_WARNING:
        return ok(area, "Its clock and this one agree.")
    return warning(area, f"Its clock and this one are {abs(skew):.0f} seconds apart.", "Let NTP set both.")


async def _content(area: str, service: str, database: Database) -> AsyncIterator[Finding]:
    here, wanted = await revisions_of(database), revisions_in(wiring_of(service).migrations)
    if is_behind(here, wanted) and database.is_sqlite:
        yield ok(area, "The next start brings its schema up to date.")
        return
    if is_behind(here, wanted):
        what = "The schema is behind this code." if here else "It has no schema yet."
        yield wrong(area, what, f"Run `homeward migrate {service}`.")
        return
    if here - wanted.known:
        yield warning(area, "A newer Homeward migrated it.", "Bring this one up to date, too.")
    else:
        yield ok(area, f"Its schema is current ({', '.join(sorted(here))}).")
    try:
        async with database.reading() as session:
            for each in await _waiting(area, service, session):
                yield each
    except DBAPIError as error:
        yield wrong(area, f"Its tables could not be read ({type(error.orig).__name__}).", "See who owns them.")


async def _waiting(area: str, service: str, session: Session) -> list[Finding]:
    depth, age = await outbox.waiting(session)
    parked = await parked_count(session)
    waits = f"{depth} facts wait to leave" + (f", the oldest for {age:.0f} seconds." if depth else ".")
    return [
        warning(area, waits, f"See whether `homeward work {service}` runs, and whether the log of events answers.")
        if depth and age > LATE
        else ok(area, waits),
        warning(area, f"{parked} facts are parked.", f"`homeward events parked` says why; `replay {service}` tries.")
        if parked
        else ok(area, "Nothing is parked."),
    ]
