"""What a support code asks for. The codes are registration's; what lies behind one stays there."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol

from services.travel.escorts.rules import EscortKind


class SupportCode(StrEnum):
    """Registration's codes of what must be arranged."""

    MEDICAL_ESCORT = "medical_escort"
    ESCORT = "escort"
    WHEELCHAIR = "wheelchair"
    OXYGEN = "oxygen"
    STRETCHER = "stretcher"
    EXTRA_SEAT = "extra_seat"


class CheckOutcome(StrEnum):
    """The outcomes of a check with which somebody flies."""

    FIT = "fit"
    FIT_WITH_SUPPORT = "fit_with_support"
    WAIVED = "waived"


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


@dataclass(frozen=True, slots=True)
class Need:
    """What one code asks for on board: seats beside the person's own, and an escort of one of these kinds."""

    extra_seats: int = 0
    escorts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Validity:
    """How long a check of one outcome is good before departure, and whether it is made again once the person lost the
    seat it was made for."""

    good_for: timedelta = timedelta(hours=72)
    repeat_after_cancellation: bool = False


NEEDS: Final[Mapping[str, Need]] = {
    SupportCode.MEDICAL_ESCORT: Need(escorts=frozenset({EscortKind.MEDICAL})),
    SupportCode.ESCORT: Need(escorts=frozenset(EscortKind)),
    SupportCode.WHEELCHAIR: Need(),
    SupportCode.OXYGEN: Need(),
    SupportCode.STRETCHER: Need(extra_seats=5),
    SupportCode.EXTRA_SEAT: Need(extra_seats=1),
}
"""Until a rule says otherwise. Seats of a stretcher are provisional: airlines take six to nine for one."""
VALIDITY: Final = Validity()
"""A pre-embarkation check is made 24 to 72 hours before departure (IOM, Pre-departure and travel health)."""


def extra_seats_needed(support: Iterable[str], needs: Mapping[str, Need]) -> int:
    """Beside the person's own; a stretcher has room for what else takes a seat, so that they do not add up."""
    return max((needs[code].extra_seats for code in support if code in needs), default=0)


def escorts_missing(support: Iterable[str], needs: Mapping[str, Need], there: Collection[str]) -> bool:
    """Whether some code asks for an escort and none of a kind that does is there."""
    asked = [needs[code].escorts for code in support if code in needs and needs[code].escorts]
    return any(kinds.isdisjoint(there) for kinds in asked)
