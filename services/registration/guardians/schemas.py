"""Bodies of guardianships."""

from datetime import datetime
from uuid import UUID

from services.registration.guardians.rules import Showing
from shared.fields import Answer, Line, shown
from shared.occurrence import Occurrence
from shared.offers import OfferedAction


class GuardianBody(Occurrence):
    """`individual_id`: the child; `guardian_id`: an adult of the case. `reference`: of the paper, or of the note that
    was taken of the interview."""

    model_config = shown(
        {
            "individual_id": "01890a5d-ac96-774b-bcce-b302099a8059",
            "guardian_id": "01890a5d-ac96-774b-bcce-b302099a8057",
            "showing": "birth_certificate",
            "reference": "REG-2015-77",
        }
    )

    individual_id: UUID
    guardian_id: UUID
    showing: Showing
    reference: Line


class GuardianAnswer(Answer):
    """`status`: `stands`, `rests` while child or guardian is out of the case, or `ended`. `protection_pending`: of the
    child, as it now is."""

    id: UUID
    case_id: UUID
    individual_id: UUID
    guardian_id: UUID
    showing: Showing
    reference: str
    status: str
    protection_pending: bool
    happened_at: datetime
    recorded_at: datetime
    recorded_by: str
    ended_at: datetime | None
    actions: list[OfferedAction]
