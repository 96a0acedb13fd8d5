"""One crowd for all the races of a process."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvloop

from tests.races.crowd import OnBoard, bring_on_board


@pytest.fixture(scope="session")
def on_board() -> Iterator[OnBoard]:
    with tempfile.TemporaryDirectory(prefix="homeward-races-") as name:
        yield OnBoard(Path(name), uvloop.run(bring_on_board(Path(name))))
