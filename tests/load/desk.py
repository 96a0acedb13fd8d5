"""Whoever works for the load: writes with a key and a journal, reads, and waits for what another service tells."""

import asyncio
import itertools
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from time import monotonic
from typing import Any

import orjson

from shared.clock import rfc3339
from tests.load.client import Answer, Client, NoAnswer
from tests.load.journal import Journal

UNDECIDED = {500, 502, 503, 504}
"""Answers after which the same request is sent again with its key: it takes effect once, or has."""
NOT_LET_IN = {401}
"""A clock that jumped takes a token for expired. It was not looked at, and is sent again."""
NAP, LONGEST_NAP = 0.03, 1.0


class Refused(Exception):
    """A write was answered with a no. `problem` is its kind."""

    def __init__(self, step: str, status: int, problem: str, document: Any) -> None:
        super().__init__(f"{step}: {status} {problem} {str(document)[:300]}")
        self.step = step
        self.status = status
        self.problem = problem
        self.document = document


class GaveUp(Exception):
    """Nothing certain came within the patience; the message names the step."""


@dataclass
class Tally:
    """What the load did. `beside`: what of the operation was played beside the journeys. Latencies in seconds, from the
    first attempt of a write to its last answer."""

    started: int = 0
    arrived: int = 0
    ended: Counter[str] = field(default_factory=Counter)
    beside: Counter[str] = field(default_factory=Counter)
    surprises: Counter[str] = field(default_factory=Counter)
    writes: int = 0
    reads: int = 0
    repeats: int = 0
    held_back: int = 0
    latencies: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    waits: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    journeys: list[float] = field(default_factory=list)
    began_for: float = 0.0
    lasted: float = 0.0
    cpu: float = 0.0

    def percentile(self, share: float, step: str | None = None) -> float:
        """Of the latencies of a step's writes, or of all writes; seconds."""
        chosen = self.latencies.values() if step is None else [self.latencies[step]]
        return percentile([each for of in chosen for each in of], share)

    def summary(self) -> dict[str, Any]:
        """Figures for a person or a benchmark: milliseconds, counts and rates."""
        asked = self.writes + self.reads
        return {
            "journeys begun": self.started,
            "journeys a second": round(self.started / self.began_for, 2) if self.began_for else 0.0,
            "ended": dict(self.ended),
            "beside the journeys": dict(self.beside),
            "writes": self.writes,
            "writes a second": round(self.writes / self.lasted, 1) if self.lasted else 0.0,
            "writes a journey": round(self.writes / max(self.started, 1), 1),
            "reads": self.reads,
            "repeats": self.repeats,
            "held back": self.held_back,
            "write p50 ms": round(self.percentile(0.5) * 1000, 1),
            "write p99 ms": round(self.percentile(0.99) * 1000, 1),
            "journey p50 s": round(percentile(self.journeys, 0.5), 2),
            "waits p50/p99 ms": {
                step: [round(percentile(found, share) * 1000) for share in (0.5, 0.99)]
                for step, found in self.waits.items()
            },
            "client ms CPU a request": round(self.cpu / max(asked, 1) * 1000, 3),
            "seconds": round(self.lasted, 1),
            "surprises": dict(self.surprises.most_common(10)),
        }


def percentile(found: Sequence[float], share: float) -> float:
    """0.0 where there is nothing."""
    ordered = sorted(found)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0


@dataclass
class Desk:
    """`addresses`: by service, the addresses of its APIs, taken in turns; the next when one gives no answer.
    `token(role)`: a bearer token and the client it names."""

    addresses: Mapping[str, Sequence[str]]
    token: Callable[[str], tuple[str, str]]
    journal: Journal
    tally: Tally
    random: Random
    client: Client = field(default_factory=Client)
    patience: float = 120.0

    def __post_init__(self) -> None:
        self._turns = {service: itertools.cycle(urls) for service, urls in self.addresses.items()}

    async def do(
        self,
        step: str,
        service: str,
        path: str,
        body: Any = None,
        *,
        role: str,
        at: datetime,
        key: str,
        method: str = "POST",
        etag: str | None = None,
    ) -> Any:
        """One write, sent again with the same key until its answer is certain. Raises `Refused` and `GaveUp`."""
        token, client = self.token(role)
        sent = orjson.dumps({} if body is None else body)
        headers = {"Authorization": f"Bearer {token}", "Business-Time": rfc3339(at), "Idempotency-Key": key}
        if etag is not None:
            headers["If-Match"] = etag
        number = self.journal.intends(client, method, service, path, key, sent)
        begun = monotonic()
        last, attempts, lost = Answer(0, b""), 0, 0
        pause = NAP
        while True:
            attempts += 1
            try:
                last = await self.client.send(method, next(self._turns[service]) + path, headers, sent)
                if last.status not in UNDECIDED and last.status not in NOT_LET_IN:
                    break
                lost += last.status in UNDECIDED
            except NoAnswer:
                last = Answer(0, b"")
                lost += 1
            if monotonic() - begun > self.patience:
                break
            await self._nap(pause)
            pause = min(pause * 2, LONGEST_NAP)
        document = _document(last)
        self.journal.ended(number, last.status, attempts, lost, last.body, document)
        self.tally.writes += 1
        self.tally.repeats += attempts - 1
        if 200 <= last.status < 300:
            self.tally.latencies[step].append(monotonic() - begun)
            return document
        if last.status in UNDECIDED or last.status in NOT_LET_IN or last.status == 0:
            raise GaveUp(f"{step}: {last.status or 'no answer'} after {attempts} attempts")
        problem = str(document.get("type", "")).rsplit("/", 1)[-1] if isinstance(document, dict) else ""
        raise Refused(step, last.status, problem, document)

    async def look(self, service: str, path: str, *, role: str, at: datetime) -> Any:
        """Reads something; None where it is not there, or nothing answers. Raises `Refused`."""
        answer = await self._read(service, path, role, at)
        return None if answer is None else answer.json()

    async def version(self, service: str, path: str, *, role: str, at: datetime) -> str:
        """The ETag of something that is there. Raises `Refused`, `GaveUp`."""
        begun = monotonic()
        while (answer := await self._read(service, path, role, at)) is None:
            if monotonic() - begun > self.patience:
                raise GaveUp(f"the version of {service}{path} was never read")
            await self._nap(LONGEST_NAP)
        return answer.etag

    async def _read(self, service: str, path: str, role: str, at: datetime) -> Answer | None:
        headers = {"Authorization": f"Bearer {self.token(role)[0]}", "Business-Time": rfc3339(at)}
        self.tally.reads += 1
        try:
            answer = await self.client.send("GET", next(self._turns[service]) + path, headers)
        except NoAnswer:
            return None
        if answer.status == 200:
            return answer
        if answer.status == 404 or answer.status in UNDECIDED or answer.status in NOT_LET_IN:
            return None
        raise Refused(f"reading {service}{path}", answer.status, "", _document(answer))

    async def until(
        self, step: str, service: str, path: str, good: Callable[[Any], bool], *, role: str, at: datetime
    ) -> Any:
        """Reads with growing pauses until what another service told has arrived. Raises `GaveUp`."""
        begun = monotonic()
        pause = NAP
        while True:
            found = await self.look(service, path, role=role, at=at)
            if found is not None and good(found):
                self.tally.waits[step].append(monotonic() - begun)
                return found
            if monotonic() - begun > self.patience:
                raise GaveUp(f"{step}: {service}{path} still says {str(found)[:300]}")
            await self._nap(pause)
            pause = min(pause * 1.6, LONGEST_NAP)

    async def _nap(self, seconds: float) -> None:
        await asyncio.sleep(seconds * self.random.uniform(0.8, 1.2))


async def until_let(
    attempt: Callable[[str], Awaitable[Any]], problem: str, meanwhile: Callable[[], Awaitable[None]], patience: float
) -> Any:
    """Tries again, after `meanwhile`, as long as it is refused for this. `attempt` is given what tells its key from the
    ones before. Raises `Refused`, and what the two raise."""
    begun = monotonic()
    for number in itertools.count():
        try:
            return await attempt(f"-{number}" if number else "")
        except Refused as refused:
            if refused.problem != problem or monotonic() - begun > patience:
                raise
        await meanwhile()
        await asyncio.sleep(LONGEST_NAP)


def _document(answer: Answer) -> Any:
    try:
        return orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        return None
