"""Routes of look-ups, for other services alone."""

from fastapi import APIRouter

from services.registration.lookups import actions
from services.registration.lookups.schemas import (
    PassengerNamesAnswer,
    PassengerNamesBody,
    ReceptionContactsAnswer,
    ReceptionContactsBody,
)
from shared.auth import Role, allow
from shared.call import Call
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["look-ups"])


@router.post("/passenger-names", dependencies=[allow(Role.SERVICE)])
async def name_passengers(body: PassengerNamesBody, call: Call) -> PassengerNamesAnswer:
    """Names and travel documents of a flight's passengers, in one call. Not to be kept."""
    call.only_from("travel")
    return await actions.name_passengers(call.session, call.act, body)


@router.post("/reception-contacts", dependencies=[allow(Role.SERVICE)])
async def give_reception_contacts(body: ReceptionContactsBody, call: Call) -> ReceptionContactsAnswer:
    """Contact and preferred language of those expected home, where their consent covers it. Not to be kept."""
    call.only_from("reintegration")
    return await actions.give_reception_contacts(call.session, body)
