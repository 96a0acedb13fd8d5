"""Verbs of consents."""

from uuid import UUID

from sqlmodel import col, select

from services.registration.capacity.queries import check_able_to_sign, is_not_able
from services.registration.cases.queries import CaseFile
from services.registration.cases.rules import completed_years
from services.registration.consents.models import Consent
from services.registration.consents.rules import (
    ConsentGivenAlready,
    ConsentWithdrawnAlready,
    Giving,
    how_given,
)
from services.registration.consents.schemas import ConsentBody
from services.registration.referrals.actions import stop_referrals
from shared.act import Act
from shared.database import Session, new_id
from shared.occurrence import when
from shared.problems import NotFound


async def give_consent(session: Session, act: Act, file: CaseFile, body: ConsentBody) -> Consent:
    """Of one member, given by themself, by who is responsible for them as a child, or by a proxy.

    Raises `NotAMember`, `ConsentGiverNotEntitled`, `ChildNotAsked`, `ChildSaysNo`, `CapacityInDoubt`,
    `DecidesThroughAnother`, `ConsentGivenAlready`, and what `when` raises.
    """
    person = file.one(body.individual_id)
    giver = None if body.proxy_reason else file.one(body.given_by or person.id).id
    how = how_given(
        Giving(
            individual=person.id,
            purpose=body.purpose,
            is_adult=person.is_adult(act.today),
            age=completed_years(person.individual.birth_date, act.today),
            responsible=person.responsible,
            giver=giver,
            proxy=body.proxy_reason,
            not_able=await is_not_able(session, file.id, person.id),
            child_agrees=body.child_agrees,
        )
    )
    if giver is not None:
        await check_able_to_sign(session, file.id, [giver])
    live = select(Consent.id).where(
        Consent.individual_id == person.id,
        Consent.purpose == body.purpose,
        Consent.recipient == body.recipient,
        Consent.form_version == body.form_version,
        col(Consent.withdrawn_at).is_(None),
    )
    if (await session.exec(live)).first() is not None:
        raise ConsentGivenAlready()
    consent = Consent(
        id=new_id(),
        case_id=file.id,
        individual_id=person.id,
        purpose=body.purpose,
        recipient=body.recipient,
        form_version=body.form_version,
        language=body.language,
        form=body.form,
        how=how,
        given_by=giver,
        proxy_reason=body.proxy_reason,
        proxy_name=body.proxy_name,
        child_agrees=body.child_agrees,
        given_at=when(act, body),
        recorded_at=act.now,
        recorded_by=act.by,
    )
    session.add(consent)
    file.settle()
    return consent


async def withdraw_consent(session: Session, act: Act, file: CaseFile, consent_id: UUID) -> Consent:
    """Taken whatever the case's status; a referral that rests on it stops.

    Raises `NotFound`, `ConsentWithdrawnAlready`.
    """
    consent = await session.get(Consent, consent_id)
    if consent is None or consent.case_id != file.id:
        raise NotFound("consent of this case")
    if consent.withdrawn_at is not None:
        raise ConsentWithdrawnAlready()
    consent.withdrawn_at = act.now
    consent.withdrawn_by = act.by
    consent.version += 1
    await stop_referrals(session, act, consent.id)
    file.settle()
    return consent
