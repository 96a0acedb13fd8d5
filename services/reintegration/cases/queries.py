"""Reads of cases, and what every act on a case asks first."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlmodel import col, select

from services.reintegration.cases.models import AssistedCase
from services.reintegration.cases.rules import (
    CASES,
    CaseClosedElsewhere,
    NotArrivedYet,
    NotOfThisCase,
    check_not_before,
)
from services.reintegration.facts.queries import Picture, last_named, read_picture
from services.reintegration.windows.rules import Payable, days_for
from shared.act import Act
from shared.concurrency import locked
from shared.database import Session
from shared.occurrence import OnADay, on_day
from shared.pagination import exactly
from shared.problems import NotFound

__all__ = [
    "AssistedCase",
    "arrival_of",
    "case_of",
    "cases_after",
    "check_members",
    "is_opened",
    "locked_case",
    "may",
    "moment_there",
    "open_picture",
    "payable_days",
]


async def case_of(session: Session, case_id: UUID) -> AssistedCase:
    """Raises `NotFound` for a case that nobody of has ever had a seat."""
    case = await session.get(AssistedCase, case_id)
    if case is None:
        raise NotFound("case")
    return case


async def is_opened(session: Session, case_id: UUID) -> bool:
    """Whether facts have opened the case here, wherever it stands now."""
    return await session.get(AssistedCase, case_id) is not None


async def locked_case(session: Session, case_id: UUID) -> AssistedCase:
    """The case, locked until the commit. Raises `NotFound`."""
    case = await locked(session, AssistedCase, case_id)
    if case is None:
        raise NotFound("case")
    return case


async def cases_after(session: Session, status: str | None, after: UUID | None, limit: int) -> Sequence[AssistedCase]:
    """Up to `limit` + 1 cases in the order of their ids."""
    rows = select(AssistedCase).limit(limit + 1)
    if status is not None:
        rows = rows.where(exactly(col(AssistedCase.status), status)).order_by(col(AssistedCase.status))
    rows = rows.order_by(col(AssistedCase.id))
    if after is not None:
        rows = rows.where(col(AssistedCase.id) > after)
    return (await session.exec(rows)).all()


async def open_picture(session: Session, case_id: UUID) -> Picture:
    """What the facts say of a case that is to be acted on. Raises `CaseClosedElsewhere`."""
    picture = await read_picture(session, case_id)
    # That this service closed the assistance, and registration the case upon it, bars nothing once it is open again.
    if picture.closed_reason not in (None, "assistance_closed"):
        raise CaseClosedElsewhere(closed_reason=picture.closed_reason)
    return picture


def arrival_of(picture: Picture, individual: UUID | None) -> datetime:
    """When the individual arrived, or for None the first of the case. Raises `NotArrivedYet`."""
    arrived = picture.arrived
    if individual is None and arrived:
        return min(arrived.values())
    if individual is None or individual not in arrived:
        raise NotArrivedYet(individual=individual)
    return arrived[individual]


async def payable_days(session: Session, case_id: UUID, picture: Picture, package_line: str) -> Payable:
    """When that line of the package is paid, for whose it is: by the current decision, or by the last one that named
    it. A decision that leaves a line out makes nothing of it payable again that had lapsed."""
    given = picture.decision.after_return if picture.decision is not None else ()
    line = next((each for each in given if each.line == package_line), None)
    line = line or await last_named(session, case_id, package_line)
    return Payable() if line is None else days_for(line.window, line.individual, picture.arrived)


def moment_there(
    act: Act, picture: Picture, day: date, said: OnADay | None = None, *, individual: UUID | None = None
) -> datetime:
    """The business moment of something that happened on `day` after the arrival of the individual (None: of the first).

    Raises `NotArrivedYet`, `BeforeTheArrival`, `InTheFuture`, and where `said` is asked `LateReasonMissing` and
    `EvidenceMissing`.
    """
    arrived = arrival_of(picture, individual)
    moment = on_day(act, day, said)
    check_not_before(day, arrived)
    return max(moment, arrived)


def check_members(picture: Picture, individuals: Iterable[UUID]) -> None:
    """Raises `NotOfThisCase` when one of them does not belong to the case."""
    strangers = [individual for individual in individuals if individual not in picture.travellers]
    if strangers:
        raise NotOfThisCase(individuals=[str(each) for each in strangers])


def may(case: AssistedCase, verb: str) -> bool:
    """Whether the verb is taken where the case stands."""
    return CASES.may(case.status, verb)
