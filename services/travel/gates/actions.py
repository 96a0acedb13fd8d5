"""Showing what the gates still ask."""

from collections.abc import Iterable
from uuid import UUID

from services.travel.gates.queries import Gatekeeper
from services.travel.gates.rules import Missing
from services.travel.gates.schemas import GatesAnswer, GateState, MissingItem

__all__ = ["GatesAnswer", "MissingItem", "show_gates", "show_missing"]


def show_missing(missing: Iterable[Missing]) -> list[MissingItem]:
    return [
        MissingItem(code=each.code, country=each.country, sentence=each.sentence, who_can_help=each.who_can_help)
        for each in missing
    ]


def show_gates(keeper: Gatekeeper, case_id: UUID, individual: UUID, attempt: int, word: str | None) -> GatesAnswer:
    def state(missing: list[Missing]) -> GateState:
        return GateState(passed=not missing, missing=show_missing(missing))

    return GatesAnswer(
        at_booking=state(keeper.at_booking(case_id, individual, attempt)),
        at_check_in=state(keeper.at_check_in(case_id, individual, attempt)),
        at_doors=state(keeper.at_doors(case_id, individual, attempt, word)),
    )
