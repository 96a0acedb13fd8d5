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
from shared.call import Call, calls_outside
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["look-ups"])


# As calls outside: their answers, which are all names and contacts, are then not kept for a repeat.
@router.post("/passenger-names", dependencies=[allow(Role.SERVICE), calls_outside()])
async def name_passengers(body: PassengerNamesBody, call: Call) -> PassengerNamesAnswer:
    """Names and travel documents of a flight's passengers, in one call. Not to be kept."""
    call.only_from("travel")
    async with call.runtime.database.reading() as session:
        return await actions.name_passengers(session, call.act, body)


@router.post("/reception-contacts", dependencies=[allow(Role.SERVICE), calls_outside()])
async def give_reception_contacts(body: ReceptionContactsBody, call: Call) -> ReceptionContactsAnswer:
    """Contact and preferred language of those expected home, where they consent that the organisation has them which
    reintegration works for: a consent to another covers nothing. Not to be kept."""
    call.only_from("reintegration")
    async with call.runtime.database.reading() as session:
        recipients = call.runtime.settings.recipients_of_contacts()
        return await actions.give_reception_contacts(session, body, recipients)
