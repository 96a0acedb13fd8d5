"""What the benchmarks of requests run on: a PostgreSQL of their own, requests as ready bytes, and turns of each."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import orjson
import uvloop

from shared.auth import Keys, Role, issue_token
from shared.clock import machine_now
from shared.settings import SERVICES
from tests.benchmarks.firing import Make, Volley, fire
from tests.benchmarks.serving import Served
from tests.servers import session
from tests.servers.databases import Databases
from tests.servers.postgres import ROLES, Postgres

Row = dict[str, Any]
"""One line of the table: what, beside, ours, reference, ratio, bar, kept, unit; and milliseconds of each."""

ROUNDS, SECONDS, CONNECTIONS = 5, 4.0, 8


@dataclass(frozen=True, slots=True)
class Field:
    """A PostgreSQL that keeps what it says it kept, and a folder with the development keys."""

    databases: Databases
    folder: Path

    def token(self, role: Role = Role.REGISTRATION_OFFICER) -> str:
        return issue_token(Keys.development(self.folder / "keys"), "desk", [role], 36_000, machine_now())


@contextmanager
def field_of_its_own() -> Iterator[Field]:
    """Starts the server, and ends it. Raises `ServerMissing`."""
    opened = session.open_session()
    try:
        postgres = Postgres(session.own_folder("postgres"), safe=True)
        postgres.make()
        postgres.start()
        postgres.run_script(ROLES, {f"{role.upper()}_PASSWORD": role for role in SERVICES})
        with TemporaryDirectory(prefix="homeward-bench-") as folder:
            Keys.development(Path(folder) / "keys")
            try:
                yield Field(Databases(postgres), Path(folder))
            finally:
                postgres.stop()
    finally:
        session.close_session(opened)


def a_case(*, documents: bool) -> dict[str, Any]:
    """Three people: a couple and their child."""
    paper = {"kind": "passport", "issuing_country": "IRQ", "valid_from": "2019-03-01", "valid_until": "2029-02-28"}

    def person(ref: str, relation: str, given: str, born: str, sex: str, **more: Any) -> dict[str, Any]:
        papers = [{**paper, "number": f"A1583024{ref[0]}"}] if documents else []
        about = {"nationality": "IRQ", "languages": ["ckb", "ar"], "documents": papers}
        name = {"given_name": given, "family_name": "Barzinjî"}
        return {"ref": ref, "relation": relation, **name, "birth_date": born, "sex": sex, **about, **more}

    return {
        "channel": "outreach_visit",
        "host_country": "BLR",
        "destination": {"country": "IRQ", "area": "IQ-AR"},
        "arrived_in_host_country": "2021-10-20",
        "means": "none",
        "contact": {"phone": "+375 29 555 01 77", "email": None, "address": "Bruzgi, hall 2, row 14"},
        "members": [
            person("father", "principal_applicant", "Hêmin", "1984-02-29", "male"),
            person("mother", "spouse", "شیلان", "1988-07-04", "female"),
            person("daughter", "child", "Tavge", "2015-05-17", "female", responsible=["father", "mother"]),
        ],
    }


def post(path: str, token: str, body: Any) -> Make:
    """The same request each time, with a key of its own."""
    sent = orjson.dumps(body)
    head = (
        f"POST {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(sent)}\r\nIdempotency-Key: "
    ).encode()
    return lambda: b"%b%b\r\n\r\n%b" % (head, str(uuid4()).encode(), sent)


def get(path: str, token: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n\r\n".encode()


@dataclass(slots=True)
class Shots:
    """Medians over the rounds: requests/s, milliseconds, and the API's own processor time for a request."""

    rate: float
    p50: float
    p99: float
    cpu: float


def in_turns(
    servers: Sequence[Served], make: Make, expect: int, *, rounds: int = ROUNDS, seconds: float = SECONDS
) -> list[Shots]:
    """Each of the servers under the same load, one after the other, `rounds` times, after a turn that only warms."""
    found: list[list[tuple[Volley, float]]] = [[] for _ in servers]
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        for turn in range(rounds + 1):
            for place, server in enumerate(servers):
                before = server.spent()
                shooting = fire(server.port, make, seconds, connections=CONNECTIONS, expect=expect)
                volley = runner.run(shooting)
                if turn:
                    found[place].append((volley, (server.spent() - before) * 1_000 / len(volley.waits)))
    return [
        Shots(
            median(volley.rate for volley, _ in each),
            median(volley.p50 for volley, _ in each),
            median(volley.p99 for volley, _ in each),
            median(cpu for _, cpu in each),
        )
        for each in found
    ]


def row(what: str, beside: str, ours: Shots, reference: Shots, bar: float) -> Row:
    ratio = ours.rate / reference.rate
    return {
        "what": what,
        "beside": beside,
        "ours": round(ours.rate),
        "reference": round(reference.rate),
        "ratio": round(ratio, 2),
        "bar": bar,
        "kept": ratio >= bar,
        "unit": "requests/s",
        "ours_ms": _milliseconds(ours),
        "reference_ms": _milliseconds(reference),
    }


def _milliseconds(shots: Shots) -> dict[str, float]:
    return {"p50": round(shots.p50, 2), "p99": round(shots.p99, 2), "cpu": round(shots.cpu, 3)}
