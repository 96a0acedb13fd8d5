"""What a process holds at rest, and what it leaves alone."""

import gc
import importlib
import subprocess
import sys
from collections.abc import Iterator

import pytest

from shared.settling import settle

NOT_USED = {"rich", "pygments", "attr", "pydantic.v1.main", "alembic", "httpx"}


@pytest.fixture
def thawed_again() -> Iterator[None]:
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("thawed_again")
def test_what_the_start_made_is_not_looked_through_again() -> None:
    stays = [[each] for each in range(1000)]
    settle()
    assert gc.get_freeze_count() > len(stays)


@pytest.mark.usefixtures("thawed_again")
def test_a_list_of_a_desk_is_not_interrupted_by_a_look_through_everything() -> None:
    importlib.import_module("services")
    settle()
    before = gc.get_stats()[2]["collections"]
    for _ in range(5):  # what so many rows become on their way to bytes
        pages = [{"id": row, "members": [{"age": age} for age in range(3)]} for row in range(20_000)]
        assert pages
    assert gc.get_stats()[2]["collections"] == before


@pytest.mark.parametrize("service", ["registration", "travel"])
def test_an_api_loads_nothing_that_it_does_not_use(service: str) -> None:
    asked = f"import sys, services.cli, services.{service}.app; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout.split()
    assert "structlog" in loaded
    assert NOT_USED.isdisjoint(loaded)


def test_whoever_uses_rich_can_still_load_it() -> None:
    asked = "import shared, rich; print(rich.__name__)"
    assert subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout == "rich\n"
