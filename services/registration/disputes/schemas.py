"""Bodies of disputes about an age."""

from datetime import datetime
from uuid import UUID

from services.registration.disputes.rules import Basis
from shared.contracts.registration import AgeBand
from shared.fields import Answer, Body, shown


class AgeSettlementBody(Body):
    """What settled it; a birth date that was wrong is corrected besides."""

    model_config = shown({"basis": "document"})

    basis: Basis


class AgeDisputeAnswer(Answer):
    """`age_band`: what the person counts as now."""

    id: UUID
    case_id: UUID
    individual_id: UUID
    status: str
    age_band: AgeBand
    protection_pending: bool
    raised_at: datetime
    settled_at: datetime | None
    basis: Basis | None
