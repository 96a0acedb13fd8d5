"""A service under acts in any order: what the state machines of the services have in common."""

import asyncio
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from fastapi import FastAPI
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Rule, RuleBasedStateMachine, run_state_machine_as_test
from starlette.routing import Match

from tests.any_order_routes import SENT
from tests.world import World, start

Given = TypeVar("Given")
AT_RANDOM = os.environ.get("ANY_ORDER_SEED")
"""Set by `make any-order`: other examples than in each run of the tests, and as many as `ANY_ORDER_EXAMPLES` says."""
MANY = 300
"""Of so many examples, each act that a machine can draw was drawn by some."""


class AnyOrder(RuleBasedStateMachine):
    """One running service for each example; every act comes a second after the one before. Whatever is sent is taken
    or refused with a problem that says what to do, and never answered with a failure."""

    acted: ClassVar[Counter[str]]
    """How often each rule was taken, over all examples of a run."""
    sent: ClassVar[Counter[str]]
    """To which route how much was sent."""
    took: ClassVar[Counter[str]]
    """And how much of it was taken, and not refused."""
    _rules_strategy: Any

    def __init__(self, create_app: Callable[..., FastAPI]) -> None:
        super().__init__()
        self.loop = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.ahead: list[str] = []
        # Left to itself, hypothesis switches rules off at random for a whole example: of a few examples, most are
        # then the same act again and again.
        self._rules_strategy = next_rule(self)
        folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory(prefix="homeward-any-order-")))
        self.world: World = self.run(self.stack.enter_async_context(start(create_app, folder)))

    def run(self, what: Coroutine[Any, Any, Given]) -> Given:
        return self.loop.run(what)

    def send(self, path: str, body: Any = None, *, method: str = "POST", **options: Any) -> tuple[int, Any]:
        """The status, and the answer read."""
        self.world.now += timedelta(seconds=1)
        answer = self.run(self.world.call(method, path, {} if body is None else body, **options))
        assert answer.status_code < 500, f"{path}: {answer.text}"
        route = f"{method} {self.route(method, path)}"
        self.sent[route] += 1
        self.took[route] += answer.is_success
        shown = answer.json()
        if not answer.is_success:
            assert shown["remedy"], f"{path}: a refusal that does not say what to do"
        return answer.status_code, shown

    def route(self, method: str, path: str) -> str:
        """Of the service: all that is sent where it has none is refused, and shows nothing."""
        asked = {"type": "http", "method": method, "path": path.partition("?")[0], "root_path": "", "headers": []}
        found = [route for route in self.world.app.routes if route.matches(asked)[0] is Match.FULL]
        assert found, f"{method} {path} is no route"
        return str(getattr(found[0], "path", ""))

    def taken(self, path: str, body: Any = None, **options: Any) -> Any:
        """The answer where it was taken, else None."""
        status, shown = self.send(path, body, **options)
        return shown if status < 300 else None

    def teardown(self) -> None:
        self.run(self.stack.aclose())
        self.loop.close()


def rules_of(machine: type[RuleBasedStateMachine]) -> dict[str, Rule]:
    """Its rules by their names, in the order in which they are written, those of a base first."""
    known = {rule.function.__name__: rule for rule in machine.setup_state().rules}
    written = [name for each in reversed(machine.__mro__) for name in vars(each) if name in known]
    return {name: known[name] for name in written}


@st.composite
def next_rule(draw: st.DrawFn, machine: AnyOrder) -> tuple[Rule, dict[str, Any]]:
    """Every other time one that was not taken yet in this round, so that each has its turn; else any."""
    rules = rules_of(type(machine))
    machine.ahead = machine.ahead or list(rules)
    name = draw(st.sampled_from(list(rules) if draw(st.booleans()) else machine.ahead))
    if name in machine.ahead:
        machine.ahead.remove(name)
    type(machine).acted[name] += 1
    return rules[name], draw(st.fixed_dictionaries(rules[name].arguments))


def in_any_order(machine: type[AnyOrder], examples: int, steps: int) -> None:
    """Runs it: no rule of it may be left out of all its examples. Nothing is drawn in the first of them, which takes
    each rule in its turn: so `steps` are to be one more than there are rules, at least."""
    machine.acted, machine.sent, machine.took = Counter(), Counter(), Counter()
    if AT_RANDOM:
        setattr(machine, "_hypothesis_internal_use_seed", int(AT_RANDOM))  # noqa: B010 - what `@seed` sets on a test
        examples = int(os.environ["ANY_ORDER_EXAMPLES"])
    run_state_machine_as_test(machine, settings=few(examples, steps))
    never = [name for name in rules_of(machine) if not machine.acted[name]]
    assert never == [], f"rules that no example took: {never}"
    writes = {route for route in machine.sent if not route.startswith("GET ")}
    known = set(SENT[f"{machine.__module__.split('.')[1]} {machine.__name__}"])
    assert writes - known == set(), "sent, and not in the list of `any_order_routes.py`"
    if AT_RANDOM:
        refused = sorted(route for route in known if not machine.took[route])
        print(f"{machine.__name__}: {examples} examples, seed {AT_RANDOM}; always refused: {refused}")
        assert examples < MANY or known - writes == set(), "in the list of `any_order_routes.py`, and not sent"


def few(examples: int, steps: int) -> settings:
    """As many examples and steps as a test that starts a service for each can afford; the same ones in each run, so
    that who changes something else does not meet them as a failure of their own."""
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        derandomize=not AT_RANDOM,
        suppress_health_check=checks,
    )
