"""What a job of a worker says of itself: that it still turns, and what it waits for."""

from dataclasses import dataclass, field

from shared.brokers import BrokerUnavailable
from shared.clock import monotonic
from shared.database import StoreAway
from shared.problems import OtherServiceUnavailable

STALLED = 90.0
"""Seconds without a round, after which a job hangs: every wait in it is shorter."""


@dataclass(slots=True)
class Pulse:
    """A job calls `turned()` as often as it can, `well()` after a good round, and `waits()` when something is away."""

    waits_for: str | None = None
    """"the broker", "the database", "another service", or "what the log says"."""
    last: float = field(default_factory=monotonic)

    def turned(self) -> None:
        self.last = monotonic()

    def well(self) -> None:
        self.last = monotonic()
        self.waits_for = None

    def waits(self, error: BaseException) -> None:
        self.last = monotonic()
        self.waits_for = _named(error)

    @property
    def age(self) -> float:
        """Seconds since it last turned."""
        return monotonic() - self.last

    @property
    def stalled(self) -> bool:
        return self.age > STALLED


def _named(error: BaseException) -> str:
    if isinstance(error, BrokerUnavailable):
        return "the broker"
    if isinstance(error, StoreAway):
        return "the database"
    if isinstance(error, OtherServiceUnavailable):
        return "another service"
    return "what the log says"
