"""Routes of disputes about an age."""

from uuid import UUID

from fastapi import APIRouter

from services.registration.cases.queries import CaseFile, Standing, open_file
from services.registration.disputes import actions
from services.registration.disputes.models import AgeDispute
from services.registration.disputes.schemas import AgeDisputeAnswer, AgeSettlementBody
from shared.auth import Role, allow
from shared.call import Call, CallState
from shared.problems import NotFound
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["disputed ages"])
DOUBTERS = (Role.PROTECTION, Role.COUNSELLOR, Role.REGISTRATION_OFFICER, Role.MEDICAL)


@router.post("/cases/{case_id}/members/{individual_id}/age-dispute", status_code=201, dependencies=[allow(*DOUBTERS)])
async def dispute_age(case_id: UUID, individual_id: UUID, call: Call) -> AgeDisputeAnswer:
    """The age is disputed: the person counts as a child until it is settled. What was signed as an adult lapses."""
    file = await open_file(call.session, case_id)
    call.seen(file.case)
    standing = _member(file, individual_id)
    row = await actions.dispute_age(call.session, call.act, file, standing)
    call.made("/cases", case_id)
    call.shows(file.case)
    return _shown(call, row, standing)


@router.post("/cases/{case_id}/members/{individual_id}/age-dispute/settlement", dependencies=[allow(Role.PROTECTION)])
async def settle_age(case_id: UUID, individual_id: UUID, body: AgeSettlementBody, call: Call) -> AgeDisputeAnswer:
    """Protection says what settled it."""
    file = await open_file(call.session, case_id)
    call.seen(file.case)
    standing = _member(file, individual_id)
    row = await actions.settle_age(call.session, call.act, file, standing, body)
    call.shows(file.case)
    return _shown(call, row, standing)


def _member(file: CaseFile, individual_id: UUID) -> Standing:
    if individual_id not in file.members:
        raise NotFound("member of this case")
    return file.members[individual_id]


def _shown(call: CallState, row: AgeDispute, standing: Standing) -> AgeDisputeAnswer:
    return AgeDisputeAnswer.model_validate(
        {
            **row.model_dump(),
            "status": "open" if row.settled_at is None else "settled",
            "age_band": standing.band(call.act.today),
            "protection_pending": standing.member.protection_pending,
        }
    )
