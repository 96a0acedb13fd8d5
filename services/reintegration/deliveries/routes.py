"""Deliveries of a plan."""

from uuid import UUID

from fastapi import APIRouter

from services.reintegration.deliveries import actions
from services.reintegration.deliveries.models import Delivery
from services.reintegration.deliveries.queries import deliveries_after
from services.reintegration.deliveries.schemas import DeliveryAnswer, DeliveryBody
from services.reintegration.plans.queries import locked_plan, plan_of
from shared.auth import Role, allow
from shared.call import Call
from shared.pagination import Cursor, Limit, Page, after, page
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["deliveries"])
READERS = allow(Role.REINTEGRATION_OFFICER, Role.APPROVER, Role.FINANCE, Role.AUDITOR)


@router.post("/plans/{plan_id}/deliveries", status_code=201, dependencies=[allow(Role.REINTEGRATION_OFFICER)])
async def confirm_delivery(plan_id: UUID, body: DeliveryBody, call: Call) -> DeliveryAnswer:
    """Counts goods or a service as delivered, against the handover certificate."""
    case, plan = await locked_plan(call.session, plan_id)
    call.seen(plan)
    delivery = await actions.confirm_delivery(call.session, call.act, case, plan, body)
    return _shown(delivery)


@router.get("/plans/{plan_id}/deliveries", dependencies=[READERS])
async def list_deliveries(plan_id: UUID, call: Call, limit: Limit = 50, cursor: Cursor = None) -> Page[DeliveryAnswer]:
    """The plan's deliveries, oldest record first."""
    await plan_of(call.session, plan_id)
    return page(await deliveries_after(call.session, plan_id, after(cursor), limit), limit, _shown)


def _shown(row: Delivery) -> DeliveryAnswer:
    return DeliveryAnswer(
        delivery_id=row.id,
        plan_id=row.plan_id,
        line_id=row.line_id,
        amount=row.amount,
        currency=row.currency,
        certificate_number=row.certificate_number,
        signed_on=row.signed_on,
        delivered_on=row.delivered_on,
        provider_code=row.provider_code,
        provider_id=row.provider_id,
        confirmed_by=row.confirmed_by,
        recorded_at=row.recorded_at,
    )
