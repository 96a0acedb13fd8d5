"""Which kind of database the tests of a service run on: `pytest --stores sqlite|postgresql|both`.

A test that has a `world` is run once for each kind that was asked for.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI

from tests.servers.databases import Databases, Fill

KINDS = ("sqlite", "postgresql")
_chosen: list[Databases] = []


def choose(databases: Databases | None) -> None:
    """From here on worlds stand on these databases, or, where None, on files."""
    _chosen[:] = [] if databases is None else [databases]


@asynccontextmanager
async def store_of(create_app: Callable[..., FastAPI]) -> AsyncIterator[dict[str, str]]:
    """Settings that give a service a migrated database of its own; none, where it stands on a file."""
    if not _chosen:
        yield {}
        return
    async with _chosen[0].of(create_app) as url:
        yield {"database_url": url}


@asynccontextmanager
async def store_filled(name: str, service: str, fill: Fill) -> AsyncIterator[dict[str, str]]:
    """The same for what is no service, and is filled by `fill`."""
    if not _chosen:
        yield {}
        return
    async with _chosen[0].clone(name, service, fill) as url:
        yield {"database_url": url}
