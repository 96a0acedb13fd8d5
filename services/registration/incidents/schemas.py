"""Bodies of incidents."""

from datetime import datetime
from uuid import UUID

from services.registration.incidents.rules import IncidentKind, Resolution
from shared.fields import Answer
from shared.offers import OfferedAction


class IncidentAnswer(Answer):
    """`about`: the flight, event or statement it is about. `happened_at`: when that was."""

    id: UUID
    case_id: UUID
    individual_id: UUID
    kind: IncidentKind
    about: UUID
    attempt: int
    status: str
    happened_at: datetime
    opened_at: datetime
    resolution: Resolution | None
    note: str | None
    resolved_at: datetime | None
    resolved_by: str | None
    actions: list[OfferedAction]
