"""What looking finds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from shared.certificates import days_left
from shared.clock import machine_now


class State(IntEnum):
    """Also the exit code of `homeward doctor`."""

    OK = 0
    WARNING = 1
    WRONG = 2


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `do` says what to do about it, and is empty where all is well."""

    area: str
    state: State
    what: str
    do: str = ""

    def told(self) -> dict[str, str]:
        return {"area": self.area, "state": self.state.name.lower(), "what": self.what, "do": self.do}


def line_of(found: Finding) -> str:
    """As a person reads it."""
    line = f"{found.state.name.lower():8} {found.area}: {found.what}"
    return f"{line}\n{'':8} -> {found.do}" if found.do else line


def ok(area: str, what: str) -> Finding:
    return Finding(area, State.OK, what)


def warning(area: str, what: str, do: str) -> Finding:
    return Finding(area, State.WARNING, what, do)


def wrong(area: str, what: str, do: str) -> Finding:
    return Finding(area, State.WRONG, what, do)


def worst(found: Iterable[Finding]) -> State:
    return max((each.state for each in found), default=State.OK)


def certificate(area: str, whose: str, end: datetime, days: int) -> Finding:
    """How long a certificate is still good for."""
    left = days_left(end, machine_now())
    day = end.date().isoformat()
    if left < 0:
        return wrong(area, f"{whose} ended on {day}.", "Renew it, and start the processes again.")
    if left < days:
        return warning(area, f"{whose} ends on {day}, in {left} days.", "Renew it before that day.")
    return ok(area, f"{whose} is good until {day}.")
