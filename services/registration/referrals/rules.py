"""Where a referral stands. Pure."""

from enum import StrEnum

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
