"""Routes of who joins a case, and who leaves it."""

from uuid import UUID

from fastapi import APIRouter

from services.registration.cases.queries import open_file, read_file
from services.registration.cases.rules import lists_names
from services.registration.memberships import actions
from services.registration.memberships.queries import changes_of, once_a_member
from services.registration.memberships.schemas import (
    JoinedAnswer,
    JoiningBody,
    LeavingBody,
    LeftAnswer,
    MembershipAnswer,
    RejoiningBody,
    membership_change,
)
from shared.auth import Role, allow
from shared.call import Call, names_version
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["who joins and leaves a case"])
RECORDERS = (Role.REGISTRATION_OFFICER, Role.COUNSELLOR, Role.PROTECTION)


@router.post("/cases/{case_id}/members", status_code=201, dependencies=[allow(*RECORDERS), names_version()])
async def join_case(case_id: UUID, body: JoiningBody, call: Call) -> JoinedAnswer:
    """Somebody joins the case: a child is born, a husband is found. If-Match is the case's ETag. Eligibility is decided
    again with them, and who is booked waits until they have a seat too; who joins has yet to be counselled and to
    sign."""
    file = await open_file(call.session, case_id)
    call.seen(file.case)
    joined, documents = await actions.join_case(call.session, call.act, file, body)
    call.made("/cases", case_id)
    call.shows(file.case)
    return JoinedAnswer(
        case_id=case_id,
        individual_id=joined.id,
        age_band=joined.band(call.act.today),
        protection_pending=joined.member.protection_pending,
        documents=[document.id for document in documents],
        status=file.case.status,
        actions=call.offers(file.possible(call.act.today), case_id=case_id),
    )


@router.post("/cases/{case_id}/members/{individual_id}/leaving", dependencies=[allow(*RECORDERS), names_version()])
async def leave_case(case_id: UUID, individual_id: UUID, body: LeavingBody, call: Call) -> LeftAnswer:
    """Somebody goes their own way, and the rest goes on. If-Match is the case's ETag. A seat of theirs is given back; a
    child without those responsible waits for protection. They may be registered in a case of their own."""
    file = await open_file(call.session, case_id)
    call.seen(file.case)
    left = await once_a_member(call.session, case_id, individual_id)
    leaving = actions.check_is_there(file, left, individual_id)
    await actions.leave_case(call.session, call.act, file, leaving, body)
    call.shows(file.case)
    return LeftAnswer(
        case_id=case_id,
        individual_id=individual_id,
        status=file.case.status,
        protection_pending=[each.id for each in file.members.values() if each.member.protection_pending],
        actions=call.offers(
            [*file.possible(call.act.today), "rejoin_case"], case_id=case_id, individual_id=individual_id
        ),
    )


@router.post("/cases/{case_id}/members/{individual_id}/rejoining", dependencies=[allow(*RECORDERS), names_version()])
async def rejoin_case(case_id: UUID, individual_id: UUID, body: RejoiningBody, call: Call) -> JoinedAnswer:
    """Who left comes back, or had been taken out by mistake. If-Match is the case's ETag. They sign anew."""
    file = await open_file(call.session, case_id)
    call.seen(file.case)
    back = await actions.rejoin_case(call.session, call.act, file, individual_id, body)
    call.shows(file.case)
    return JoinedAnswer(
        case_id=case_id,
        individual_id=individual_id,
        age_band=back.band(call.act.today),
        protection_pending=back.member.protection_pending,
        documents=[],
        status=file.case.status,
        actions=call.offers(file.possible(call.act.today), case_id=case_id),
    )


@router.get("/cases/{case_id}/membership", dependencies=[allow(*RECORDERS, Role.AUDITOR)])
async def read_membership(case_id: UUID, call: Call) -> MembershipAnswer:
    """Who joined the case since it was registered and who left it, oldest first; auditors see no names."""
    file = await read_file(call.session, case_id)
    named = lists_names(call.act.roles)
    items = []
    for recorded in await changes_of(call.session, case_id):
        _change, individual, member = recorded
        verb = "rejoin_case" if member.left_at is not None else "leave_case"
        verbs = [] if file.closed else [verb]
        offered = call.offers(verbs, case_id=case_id, individual_id=individual.id)
        items.append(membership_change(recorded, offered, named=named))
    return MembershipAnswer(items=items)
