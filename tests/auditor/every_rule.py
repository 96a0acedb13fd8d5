"""All rules that hold wherever the services run."""

from tests.auditor import (
    agreement,
    community,
    effects,
    facts,
    flights,
    money,
    outcomes,
    parties,
    protection,
    relief,
    requests,
    waiting,
    way,
)
from tests.auditor.evidence import Check

CHECKS: tuple[Check, ...] = (
    *requests.CHECKS,
    *facts.CHECKS,
    *effects.CHECKS,
    *outcomes.CHECKS,
    *flights.CHECKS,
    *agreement.CHECKS,
    *relief.CHECKS,
    *waiting.CHECKS,
    *protection.CHECKS,
    *money.CHECKS,
    *parties.CHECKS,
    *way.CHECKS,
    *community.CHECKS,
)
