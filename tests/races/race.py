"""One race: somebody's no, a hold, an offload, and the doors, each at a moment of its own; then the aircraft leaves."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random
from time import monotonic
from typing import Any, Protocol
from uuid import UUID

import httpx

from shared.auth import Role
from tests.races.household import Household
from tests.travel.story import AD, DOORS, TO, answered, seat


class Caller(Protocol):
    """Sends a request to one service, with a key of its own, until it is answered."""

    async def call(self, method: str, path: str, body: Any, *, role: Role, now: datetime) -> httpx.Response: ...


class Both(Protocol):
    """The two services that must never disagree on whether someone left."""

    @property
    def registration(self) -> Caller: ...

    @property
    def travel(self) -> Caller: ...


AROUND = 0.4
"""Seconds before and after the doors in which the others act."""
TOGETHER = 0.04
"""Seconds before and after the doors that count as at the same time."""
BEFORE_TAKE_OFF = 0.2
"""Seconds at most between the last answer on who is cleared and the word that the aircraft left."""


class Kind(StrEnum):
    WITHDRAW_ONE = "withdraw_one"
    WITHDRAW_ALL = "withdraw_all"
    HOLD_ONE = "hold_one"
    HOLD_ALL = "hold_all"
    OFFLOAD = "offload"
    NO_AT_THE_DESK = "no_at_the_desk"
    DOORS = "doors"
    DEPARTURE = "departure"
    ASKED_AGAIN = "asked_again"


@dataclass(frozen=True, slots=True)
class Move:
    """What somebody does, and when: seconds after the start, or, with `once_closed`, after registration has answered.
    `who`: one individual, or None for all."""

    kind: Kind
    who: UUID | None
    delay: float
    word: str = "no"
    once_closed: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for a move."""

    move: Move
    status: int
    body: Any

    @property
    def taken(self) -> bool:
        return self.status < 300

    @property
    def problem(self) -> str | None:
        return None if self.taken else str(self.body["type"]).rsplit("/", 1)[-1]


@dataclass
class Race:
    """A family, what is done around its doors, and what was answered."""

    number: int
    family: Household
    moves: list[Move]
    random: Random
    answers: list[Answer] = field(default_factory=list)
    started: float = 0.0

    def now(self) -> datetime:
        return DOORS + timedelta(seconds=monotonic() - self.started)

    def of(self, *kinds: Kind) -> list[Answer]:
        return [answer for answer in self.answers if answer.move.kind in kinds]


DISTURBANCES = {
    Kind.WITHDRAW_ONE: 5,
    Kind.WITHDRAW_ALL: 3,
    Kind.HOLD_ONE: 3,
    Kind.HOLD_ALL: 1,
    Kind.OFFLOAD: 3,
    Kind.NO_AT_THE_DESK: 4,
}
"""How often each is chosen, beside the others."""
WORDS = ("no", "no", "not_sure", "pressed")


def planned(number: int, family: Household, seed: int, only: Collection[Kind] = tuple(DISTURBANCES)) -> Race:
    """The race of that number: the same seed makes the same plan. `only`: what may disturb it."""
    random = Random(f"{seed}|{number}")
    kinds = [kind for kind in DISTURBANCES if kind in only]
    moves = [Move(Kind.DOORS, None, AROUND)]
    for _ in range(random.choices((0, 1, 2, 3), (2, 10, 8, 3))[0]):
        kind = random.choices(kinds, [DISTURBANCES[each] for each in kinds])[0]
        delay, once_closed = _moment(random)
        moves.append(Move(kind, _who(kind, family, random), delay, random.choice(WORDS), once_closed))
    return Race(number, family, moves, random)


def _moment(random: Random) -> tuple[float, bool]:
    """Some time around the doors; or with them, to hit what lies between the two services; or before take-off."""
    match random.choices(("around", "with", "before take-off"), (4, 3, 2))[0]:
        case "around":
            return random.uniform(0, 2 * AROUND), False
        case "with":
            return AROUND + random.uniform(-TOGETHER, TOGETHER), False
    return random.uniform(0, BEFORE_TAKE_OFF), True


def _who(kind: Kind, family: Household, random: Random) -> UUID | None:
    if kind in (Kind.WITHDRAW_ALL, Kind.HOLD_ALL):
        return None
    if kind in (Kind.WITHDRAW_ONE, Kind.NO_AT_THE_DESK):
        return random.choice(family.adults)
    return random.choice(list(family.people.values()))


Closed = Callable[[UUID], Awaitable[None]]


async def run(race: Race, both: Both, closed: Closed) -> None:
    """Everyone acts, each at their moment, until the flight has departed. `closed` waits until a flight is."""
    race.started = monotonic()
    async with asyncio.TaskGroup() as group:
        for move in race.moves:
            group.create_task(_act(race, both, move, closed))
        group.create_task(_leave(race, both, closed))


async def _act(race: Race, both: Both, move: Move, closed: Closed) -> None:
    if move.once_closed:
        await closed(race.family.flight)
    await asyncio.sleep(move.delay)
    await _send(race, both, move)


async def _send(race: Race, both: Both, move: Move) -> Answer:
    at, path, role, body = _request(race, move)
    world = both.registration if at == "registration" else both.travel
    answer = await world.call("POST", path, body, role=role, now=race.now())
    kept = Answer(move, answer.status_code, answer.json())
    race.answers.append(kept)
    return kept


def _request(race: Race, move: Move) -> tuple[str, str, Role, Any]:
    """To which service, where, as whom, and what is sent."""
    case, flight = f"/cases/{race.family.case}", f"/flights/{race.family.flight}"
    at_desk = move.who and seat(race.family.flight, move.who)
    named = [] if move.who is None else [str(move.who)]
    match move.kind:
        case Kind.WITHDRAW_ONE | Kind.WITHDRAW_ALL:
            body: Any = {"individuals": named, "channel": "in_person"}
            return "registration", f"{case}/withdrawal", Role.COUNSELLOR, body
        case Kind.HOLD_ONE | Kind.HOLD_ALL:
            return "registration", f"{case}/holds", Role.PROTECTION, {"individuals": named, "reason": "protection"}
        case Kind.OFFLOAD:
            return "travel", f"{at_desk}/offload", AD, {"reason": "airline"}
        case Kind.NO_AT_THE_DESK | Kind.ASKED_AGAIN:
            return "travel", f"{at_desk}/willingness", AD, answered(move.word)
        case Kind.DOORS:
            return "travel", f"{flight}/doors", AD, {}
        case Kind.DEPARTURE:
            return "travel", f"{flight}/departure", TO, {"departed_at": race.now().isoformat()}


async def _leave(race: Race, both: Both, closed: Closed) -> None:
    """The person at the desk: waits for the answer on who is cleared, asks again whom they must, says that it left."""
    await closed(race.family.flight)
    await asyncio.sleep(race.random.uniform(0, BEFORE_TAKE_OFF))
    for _ in range(20):
        answer = await _send(race, both, Move(Kind.DEPARTURE, None, 0))
        if answer.taken:
            return
        assert answer.problem == "ask-again-first", f"race {race.number}: departure refused: {answer.body}"
        for one in answer.body["individuals"]:
            word = race.random.choices(("yes", "no", "not_sure"), (8, 1, 1))[0]
            await _send(race, both, Move(Kind.ASKED_AGAIN, UUID(one), 0, word))
    raise AssertionError(f"race {race.number}: the adults on board were asked again and again")
