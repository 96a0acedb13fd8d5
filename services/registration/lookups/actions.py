"""Verbs of look-ups: they read, and change nothing."""

from collections.abc import Collection

from services.registration.cases.queries import individuals_of
from services.registration.consents.queries import Purpose, covered
from services.registration.documents.queries import documents_of, travels_on
from services.registration.lookups.schemas import (
    PassengerName,
    PassengerNamesAnswer,
    PassengerNamesBody,
    ReceptionContact,
    ReceptionContactsAnswer,
    ReceptionContactsBody,
    TravelDocument,
)
from shared.act import Act
from shared.database import Session


async def name_passengers(session: Session, act: Act, body: PassengerNamesBody) -> PassengerNamesAnswer:
    """Names and travel documents as of today, in the order asked; two queries whatever the number."""
    wanted = list(dict.fromkeys(body.individuals))
    found = await individuals_of(session, wanted)
    documents = await documents_of(session, found)
    passengers = []
    for one in wanted:
        if one not in found:
            continue
        person, _ = found[one]
        paper = travels_on(documents.get(one, []), act.today)
        passengers.append(
            PassengerName(
                individual_id=one,
                given_name=person.given_name,
                family_name=person.family_name,
                birth_date=person.birth_date,
                nationality=person.nationality,
                document=TravelDocument.model_validate(paper) if paper else None,
            )
        )
    unavailable = [one for one in wanted if one not in found]
    return PassengerNamesAnswer(flight_id=body.flight_id, passengers=passengers, unavailable=unavailable)


async def give_reception_contacts(
    session: Session, body: ReceptionContactsBody, recipients: Collection[str]
) -> ReceptionContactsAnswer:
    """Contact and preferred language of those who consented that one of these recipients has it, and of nobody else."""
    wanted = list(dict.fromkeys(body.individuals))
    allowed = await covered(session, wanted, Purpose.REINTEGRATION_CONTACT, recipients)
    found = await individuals_of(session, allowed)
    contacts = [
        ReceptionContact(
            individual_id=one,
            phone=found[one][1].phone,
            email=found[one][1].email,
            address=found[one][1].address,
            language=found[one][0].languages[0],
        )
        for one in wanted
        if one in found
    ]
    return ReceptionContactsAnswer(contacts=contacts, not_covered=[one for one in wanted if one not in found])
