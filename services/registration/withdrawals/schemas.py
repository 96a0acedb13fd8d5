"""Bodies of withdrawals."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from services.registration.withdrawals.rules import Outcome, WithdrawalChannel
from shared.fields import Answer, shown
from shared.occurrence import Occurrence
from shared.offers import OfferedAction

SaidBy = Annotated[list[UUID], Field(max_length=30)]


class WithdrawalBody(Occurrence):
    """`individuals`: who withdraws; none named means everyone of the case. No reason is asked for. `occurred_at`: when
    it was stated."""

    model_config = shown(
        {"channel": "in_person"},
        {
            "individuals": ["01890a5d-ac96-774b-bcce-b302099a8057"],
            "channel": "paper",
            "occurred_at": "2021-12-14T05:40:00Z",
            "late_reason": "paper_form",
        },
    )

    individuals: SaidBy = Field(default_factory=list)
    channel: Literal[
        WithdrawalChannel.IN_PERSON, WithdrawalChannel.PHONE, WithdrawalChannel.PAPER, WithdrawalChannel.MESSAGE
    ]


class StatementAnswer(Answer):
    """`unexplained`: recorded late, and the reason or the paper that shows it is still to be asked for.
    `dated_ahead`: it came with a date to come, and was taken as of now."""

    id: UUID
    individual_id: UUID
    attempt: int
    channel: WithdrawalChannel
    outcome: Outcome
    said_for: bool
    dated_ahead: bool
    stated_at: datetime
    recorded_at: datetime
    unexplained: bool
    settled_at: datetime | None


class StatementList(Answer):
    items: list[StatementAnswer]


class StillPossible(Answer):
    """`individuals`: for whom. A child can be among them who did not speak, but whose parent did."""

    code: str
    sentence: str
    individuals: list[UUID]


class WithdrawalAnswer(Answer):
    """`outcome`: of all that was said, in one word; `statements`: for each. `lapsed`: children whose declaration fell
    by it. `incident`: whether protection must look at it."""

    outcome: Outcome
    statements: list[StatementAnswer]
    lapsed: list[UUID]
    what_can_still_be_done: list[StillPossible]
    incident: bool
    status: str
    actions: list[OfferedAction]
