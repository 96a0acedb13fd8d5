"""Complaints and feedback (CFM; domain.md, sections 6 and 9), and who may read which."""

from collections.abc import Collection
from enum import StrEnum
from typing import Final

from shared.auth import Role
from shared.problems import Problem
from shared.states import StateTable, move


class Category(StrEnum):
    THANKS = "thanks"
    INFORMATION = "information"
    QUALITY = "quality"
    EXCLUSION = "exclusion"
    STAFF_CONDUCT = "staff_conduct"
    EXPLOITATION_AND_ABUSE = "exploitation_and_abuse"
    DATA = "data"
    OTHER = "other"


class Way(StrEnum):
    IN_PERSON = "in_person"
    HOTLINE = "hotline"
    BOX = "box"
    LETTER = "letter"
    ONLINE = "online"
    AT_A_DISTRIBUTION = "at_a_distribution"


PROTECTED: Final = frozenset({Category.EXPLOITATION_AND_ABUSE})
"""Read by focal points alone: not by auditors, not by administrators, not by who wrote it down."""

FOLLOWS_UP: Final = frozenset({Role.REGISTRATION_OFFICER, Role.PROTECTION, Role.PROGRAMME_OFFICER})
"""Who reads what does not come by the protected channel."""

FEEDBACK: Final = StateTable(
    "feedback",
    ("open", "followed_up", "answered", "closed"),
    "open",
    (
        move("follow_up", "open", "followed_up", to="followed_up"),
        move("answer_feedback", "open", "followed_up", to="answered"),
        move("close_feedback", "open", "followed_up", "answered", to="closed"),
    ),
)


class AnswerMissing(Problem):
    slug = "feedback-answer-missing"
    status = 409
    title = "Nobody was answered yet"
    remedy = "Answer first. What came without a `contact` alone is closed unanswered, for there is nobody to answer."


def may_read(category: Category, roles: Collection[Role]) -> bool:
    """The protected channel is for its focal points alone; they read nothing else by that role."""
    return (Role.PSEA_FOCAL_POINT in roles) if category in PROTECTED else not FOLLOWS_UP.isdisjoint(roles)


class FeedbackConfidential(Problem):
    slug = "feedback-confidential"
    status = 403
    title = "What was said there is confidential"
    remedy = "Leave it to protection: they read it, follow it up and answer."


def may_read_words(category: Category, roles: Collection[Role], *, confidential: bool) -> bool:
    """Whoever may read one reads its words, but for a confidential one: those are for protection, and in the protected
    channel for its focal points. Everybody else who may read it sees that it is there and where it stands."""
    return may_read(category, roles) and (not confidential or category in PROTECTED or Role.PROTECTION in roles)


def check_words(category: Category, roles: Collection[Role], *, confidential: bool) -> None:
    """Nobody answers what they may not read. Raises `FeedbackConfidential`."""
    if not may_read_words(category, roles, confidential=confidential):
        raise FeedbackConfidential()


def check_closing(status: str, *, anonymous: bool) -> None:
    """Raises `AnswerMissing`."""
    if status != "answered" and not anonymous:
        raise AnswerMissing()
