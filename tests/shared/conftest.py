"""What tests of the floor start from."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.shared import toy
from tests.world import World


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """The toy service, migrated, without workers."""
    async with toy.playing(tmp_path) as started:
        yield started
    toy.POISON.clear()
