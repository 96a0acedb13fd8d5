"""Where a referral stands. Pure."""

from collections.abc import Collection
from enum import StrEnum
from typing import Final

from shared.problems import Problem
from shared.states import StateTable, move


class Need(StrEnum):
    LEGAL_AID = "legal_aid"
    ASYLUM = "asylum"
    HEALTH = "health"
    MENTAL_HEALTH = "mental_health"
    CHILD_PROTECTION = "child_protection"
    COUNTER_TRAFFICKING = "counter_trafficking"
    SHELTER = "shelter"
    FAMILY_TRACING = "family_tracing"
    CONSULAR = "consular"
    OTHER = "other"


SENSITIVE_NEEDS: Final = (Need.CHILD_PROTECTION, Need.COUNTER_TRAFFICKING)
"""That there is such a referral says of somebody what only protection is to read, and so does the agency's name."""


def sees_sensitive(roles: Collection[str]) -> bool:
    """Of others' referrals; whoever sent one sees it anyway."""
    return "protection" in roles


def sees_referral(need: str, roles: Collection[str], reader: str, sender: str) -> bool:
    return need not in SENSITIVE_NEEDS or sees_sensitive(roles) or reader == sender


REFERRAL = StateTable(
    name="referral",
    states=("sent", "accepted", "declined", "completed", "stopped"),
    initial="sent",
    moves=(
        move("accept_referral", "sent", to="accepted"),
        move("decline_referral", "sent", to="declined"),
        move("complete_referral", "accepted", to="completed"),
        # The consent that it rests on was taken back.
        move("stop_referral", "sent", "accepted", to="stopped"),
    ),
)


class NoConsentToRefer(Problem):
    slug = "no-consent-to-refer"
    status = 409
    title = "The person has not consented that their data goes to that agency"
    remedy = (
        "Record a consent for the purpose `referral` that names the agency in `recipient` as it is written here; "
        "then refer."
    )
