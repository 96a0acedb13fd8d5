"""The stack itself: its parts are processes that come, go and come back."""

import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from shared.settings import SERVICES
from tests.servers.kafka import Kafka
from tests.servers.postgres import Postgres
from tests.stack import stack
from tests.stack.parts import Part

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]


def test_a_part_that_was_killed_is_back_at_its_address(tmp_path: Path, postgres: Postgres, kafka: Kafka) -> None:
    with stack(tmp_path, postgres, kafka) as running:
        assert len(running.parts) == 2 * len(SERVICES)
        part = running.parts["registration-api-0"]
        headers = {"Authorization": f"Bearer {running.token('administrator')}"}
        before = part.pid
        part.kill()
        assert not part.alive()
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{part.url}/operations/outbox", headers=headers, trust_env=False)
        part.start()
        running.until_ready()
        assert part.pid != before
        answer = httpx.get(f"{running.addresses['registration'][0]}/operations/outbox", headers=headers)
        assert answer.json() == {"waiting": 0, "oldest": None}
        with ThreadPoolExecutor() as at_once:
            assert set(at_once.map(Part.stop, running.parts.values())) <= {0, -signal.SIGTERM}
