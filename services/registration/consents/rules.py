"""Purposes and forms of consent, and what a consent covers. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from shared.problems import Problem


class Purpose(StrEnum):
    REINTEGRATION_CONTACT = "reintegration_contact"
    TRAVEL_ARRANGEMENTS = "travel_arrangements"
    MEDICAL_INFORMATION = "medical_information"
    REFERRAL = "referral"
    PUBLICATION_OF_WORDS = "publication_of_words"
    RESEARCH = "research"


class ConsentForm(StrEnum):
    """How it was given; a form that is signed with a thumbprint is a written one."""

    WRITTEN = "written"
    ORAL = "oral"


class Standing(StrEnum):
    GIVEN = "given"
    WITHDRAWN = "withdrawn"


class Use(NamedTuple):
    """What is consented to: that this recipient has this person's data for this purpose."""

    individual_id: UUID
    purpose: str
    recipient: str


class Agreed(NamedTuple):
    """One consent as the rule looks at it."""

    id: UUID
    use: Use
    given_at: datetime
    withdrawn_at: datetime | None


@dataclass(slots=True)
class Stands:
    """Whether a use is consented to now, and the consents that say so, the last one given first."""

    use: Use
    standing: Standing
    consents: list[UUID] = field(default_factory=list)


class ConsentGivenAlready(Problem):
    slug = "consent-given-already"
    status = 409
    title = "That consent was given before and stands"
    remedy = "Nothing needs to be done. For a new version of the form, name it in `form_version`."


class ConsentWithdrawnAlready(Problem):
    slug = "consent-withdrawn-already"
    status = 409
    title = "That consent was taken back before"
    remedy = "Nothing needs to be done."


def as_they_stand(agreed: Iterable[Agreed]) -> list[Stands]:
    """Each use once, by person, purpose and recipient. It is consented to while one consent to it is not taken back:
    a form in a new version does not take back the one before it."""
    found: dict[Use, Stands] = {}
    for one in sorted(agreed, key=lambda each: (each.given_at, each.id), reverse=True):
        stands = found.setdefault(one.use, Stands(one.use, Standing.WITHDRAWN))
        stands.consents.append(one.id)
        if one.withdrawn_at is None:
            stands.standing = Standing.GIVEN
    return sorted(found.values(), key=lambda each: each.use)
