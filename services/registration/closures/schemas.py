"""Bodies of closing and opening again."""

from datetime import datetime
from uuid import UUID

from services.registration.cases.queries import CaseFile
from shared.contracts.registration import CaseClosureReason
from shared.fields import Answer, Body, shown
from shared.offers import OfferedAction


class ClosureBody(Body):
    model_config = shown({"reason": "withdrawn"})

    reason: CaseClosureReason


class FileAnswer(Answer):
    """Where the case stands."""

    id: UUID
    status: str
    closed_at: datetime | None
    closed_reason: CaseClosureReason | None
    actions: list[OfferedAction]


def file_answer(file: CaseFile, actions: list[OfferedAction]) -> FileAnswer:
    case = file.case
    return FileAnswer.model_validate(
        {**case.model_dump(include={"id", "status", "closed_at", "closed_reason"}), "actions": actions}
    )
