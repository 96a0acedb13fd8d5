"""A process of its own that sends what some of the races send, over the network, again where no answer came.

It is told its task in a folder, and leaves there what it was answered: `task.json` and `answers.json`.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from random import Random
from time import monotonic
from typing import Any
from uuid import UUID, uuid4

import httpx
import uvloop

from shared.auth import Keys, Role, issue_token
from shared.clock import machine_now, rfc3339
from tests.races.books_on_servers import Servers
from tests.races.course import run_beside
from tests.races.household import SHAPES, Household
from tests.races.race import Answer, Kind, Move, Race, planned

TASK, ANSWERS = "task.json", "answers.json"
TOKEN_SECONDS = 3_600
PATIENCE = 60.0


@dataclass(frozen=True)
class Task:
    """`families`: number of the race and household, as `written` gives it. `addresses` of all APIs, by service."""

    seed: int
    at_once: int
    families: list[tuple[int, dict[str, Any]]]
    addresses: dict[str, list[str]]
    databases: dict[str, str]
    keys: str


@dataclass
class Door:
    """One service, at any of its addresses. Who gets no answer asks again, with the same key."""

    urls: Sequence[str]
    client: httpx.AsyncClient
    keys: Keys
    random: Random
    again: int = 0
    tokens: dict[Role, str] = field(default_factory=dict)

    async def call(self, method: str, path: str, body: Any, *, role: Role, now: datetime) -> httpx.Response:
        if role not in self.tokens:
            self.tokens[role] = issue_token(self.keys, str(role), [role], TOKEN_SECONDS, machine_now())
        headers = {
            "Authorization": f"Bearer {self.tokens[role]}",
            "Business-Time": rfc3339(now),
            "Idempotency-Key": str(uuid4()),
        }
        deadline = monotonic() + PATIENCE
        while True:
            try:
                url = self.random.choice(self.urls)
                answer = await self.client.request(method, url + path, json=body, headers=headers)
            except (httpx.TransportError, AttributeError):  # uvloop's for a line that breaks as it is made
                if monotonic() > deadline:
                    raise
            else:
                if answer.status_code < 500 or monotonic() > deadline:
                    return answer
            self.again += 1
            await asyncio.sleep(0.05)


@dataclass
class Doors:
    registration: Door
    travel: Door


def written(family: Household) -> dict[str, Any]:
    people = {label: str(one) for label, one in family.people.items()}
    return {"shape": family.shape.name, "case": str(family.case), "flight": str(family.flight), "people": people}


def read(told: Mapping[str, Any]) -> Household:
    shape = next(shape for shape in SHAPES if shape.name == told["shape"])
    people = {label: UUID(one) for label, one in told["people"].items()}
    return Household(shape, UUID(told["case"]), UUID(told["flight"]), people)


def run(folder: Path) -> None:
    """Does the task in the folder."""
    uvloop.run(_run(folder, Task(**json.loads((folder / TASK).read_text()))))


async def _run(folder: Path, task: Task) -> None:
    races = [planned(number, read(told), task.seed) for number, told in task.families]
    keys, random = Keys.development(Path(task.keys)), Random(task.seed)
    limits = httpx.Limits(max_connections=100, max_keepalive_connections=100)
    faults: list[str] = []
    async with (
        httpx.AsyncClient(timeout=20, trust_env=False, limits=limits) as client,
        Servers(task.databases) as books,
    ):
        doors = Doors(*(Door(task.addresses[name], client, keys, random) for name in ("registration", "travel")))
        for first in range(0, len(races), task.at_once):
            faults += await run_beside(races[first : first + task.at_once], doors, books)
    answers = [[_told(answer) for answer in race.answers] for race in races]
    again = {"registration": doors.registration.again, "travel": doors.travel.again}
    (folder / ANSWERS).write_text(json.dumps({"answers": answers, "faults": faults, "again": again}))


def _told(answer: Answer) -> dict[str, Any]:
    move = asdict(answer.move)
    return {**move, "who": move["who"] and str(move["who"]), "status": answer.status, "body": answer.body}


def answer_of(told: Mapping[str, Any]) -> Answer:
    who = None if told["who"] is None else UUID(told["who"])
    move = Move(Kind(told["kind"]), who, told["delay"], told["word"], told["once_closed"])
    return Answer(move, told["status"], told["body"])


def with_answers(race: Race, told: Sequence[Mapping[str, Any]]) -> Race:
    race.answers.extend(map(answer_of, told))
    return race
