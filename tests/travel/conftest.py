"""A running travel service for each test, with a stand-in for registration that the test can send away."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from services.travel.app import create_app
from tests.travel.registration import Registration
from tests.world import World, start


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with start(create_app, tmp_path) as running:
        yield running


@pytest.fixture
def registration(world: World) -> Registration:
    return Registration.beside(world)
