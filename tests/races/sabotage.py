"""Ways to break the moment of no return, so that the judge can be seen to notice."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from services.registration.cases.queries import CaseFile, Standing
from services.registration.clearances import actions as clearances
from services.travel.desk import actions as desk
from services.travel.doors import actions as doors
from services.travel.passengers import actions as passengers
from shared.act import Act
from shared.database import Session
from tests.races.race import Kind

Sabotage = Callable[[pytest.MonkeyPatch], None]


def clear_whoever_is_asked_about(patch: pytest.MonkeyPatch) -> None:
    """Registration looks neither at withdrawals nor at holds."""
    plain = CaseFile.move

    def move(file: CaseFile, standing: Standing, verb: str) -> str:
        if verb == "clear":
            standing.member.status = "cleared"
            return "cleared"
        return plain(file, standing, verb)

    patch.setattr(CaseFile, "move", move)
    patch.setattr(clearances, "decide_clearance", lambda asked, known: {})


def board_whom_registration_refused(patch: pytest.MonkeyPatch) -> None:
    """Travel takes every answer for a yes."""
    plain = doors.note_outcomes

    async def note(session: Session, act: Act, clearance_id: UUID, outcomes: Mapping[UUID, str | None]) -> None:
        await plain(session, act, clearance_id, dict.fromkeys(outcomes))

    patch.setattr(doors, "note_outcomes", note)


def forget_who_was_taken_off_meanwhile(patch: pytest.MonkeyPatch) -> None:
    """Travel answers yes to an offload while registration decides, and does nothing."""
    plain = desk.offload_passenger

    async def offload(session: Session, act: Act, flight: Any, passenger: Any, reason: Any) -> None:
        if flight.status != "closing":
            await plain(session, act, flight, passenger, reason)

    patch.setattr(desk, "offload_passenger", offload)


def leave_the_children_on_board(patch: pytest.MonkeyPatch) -> None:
    """Travel takes adults off and does not look at whom they leave behind."""
    patch.setattr(passengers, "those_who_cannot_fly", lambda travellers: set())


@dataclass(frozen=True, slots=True)
class Seen:
    """A part of the fault by which a sabotage must be noticed, and what brings it out."""

    fault: str
    by: tuple[Kind, ...]


WITHDRAWALS = (Kind.WITHDRAW_ONE, Kind.WITHDRAW_ALL)
SABOTAGES: dict[Sabotage, Seen] = {
    clear_whoever_is_asked_about: Seen("was told that the withdrawal was taken, and departed", WITHDRAWALS),
    board_whom_registration_refused: Seen("departed in travel and is", (*WITHDRAWALS, Kind.HOLD_ONE)),
    forget_who_was_taken_off_meanwhile: Seen("departed after offload was taken", (Kind.OFFLOAD,)),
    leave_the_children_on_board: Seen("departed without anybody responsible", (Kind.OFFLOAD,)),
}
