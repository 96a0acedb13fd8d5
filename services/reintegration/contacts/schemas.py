"""Answers about contacts. Nothing of it is kept here."""

from uuid import UUID

from shared.fields import Answer


class ReceptionContact(Answer):
    """How to reach one individual, in their preferred language (BCP 47)."""

    individual_id: UUID
    phone: str | None
    email: str | None
    address: str | None
    language: str


class CoveredContacts(Answer):
    """As registration answers: `not_covered` are those whose consent does not cover it."""

    contacts: list[ReceptionContact]
    not_covered: list[UUID]


class ContactsAnswer(CoveredContacts):
    """`available` false: registration could not be asked, so both lists are empty."""

    case_id: UUID
    available: bool
