"""An act: who does something, when (business time), and because of what. Every action is handed one."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Act:
    """The circumstances of one write.

    `now` is business time; `cause` is the id of the request or of the event that led here, and the seed of the ids of
    the events that follow; `correlation` stays the same along a whole chain of causes.
    """

    by: str
    roles: frozenset[str]
    now: datetime
    cause: UUID
    correlation: UUID
    service: str

    @property
    def today(self) -> date:
        return self.now.date()
