"""Routes of referrals to other agencies."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.registration.cases.queries import lock_file, open_file
from services.registration.referrals import actions
from services.registration.referrals.models import Referral
from services.registration.referrals.queries import list_rows
from services.registration.referrals.rules import REFERRAL, sees_referral, sees_sensitive
from services.registration.referrals.schemas import ReferralAnswer, ReferralAnswerBody, ReferralBody
from shared.auth import Role, allow
from shared.call import Call, CallState
from shared.concurrency import locked
from shared.pagination import DEFAULT_LIMIT, Cursor, Limit, Page, after, page
from shared.problems import NotFound
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["referrals"])
REFERRERS = (Role.COUNSELLOR, Role.PROTECTION, Role.MEDICAL)
Status = Annotated[str, Query(pattern=f"^({'|'.join(REFERRAL.states)})$", description="Which of them")]


@router.post("/cases/{case_id}/referrals", status_code=201, dependencies=[allow(*REFERRERS)])
async def refer(case_id: UUID, body: ReferralBody, call: Call) -> ReferralAnswer:
    """Refers a member to an agency, which a consent of theirs names."""
    file = await open_file(call.session, case_id)
    call.seen(file.case)
    row = await actions.refer(call.session, call.act, file, body)
    call.made("/cases", case_id)
    call.shows(row)
    return _shown(call, row)


@router.post("/referrals/{referral_id}/answer", dependencies=[allow(*REFERRERS)])
async def answer_referral(referral_id: UUID, body: ReferralAnswerBody, call: Call) -> ReferralAnswer:
    """The agency accepted or declined."""
    return await _move(call, referral_id, body.answer)


@router.post("/referrals/{referral_id}/completion", dependencies=[allow(*REFERRERS)])
async def complete_referral(referral_id: UUID, call: Call) -> ReferralAnswer:
    """The agency did what it was asked for."""
    return await _move(call, referral_id, "complete_referral")


@router.get("/referrals", dependencies=[allow(*REFERRERS)])
async def list_referrals(
    call: Call,
    status: Status = "sent",
    case_id: Annotated[UUID | None, Query(description="Only of this case")] = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Page[ReferralAnswer]:
    """Newest first. Those for protection of a child or against trafficking are listed for protection, and for whoever
    sent them."""
    rows = await list_rows(
        call.session,
        status=status,
        case_id=case_id,
        before=after(cursor),
        limit=limit,
        sensitive_of=None if sees_sensitive(call.act.roles) else call.act.by,
    )
    return page(rows, limit, lambda row: _shown(call, row))


async def _move(call: CallState, referral_id: UUID, verb: str) -> ReferralAnswer:
    # The case first, as whoever takes the consent back does: then neither waits for the other.
    seen = await call.session.get(Referral, referral_id)
    # As if there were none: an answer that it is not theirs would tell what it is about.
    if seen is None or not sees_referral(seen.need, call.act.roles, call.act.by, seen.sent_by):
        raise NotFound("referral")
    await lock_file(call.session, seen.case_id)
    row = await locked(call.session, Referral, referral_id)
    assert row is not None  # referrals are never deleted
    call.seen(row)
    actions.move_referral(call.act, row, verb)
    call.shows(row)
    return _shown(call, row)


def _shown(call: CallState, row: Referral) -> ReferralAnswer:
    verbs = {"sent": ["answer_referral"], "accepted": ["complete_referral"]}.get(row.status, [])
    sees_note = not call.act.roles.isdisjoint({"protection", "medical"}) or call.act.by == row.sent_by
    return ReferralAnswer.model_validate(
        {
            **row.model_dump(),
            "note": row.note if sees_note else None,
            "actions": call.offers(verbs, referral_id=row.id),
        }
    )
