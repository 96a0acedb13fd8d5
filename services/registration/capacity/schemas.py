"""Bodies of doubts about capacity."""

from datetime import datetime
from uuid import UUID

from services.registration.capacity.rules import CapacityOutcome, Profession
from shared.fields import Answer, Body, Line, PersonName, shown
from shared.occurrence import Occurrence
from shared.offers import OfferedAction


class CapacityDoubtBody(Body):
    model_config = shown({"individual_id": "01890a5d-ac96-774b-bcce-b302099a8057"})

    individual_id: UUID


class CapacityAssessmentBody(Occurrence):
    """`profession`: of who assessed. `representative`, `paper`: where the person is not able, who may decide for them
    by law and the paper that says so."""

    model_config = shown({"profession": "psychiatrist", "outcome": "able_with_support"})

    profession: Profession
    outcome: CapacityOutcome
    representative: PersonName | None = None
    paper: Line | None = None


class CapacityAnswer(Answer):
    id: UUID
    case_id: UUID
    individual_id: UUID
    hold_id: UUID
    status: str
    raised_at: datetime
    raised_by: str
    assessed_at: datetime | None
    assessed_by: str | None
    profession: Profession | None
    outcome: CapacityOutcome | None
    representative: str | None
    paper: str | None
    actions: list[OfferedAction]
