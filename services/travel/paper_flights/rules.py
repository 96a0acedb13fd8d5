"""What a paper manifest must say, what of it was not in order, and where two records of one flight disagree."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Protocol
from uuid import UUID

from shared.problems import Problem
from shared.states import StateTable, move


class WhyOnPaper(StrEnum):
    """Why the flight could not be worked here."""

    NETWORK_DOWN = "network_down"
    POWER_DOWN = "power_down"
    SYSTEM_DOWN = "system_down"
    REGISTRATION_AWAY = "registration_away"
    DEVICE_LOST = "device_lost"


class WrittenOutcome(StrEnum):
    """What the paper says became of a passenger."""

    DEPARTED = "departed"
    LEFT_BEHIND = "left_behind"
    NO_SHOW = "no_show"


class Resolution(StrEnum):
    """What a person found about a paper that contradicts the record."""

    RECORD_STANDS = "record_stands"
    DEPARTED_TOO = "departed_too"


PAPER: Final = StateTable(
    "paper manifest",
    ("entered", "contradicts", "resolved"),
    "entered",
    (
        move("keep_as_correction", "entered", to="contradicts"),
        move("resolve_paper", "contradicts", to="resolved"),
    ),
)
"""`entered`: the flight stands as this paper says. `contradicts`: kept beside the record until a person has looked."""


class PaperIncomplete(Problem):
    slug = "paper-incomplete"
    status = 422
    title = "The paper does not say of everyone what became of them"
    remedy = "Add a line for each of `individuals`: departed, left_behind or no_show. Nobody is taken for granted."


class NotOnThisFlight(Problem):
    slug = "not-on-this-flight"
    status = 422
    title = "Somebody on that paper never had a seat on this flight"
    remedy = (
        "Leave out those in `individuals`, or enter them for the flight they were on. Of who flew without a booking "
        "say `case_id`; once the flight is entered as departed, record it in registration, as a return."
    )


class SeatElsewhere(Problem):
    slug = "seat-elsewhere"
    status = 409
    title = "Somebody who left by that paper has a seat on another flight, or left on it"
    remedy = (
        "Cancel the seats in `seats` first. Where somebody has departed there already, one of the two records is "
        "wrong: find out which, and send the paper without that line's departure. Nothing was changed."
    )


class DepartedBeforeCheckIn(Problem):
    slug = "departed-before-check-in"
    status = 422
    title = "The aircraft cannot have left before its check-in opened"
    remedy = (
        "Send the moment it left, as the paper says; check-in opened at `opens_at`, its doors closed at `closed_at`."
    )


class CannotBeUndone(Problem):
    slug = "cannot-be-undone"
    status = 409
    title = "A departure that was told to everyone cannot be taken back here"
    remedy = (
        "By that paper those in `individuals` stayed, or another moment or answer stands there. Resolve it as "
        "`record_stands`, and have protection look at the incident in registration."
    )


@dataclass(frozen=True, slots=True)
class Written:
    """A line of the paper. `answer`: as written, None where nothing is."""

    individual: UUID
    departed: bool
    answer: str | None
    asked_alone: bool


@dataclass(frozen=True, slots=True)
class Recorded:
    """What is on record of a passenger of a flight that has left."""

    departed: bool
    answer: str | None


@dataclass(frozen=True, slots=True)
class Difference:
    """`what`: outcome, answer or departed_at; both sides as codes or RFC 3339."""

    individual: UUID | None
    what: str
    recorded: str | None
    written: str | None

    def as_told(self) -> dict[str, Any]:
        about = None if self.individual is None else str(self.individual)
        return {"individual_id": about, "what": self.what, "recorded": self.recorded, "written": self.written}


def check_lines(written: Collection[UUID], known: Collection[UUID], seated: Collection[UUID]) -> None:
    """Everyone with a seat has a line, and nobody else but who had one. Raises `NotOnThisFlight`, `PaperIncomplete`."""
    strangers = sorted(set(written) - set(known))
    if strangers:
        raise NotOnThisFlight(individuals=strangers)
    missing = sorted(set(seated) - set(written))
    if missing:
        raise PaperIncomplete(individuals=missing)


class Line(Protocol):
    """A line of the paper, as far as it says who walked in."""

    @property
    def individual_id(self) -> UUID: ...
    @property
    def case_id(self) -> UUID | None: ...


def walked_in(lines: Iterable[Line], known: Collection[UUID]) -> list[tuple[UUID, UUID]]:
    """Who was in no booking of the flight, and in whose case. Who had a seat is no walk-in, whatever is written."""
    found = [(each.individual_id, each.case_id) for each in lines if each.case_id is not None]
    return sorted(each for each in found if each[0] not in known)


def check_left(departed_at: datetime, opens_at: datetime, closing_at: datetime | None) -> None:
    """Raises `DepartedBeforeCheckIn`."""
    if departed_at < (closing_at or opens_at):
        closed = None if closing_at is None else closing_at.isoformat()
        raise DepartedBeforeCheckIn(opens_at=opens_at.isoformat(), closed_at=closed)


def counts_as_said(line: Written) -> bool:
    """Whether an answer on paper is one: a yes is only if it was given alone, anything else always."""
    return line.answer is not None and (line.answer != "yes" or line.asked_alone)


def not_in_order(
    lines: Iterable[Written],
    adults: Collection[UUID],
    cannot_fly: Callable[[Collection[UUID]], Collection[UUID]],
) -> set[UUID]:
    """Those who left although no clearance would have let them: an adult without a yes given alone, whoever said
    otherwise, a child without who is responsible. `cannot_fly(flown)`: the children among these who flew alone."""
    flown = [each for each in lines if each.departed]
    wrong = {
        each.individual
        for each in flown
        if (each.answer not in (None, "yes")) or (each.individual in adults and not counts_as_said(each))
    }
    return wrong | set(cannot_fly({each.individual for each in flown}))


@dataclass(frozen=True, slots=True)
class Stayed:
    """A child who did not fly. `came_with`: the adults who are responsible for it or, where nobody in the case is, all
    of those."""

    individual: UUID
    came_with: frozenset[UUID]


def left_a_child_alone(flown: Collection[UUID], gone: Collection[UUID], children: Iterable[Stayed]) -> set[UUID]:
    """The adults who flew while a child stayed with none of those it came with: registration clears none of them.
    `gone`: who had left before."""
    away = {*flown, *gone}
    alone = [each for each in children if each.individual not in away and each.came_with and each.came_with <= away]
    return {adult for each in alone for adult in each.came_with}.intersection(flown)


def seats_beyond(seats: int, given: int) -> int:
    """How many more flew than seats were held: the airline gave them at the gate."""
    return max(given - seats, 0)


def differences(
    lines: Sequence[Written], record: Mapping[UUID, Recorded], departed_at: datetime, left_at: datetime | None
) -> list[Difference]:
    """Where a paper disagrees with what is on record of a flight that has left; empty where it says the same."""
    found = []
    if left_at != departed_at:
        recorded = None if left_at is None else left_at.isoformat()
        found.append(Difference(None, "departed_at", recorded, departed_at.isoformat()))
    for line in sorted(lines, key=lambda each: each.individual):
        there = record[line.individual]
        if there.departed != line.departed:
            found.append(Difference(line.individual, "outcome", _outcome(there.departed), _outcome(line.departed)))
        if counts_as_said(line) and line.answer != there.answer:
            found.append(Difference(line.individual, "answer", there.answer, line.answer))
    return found


def departed_too(found: Iterable[Mapping[str, Any]]) -> list[UUID]:
    """Those who by the paper left as well. Raises `CannotBeUndone` where it also says anything else."""
    every = list(found)
    more = [each for each in every if each["what"] == "outcome" and each["written"] == "departed"]
    people = {each["individual_id"] for each in more}
    others = [each for each in every if each not in more and each["individual_id"] not in people]
    if others or not more:
        raise CannotBeUndone(individuals=sorted({each["individual_id"] for each in others if each["individual_id"]}))
    return sorted(UUID(each) for each in people)


def _outcome(departed: bool) -> str:
    return "departed" if departed else "stayed"
