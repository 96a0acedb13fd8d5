"""Delivery in kind, as a service or by voucher."""

from services.reintegration.budgets.actions import move_money
from services.reintegration.budgets.rules import Movement
from services.reintegration.cases.actions import move_case
from services.reintegration.cases.queries import AssistedCase, moment_there, open_picture, payable_days
from services.reintegration.deliveries.models import Delivery
from services.reintegration.deliveries.queries import certificate_counted
from services.reintegration.deliveries.rules import CertificateUsed, check_certificate, check_provider
from services.reintegration.deliveries.schemas import DeliveryBody
from services.reintegration.lines.actions import add_delivered
from services.reintegration.lines.queries import as_kept
from services.reintegration.payments.queries import payers_of
from services.reintegration.payments.rules import check_has_not_paid
from services.reintegration.plans.actions import entries_for, note_money
from services.reintegration.plans.queries import Plan
from services.reintegration.procurement.queries import provider_for
from services.reintegration.windows.rules import check_given
from shared.act import Act
from shared.contracts.reintegration import DeliveryConfirmed
from shared.database import Session, new_id
from shared.occurrence import on_day
from shared.outbox import stage


async def confirm_delivery(session: Session, act: Act, case: AssistedCase, plan: Plan, body: DeliveryBody) -> Delivery:
    """Counts a delivery against its line of a locked, approved plan.

    Raises `NotPossibleNow`, `PaidInCash`, `LineReleased`, `MoreThanApproved`, `CertificateUsed`,
    `CertificateBeforeDelivery`, `PaidOnThisLine`, `NotArrivedYet`, `BeforeTheArrival`, `InTheFuture`, `NotFound`,
    `DeliveredByAnother`, `PackageLineNotDue`, `PackageLineLapsed`.
    """
    note_money(plan, "confirm_delivery")
    move_case(case, "confirm_delivery")
    picture = await open_picture(session, case.id)
    line = await add_delivered(session, plan.id, body.line_id, body.amount)
    check_has_not_paid(act.by, await payers_of(session, line.id))
    check_certificate(body.delivered_on, body.certificate.signed_on)
    on_day(act, body.certificate.signed_on)
    # The certificate is the paper that shows the day, so a late record needs no other reason.
    moment = moment_there(act, picture, body.delivered_on, individual=line.individual_id)
    if await certificate_counted(session, line.id, body.certificate.number):
        raise CertificateUsed()
    check_given(await payable_days(session, case.id, picture, line.package_line), body.delivered_on)
    provider = await provider_for(session, line.id, body.provider_code)
    check_provider(body.provider_code, provider.code if provider is not None else None)
    delivery = Delivery(
        id=new_id(),
        plan_id=plan.id,
        line_id=line.id,
        amount=as_kept(body.amount),
        currency=line.currency,
        certificate_number=body.certificate.number,
        signed_on=body.certificate.signed_on,
        delivered_on=body.delivered_on,
        provider_code=provider.code if provider is not None else body.provider_code,
        provider_id=provider.id if provider is not None else None,
        confirmed_by=act.by,
        occurred_at=moment,
        recorded_at=act.now,
    )
    session.add(delivery)
    fact = DeliveryConfirmed(
        delivery=delivery.id,
        plan=plan.id,
        line=line.id,
        amount=as_kept(body.amount),
        currency=line.currency,
        delivered_on=body.delivered_on,
    )
    event = await stage(session, act, fact, key=case.id, subject=delivery.id, occurred=moment)
    entries = await entries_for(session, plan, Movement.DELIVERED, {line.id: delivery.amount})
    await move_money(session, act, event, case.id, plan.id, body.delivered_on, entries)
    return delivery
