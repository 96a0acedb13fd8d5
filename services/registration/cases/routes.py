"""Routes of cases."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.registration.cases import actions
from services.registration.cases.queries import CaseFile, list_files, shown_file
from services.registration.cases.rules import lists_names, sight
from services.registration.cases.schemas import (
    CaseAnswer,
    CaseBody,
    CaseStatus,
    ListedCase,
    MemberAnswer,
    RegisteredAnswer,
    RegisteredMember,
    contact_answer,
    listed_case,
    member_status,
    personal_answer,
)
from services.registration.documents.actions import DocumentAnswer
from services.registration.documents.queries import shown_documents
from services.registration.holds.queries import shown_held
from shared.auth import Role, allow
from shared.call import Call, CallState
from shared.contracts.registration import Relation, Sex
from shared.offers import OfferedAction
from shared.pagination import DEFAULT_LIMIT, Cursor, Limit, Page, after, page
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["cases"])
STAFF = [role for role in Role if role is not Role.SERVICE]
WHILE_OPEN = (
    "correct_case",
    "record_counselling",
    "record_screening",
    "place_hold",
    "record_document",
    "assess_fitness",
    "sign_declaration",
    "withdraw",
    "give_consent",
)
WHILE_CLOSED = ("sign_declaration", "withdraw")


@router.post("/cases", status_code=201, dependencies=[allow(Role.REGISTRATION_OFFICER, Role.COUNSELLOR)])
async def register_case(body: CaseBody, call: Call) -> RegisteredAnswer:
    """Registers a household with its individuals and opens its case."""
    file, documents = await actions.register_case(call.session, call.act, body)
    call.made("/cases", file.id)
    call.shows(file.case)
    return RegisteredAnswer(
        id=file.id,
        household_id=file.case.household_id,
        status=file.case.status,
        registered_at=file.case.registered_at,
        members=[
            RegisteredMember(
                ref=ref,
                individual_id=individual_id,
                age_band=file.members[individual_id].band(call.act.today),
                protection_pending=file.members[individual_id].member.protection_pending,
                documents=[document.id for document in documents if document.individual_id == individual_id],
            )
            for ref, individual_id in actions.ids_by_ref(body, file)
        ],
        actions=_offered(call, file),
    )


@router.get("/cases", dependencies=[allow(*STAFF)])
async def list_cases(
    call: Call,
    status: Annotated[CaseStatus | None, Query(description="Only cases that stand there")] = None,
    site_id: Annotated[UUID | None, Query(description="Only cases of this site")] = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Page[ListedCase]:
    """Cases, newest first; names for those whose work is with the people."""
    files = await list_files(call.session, status=status, site_id=site_id, before=after(cursor), limit=limit)
    named = lists_names(call.act.roles)
    return page(files, limit, lambda file: listed_case(file, call.act.today, named=named))


@router.get("/cases/{case_id}", dependencies=[allow(*STAFF)])
async def read_case(case_id: UUID, call: Call) -> CaseAnswer:
    """The case with its members. Names, documents and contact are shown by role; null means not for this role."""
    file, household = await shown_file(call.session, case_id)
    call.shows(file.case)
    seen = sight(call.act.roles)
    contact = contact_answer(household, seen)
    documents = await shown_documents(call.session, case_id) if seen.documents else {}
    held = await shown_held(call.session, case_id)
    members = [
        MemberAnswer(
            individual_id=each.id,
            relation=Relation(each.member.relation),
            status=member_status(file, each),
            attempt=each.member.attempt,
            sex=Sex(each.individual.sex),
            nationality=each.individual.nationality,
            age_band=each.band(call.act.today),
            responsible=each.responsible,
            protection_pending=each.member.protection_pending,
            held=each.id in held,
            clearance_id=each.member.clearance_id,
            flight_id=each.member.flight_id,
            last_assisted_return=each.individual.last_assisted_return,
            personal=personal_answer(each, seen),
            documents=[DocumentAnswer.model_validate(d) for d in documents.get(each.id, [])]
            if seen.documents
            else None,
        )
        for each in file.members.values()
    ]
    return CaseAnswer.model_validate(
        {
            **file.case.model_dump(exclude={"version", "closed_on_assistance", "registered_by"}),
            "contact": contact,
            "members": members,
            "actions": _offered(call, file),
        }
    )


def _offered(call: CallState, file: CaseFile) -> list[OfferedAction]:
    verbs = [*(WHILE_CLOSED if file.closed else WHILE_OPEN), *file.verbs]
    return call.offers(verbs, case_id=file.id)
