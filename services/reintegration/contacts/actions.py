"""Contact and language of those expected, asked of registration at the moment of need."""

from collections.abc import Sequence
from uuid import UUID

from services.reintegration.contacts.schemas import CoveredContacts, ReceptionContact
from shared.act import Act
from shared.database import new_id
from shared.http import AnswerUnexpected, OtherServices
from shared.problems import OtherServiceUnavailable

__all__ = ["CoveredContacts", "ReceptionContact", "ask_contacts"]


async def ask_contacts(others: OtherServices, act: Act, individuals: Sequence[UUID]) -> CoveredContacts | None:
    """What registration gives of these individuals, where their consent covers it; None when it cannot be asked."""
    if not individuals:
        return CoveredContacts(contacts=[], not_covered=[])
    body = {"individuals": [str(each) for each in individuals]}
    try:
        answer = await others.ask("registration", "/reception-contacts", body, act=act, key=new_id())
    except (OtherServiceUnavailable, AnswerUnexpected):
        return None
    return CoveredContacts.model_validate(answer)
