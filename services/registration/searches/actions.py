"""Verbs of searches: they read, and change nothing."""

from collections.abc import Set as AbstractSet

from services.registration.searches.queries import cases_of, holders_of, people_named, reached_by
from services.registration.searches.rules import check_asks_closely
from services.registration.searches.schemas import FoundPerson, SearchAnswer, SearchBody
from shared.auth import Role
from shared.database import Session
from shared.text import compared, last_digits


async def search_cases(session: Session, roles: AbstractSet[Role], body: SearchBody) -> SearchAnswer:
    """Those who fit, up to the limit that the body gives. Raises `SearchMustNameOne` and `SearchTooWide`."""
    beginning = None if body.name is None else compared(body.name)
    numbered = body.document_number is not None
    check_asks_closely(roles, beginning, numbered=numbered, born=body.birth_date is not None)
    wanted = body.limit + 1
    if body.document_number is not None:
        number = compared(body.document_number).replace(" ", "")
        people = await holders_of(session, number, body.issuing_country, wanted) if number else []
    elif body.phone is not None:
        digits = last_digits(body.phone)
        people = await reached_by(session, digits, wanted) if digits else []
    else:
        people = await people_named(session, beginning, body.birth_date, wanted) if beginning else []
    found = await cases_of(session, people[: body.limit])
    items = [
        FoundPerson(
            case_id=case.id,
            case_status=case.status,
            site_id=case.site_id,
            individual_id=individual.id,
            given_name=individual.given_name,
            family_name=individual.family_name,
            birth_date=individual.birth_date,
        )
        for individual, case in found
    ]
    return SearchAnswer(items=items, more=len(people) > body.limit)
