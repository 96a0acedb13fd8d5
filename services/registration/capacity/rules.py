"""Whether a person can sign for themselves. Pure."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from uuid import UUID

from shared.problems import Problem


class Profession(StrEnum):
    PHYSICIAN = "physician"
    PSYCHIATRIST = "psychiatrist"
    PSYCHOLOGIST = "psychologist"
    SOCIAL_WORKER = "clinical_social_worker"


class CapacityOutcome(StrEnum):
    ABLE = "able"
    ABLE_WITH_SUPPORT = "able_with_support"
    NOT_ABLE = "not_able"


class CapacityInDoubt(Problem):
    slug = "capacity-in-doubt"
    status = 409
    title = "Whether somebody who signs is able to decide is in doubt"
    remedy = "Have each in `individuals` assessed by a professional, and record the assessment; then sign."


class DecidesThroughAnother(Problem):
    slug = "decides-through-another"
    status = 409
    title = "Somebody who signs was assessed as not able to decide alone"
    remedy = (
        "Who may decide for them by law signs, with the court order or power of attorney in `sole_responsibility`; to "
        "a use of data they consent as a proxy, with `proxy_reason` not_able_to_decide."
    )


class DoubtRaisedAlready(Problem):
    slug = "capacity-doubt-raised-already"
    status = 409
    title = "A doubt about this person's capacity is open"
    remedy = "Record the professional's assessment on the doubt that is open."


class DoubtSettledAlready(Problem):
    slug = "capacity-doubt-settled-already"
    status = 409
    title = "That doubt was settled by an assessment"
    remedy = "Nothing needs to be done. Raise a new doubt if there is one."


class RepresentativeUnclear(Problem):
    slug = "representative-unclear"
    status = 422
    title = "Who decides is not said as the outcome needs it"
    remedy = "Name a representative, with the paper that appoints them, where the person is not able; nowhere else."


def check_representative(outcome: CapacityOutcome, *, named: bool, paper: bool) -> None:
    """Raises `RepresentativeUnclear`."""
    if (outcome is CapacityOutcome.NOT_ABLE) != named or named != paper:
        raise RepresentativeUnclear()


def check_able(signers: Collection[UUID], doubted: Collection[UUID], found: Mapping[UUID, str]) -> None:
    """`doubted`: with an open doubt; `found`: the last outcome of each who was assessed.

    Raises `CapacityInDoubt`, `DecidesThroughAnother`.
    """
    in_doubt = [one for one in signers if one in doubted]
    if in_doubt:
        raise CapacityInDoubt(individuals=in_doubt)
    unable = [one for one in signers if found.get(one) == CapacityOutcome.NOT_ABLE]
    if unable:
        raise DecidesThroughAnother(individuals=unable)
