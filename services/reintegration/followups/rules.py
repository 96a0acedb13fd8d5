"""When a plan is followed up: visits and survey rounds by schedule. The months and the days around them are
provisional: the field's notes name no schedule for this programme."""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from shared.problems import Problem


class Kind(StrEnum):
    VISIT = "visit"
    SURVEY = "survey"


class Standing(StrEnum):
    """Where a follow-up stands on a day. `lost`: nobody made it, and it is too late, or somebody gave it up."""

    PLANNED = "planned"
    DUE = "due"
    OVERDUE = "overdue"
    LOST = "lost"
    MADE = "made"
    ENDED = "ended"


class WhyLost(StrEnum):
    CONTACT_LOST = "contact_lost"
    MOVED_AWAY = "moved_away"
    DECLINED = "declined"
    NOT_SAFE_TO_GO = "not_safe_to_go"


@dataclass(frozen=True, slots=True)
class Schedule:
    """`months` after the return; a follow-up counts from `early` days before its day, is overdue `grace` days after it,
    and lost `lost` days after it. `late_plan`: a plan approved more days than that after the return is followed up from
    its approval on."""

    months: tuple[int, ...]
    early: int
    grace: int
    lost: int
    late_plan: int
    provisional: bool = True


SCHEDULE: Final = Schedule(months=(3, 6, 12), early=45, grace=30, lost=90, late_plan=60)


class NotOpenAnyMore(Problem):
    slug = "follow-up-not-open"
    status = 409
    title = "This follow-up is not open any more"
    remedy = "`state` says what became of it; nothing is left to give up."


@dataclass(frozen=True, slots=True)
class Planned:
    kind: Kind
    number: int
    due_on: date


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def planned_for(arrived: date, approved: date, schedule: Schedule = SCHEDULE) -> list[Planned]:
    """The follow-ups of a plan."""
    start = arrived if approved <= arrived + timedelta(days=schedule.late_plan) else approved
    days = [months_after(start, each) for each in schedule.months]
    return [Planned(kind, number, day) for kind in Kind for number, day in enumerate(days, start=1)]


def standing_of(status: str, due_on: date, today: date, schedule: Schedule = SCHEDULE) -> Standing:
    """Where a follow-up with that kept status stands on a day."""
    if status != "open":
        return {"made": Standing.MADE, "lost": Standing.LOST, "ended": Standing.ENDED}[status]
    if today > due_on + timedelta(days=schedule.lost):
        return Standing.LOST
    if today > due_on + timedelta(days=schedule.grace):
        return Standing.OVERDUE
    return Standing.DUE if today >= due_on - timedelta(days=schedule.early) else Standing.PLANNED


def days_of(standing: Standing, today: date, schedule: Schedule = SCHEDULE) -> tuple[date, date]:
    """Between which days, both included, an open follow-up is due that stands so on a day. The other way round than
    `standing_of`, so that a list is read from an index."""
    early, grace, lost = (timedelta(days=each) for each in (schedule.early, schedule.grace, schedule.lost))
    one = timedelta(days=1)
    match standing:
        case Standing.DUE:
            return today - grace, today + early
        case Standing.OVERDUE:
            return today - lost, today - grace - one
        case Standing.LOST:
            return date.min, today - lost - one
        case _:
            return today + early + one, date.max


def counts_for(made_on: date, due: Iterable[date], schedule: Schedule = SCHEDULE) -> date | None:
    """Which of the open follow-ups' days a visit made on a day counts for: the earliest it is not too early for."""
    early = timedelta(days=schedule.early)
    return min((day for day in due if made_on >= day - early), default=None)


def missing_on(closed_on: date, due: Iterable[date], schedule: Schedule = SCHEDULE) -> list[date]:
    """The days of open follow-ups that should have been made by a day."""
    return sorted(day for day in due if closed_on > day + timedelta(days=schedule.grace))
