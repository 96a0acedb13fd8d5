"""Bodies of screenings."""

from datetime import datetime
from uuid import UUID

from services.registration.screenings.models import Screening
from services.registration.screenings.rules import Level, ScreeningOutcome
from shared.fields import Answer, Body, PlainText, shown


class ScreeningBody(Body):
    model_config = shown(
        {"individual_id": "01890a5d-ac96-774b-bcce-b302099a8057", "level": "individual", "outcome": "no_concern"}
    )

    individual_id: UUID
    level: Level
    outcome: ScreeningOutcome
    notes: PlainText | None = None


class ScreeningAnswer(Answer):
    """`notes` are null to everyone but protection and medical."""

    id: UUID
    individual_id: UUID
    level: Level
    outcome: ScreeningOutcome
    notes: str | None
    hold_id: UUID | None
    screened_at: datetime
    screened_by: str


class ScreeningList(Answer):
    items: list[ScreeningAnswer]


def screening_answer(screening: Screening, roles: frozenset[str]) -> ScreeningAnswer:
    shown = ScreeningAnswer.model_validate(screening)
    return shown if not roles.isdisjoint({"protection", "medical"}) else shown.model_copy(update={"notes": None})
