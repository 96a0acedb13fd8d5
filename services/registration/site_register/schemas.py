"""Bodies of the register."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from services.registration.site_register.models import SiteMovement
from services.registration.site_register.rules import Between, Direction, MovementReason
from shared.fields import Answer, shown
from shared.occurrence import LateReason, Occurrence


class MovementBody(Occurrence):
    """`people`: how many moved; `individuals`: those of them who are registered, where it is known. `direction`: for
    the reason `other` alone."""

    model_config = shown(
        {"reason": "came_in", "people": 12},
        {"reason": "other", "direction": "out", "people": 1, "individuals": ["01890a5d-ac96-774b-bcce-b302099a8057"]},
    )

    reason: MovementReason
    people: Annotated[int, Field(ge=1, le=100_000)]
    direction: Direction | None = None
    individuals: Annotated[list[UUID], Field(max_length=200)] = Field(default_factory=list)


class MovementAnswer(Answer):
    """`reverses`: the entry that this one takes back. `individuals` is empty and `evidence` null to those whose role
    does not see who moved."""

    id: UUID
    site_id: UUID
    reason: MovementReason
    direction: Direction
    people: int
    individuals: list[UUID]
    reverses: UUID | None
    occurred_at: datetime
    late_reason: LateReason | None
    evidence: str | None
    recorded_at: datetime
    recorded_by: str


def movement_answer(row: SiteMovement, *, with_who: bool) -> MovementAnswer:
    direction = Direction.IN if row.change > 0 else Direction.OUT
    hidden: dict[str, Any] = {} if with_who else {"individuals": [], "evidence": None}
    return MovementAnswer.model_validate(
        {**row.model_dump(), **hidden, "direction": direction, "people": abs(row.change)}
    )


class ReasonAnswer(Answer):
    """`change`: negative where people went out."""

    reason: MovementReason
    change: int


class CountAnswer(Answer):
    id: UUID
    occurred_at: datetime
    people: int


class BetweenAnswer(Answer):
    """From one count to the next. `counted_difference` = `register_difference` + `unexplained`."""

    earlier: CountAnswer
    later: CountAnswer
    came_in: int
    went_out: int
    by_reason: list[ReasonAnswer]
    counted_difference: int
    register_difference: int
    unexplained: int


class SiteReconciliation(Answer):
    """Between the counts of the period (days in UTC, both included). What the register does not explain is shown, and
    nothing is made to fit. The differences are of the whole period; `more`: counts follow those that are listed."""

    since: date
    until: date
    definition: str
    counts: list[CountAnswer]
    pairs: list[BetweenAnswer]
    more: bool
    counted_difference: int
    register_difference: int
    unexplained: int


DEFINITION = (
    "Counts as they stand after corrections; movements after the moment of one count and up to that of the next; "
    "unexplained is the difference of the counts less that of the register."
)


def between_answer(pair: Between) -> BetweenAnswer:
    return BetweenAnswer(
        earlier=CountAnswer(id=pair.earlier.id, occurred_at=pair.earlier.at, people=pair.earlier.people),
        later=CountAnswer(id=pair.later.id, occurred_at=pair.later.at, people=pair.later.people),
        came_in=pair.came_in,
        went_out=pair.went_out,
        by_reason=[ReasonAnswer(reason=MovementReason(one), change=n) for one, n in pair.by_reason.items()],
        counted_difference=pair.counted_difference,
        register_difference=pair.register_difference,
        unexplained=pair.unexplained,
    )
