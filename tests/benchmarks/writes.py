"""How fast a case is registered over HTTP on PostgreSQL, beside what one would write by hand."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from services.registration.app import create_app
from tests.benchmarks.http_parts import ROUNDS, SECONDS, Field, Row, a_case, field_of_its_own, in_turns, post, row
from tests.benchmarks.serving import Served, served

OF_BY_HAND, OF_THE_TEMPLATE = 0.8, 3.0
BY_HAND = "hand-written asyncpg in a bare FastAPI route, the same rows"
TEMPLATE = "synchronous SQLModel in the usual template style, the same rows"


@contextmanager
def server(field: Field, name: str) -> Iterator[Served]:
    """One of the three, on a database of its own."""
    opening = field.databases.of(create_app)
    with asyncio.Runner() as runner:
        url = runner.run(opening.__aenter__())
        try:
            with served(name, url, field.folder) as each:
                yield each
        finally:
            runner.run(opening.__aexit__(None, None, None))


def measured(field: Field, rounds: int, seconds: float) -> list[Row]:
    names = ["homeward", "by_hand", "by_template"]
    rows = []
    with ExitStack() as stack:
        servers = [stack.enter_context(server(field, name)) for name in names]
        for documents in (False, True):
            make = post("/cases", field.token(), a_case(documents=documents))
            shots = in_turns(servers, make, 201, rounds=rounds, seconds=seconds)
            what = f"register a case of three, {'a document each' if documents else 'no documents'}"
            rows.append(row(what, BY_HAND, shots[0], shots[1], OF_BY_HAND))
            rows.append(row(what, TEMPLATE, shots[0], shots[2], OF_THE_TEMPLATE))
    return rows


def run(rounds: int = ROUNDS, seconds: float = SECONDS) -> list[Row]:
    with field_of_its_own() as field:
        return measured(field, rounds, seconds)


if __name__ == "__main__":
    for line in run():
        print(line)
