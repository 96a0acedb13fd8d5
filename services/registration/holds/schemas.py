"""Bodies of holds."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.registration.holds.models import Hold
from services.registration.holds.rules import HoldReason
from shared.fields import Answer, Body, BusinessDate, PlainText, shown
from shared.offers import OfferedAction

Members = Annotated[list[UUID], Field(max_length=30)]


class HoldBody(Body):
    """`individuals`: whom it covers; none named means everyone in the case, and who joins it later. `until`: when to
    look at it again."""

    model_config = shown(
        {"individuals": ["01890a5d-ac96-774b-bcce-b302099a8057"], "reason": "document", "until": "2021-12-20"}
    )

    individuals: Members = Field(default_factory=list)
    reason: HoldReason
    note: PlainText | None = None
    until: BusinessDate | None = None


class HoldAnswer(Answer):
    """`everyone`: whether it holds who joins the case, too. `reason` and `note` are null to those whose role does not
    see them."""

    id: UUID
    individuals: list[UUID]
    everyone: bool
    reason: HoldReason | None
    note: str | None
    until: date | None
    placed_at: datetime
    placed_by: str
    status: str
    released_at: datetime | None
    actions: list[OfferedAction]


class HoldReviewBody(Body):
    """How many holds to release at most."""

    model_config = shown({"limit": 100})

    limit: int = Field(default=100, ge=1, le=200)


class HoldReviewAnswer(Answer):
    """`more`: whether some hold may still be due."""

    released: list[UUID]
    more: bool


class HoldList(Answer):
    items: list[HoldAnswer]


def hold_answer(hold: Hold, roles: frozenset[str], actions: list[OfferedAction]) -> HoldAnswer:
    sees_reason = not roles.isdisjoint({"protection", "medical", "counsellor"})
    sees_note = not roles.isdisjoint({"protection", "medical"})
    return HoldAnswer(
        id=hold.id,
        individuals=hold.individuals,
        everyone=hold.everyone,
        reason=HoldReason(hold.reason) if sees_reason else None,
        note=hold.note if sees_note else None,
        until=hold.until,
        placed_at=hold.placed_at,
        placed_by=hold.placed_by,
        status="open" if hold.released_at is None else "released",
        released_at=hold.released_at,
        actions=actions,
    )
