"""Verbs of cases."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from services.registration.cases.models import Case, CaseMember, Household, Individual
from services.registration.cases.queries import CaseFile, Standing
from services.registration.cases.rules import (
    Person,
    check_area,
    check_household,
    check_parents,
    name_keys,
    protection_is_pending,
)
from services.registration.cases.schemas import CaseBody
from services.registration.cases.schemas import PersonBody as PersonBody
from services.registration.children.queries import children_alone, missing_items, standing_items
from services.registration.documents.actions import document_row, tell_document
from services.registration.documents.queries import Document
from services.registration.duplicates.queries import alike, likenesses
from services.registration.duplicates.rules import Likeness, check_alike_seen
from services.registration.sites.queries import check_site
from shared.act import Act
from shared.concurrency import alone_with
from shared.contracts.registration import (
    CaseFacts,
    CaseRegistered,
    Means,
    Member,
    ProtectionCleared,
    ProtectionPending,
    Relation,
    Sex,
)
from shared.database import Session, new_id
from shared.joined import row_of, store
from shared.outbox import made_here, stage
from shared.text import last_digits


async def register_case(session: Session, act: Act, body: CaseBody) -> tuple[CaseFile, list[Document]]:
    """Household, individuals, case and documents at once. The members come in the order of the body. Nothing of it can
    be read before the commit.

    Raises `MembersUnclear`, `DatesImpossible`, `ResponsibilityNotShown`, `DocumentUnclear`, `SiteUnknown`,
    `AreaElsewhere`, and where the caller asks for it `AlikeRegistered`.
    """
    people = [Person(m.ref, m.relation, m.birth_date, m.responsible, m.last_assisted_return) for m in body.members]
    check_area(body.destination.country, body.destination.area)
    check_household(people, body.arrived_in_host_country, act.today)
    check_parents(people)
    await check_site(session, body.site_id)
    reached_by = last_digits(body.contact.phone or "")
    household = row_of(Household, id=new_id(), made_at=act.now, phone_key=reached_by, **dict(body.contact))
    case = row_of(
        Case,
        id=new_id(),
        household_id=household.id,
        site_id=body.site_id,
        channel=body.channel,
        host_country=body.host_country,
        destination_country=body.destination.country,
        destination_area=body.destination.area,
        arrived_in_host_country=body.arrived_in_host_country,
        bands_told_on=act.today,
        means=body.means,
        registered_at=act.now,
        registered_by=act.by,
    )
    ids = {member.ref: new_id() for member in body.members}
    file = CaseFile(case, {})
    documents: list[Document] = []
    for place, member in enumerate(body.members):
        responsible = [ids[ref] for ref in member.responsible]
        documents += add_member(act, file, member, ids[member.ref], place, responsible)
    members = list(file.members.values())
    if body.seen_alike is not None:
        await look_for_alike(session, [each.individual for each in members], documents, body.seen_alike)
    store(session, household, *(each.individual for each in members), case, *(each.member for each in members))
    store(session, *documents)
    made_here(session, case.id)
    await tell_case(session, act, file, CaseRegistered)
    for each in file.members.values():
        if each.member.protection_pending:
            await stage(session, act, ProtectionPending(individual=each.id), key=case.id, subject=each.id)
    for document in documents:
        await tell_document(session, act, document)
    return file, documents


def add_member(
    act: Act, file: CaseFile, body: PersonBody, individual_id: UUID, place: int, responsible: list[UUID]
) -> list[Document]:
    """A person of the case's household becomes a member of it. Gives the papers; nothing is stored yet.

    Raises `DocumentUnclear`.
    """
    given_first, family_first = name_keys(body.given_name, body.family_name)
    individual = row_of(
        Individual,
        id=individual_id,
        household_id=file.case.household_id,
        given_name=body.given_name,
        family_name=body.family_name,
        given_key=given_first,
        family_key=family_first,
        birth_date=body.birth_date,
        sex=body.sex,
        nationality=body.nationality,
        other_nationalities=body.other_nationalities,
        languages=body.languages,
        last_assisted_return=body.last_assisted_return,
    )
    linked = row_of(
        CaseMember,
        case_id=file.id,
        individual_id=individual.id,
        place=place,
        relation=body.relation,
        responsible=responsible,
        protection_pending=protection_is_pending(body.birth_date, responsible, act.today),
    )
    file.members[individual.id] = Standing(linked, individual)
    return [document_row(act, file.id, individual.id, each) for each in body.documents]


async def look_for_alike(
    session: Session,
    people: list[Individual],
    documents: Sequence[Document],
    seen: Collection[UUID],
    household: Collection[UUID] = (),
) -> None:
    """Who looks like one of these and was not seen is shown before anything is saved. `household`: who are in the case
    already. One paper may be of two of them, as a child stands in a parent's; one name and birth date is not.

    Raises `AlikeRegistered`.
    """
    numbers = [(each.number_key, each.issuing_country) for each in documents]
    names = [(one.birth_date, key) for one in people for key in (one.given_key, one.family_key)]
    # Two who register the same household at once: the second looks when the first is saved.
    for what in sorted({f"{one}|{other}" for one, other in [*numbers, *names]}):
        await alone_with(session, "alike", what)
    found = likenesses(await alike(session, numbers, names), numbers, names)
    share = {one for one in household if found.get(one) == [Likeness.SAME_DOCUMENT]}
    check_alike_seen(found, {*seen, *share})


def case_facts(file: CaseFile, on: date) -> dict[str, Any]:
    """The whole of a case as others may know it: ids, codes and bands."""
    case = file.case
    return {
        "case": case.id,
        "site": case.site_id,
        "channel": case.channel,
        "host_country": case.host_country,
        "destination_country": case.destination_country,
        "destination_area": case.destination_area,
        "arrived_in_host_country": case.arrived_in_host_country,
        "means": Means(case.means),
        "members": tuple(member_fact(each, on) for each in file.members.values()),
    }


def member_fact(standing: Standing, on: date) -> Member:
    """A member as others may know them."""
    individual = standing.individual
    return Member(
        individual=individual.id,
        relation=Relation(standing.member.relation),
        nationality=individual.nationality,
        sex=Sex(individual.sex),
        age_band=standing.band(on),
        responsible=tuple(standing.responsible),
        attempt=standing.member.attempt,
        last_assisted_return=individual.last_assisted_return,
    )


async def tell_case(session: Session, act: Act, file: CaseFile, kind: type[CaseFacts]) -> None:
    """Registered or corrected: the case as it now is."""
    file.case.bands_told_on = act.today
    await stage(session, act, kind(**case_facts(file, act.today)), key=file.id)


async def derive_protection(session: Session, act: Act, file: CaseFile) -> None:
    """Tells for whom protection became pending, or is no longer: after a correction, or with an item of a child's."""
    alone = children_alone(file, act.today)
    there = await standing_items(session, file.id) if alone else {}
    for each in file.members.values():
        pending = each.id in alone and bool(missing_items(there.get(each.id, [])))
        if pending == each.member.protection_pending:
            continue
        each.member.protection_pending = pending
        fact = ProtectionPending(individual=each.id) if pending else ProtectionCleared(individual=each.id)
        await stage(session, act, fact, key=file.id, subject=each.id)


def people_of(file: CaseFile) -> list[Person]:
    """The members as the rules of composition look at them."""
    return [
        Person(
            str(each.id),
            Relation(each.member.relation),
            each.individual.birth_date,
            [str(one) for one in each.responsible],
            each.individual.last_assisted_return,
            each.individual.age_disputed,
        )
        for each in file.members.values()
    ]


def check_composition(file: CaseFile, on: date) -> None:
    """Raises `MembersUnclear`, `DatesImpossible`."""
    check_household(people_of(file), file.case.arrived_in_host_country, on)


def ids_by_ref(body: CaseBody, file: CaseFile) -> list[tuple[str, UUID]]:
    """The caller's labels with the ids that were given."""
    return list(zip((member.ref for member in body.members), file.members, strict=True))
