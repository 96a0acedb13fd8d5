"""Faults put in on purpose, so that tests can show that nothing is lost, and nothing done by half, when they happen."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from sqlalchemy import event

from shared.events import Envelope, Event
from shared.web import HomewardRoute
from shared.wiring import Wiring
from tests.world import World, contents

__all__ = ["CommitFailed", "Tried", "contents", "fail_next_commit", "failed_once", "writes_of"]


class CommitFailed(Exception):
    """Raised where a commit would have been."""


@contextmanager
def fail_next_commit(world: World, error: Exception | None = None) -> Iterator[None]:
    """The service's next write fails at its commit, after all it changed and told; reads and later writes go on.

    `error` is raised in place of `CommitFailed`. Raises AssertionError when nothing was about to be committed.
    """
    engine = world.runtime.database._writer.sync_engine
    waiting = [error or CommitFailed()]

    def fail(connection: Any) -> None:
        if waiting and not connection.get_execution_options().get("postgresql_readonly"):
            raise waiting.pop()

    event.listen(engine, "commit", fail)
    try:
        yield
    finally:
        event.remove(engine, "commit", fail)
    assert not waiting, "nothing came to its commit"


async def failed_once(world: World, method: str, path: str, body: Any = None, **options: Any) -> httpx.Response:
    """Sends a request whose commit fails, checks that it left nothing, and gives the answer to its repeat.

    Takes the options of `World.call`; a POST is repeated with the same key.
    """
    if method == "POST":
        options.setdefault("key", f"failed-once-{path}"[:100].replace('"', ""))
    before = await contents(world)
    with fail_next_commit(world):
        answer = await world.call(method, path, body, **options)
    assert answer.status_code == 500, f"{path}: {answer.status_code} {answer.text}"
    assert await contents(world) == before, f"{path}: a write that failed at its commit left something"
    return await world.call(method, path, body, **options)


def writes_of(wiring: Wiring) -> dict[str, HomewardRoute]:
    """The service's own routes that are not GET, by the names of their actions; but for searches and look-ups, which
    change nothing and whose answers are not kept."""
    routes = [route for router in wiring.routers for route in router.routes if isinstance(route, HomewardRoute)]
    return {route.name: route for route in routes if route.methods != {"GET"} and not route.outside}


@dataclass
class Tried:
    """A story told by writes, each of which fails once between its change and its commit, and is then repeated."""

    world: World
    names: list[str] = field(default_factory=list)

    async def once(self, name: str, body: Any = None, *tells: type[Event], **more: Any) -> Any:
        """Does the action that has this name, and gives its answer.

        `more` holds what the route's path needs, and `role`, `subject` and `etag`. Asserts that the failed commit left
        nothing, that the repeat (with the same key) succeeds and tells exactly `tells` in this order, and that a POST
        sent once more gives the same answer, changes nothing and tells nothing; and that its Location, if it names
        one, is a place.
        """
        route = writes_of(self.world.runtime.wiring)[name]
        who = {each: more.pop(each) for each in ("role", "subject", "etag") if each in more}
        method, path = min(route.methods or ()), route.path_format.format(**more)
        key = f"tried-{len(self.names):04}" if method == "POST" else None
        self.names.append(name)
        sent = {} if body is None else body
        told = await self.world.told()
        answer = await failed_once(self.world, method, path, sent, key=key, **who)
        assert answer.is_success, f"{name}: {answer.status_code} {answer.text}"
        after: list[Envelope] = await self.world.told()
        new = [each.type for each in after[len(told) :]]
        assert new == [kind.type for kind in tells], f"{name} told {new}"
        assert len({each.id for each in after}) == len(after), f"{name}: a fact was told twice"
        if method == "POST":
            before = await contents(self.world)
            again = await self.world.call(method, path, sent, key=key, **who)
            assert (again.status_code, again.content) == (answer.status_code, answer.content), name
            assert await contents(self.world) == before, f"{name}: a repeat changed something"
        place = answer.headers.get("location")
        if place:
            found = await self.world.call("GET", place, role=who.get("role", ()), subject=who.get("subject"))
            assert found.status_code not in (404, 405), f"{name}: nothing is at its Location {place}"
        return answer.json()

    def all_of_them(self) -> None:
        """Asserts that every write of the service was tried."""
        assert set(self.names) == set(writes_of(self.world.runtime.wiring))
