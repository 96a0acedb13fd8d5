"""What a support code asks for. The codes are registration's; what lies behind one stays there."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol


class Checked(Protocol):
    """A pre-embarkation check as this rule needs it."""

    checked_at: datetime
    sequence: int
    support: list[str]


def support_now(checks: Sequence[Checked]) -> frozenset[str]:
    """The codes of the last check, the later of two of the same moment; none without a check."""
    if not checks:
        return frozenset()
    return frozenset(max(checks, key=lambda each: (each.checked_at, each.sequence)).support)
