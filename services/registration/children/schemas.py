"""Bodies of items of protection."""

from datetime import datetime
from uuid import UUID

from services.registration.cases.rules import Alone
from services.registration.children.rules import Finding, Item
from shared.fields import Answer, Line, PersonName, PlainText, shown
from shared.occurrence import Occurrence
from shared.offers import OfferedAction


class ProtectionItemBody(Occurrence):
    """`receiver`, `place`: of a named reception alone, who receives the child and where."""

    model_config = shown(
        {"individual_id": "01890a5d-ac96-774b-bcce-b302099a8059", "item": "family_tracing", "finding": "found"},
        {
            "individual_id": "01890a5d-ac96-774b-bcce-b302099a8059",
            "item": "named_reception",
            "finding": "named",
            "receiver": "Example Person",
            "place": "Erbil",
        },
    )

    individual_id: UUID
    item: Item
    finding: Finding
    receiver: PersonName | None = None
    place: Line | None = None
    note: PlainText | None = None


class ProtectionItemAnswer(Answer):
    id: UUID
    case_id: UUID
    individual_id: UUID
    item: Item
    finding: Finding
    receiver: str | None
    place: str | None
    note: str | None
    status: str
    happened_at: datetime
    recorded_at: datetime
    recorded_by: str
    taken_back_at: datetime | None
    actions: list[OfferedAction]


class ChildAnswer(Answer):
    """A child alone: with an adult relative, or with none. `missing`: what still keeps the child from the journey, in
    the order of the procedure."""

    individual_id: UUID
    alone: Alone
    age_disputed: bool
    protection_pending: bool
    missing: list[Item]


class ProtectionAnswer(Answer):
    """Only the children of the case who are without those responsible."""

    case_id: UUID
    children: list[ChildAnswer]


class TakenBackAnswer(Answer):
    """`individual_status`: where the child stands after it; its own word taken back is a withdrawal."""

    id: UUID
    individual_id: UUID
    item: Item
    taken_back_at: datetime
    individual_status: str
    protection_pending: bool
