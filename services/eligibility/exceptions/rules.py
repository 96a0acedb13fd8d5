"""Which rules an exception may be asked for, who may approve one, and what becomes of it."""

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.eligibility.programmes.rules import Rule
from services.eligibility.traces.rules import RuleSaid
from shared.problems import Problem
from shared.states import StateTable, move


class Status(StrEnum):
    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


EXCEPTIONS: Final = StateTable(
    name="exception",
    states=tuple(Status),
    initial=Status.ASKED,
    moves=(
        move("approve_exception", Status.ASKED, to=Status.APPROVED),
        move("refuse_exception", Status.ASKED, to=Status.REFUSED),
        move("withdraw_exception", Status.ASKED, Status.APPROVED, to=Status.WITHDRAWN),
        move("expire", Status.ASKED, Status.APPROVED, to=Status.EXPIRED),
    ),
)


class Reason(StrEnum):
    """Why an exception is asked for, and no more than that: the story behind it stays in registration."""

    VULNERABILITY = "vulnerability"
    FAMILY_UNITY = "family_unity"
    HUMANITARIAN = "humanitarian"
    MISTAKE_OF_AUTHORITIES = "mistake_of_authorities"
    DONOR_AGREED = "donor_agreed"


class DecisionReason(StrEnum):
    """Why an exception was refused."""

    NOT_JUSTIFIED = "not_justified"
    OTHER_PROGRAMME_FITS = "other_programme_fits"
    DONOR_DISAGREES = "donor_disagrees"
    EVIDENCE_LACKS = "evidence_lacks"


LONGEST: Final = timedelta(days=366)


class RuleNotOverridable(Problem):
    slug = "rule-not-overridable"
    status = 422
    title = "The programme allows no exception to that rule"
    remedy = "`overridable` lists the rules of the case's programme that allow one; another rule must be met."


class NothingToExcept(Problem):
    slug = "nothing-to-except"
    status = 409
    title = "That rule is not what hinders this case"
    remedy = (
        "`failed` lists the rules that its decision says are not met, and `individuals` those who do not meet the one "
        "named, where it asks each. Answer what is missing, then ask again."
    )


class ExceptionAlreadyAsked(Problem):
    slug = "exception-already-asked"
    status = 409
    title = "An exception to that rule is already asked or in force for this case"
    remedy = "`exception` names it: have it decided, or withdraw it before you ask again."


class ExceptionDatesImpossible(Problem):
    slug = "exception-dates-impossible"
    status = 422
    title = "An exception cannot be good until that day"
    remedy = "Choose a day from today (`earliest`) to a year from now (`latest`)."


class ExceptionPastItsDay(Problem):
    slug = "exception-past-its-day"
    status = 409
    title = "The day until which the exception was asked for has passed"
    remedy = "Withdraw it, and ask again with a later `valid_until`."


class OwnException(Problem):
    slug = "own-exception"
    status = 403
    title = "Nobody decides on an exception that they asked for themselves"
    remedy = "Let someone else decide, or withdraw it."


def check_can_be_asked(
    rules: Sequence[Rule], trace: Sequence[RuleSaid] | None, rule: str, individual: UUID | None = None
) -> None:
    """An exception is for a rule that fails now and allows one; for an individual, where the rule asks each and they
    fail it. Raises `RuleNotOverridable` or `NothingToExcept`."""
    overridable = sorted(each.code for each in rules if each.overridable)
    if rule not in overridable:
        raise RuleNotOverridable(overridable=overridable)
    failed = sorted(entry.code for entry in trace or () if entry.hinders)
    if rule not in failed:
        raise NothingToExcept(failed=failed)
    if individual is None:
        return
    asks_each = any(each.code == rule and each.asks_each for each in rules)
    entries = [entry for entry in trace or () if entry.code == rule and asks_each]
    who = [each for entry in entries for each in entry.members if each.said == "failed" and each.on_exception is None]
    if all(each.individual != individual for each in who):
        raise NothingToExcept(failed=failed, individuals=sorted(str(each.individual) for each in who))


def check_day(valid_until: date, today: date) -> None:
    """Raises `ExceptionDatesImpossible`."""
    if not today <= valid_until <= today + LONGEST:
        raise ExceptionDatesImpossible(earliest=today.isoformat(), latest=(today + LONGEST).isoformat())


def check_somebody_else(by: str, asked_by: str) -> None:
    """Four eyes. Raises `OwnException`."""
    if by == asked_by:
        raise OwnException()


def possible_actions(status: str) -> list[str]:
    """The verbs that are taken in a status."""
    return [verb for verb in EXCEPTIONS.verbs(status) if verb != "expire"]
