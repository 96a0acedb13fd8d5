"""Bodies and answers of feedback."""

from datetime import datetime
from uuid import UUID

from services.registration.feedback.rules import Category, Way
from shared.fields import Answer, Body, Line, PlainText, shown
from shared.occurrence import Occurrence
from shared.offers import OfferedAction


class FeedbackBody(Occurrence):
    """`contact` left out: anonymous. `confidential`: they wish that protection alone reads what they said."""

    model_config = shown(
        {
            "way": "box",
            "category": "quality",
            "said": "The blankets are too thin.",
            "site_id": "01890a5d-ac96-774b-bcce-b302099a8300",
        }
    )

    way: Way
    category: Category
    said: PlainText
    confidential: bool = False
    contact: Line | None = None
    site_id: UUID | None = None
    distribution_id: UUID | None = None


class FeedbackReceipt(Answer):
    """All that whoever wrote it down is shown of it: the number that the person takes along."""

    id: UUID
    recorded_at: datetime


class NoteBody(Body):
    model_config = shown({"note": "Thicker blankets come with the next distribution."})

    note: PlainText


class StepAnswer(Answer):
    verb: str
    note: str
    at: datetime
    by: str


class FeedbackAnswer(Answer):
    """`said` null: confidential, and not for this reader; then `contact` is null as well and `steps` is empty."""

    id: UUID
    way: Way
    category: Category
    said: str | None
    contact: str | None
    anonymous: bool
    confidential: bool
    site_id: UUID | None
    distribution_id: UUID | None
    status: str
    occurred_at: datetime
    steps: list[StepAnswer]
    version: int
    actions: list[OfferedAction]


class FeedbackLine(Answer):
    id: UUID
    way: Way
    category: Category
    status: str
    anonymous: bool
    confidential: bool
    occurred_at: datetime
