"""Routes of rules on support and checks, and of second seats."""

from uuid import UUID

from fastapi import APIRouter

from services.travel.passengers.queries import LIVING, locked_passenger
from services.travel.supports import actions, queries
from services.travel.supports.schemas import (
    CheckRuleAnswer,
    CheckRuleBody,
    CheckRules,
    SecondSeatsAnswer,
    SupportRuleAnswer,
    SupportRuleBody,
    SupportRules,
)
from services.travel.transport.rules import NotOnThatFlight
from shared.auth import Role, allow
from shared.call import Call
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["support on the journey"])
READERS = allow(Role.TRAVEL_OFFICER, Role.AIRPORT_DESK, Role.MEDICAL, Role.PROGRAMME_OFFICER, Role.AUDITOR)


@router.post("/support-rules", status_code=201, dependencies=[allow(Role.TRAVEL_OFFICER, Role.MEDICAL)])
async def set_support_rule(body: SupportRuleBody, call: Call) -> SupportRuleAnswer:
    """What a support code asks for from a day on: seats beside the own, and who must go along."""
    rule = await actions.set_support_rule(call.session, call.act, body)
    return SupportRuleAnswer.model_validate(rule)


@router.get("/support-rules", dependencies=[READERS])
async def list_support_rules(call: Call) -> SupportRules:
    rows = await queries.support_rules(call.session)
    return SupportRules(items=[SupportRuleAnswer.model_validate(row) for row in rows])


@router.post("/check-rules", status_code=201, dependencies=[allow(Role.MEDICAL, Role.TRAVEL_OFFICER)])
async def set_check_rule(body: CheckRuleBody, call: Call) -> CheckRuleAnswer:
    """How long a check of an outcome is good from a day on, and whether it is made again after a lost seat."""
    return CheckRuleAnswer.model_validate(await actions.set_check_rule(call.session, call.act, body))


@router.get("/check-rules", dependencies=[READERS])
async def list_check_rules(call: Call) -> CheckRules:
    rows = await queries.check_rules(call.session)
    return CheckRules(items=[CheckRuleAnswer.model_validate(row) for row in rows])


@router.post(
    "/flights/{flight_id}/passengers/{individual_id}/second-seats",
    dependencies=[allow(Role.TRAVEL_OFFICER, Role.AIRPORT_DESK)],
)
async def hold_second_seats(flight_id: UUID, individual_id: UUID, call: Call) -> SecondSeatsAnswer:
    """Holds what the last check asks for beside the passenger's own seat, or gives back what it asks for no longer."""
    flight, passenger = await locked_passenger(call.session, flight_id, individual_id)
    if passenger.status not in LIVING:
        raise NotOnThatFlight(individuals=[individual_id])
    await actions.hold_second_seats(call.session, call.act, flight, passenger)
    return SecondSeatsAnswer(individual_id=individual_id, flight_id=flight_id, held=passenger.extra_seats)
