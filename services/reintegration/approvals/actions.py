"""Approving: the caller holds the lock of the plan."""

from decimal import Decimal
from uuid import UUID

from services.reintegration.approvals.models import Approval
from services.reintegration.approvals.queries import approvals_of
from services.reintegration.approvals.rules import approvers_needed, is_complete_with
from shared.act import Act
from shared.database import Session, new_id


async def add_approval(
    session: Session, act: Act, plan_id: UUID, subject_id: UUID, round: int, amount: Decimal, currency: str
) -> bool:
    """Adds the approval of who acts; whether it was the last that an amount like this needs.

    Raises `ApprovedByYouAlready`.
    """
    signed = {each.by for each in await approvals_of(session, subject_id, round)}
    complete = is_complete_with(act.by, signed, approvers_needed(amount, currency))
    session.add(
        Approval(
            id=new_id(),
            plan_id=plan_id,
            subject_id=subject_id,
            round=round,
            amount=amount,
            currency=currency,
            by=act.by,
            at=act.now,
        )
    )
    return complete
