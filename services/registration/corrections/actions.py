"""Verbs of corrections."""

from typing import Any
from uuid import UUID

from pydantic_core import to_jsonable_python

from services.registration.cases.actions import check_composition, derive_protection, tell_case
from services.registration.cases.queries import CaseFile, Standing, household_of
from services.registration.cases.rules import check_area, name_keys
from services.registration.children.queries import children_alone
from services.registration.corrections.models import Correction
from services.registration.corrections.rules import (
    Change,
    changes,
    check_goes_elsewhere,
    check_left_after,
    check_nobody_dropped,
)
from services.registration.corrections.schemas import CaseCorrectionBody, MemberCorrectionBody
from services.registration.declarations.actions import lapse_if_unsigned
from services.registration.departures.queries import departures_of
from services.registration.disputes.actions import raise_dispute
from services.registration.guardians.queries import links_in, shown_in
from services.registration.guardians.rules import check_shown
from services.registration.sites.queries import check_site
from shared.act import Act
from shared.concurrency import touch
from shared.contracts.registration import CaseCorrected
from shared.database import Session, new_id
from shared.text import last_digits

CONTACT: tuple[str, ...] = ("phone", "email", "address")
DESTINATION = frozenset({"destination_country", "destination_area"})
LINK: tuple[str, ...] = ("relation", "responsible")
"""What binds an individual to this case, as against what is so of the person."""


async def correct_case(session: Session, act: Act, file: CaseFile, body: CaseCorrectionBody) -> list[Change]:
    """Of the case and the household's contact.

    Raises `DatesImpossible`, `MembersUnclear`, `SiteUnknown`, `GoesNowhere`, `AreaElsewhere`.
    """
    wanted = body.wanted()
    household = await household_of(session, file)
    about_contact = {name: value for name, value in wanted.items() if name in CONTACT}
    about_case = {name: value for name, value in wanted.items() if name not in CONTACT}
    await check_site(session, about_case.get("site_id"))
    goes = {**file.case.model_dump(), **about_case}
    check_goes_elsewhere(goes)
    if not DESTINATION.isdisjoint(about_case):
        check_area(goes["destination_country"], goes["destination_area"])
    contact = changes(household.model_dump(), about_contact)
    case = changes(file.case.model_dump(), about_case)
    for change in contact:
        setattr(household, change.field, change.after)
    if contact:
        household.phone_key = last_digits(household.phone or "")
        touch(household)
    for change in case:
        setattr(file.case, change.field, change.after)
    check_composition(file, act.today)
    if any(change.field == "arrived_in_host_country" for change in case):  # what stands keeps no other change away
        left = await departures_of(session, file.id)
        check_left_after(file.case.arrived_in_host_country, left, "arrived_in_host_country")
    await _keep(session, act, file, None, [*case, *contact], body.reason)
    return [*case, *contact]


async def correct_member(
    session: Session, act: Act, file: CaseFile, standing: Standing, body: MemberCorrectionBody
) -> list[Change]:
    """Of one individual in this case. Where age or responsibility changes, protection is derived again, and a
    declaration that was not signed as it would now have to be lapses. A child who was alone is so until protection has
    recorded otherwise: a correction that says somebody is responsible after all is refused, and one that makes an adult
    of the child leaves the age disputed. Raises `DatesImpossible`, `MembersUnclear`, `ResponsibilityNotShown`,
    `FewerWouldSign`."""
    alone = children_alone(file, act.today)
    wanted = body.wanted()
    linked = {name: wanted.pop(name) for name in LINK if name in wanted}
    if "responsible" in linked:
        file.chosen(linked["responsible"] or [standing.id])
        check_nobody_dropped(standing.responsible, linked["responsible"])
    person = changes(standing.individual.model_dump(), wanted)
    member = changes(standing.member.model_dump(), linked)
    for change in person:
        setattr(standing.individual, change.field, change.after)
    if person:
        named = standing.individual
        named.given_key, named.family_key = name_keys(named.given_name, named.family_name)
        named.compared_at = None  # to be compared with others again
        touch(named)
    for change in member:
        setattr(standing.member, change.field, change.after)
    if standing.id in alone and standing.is_adult(act.today):
        raise_dispute(session, act, file, standing)
    check_composition(file, act.today)
    if member:
        check_shown(links_in(file), await shown_in(session, file.id), alone)
    if any(change.field == "birth_date" for change in person):
        left = [each for each in await departures_of(session, file.id) if each.individual_id == standing.id]
        check_left_after(standing.individual.birth_date, left, "birth_date")
    await _keep(session, act, file, standing.id, [*person, *member], body.reason)
    await derive_protection(session, act, file)
    await lapse_if_unsigned(session, act, file, standing)
    return [*person, *member]


async def _keep(
    session: Session, act: Act, file: CaseFile, individual: UUID | None, made: list[Change], reason: str
) -> None:
    if not made:
        return
    rows: list[Any] = [
        Correction(
            id=new_id(),
            case_id=file.id,
            individual_id=individual,
            field=change.field,
            before=to_jsonable_python(change.before),
            after=to_jsonable_python(change.after),
            reason=reason,
            corrected_at=act.now,
            corrected_by=act.by,
        )
        for change in made
    ]
    session.add_all(rows)
    file.settle()
    await tell_case(session, act, file, CaseCorrected)
