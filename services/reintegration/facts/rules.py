"""What the facts kept so far say about a case, as pure functions: the same facts in any order give the same picture."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from services.reintegration.windows.rules import Window


class Position(StrEnum):
    """Where an individual is, in the try to return that counts."""

    NOT_BOOKED = "not_booked"
    BOOKED = "booked"
    MISSED = "missed"
    UNDER_WAY = "under_way"
    ARRIVED = "arrived"
    NOT_ADMITTED = "not_admitted"
    WITHDRAWN = "withdrawn"
    HOME_OTHERWISE = "home_otherwise"


class Stage(StrEnum):
    """How far the case as a whole is, as far as the facts say: nobody coming, somebody coming, somebody there."""

    NOBODY = "nobody"
    EXPECTED = "expected"
    ARRIVED = "arrived"


@dataclass(frozen=True, slots=True)
class MemberKept:
    """Registration's word on one individual; `attempt` is the newest try it told of."""

    attempt: int
    adult: bool
    relation: str


@dataclass(frozen=True, slots=True)
class SeatKept:
    """Travel's word on one individual and booking."""

    individual: UUID
    attempt: int
    standing: str
    at: datetime
    expected_at: datetime | None = None
    met_by: str | None = None
    missed: int = 0


@dataclass(frozen=True, slots=True)
class ReturnKept:
    """Registration's word that one individual is home without a departure of ours, and how."""

    individual: UUID
    attempt: int
    kind: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LateStatement:
    """A withdrawal stated when it could no longer undo the movement."""

    individual: UUID
    attempt: int | None
    stated_at: datetime
    entered_at: datetime


@dataclass(frozen=True, slots=True)
class PackageLineKept:
    """A line of the current package that is meant for after the return. `individual` None: the case's."""

    line: str
    code: str
    modality: str
    individual: UUID | None
    amount: Decimal
    window: Window | None = None


@dataclass(frozen=True, slots=True)
class DecisionKept:
    decision: UUID
    outcome: str
    attempts: Mapping[UUID, int]
    currency: str
    after_return: tuple[PackageLineKept, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """Everything the folds kept about one case. `left`: who was of it before and is so no more."""

    members: Mapping[UUID, MemberKept] = field(default_factory=dict)
    seats: Collection[SeatKept] = ()
    withdrawals: Collection[tuple[UUID, int]] = ()
    statements: Collection[LateStatement] = ()
    decision: DecisionKept | None = None
    closed_reason: str | None = None
    paid_before_departure: Mapping[str, Decimal] = field(default_factory=dict)
    returns: Collection[ReturnKept] = ()
    left: Collection[UUID] = ()


@dataclass(frozen=True, slots=True)
class Traveller:
    """One individual of the case as they stand. `since`: since when they are where they are; `missed`: how often a
    flight left without them in this try; `home_by`: how they came home, where that was no departure of ours."""

    individual: UUID
    adult: bool
    attempt: int
    position: Position
    since: datetime | None = None
    met_by: str | None = None
    expected_at: datetime | None = None
    missed: int = 0
    home_by: str | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """What follows from the facts."""

    travellers: Mapping[UUID, Traveller]
    stage: Stage
    everybody_withdrew: bool
    statements: tuple[LateStatement, ...]
    decision: DecisionKept | None
    closed_reason: str | None
    paid_before_departure: Mapping[str, Decimal]
    withdrawals: frozenset[tuple[UUID, int]]

    @property
    def arrived(self) -> dict[UUID, datetime]:
        """Who has arrived, and when."""
        here = [t for t in self.travellers.values() if t.position is Position.ARRIVED]
        return {t.individual: t.since for t in here if t.since is not None}

    @property
    def attempts(self) -> dict[UUID, int]:
        return {t.individual: t.attempt for t in self.travellers.values()}

    @property
    def remaining(self) -> dict[UUID, int]:
        """Who has not withdrawn, and in which try."""
        stay = [t for t in self.travellers.values() if t.position is not Position.WITHDRAWN]
        return {t.individual: t.attempt for t in stay}

    @property
    def eligible(self) -> bool:
        """Whether the current decision is positive and was made for the try in which those arrived came."""
        if self.decision is None or self.decision.outcome != "eligible":
            return False
        made_for = self.decision.attempts
        return all(made_for.get(i, t.attempt) == t.attempt for i, t in self.travellers.items() if i in self.arrived)


RETROACTIVE = "retroactive"
"""Home before anybody here knew: such a case enters at the arrival. Other ways home are none that is followed up."""
_PASSED = ("arrived", "not_admitted", "in_transit", "departed", "booked")
_POSITIONS = {
    "arrived": Position.ARRIVED,
    "not_admitted": Position.NOT_ADMITTED,
    "in_transit": Position.UNDER_WAY,
    "departed": Position.UNDER_WAY,
    "booked": Position.BOOKED,
    "no_show": Position.MISSED,
    "offloaded": Position.MISSED,
}


def picture_of(kept: Kept) -> Picture:
    """The picture that these facts give."""
    travellers = {i: _traveller(kept, i) for i in sorted(_individuals(kept))}
    stage = _stage(travellers, kept.closed_reason)
    return Picture(
        travellers=travellers,
        stage=stage,
        everybody_withdrew=stage is Stage.NOBODY and _everybody_withdrew(travellers),
        statements=tuple(sorted(kept.statements, key=lambda s: (s.stated_at, s.individual))),
        decision=kept.decision,
        closed_reason=kept.closed_reason,
        paid_before_departure=kept.paid_before_departure,
        withdrawals=frozenset(kept.withdrawals),
    )


def _individuals(kept: Kept) -> set[UUID]:
    """Who belongs to the case, has a seat or is home. Of whoever left the case those alone who flew: a seat that was
    given back, or a flight that left without them before, makes nobody wait for them."""
    on_the_ground = ("booked", "no_show", "offloaded")
    seated = (
        s.individual
        for s in kept.seats
        if s.standing != "cancelled" and not (s.individual in kept.left and s.standing in on_the_ground)
    )
    return {*kept.members, *seated, *(r.individual for r in kept.returns)}


def _traveller(kept: Kept, individual: UUID) -> Traveller:
    member = kept.members.get(individual)
    tries = [s.attempt for s in kept.seats if s.individual == individual]
    tries += [attempt for who, attempt in kept.withdrawals if who == individual]
    tries += [r.attempt for r in kept.returns if r.individual == individual]
    attempt = max([member.attempt if member else 1, *tries])
    # Facts of an earlier try are kept and never act.
    seats = {s.standing: s for s in kept.seats if s.individual == individual and s.attempt == attempt}
    seat = next((seats[s] for s in (*_PASSED, "no_show", "offloaded") if s in seats), None)
    position = _POSITIONS[seat.standing] if seat else Position.NOT_BOOKED
    # A withdrawal counts until the person has left; afterwards it is a statement and the movement stands.
    if (individual, attempt) in kept.withdrawals and position in (
        Position.NOT_BOOKED,
        Position.BOOKED,
        Position.MISSED,
    ):
        position = Position.WITHDRAWN
    since = seat.at if seat else None
    home = next((r for r in kept.returns if r.individual == individual and r.attempt == attempt), None)
    # Whom travel carried, travel tells of; the rest are where registration says.
    if home is not None and position not in (Position.UNDER_WAY, Position.ARRIVED, Position.NOT_ADMITTED):
        position = Position.ARRIVED if home.kind == RETROACTIVE else Position.HOME_OTHERWISE
        since = home.at
    return Traveller(
        individual,
        member.adult if member else True,
        attempt,
        position,
        since,
        seat.met_by if seat else None,
        seat.expected_at if seat else None,
        sum(s.missed for s in kept.seats if s.individual == individual and s.attempt == attempt),
        home.kind if home else None,
    )


def _stage(travellers: Mapping[UUID, Traveller], closed_reason: str | None) -> Stage:
    positions = {t.position for t in travellers.values()}
    if Position.ARRIVED in positions:
        return Stage.ARRIVED
    if Position.UNDER_WAY in positions:
        return Stage.EXPECTED
    # Somebody not admitted, or whose flight left without them, may still come: reintegration waits.
    coming = positions & {Position.BOOKED, Position.MISSED, Position.NOT_ADMITTED}
    return Stage.EXPECTED if coming and closed_reason is None else Stage.NOBODY


def _everybody_withdrew(travellers: Mapping[UUID, Traveller]) -> bool:
    """A child goes nowhere when every adult of the case has withdrawn, whether or not it is said of the child."""
    deciding = [t for t in travellers.values() if t.adult] or list(travellers.values())
    return bool(deciding) and all(t.position is Position.WITHDRAWN for t in deciding)
