"""Bodies of resolutions."""

from datetime import datetime
from uuid import UUID

from services.registration.incidents.queries import Resolution
from shared.fields import Answer, Body, PlainText, shown


class ResolutionBody(Body):
    """`departure_confirmed` and `departure_wrong` answer a departure that nobody had cleared; the others, the rest."""

    model_config = shown({"resolution": "spoken_with"})

    resolution: Resolution
    note: PlainText | None = None


class ResolvedAnswer(Answer):
    """`individual_status`: where the individual stands after it."""

    id: UUID
    case_id: UUID
    individual_id: UUID
    resolution: Resolution
    resolved_at: datetime
    status: str
    individual_status: str
