"""Who is expected home, day by day."""

from datetime import date, datetime
from uuid import UUID

from services.reintegration.contacts.actions import ReceptionContact
from shared.fields import Answer


class ExpectedAnswer(Answer):
    """One person on the way. `contact` null: consent does not cover it, or registration could not be asked."""

    case_id: UUID
    individual_id: UUID
    booking_id: UUID
    standing: str
    expected_at: datetime | None
    contact: ReceptionContact | None


class ArrivalsAnswer(Answer):
    """`contacts_available` false: registration could not be asked. `next`: send it as `cursor` for those after them."""

    since: date
    until: date
    contacts_available: bool
    items: list[ExpectedAnswer]
    next: str | None
