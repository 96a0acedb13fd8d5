"""How those who are expected or have come can be reached."""

from uuid import UUID

from fastapi import APIRouter

from services.reintegration.cases.queries import case_of
from services.reintegration.contacts.actions import ask_contacts
from services.reintegration.contacts.schemas import ContactsAnswer
from services.reintegration.facts.queries import Position, read_picture
from shared.auth import Role, allow
from shared.call import Call, calls_outside
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["contacts"])


@router.get("/cases/{case_id}/contacts", dependencies=[allow(Role.REINTEGRATION_OFFICER), calls_outside()])
async def show_contacts(case_id: UUID, call: Call) -> ContactsAnswer:
    """Contact and preferred language, from registration and where consent covers it. Nobody who withdrew is asked for,
    and while registration cannot be reached the answer says so."""
    async with call.runtime.database.reading() as session:
        await case_of(session, case_id)
        picture = await read_picture(session, case_id)
    wanted = [i for i, each in picture.travellers.items() if each.position is not Position.WITHDRAWN]
    found = await ask_contacts(call.runtime.others, call.act, wanted)
    return ContactsAnswer(
        case_id=case_id,
        available=found is not None,
        contacts=found.contacts if found else [],
        not_covered=found.not_covered if found else [],
    )
