"""Purposes and forms of consent, who gives one, and what it covers. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple
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
    """How it was expressed; a form that is signed with a thumbprint is a written one. What somebody merely did says
    nothing here: data are passed on where it was said or signed."""

    WRITTEN = "written"
    ORAL = "oral"


class HowGiven(StrEnum):
    """Who gave it: the person, who is responsible for the child, or exceptionally somebody in their place. Of earlier
    ones it was not recorded."""

    OWN = "own"
    BY_RESPONSIBLE = "by_responsible"
    BY_PROXY = "by_proxy"
    NOT_RECORDED = "not_recorded"


class ProxyReason(StrEnum):
    """Why somebody consents in a person's place: for a child with nobody responsible in the case, a guardian or who
    else speaks for it; for an adult who was assessed as not able to decide, who may; for one who cannot be asked in an
    emergency, whoever is near."""

    CHILD_ALONE = "child_alone"
    NOT_ABLE = "not_able_to_decide"
    EMERGENCY = "medical_emergency"


HEARD_FROM: Final = 12
"""Years. From this age on a child is asked, too; its no counts at every age, as at the desk."""

NEVER_BY_PROXY: Final = frozenset({Purpose.PUBLICATION_OF_WORDS, Purpose.RESEARCH})
"""What is not for the person's own sake is for them to allow, or for who is responsible for a child."""
IN_AN_EMERGENCY: Final = frozenset({Purpose.MEDICAL_INFORMATION, Purpose.REFERRAL})


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


class ConsentGiverNotEntitled(Problem):
    slug = "consent-giver-not-entitled"
    status = 422
    title = "That person cannot give this consent"
    remedy = "`why` says who can. Nothing was changed."


class ChildNotAsked(Problem):
    slug = "child-not-asked"
    status = 422
    title = "A child of this age is asked, too"
    remedy = "Ask the child, in words it understands, and send what it says as `child_agrees`."


class ChildSaysNo(Problem):
    slug = "child-says-no"
    status = 409
    title = "The child does not agree"
    remedy = "A child's own no counts: nothing was recorded. If the child agrees later, send the consent then."


@dataclass(frozen=True, slots=True)
class Giving:
    """What the rule looks at. `age`: in completed years. `responsible`: who is responsible for the person in the case.
    `giver`: a member of the case, none where there is a `proxy`. `not_able`: assessed as not able to decide.
    `child_agrees`: what the child said; none where it was not asked."""

    individual: UUID
    purpose: Purpose
    is_adult: bool
    age: int
    responsible: Collection[UUID]
    giver: UUID | None
    proxy: ProxyReason | None
    not_able: bool
    child_agrees: bool | None


def how_given(giving: Giving) -> HowGiven:
    """Raises `ConsentGiverNotEntitled`, `ChildNotAsked`, `ChildSaysNo`."""
    how = _by_proxy(giving, giving.proxy) if giving.proxy else _by_member(giving)
    if giving.is_adult:
        if giving.child_agrees is not None:
            raise ConsentGiverNotEntitled(why="`child_agrees` is said of a child; an adult consents, or does not")
        return how
    if giving.child_agrees is False:
        raise ChildSaysNo()
    if giving.child_agrees is None and giving.age >= HEARD_FROM:
        raise ChildNotAsked()
    return how


def _by_member(giving: Giving) -> HowGiven:
    if giving.is_adult:
        if giving.giver != giving.individual:
            raise ConsentGiverNotEntitled(why="an adult consents alone: leave `given_by` out")
        return HowGiven.OWN
    if giving.giver in giving.responsible:
        return HowGiven.BY_RESPONSIBLE
    if giving.responsible:
        raise ConsentGiverNotEntitled(why="for a child, somebody of its `responsible` consents: name one in `given_by`")
    raise ConsentGiverNotEntitled(
        why="nobody in the case is responsible for the child: its guardian, or who speaks for it, consents as a proxy, "
        "with `proxy_reason` child_alone and `proxy_name`"
    )


def _by_proxy(giving: Giving, reason: ProxyReason) -> HowGiven:
    if giving.purpose in NEVER_BY_PROXY:
        raise ConsentGiverNotEntitled(why="to this purpose nobody consents as a proxy")
    if reason is ProxyReason.CHILD_ALONE and (giving.is_adult or giving.responsible):
        raise ConsentGiverNotEntitled(
            why="child_alone is said of a child for whom nobody in the case is responsible; who is, consents themself"
        )
    if reason is not ProxyReason.CHILD_ALONE and not giving.is_adult:
        raise ConsentGiverNotEntitled(
            why="for a child, who is responsible consents, or with `proxy_reason` child_alone who speaks for it"
        )
    if reason is ProxyReason.NOT_ABLE and not giving.not_able:
        raise ConsentGiverNotEntitled(
            why="not_able_to_decide is said once a professional has assessed it: record the assessment first"
        )
    if reason is ProxyReason.EMERGENCY and giving.purpose not in IN_AN_EMERGENCY:
        raise ConsentGiverNotEntitled(why="in an emergency a proxy consents to medical_information and referral alone")
    return HowGiven.BY_PROXY


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
