"""Routes of consents."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.registration.cases.queries import lock_file, open_file, read_file
from services.registration.consents import actions
from services.registration.consents.models import Consent
from services.registration.consents.queries import consents_of
from services.registration.consents.rules import Agreed, Purpose, Standing, Use, as_they_stand
from services.registration.consents.schemas import (
    ConsentAnswer,
    ConsentBody,
    ConsentList,
    StandingConsent,
    StandingConsentList,
)
from shared.auth import Role, allow
from shared.call import Call, CallState
from shared.fields import Line
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["consents"])
TAKERS = (Role.REGISTRATION_OFFICER, Role.COUNSELLOR, Role.PROTECTION, Role.MEDICAL, Role.REINTEGRATION_OFFICER)


@router.post("/cases/{case_id}/consents", status_code=201, dependencies=[allow(*TAKERS)])
async def give_consent(case_id: UUID, body: ConsentBody, call: Call) -> ConsentAnswer:
    """Records that a member consents to a use of their data: each adult alone; for a child who is responsible for it,
    and the child has its own say; a proxy where nobody of them can."""
    file = await open_file(call.session, case_id)
    call.seen(file.case)
    consent = await actions.give_consent(call.session, call.act, file, body)
    call.made("/cases", case_id)
    call.shows(file.case)
    return _shown(call, consent)


@router.post("/cases/{case_id}/consents/{consent_id}/withdrawal", dependencies=[allow(*TAKERS)])
async def withdraw_consent(case_id: UUID, consent_id: UUID, call: Call) -> ConsentAnswer:
    """Takes one consent back, without a reason, also when the case is closed. Nothing else is withdrawn by it."""
    file = await lock_file(call.session, case_id)
    consent = await actions.withdraw_consent(call.session, call.act, file, consent_id)
    call.shows(file.case)
    return _shown(call, consent)


@router.get("/cases/{case_id}/consents", dependencies=[allow(*TAKERS, Role.AUDITOR)])
async def list_consents(case_id: UUID, call: Call) -> ConsentList:
    """The consents of a case, newest first, also those taken back."""
    await read_file(call.session, case_id)
    return ConsentList(items=[_shown(call, row) for row in await consents_of(call.session, case_id)])


@router.get("/cases/{case_id}/consents/standing", dependencies=[allow(*TAKERS, Role.AUDITOR)])
async def list_standing_consents(
    case_id: UUID,
    call: Call,
    individual_id: UUID | None = None,
    purpose: Purpose | None = None,
    recipient: Annotated[Line | None, Query(description="As it is written in the consent")] = None,
    standing: Standing | None = None,
) -> StandingConsentList:
    """Who may be told what now: each person, purpose and recipient once, with the consents it rests on."""
    await read_file(call.session, case_id)
    rows = {row.id: row for row in await consents_of(call.session, case_id)}
    agreed = [
        Agreed(row.id, Use(row.individual_id, row.purpose, row.recipient), row.given_at, row.withdrawn_at)
        for row in rows.values()
    ]
    asked = (individual_id, purpose, recipient, standing)
    return StandingConsentList(
        items=[
            StandingConsent(
                individual_id=each.use.individual_id,
                purpose=Purpose(each.use.purpose),
                recipient=each.use.recipient,
                standing=each.standing,
                consents=[_shown(call, rows[one]) for one in each.consents],
            )
            for each in as_they_stand(agreed)
            if all(want is None or want == has for want, has in zip(asked, (*each.use, each.standing), strict=True))
        ]
    )


def _shown(call: CallState, consent: Consent) -> ConsentAnswer:
    verbs = ["withdraw_consent"] if consent.withdrawn_at is None else []
    # An auditor sees that somebody stood in, and neither who nor why: the reason may tell of their health.
    hidden = set() if not call.act.roles.isdisjoint(TAKERS) else {"proxy_reason", "proxy_name"}
    return ConsentAnswer.model_validate(
        {
            **consent.model_dump(),
            **dict.fromkeys(hidden),
            "status": "given" if consent.withdrawn_at is None else "withdrawn",
            "actions": call.offers(verbs, case_id=consent.case_id, consent_id=consent.id),
        }
    )
