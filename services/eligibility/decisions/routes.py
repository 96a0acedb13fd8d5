"""Reading decisions: as they were made, and derived again. Making one is a verb of the case."""

from uuid import UUID

from fastapi import APIRouter

from services.eligibility.decisions.queries import decision_of_id, decisions_of_case
from services.eligibility.decisions.rules import Record, digest_of
from services.eligibility.decisions.schemas import (
    DecisionAnswer,
    DecisionLine,
    DerivationAnswer,
    decision_answer,
    decision_line,
)
from services.eligibility.programmes.queries import ruling_of_version
from shared.auth import Role, allow
from shared.call import Call
from shared.pagination import Cursor, Limit, Page, after, page
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["decisions"])

# A trace shows what officers were told (detention, procedures): for those who decide and those who audit, no others.
READERS = allow(Role.REGISTRATION_OFFICER, Role.COUNSELLOR, Role.PROGRAMME_OFFICER, Role.AUDITOR)


@router.get("/cases/{case_id}/decisions", dependencies=[READERS])
async def list_decisions(case_id: UUID, call: Call, limit: Limit = 50, cursor: Cursor = None) -> Page[DecisionLine]:
    """Every decision of a case, the oldest first; each names the one it replaces."""
    rows = await decisions_of_case(call.session, case_id, after(cursor), limit)
    return page(rows, limit, decision_line)


@router.get("/decisions/{decision_id}", dependencies=[READERS])
async def read_decision(decision_id: UUID, call: Call) -> DecisionAnswer:
    """The decision as it was made, always the same."""
    return decision_answer(await decision_of_id(call.session, decision_id))


@router.get("/decisions/{decision_id}/derivation", dependencies=[READERS])
async def derive_decision(decision_id: UUID, call: Call) -> DerivationAnswer:
    """The decision made again from its stored inputs and its version of the programme, compared with what is kept."""
    decision = await decision_of_id(call.session, decision_id)
    ruling = await ruling_of_version(call.session, decision.row.version_id)
    inputs = decision.record.inputs
    derived = Record.of(ruling.scope, ruling.number, ruling.version, inputs)
    again = derived.written()
    return DerivationAnswer(
        decision_id=decision.row.id,
        identical=again == bytes(decision.row.record),
        digest_kept=bytes(decision.row.digest).hex(),
        digest_derived=digest_of(again).hex(),
        derived=derived.finding,
    )
