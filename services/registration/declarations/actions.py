"""Verbs of declarations."""

from services.registration.capacity.queries import check_able_to_sign
from services.registration.cases.queries import CaseFile, Standing
from services.registration.closures.actions import reopen_case
from services.registration.counselling.queries import languages_counselled, speaks
from services.registration.declarations.models import Declaration
from services.registration.declarations.queries import end_declaration, live_declarations
from services.registration.declarations.rules import (
    Paper,
    SignatureMissing,
    SignerNotEntitled,
    Signing,
    check_after_withdrawal,
    check_understood,
    check_witnesses,
    how_signed,
)
from services.registration.declarations.schemas import DeclarationBody
from shared.act import Act
from shared.contracts.registration import DeclarationLapsed, DeclarationSigned
from shared.database import Session, new_id
from shared.occurrence import when
from shared.outbox import stage


async def sign_declaration(session: Session, act: Act, file: CaseFile, body: DeclarationBody) -> Declaration:
    """Of one individual, with all its signatures. Taken while held; on a closed case it opens the case again; of who
    withdrew or was not admitted it begins a new attempt.

    Raises `NotAMember`, `NotPossibleNow`, `SignatureMissing`, `SignerNotEntitled`, `WitnessMissing`,
    `CounsellingMissing`, `FormNotUnderstood`, `OlderThanWithdrawal`, `CapacityInDoubt`, `DecidesThroughAnother`, and
    what `when` raises.
    """
    person = file.one(body.individual_id)
    signers = [each.id for each in file.chosen([one.signer for one in body.signatures])]
    paper = body.sole_responsibility
    how = how_signed(
        Signing(
            person.id,
            person.is_adult(act.today),
            person.responsible,
            {each.id for each in file.members.values() if each.is_adult(act.today)},
            [one.signer for one in body.signatures],
            paper.paper if paper else None,
        )
    )
    await check_able_to_sign(session, file.id, signers)
    check_witnesses([(one.method, one.witness) for one in body.signatures])
    speaks_form = {one: speaks(file.members[one].individual.languages, body.language) for one in signers}
    check_understood(body.language, signers, await languages_counselled(session, file.id), speaks_form)
    signed_at = when(act, body)
    check_after_withdrawal(signed_at, person.member.withdrawn_at)
    if file.closed:
        await reopen_case(session, act, file)
    again = person.member.status in ("withdrawn", "not_admitted")
    file.move(person, "sign_declaration")
    person.member.attempt += again
    person.member.withdrawn_at = None
    declaration = Declaration(
        id=new_id(),
        case_id=file.id,
        individual_id=person.id,
        attempt=person.member.attempt,
        form_version=body.form_version,
        language=body.language,
        how=how,
        signed_by=signers,
        signatures=[one.model_dump(mode="json") for one in body.signatures],
        paper=paper.paper if paper else None,
        paper_reference=paper.reference if paper else None,
        paper_why=paper.why if paper else None,
        signed_at=signed_at,
        recorded_at=act.now,
        recorded_by=act.by,
        late_reason=body.late_reason,
        evidence=body.evidence,
    )
    session.add(declaration)
    file.settle()
    fact = DeclarationSigned(
        individual=person.id,
        declaration=declaration.id,
        form_version=body.form_version,
        language=body.language,
        how=how,
        signed_by=tuple(signers),
        signed_at=signed_at,
    )
    attempt = person.member.attempt
    await stage(session, act, fact, key=file.id, subject=person.id, attempt=attempt, occurred=signed_at)
    return declaration


async def lapse_if_unsigned(session: Session, act: Act, file: CaseFile, standing: Standing) -> None:
    """After a correction of age or responsibility: a declaration that was not signed as it now would have to be,
    lapses."""
    live = (await live_declarations(session, [file.id])).get((file.id, standing.id))
    if live is None or standing.member.status != "declared":
        return
    adults = {each.id for each in file.members.values() if each.is_adult(act.today)}
    paper = Paper(live.paper) if live.paper else None
    try:
        how = how_signed(
            Signing(standing.id, standing.is_adult(act.today), standing.responsible, adults, live.signed_by, paper)
        )
    except (SignatureMissing, SignerNotEntitled):
        how = None
    if how != live.how:
        await lapse_declaration(session, act, file, standing, live)


async def lapse_declaration(
    session: Session, act: Act, file: CaseFile, standing: Standing, declaration: Declaration
) -> None:
    """The declaration falls; the individual needs a new one in the same attempt."""
    file.move(standing, "lapse")
    end_declaration(declaration, "lapsed", act.now)
    file.settle()
    fact = DeclarationLapsed(individual=standing.id, declaration=declaration.id)
    await stage(session, act, fact, key=file.id, subject=standing.id, attempt=declaration.attempt)
