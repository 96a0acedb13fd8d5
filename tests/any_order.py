"""A service under acts in any order: what the state machines of the services have in common."""

import asyncio
import tempfile
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from fastapi import FastAPI
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine

from tests.world import World, start

Given = TypeVar("Given")


class AnyOrder(RuleBasedStateMachine):
    """One running service for each example; every act comes a second after the one before. Whatever is sent is taken
    or refused with a problem that says what to do, and never answered with a failure."""

    def __init__(self, create_app: Callable[..., FastAPI]) -> None:
        super().__init__()
        self.loop = asyncio.Runner()
        self.stack = AsyncExitStack()
        folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory(prefix="homeward-any-order-")))
        self.world: World = self.run(self.stack.enter_async_context(start(create_app, folder)))

    def run(self, what: Coroutine[Any, Any, Given]) -> Given:
        return self.loop.run(what)

    def send(self, path: str, body: Any = None, *, method: str = "POST", **options: Any) -> tuple[int, Any]:
        """The status, and the answer read."""
        self.world.now += timedelta(seconds=1)
        answer = self.run(self.world.call(method, path, {} if body is None else body, **options))
        assert answer.status_code < 500, f"{path}: {answer.text}"
        shown = answer.json()
        if not answer.is_success:
            assert shown["remedy"], f"{path}: a refusal that does not say what to do"
        return answer.status_code, shown

    def taken(self, path: str, body: Any = None, **options: Any) -> Any:
        """The answer where it was taken, else None."""
        status, shown = self.send(path, body, **options)
        return shown if status < 300 else None

    def teardown(self) -> None:
        self.run(self.stack.aclose())
        self.loop.close()


def few(examples: int, steps: int) -> settings:
    """As many examples and steps as a test that starts a service for each can afford."""
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        suppress_health_check=checks,
    )
