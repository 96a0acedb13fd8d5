"""Answers about decisions."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from services.eligibility.decisions.models import Decision
from services.eligibility.decisions.queries import KeptDecision
from services.eligibility.decisions.rules import Because, Finding, MissingFact
from services.eligibility.inputs.rules import Inputs
from services.eligibility.packages.rules import GivenLine, LineNotGiven, in_currency
from services.eligibility.traces.rules import RuleSaid
from shared.contracts.eligibility import Outcome
from shared.fields import Answer


class DecisionLine(Answer):
    """A decision in a list. `because`: what led to it."""

    decision_id: UUID
    case_id: UUID
    outcome: Outcome
    evaluated_on: date
    good_until: date | None
    replaces: UUID | None
    because: Because
    total: Decimal
    currency: str
    decided_by: str
    decided_at: datetime


class DecisionAnswer(DecisionLine):
    """The whole decision as it was made: what it saw, what each rule said, and the package line by line.

    `digest`: SHA-256 of the stored record, the same whenever the decision is read.
    """

    programme: str
    programme_version: int
    attempts: dict[UUID, int]
    inputs: Inputs
    trace: tuple[RuleSaid, ...]
    missing: tuple[MissingFact, ...]
    package: tuple[GivenLine, ...]
    not_given: tuple[LineNotGiven, ...]
    digest: str


class DerivationAnswer(Answer):
    """The decision derived again from its stored inputs and its programme's version. `identical`: byte for byte."""

    decision_id: UUID
    identical: bool
    digest_kept: str
    digest_derived: str
    derived: Finding


def decision_line(row: Decision) -> DecisionLine:
    return DecisionLine.model_validate(_columns(row))


def decision_answer(decision: KeptDecision) -> DecisionAnswer:
    record, finding = decision.record, decision.record.finding
    whole = {
        "programme": record.programme,
        "programme_version": record.version,
        "attempts": decision.attempts,
        "inputs": record.inputs,
        "trace": finding.trace,
        "missing": finding.missing,
        "package": finding.package,
        "not_given": finding.not_given,
        "digest": bytes(decision.row.digest).hex(),
    }
    return DecisionAnswer.model_validate({**_columns(decision.row), **whole})


def _columns(row: Decision) -> dict[str, Any]:
    return {
        "decision_id": row.id,
        "case_id": row.case_id,
        "outcome": row.outcome,
        "evaluated_on": row.evaluated_on,
        "good_until": row.good_until,
        "replaces": row.replaces,
        "because": row.because,
        "total": in_currency(row.total, row.currency),
        "currency": row.currency,
        "decided_by": row.decided_by,
        "decided_at": row.decided_at,
    }
