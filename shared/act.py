"""An act: who does something, when (business time), and because of what. Every action is handed one."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from shared.trace import Trace, of_correlation


@dataclass(frozen=True, slots=True)
class Act:
    """The circumstances of one write.

    `now` is business time; `cause` is the id of the request or of the event that led here, and the seed of the ids of
    the events that follow; `correlation` stays the same along a whole chain of causes, and so does the id of `trace`,
    whose span is the one that acts here.
    """

    by: str
    roles: frozenset[str]
    now: datetime
    cause: UUID
    correlation: UUID
    service: str
    trace: Trace | None = None

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def traced(self) -> Trace:
        """The trace, or for an act that came without one (a wish of older days) the one its correlation gives."""
        return self.trace or of_correlation(self.correlation, self.cause)
