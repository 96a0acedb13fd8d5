"""Reading what was paid, and what is still to be paid."""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from services.travel.allowances.models import AllowancePayment
from services.travel.allowances.rules import lines_left
from services.travel.facts.queries import dossiers_of
from services.travel.passengers.queries import FLOWN, Passenger
from shared.database import Session


async def payment_of_line(session: Session, case_id: UUID, attempt: int, line: str) -> AllowancePayment | None:
    rows = select(AllowancePayment).where(
        col(AllowancePayment.case_id) == case_id,
        col(AllowancePayment.attempt) == attempt,
        col(AllowancePayment.line) == line,
    )
    return (await session.exec(rows)).first()


async def receipt_used(session: Session, flight_id: UUID, receipt_number: str) -> bool:
    """Whether this receipt stands for a payment on this flight already."""
    found = select(AllowancePayment.id).where(
        col(AllowancePayment.flight_id) == flight_id, col(AllowancePayment.receipt_number) == receipt_number
    )
    return (await session.exec(found)).first() is not None


async def payments_to(session: Session, passenger_id: UUID) -> Sequence[AllowancePayment]:
    rows = select(AllowancePayment).where(col(AllowancePayment.passenger_id) == passenger_id)
    return (await session.exec(rows.order_by(col(AllowancePayment.id)))).all()


async def kept_payment(session: Session, case_id: UUID, line: str) -> AllowancePayment | None:
    """The last payment of a line, if nobody has flown with it: they hold that money still."""
    return _kept(await _paid(session, [case_id])).get((case_id, line))


async def _paid(session: Session, cases: Collection[UUID]) -> Sequence[tuple[AllowancePayment, str]]:
    """What was paid in these cases, in its order, each with where its passenger stands."""
    rows: Any = (
        select(AllowancePayment, Passenger.status)
        .join(Passenger, col(Passenger.id) == col(AllowancePayment.passenger_id))
        .where(col(AllowancePayment.case_id).in_(sorted(cases)))
        .order_by(col(AllowancePayment.recorded_at), col(AllowancePayment.id))
    )
    found: Sequence[tuple[AllowancePayment, str]] = (await session.exec(rows)).all()
    return found


def _kept(paid: Sequence[tuple[AllowancePayment, str]]) -> dict[tuple[UUID, str], AllowancePayment]:
    last = {(each.case_id, each.line): (each, status) for each, status in paid}
    return {key: each for key, (each, status) in last.items() if status not in FLOWN}


async def still_to_pay(
    session: Session, flight_id: UUID, passengers: Sequence[Passenger]
) -> Mapping[UUID, Mapping[str, Decimal]]:
    """What each of these may still be paid in cash before the return, by currency. A line of the whole case stands with
    its first adult here."""
    cases = sorted({each.case_id for each in passengers})
    dossiers = await dossiers_of(session, cases)
    rows = await _paid(session, cases)
    paid, kept = {(each.case_id, each.attempt, each.line) for each, _ in rows}, _kept(rows)
    found: dict[UUID, Mapping[str, Decimal]] = {}
    given: set[tuple[UUID, int, str]] = set(paid)
    for each in sorted(passengers, key=lambda one: not one.adult):
        decision = dossiers[each.case_id].decision
        tried = None if decision is None else decision.attempts.get(str(each.individual_id))
        if decision is None or decision.outcome != "eligible" or tried != each.attempt:
            continue
        settled = {line for case_id, attempt, line in given if (case_id, attempt) == (each.case_id, each.attempt)}
        settled |= {line for case_id, line in kept if case_id == each.case_id}
        lines = lines_left(decision.package, each.individual_id, settled)
        given |= {(each.case_id, each.attempt, one.line) for one in lines}
        sums: dict[str, Decimal] = {}
        for one in lines:
            sums[one.currency] = sums.get(one.currency, Decimal(0)) + one.amount
        found[each.individual_id] = sums
    return found
