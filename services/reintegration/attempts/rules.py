"""When contact counts as lost. The numbers are provisional: the field's notes name none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from shared.problems import Problem


class Way(StrEnum):
    """How somebody was tried to be reached."""

    PHONE = "phone"
    MESSAGE = "message"
    VISIT = "visit"
    THROUGH_FAMILY = "through_family"
    THROUGH_PARTNER = "through_partner"


class Reached(StrEnum):
    """What came of it."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    NUMBER_WRONG = "number_wrong"
    NOT_THERE = "not_there"
    WANTS_NO_CONTACT = "wants_no_contact"


@dataclass(frozen=True, slots=True)
class LostRule:
    """Contact is lost after so many attempts since somebody was last reached, over so many days, in so many ways."""

    attempts: int
    days: int
    ways: int
    provisional: bool = True


LOST_AFTER: Final = LostRule(attempts=3, days=14, ways=2)


class ContactNotLostYet(Problem):
    slug = "contact-not-lost-yet"
    status = 409
    title = "Too little was tried to call contact lost"
    remedy = "`needed` says what is asked for and `tried` what was done since somebody was last reached: go on trying."


class ContactLostAlready(Problem):
    slug = "contact-lost-already"
    status = 409
    title = "Contact with this case counts as lost already"
    remedy = "Record the next attempt; when it reaches somebody, contact is regained by itself."


@dataclass(frozen=True, slots=True)
class Tried:
    """One attempt, as the rule looks at it."""

    at: datetime
    way: str
    outcome: str


def in_vain_since(tried: Sequence[Tried]) -> list[Tried]:
    """The attempts since somebody was last reached, oldest first. Whoever wants no contact was reached."""
    in_vain: list[Tried] = []
    for each in sorted(tried, key=lambda one: one.at):
        if each.outcome in (Reached.REACHED, Reached.WANTS_NO_CONTACT):
            in_vain = []
        else:
            in_vain.append(each)
    return in_vain


def check_lost(tried: Sequence[Tried], now: datetime, rule: LostRule = LOST_AFTER) -> datetime:
    """Since when contact is lost. Raises `ContactNotLostYet`."""
    in_vain = in_vain_since(tried)
    ways = len({each.way for each in in_vain})
    days = (now - in_vain[0].at) // timedelta(days=1) if in_vain else 0
    if len(in_vain) < rule.attempts or days < rule.days or ways < rule.ways:
        raise ContactNotLostYet(
            needed={"attempts": rule.attempts, "days": rule.days, "ways": rule.ways, "provisional": rule.provisional},
            tried={"attempts": len(in_vain), "days": days, "ways": ways},
        )
    return in_vain[0].at
