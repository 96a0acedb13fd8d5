"""Readiness: what each gate still asks of each person of a case."""

from uuid import UUID

from shared.fields import Answer, BusinessDate


class MissingItem(Answer):
    """A stable code, a sentence, and the role that can help. `country`: where a paper is asked for."""

    code: str
    country: str | None
    sentence: str
    who_can_help: str


class GateState(Answer):
    passed: bool
    missing: list[MissingItem]


class GatesAnswer(Answer):
    """Each later gate asks everything before it again."""

    at_booking: GateState
    at_check_in: GateState
    at_doors: GateState


class IndividualReadiness(GatesAnswer):
    individual_id: UUID
    attempt: int


class ReadinessAnswer(Answer):
    """`on`: the day of departure that was asked about, else today."""

    case_id: UUID
    flight_id: UUID | None
    on: BusinessDate
    individuals: list[IndividualReadiness]
