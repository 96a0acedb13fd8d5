"""Which schema a database has, and which one this code was written for: told without loading Alembic."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.database import Database, StoreAway, core

_REVISION = re.compile(r"^revision(?:: \w+)? = [\"'](\w+)[\"']", re.MULTILINE)
_BEFORE = re.compile(r"^down_revision(?:: [^=]+)? = (.+)$", re.MULTILINE)
NO_SUCH_TABLE = "42P01"
_CURRENT = text("SELECT version_num FROM alembic_version")


@dataclass(frozen=True, slots=True)
class Revisions:
    """What a folder of migrations holds: all of them, and those that no other follows."""

    known: frozenset[str]
    heads: frozenset[str]


@cache
def revisions_in(migrations: Path) -> Revisions:
    """The revisions of a service's migrations folder, as their files say it."""
    known, followed = set(), set()
    for file in sorted((migrations / "versions").glob("*.py")):
        source = file.read_text(encoding="utf-8")
        known.update(_REVISION.findall(source))
        for before in _BEFORE.findall(source):
            followed.update(re.findall(r"[\"'](\w+)[\"']", before))
    return Revisions(frozenset(known), frozenset(known - followed))


async def revisions_of(database: Database) -> frozenset[str]:
    """The revisions a database stands at; none before its first migration. Raises `StoreAway`."""
    try:
        async with database.reading() as session:
            return frozenset(row[0] for row in (await core(session, _CURRENT)).all())
    except DBAPIError as error:
        if "alembic_version" in str(error.orig):  # there is no such table, in either database's words
            return frozenset()
        raise


async def revisions_asked_apart(database: Database) -> frozenset[str]:
    """The same on a connection that is made for it, of PostgreSQL alone: for when all of the pool's are in use."""
    async with database.apart() as driver:
        try:
            return frozenset(row[0] for row in await driver.fetch(_CURRENT.text))
        except Exception as error:
            if getattr(error, "sqlstate", None) == NO_SUCH_TABLE:
                return frozenset()
            raise StoreAway(type(error).__name__) from error


def is_behind(here: frozenset[str], wanted: Revisions) -> bool:
    """Whether it lacks something this code needs. A revision that this code does not know is a later one: schema comes
    before code, and so code of the day before goes on."""
    return bool(wanted.heads - here) and here <= wanted.known
