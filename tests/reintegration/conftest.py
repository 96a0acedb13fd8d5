"""A running reintegration service for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from services.reintegration.app import create_app
from tests.world import World, start


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with start(create_app, tmp_path) as running:
        yield running
