"""How fast a case is read, and fifty listed, over HTTP on PostgreSQL, beside what one would write by hand."""

import asyncio
from contextlib import ExitStack
from functools import partial
from urllib.request import Request, urlopen

import orjson

from services.registration.app import create_app
from tests.benchmarks.firing import fire
from tests.benchmarks.http_parts import ROUNDS, SECONDS, Field, Row, a_case, field_of_its_own, get, in_turns, post, row
from tests.benchmarks.serving import Served, served

OF_BY_HAND = 0.85
BY_HAND = "hand-written asyncpg in a bare FastAPI route, the same JSON"


def asked(server: Served, path: str, token: str) -> dict[str, object]:
    request = Request(f"http://127.0.0.1:{server.port}{path}", headers={"Authorization": f"Bearer {token}"})
    with urlopen(request) as answer:  # noqa: S310 - an address of our own
        found: dict[str, object] = orjson.loads(answer.read())
        return found


def measured(field: Field, rounds: int, seconds: float) -> list[Row]:
    token = field.token()
    opening = field.databases.of(create_app)
    rows = []
    with asyncio.Runner() as runner, ExitStack() as stack:
        url = runner.run(opening.__aenter__())
        stack.callback(lambda: runner.run(opening.__aexit__(None, None, None)))
        servers = [stack.enter_context(served(name, url, field.folder)) for name in ("homeward", "by_hand")]
        runner.run(fire(servers[0].port, post("/cases", token, a_case(documents=True)), 2, expect=201))
        listed = asked(servers[0], "/cases?limit=50", token)
        first = f"/cases/{listed['items'][0]['id']}"  # type: ignore[index]  # a list of objects, by the route's answer
        for what, path in (("read a case of three, a document each", first), ("list 50 cases", "/cases?limit=50")):
            answers = [asked(each, path, token) for each in servers]
            for answer in answers:
                answer.pop("next", None)
            assert answers[0] == answers[1], f"{path} does not answer the same JSON"
            shots = in_turns(servers, partial(bytes, get(path, token)), 200, rounds=rounds, seconds=seconds)
            rows.append(row(what, BY_HAND, shots[0], shots[1], OF_BY_HAND))
    return rows


def run(rounds: int = ROUNDS, seconds: float = SECONDS) -> list[Row]:
    with field_of_its_own() as field:
        return measured(field, rounds, seconds)


if __name__ == "__main__":
    for line in run():
        print(line)
