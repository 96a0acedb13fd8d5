"""Bodies of the journey."""

from datetime import datetime
from uuid import UUID

from shared.fields import Answer


class JourneyLineAnswer(Answer):
    """One fact. `at`: when it happened; `recorded`: when its service learnt of it. `summary`: noun and verb of the
    event. `cause`: the event or request that led to it. `position`: its place in its service's sequence, null until it
    has left; `told`: whether it has left."""

    at: datetime
    recorded: datetime
    service: str
    type: str
    summary: str
    event_id: UUID
    cause: UUID
    individual_id: UUID | None
    attempt: int | None
    sequence: int
    position: int | None
    told: bool


class JourneyAnswer(Answer):
    case_id: UUID
    status: str
    lines: list[JourneyLineAnswer]
