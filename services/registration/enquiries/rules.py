"""What people ask, and requests for return by week. Source of topic codes: domain.md, section 6 (hotline)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from shared.problems import Problem


class Topic(StrEnum):
    RETURN = "return"
    ASYLUM = "asylum"
    ENTRY_AND_TRANSIT = "entry_and_transit"
    RELIEF = "relief"
    HEALTH = "health"
    FAMILY = "family"
    DOCUMENTS = "documents"
    SAFETY = "safety"
    OTHER = "other"


class Urgency(StrEnum):
    ORDINARY = "ordinary"
    SOON = "soon"
    DISTRESS = "distress"


class DistressWithoutPlace(Problem):
    slug = "distress-without-place"
    status = 422
    title = "Somebody in distress cannot be found without a place"
    remedy = "Give in `place` what is known of where they are, and in `referred_to` who was told."


class AnsweredAlready(Problem):
    slug = "enquiry-answered-already"
    status = 409
    title = "That call-back was made before"
    remedy = "Record a new enquiry if they called again."


REQUESTS: Final = (
    "Requests for return by ISO week and channel: enquiries whose topic is return. A case that was registered is not "
    "counted again; an enquiry says in `case_id` which case it became. By the day (UTC) on which somebody asked."
)


@dataclass(frozen=True, slots=True)
class Asked:
    """How many asked on one day by one channel."""

    on: date
    channel: str
    count: int


@dataclass(frozen=True, slots=True)
class Week:
    """`week`: as 2021-W49; `first_day` is its Monday."""

    week: str
    first_day: date
    by_channel: dict[str, int]

    @property
    def count(self) -> int:
        return sum(self.by_channel.values())


def by_week(asked: Iterable[Asked]) -> list[Week]:
    """In the order of the weeks."""
    found: dict[tuple[int, int], dict[str, int]] = {}
    for each in asked:
        year, week, _ = each.on.isocalendar()
        channels = found.setdefault((year, week), {})
        channels[each.channel] = channels.get(each.channel, 0) + each.count
    return [
        Week(f"{year}-W{week:02}", date.fromisocalendar(year, week, 1), dict(sorted(found[year, week].items())))
        for year, week in sorted(found)
    ]


def check_distress(urgency: Urgency, place: str | None, referred_to: str | None) -> None:
    """Raises `DistressWithoutPlace`."""
    if urgency is Urgency.DISTRESS and not (place and referred_to):
        raise DistressWithoutPlace()
