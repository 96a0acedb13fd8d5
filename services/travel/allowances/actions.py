"""Paying pocket money against a receipt."""

from datetime import datetime
from uuid import UUID

from services.travel.allowances.models import AllowancePayment
from services.travel.allowances.queries import kept_payment, payment_of_line, receipt_used
from services.travel.allowances.rules import (
    NotInThePackage,
    PaidBefore,
    ReceiptUsed,
    check_given_back,
    check_payment,
    payable_lines,
)
from services.travel.allowances.schemas import AllowanceBody
from services.travel.bookings.queries import take_turn
from services.travel.facts.queries import dossier_of
from services.travel.passengers.queries import PASSENGER, case_of_passenger, locked_passenger
from shared.act import Act
from shared.contracts.travel import AllowancePaid
from shared.database import Session
from shared.outbox import stage


async def pay_allowance(
    session: Session, act: Act, flight_id: UUID, individual_id: UUID, body: AllowanceBody, paid_at: datetime
) -> AllowancePayment:
    """Raises `NotFound`, `NotPossibleNow`, `NotInThePackage`, `MoreThanTheLine`, `PaidBefore`, `NotGivenBack`,
    `NothingToGiveBack`, `ReceiptUsed`."""
    case_id = await case_of_passenger(session, flight_id, individual_id)
    await take_turn(session, case_id)  # two desks at once: the second sees what the first paid
    _, passenger = await locked_passenger(session, flight_id, individual_id)
    PASSENGER.after(passenger.status, "pay_allowance")
    decision = (await dossier_of(session, passenger.case_id)).decision
    known = decision is not None and decision.outcome == "eligible"
    if decision is None or not known or decision.attempts.get(str(passenger.individual_id)) != passenger.attempt:
        raise NotInThePackage(lines=[])
    check_payment(payable_lines(decision.package, passenger.individual_id), body.line, body.amount, body.currency)
    before = await payment_of_line(session, passenger.case_id, passenger.attempt, body.line)
    if before is not None:
        raise PaidBefore(paid_at=before.paid_at.isoformat())
    kept = await kept_payment(session, passenger.case_id, body.line)
    check_given_back(None if kept is None else kept.paid_at, body.given_back_receipt)
    if await receipt_used(session, flight_id, body.receipt_number):
        raise ReceiptUsed()
    payment = AllowancePayment(
        case_id=passenger.case_id,
        individual_id=passenger.individual_id,
        attempt=passenger.attempt,
        flight_id=flight_id,
        passenger_id=passenger.id,
        decision_id=decision.decision_id,
        line=body.line,
        amount=body.amount,
        currency=body.currency,
        receipt_number=body.receipt_number,
        given_back_receipt=body.given_back_receipt,
        paid_at=paid_at,
        recorded_at=act.now,
        late_reason=None if body.late_reason is None else str(body.late_reason),
        evidence=body.evidence,
        by=act.by,
    )
    session.add(payment)
    await session.flush()
    fact = AllowancePaid(
        payment=payment.id,
        individual=passenger.individual_id,
        line=body.line,
        amount=body.amount,
        currency=body.currency,
        receipt=body.receipt_number,
        given_back=None if kept is None else kept.id,
    )
    await stage(
        session, act, fact, key=passenger.case_id, subject=payment.id, attempt=passenger.attempt, occurred=paid_at
    )
    return payment
