"""One set of running services for all journeys of a process: every family in it is another one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journey.hosting import Hosted, hosted


@pytest.fixture(scope="package")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosted]:
    folder: Path = tmp_path_factory.mktemp("services")
    with hosted(folder) as running:
        yield running
