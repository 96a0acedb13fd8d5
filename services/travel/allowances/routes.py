"""Routes of pocket money."""

from uuid import UUID

from fastapi import APIRouter

from services.travel.allowances import actions, queries
from services.travel.allowances.schemas import AllowanceAnswer, AllowanceBody, AllowancesAnswer
from services.travel.passengers.queries import passenger_on
from shared.auth import Role, allow
from shared.call import Call
from shared.occurrence import when
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["allowances"])

PASSENGER_PATH = "/flights/{flight_id}/passengers/{individual_id}"


@router.post(PASSENGER_PATH + "/allowance", status_code=201, dependencies=[allow(Role.FINANCE, Role.AIRPORT_DESK)])
async def pay_allowance(flight_id: UUID, individual_id: UUID, body: AllowanceBody, call: Call) -> AllowanceAnswer:
    """Pocket money against a receipt: within the decision's package, each line once."""
    moment = when(call.act, body)
    payment = await actions.pay_allowance(call.session, call.act, flight_id, individual_id, body, moment)
    return AllowanceAnswer.model_validate(payment)


@router.get(
    PASSENGER_PATH + "/allowances",
    dependencies=[allow(Role.FINANCE, Role.AIRPORT_DESK, Role.TRAVEL_OFFICER, Role.AUDITOR)],
)
async def list_allowances(flight_id: UUID, individual_id: UUID, call: Call) -> AllowancesAnswer:
    """What was paid to this passenger."""
    passenger = await passenger_on(call.session, flight_id, individual_id)
    rows = await queries.payments_to(call.session, passenger.id)
    return AllowancesAnswer(items=[AllowanceAnswer.model_validate(row) for row in rows])
