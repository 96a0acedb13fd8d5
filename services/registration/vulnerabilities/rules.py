"""Categories and factors of vulnerability, and who may read which. Pure. Model of determinants: source S17."""

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from typing import Any

from shared.problems import Problem


class Category(StrEnum):
    """The list published for Lithuania (source S20)."""

    DISABILITY = "disability"
    SEVERE_DISEASE = "severe_disease"
    ELDERLY = "elderly"
    PREGNANT = "pregnant"
    SINGLE_PARENT = "single_parent"
    LARGE_FAMILY = "large_family"
    TRAFFICKING_VICTIM = "trafficking_victim"
    TORTURE_VICTIM = "torture_victim"
    UNACCOMPANIED_CHILD = "unaccompanied_child"


class Direction(StrEnum):
    """The same trait can be one or the other, by its context."""

    RISK = "risk"
    PROTECTIVE = "protective"


class Factor(StrEnum):
    """What raises or lowers exposure to harm. Provisional: the handbook's own list was not at hand."""

    HEALTH = "health"
    DISABILITY = "disability"
    AGE = "age"
    TRAFFICKING = "trafficking"
    CHILD_PROTECTION = "child_protection"
    VIOLENCE_IN_FAMILY = "violence_in_family"
    CARE_OF_OTHERS = "care_of_others"
    FAMILY_SUPPORT = "family_support"
    DEBT = "debt"
    EDUCATION = "education"
    LANGUAGE = "language"
    COMMUNITY_TIES = "community_ties"
    STIGMA = "stigma"
    LEGAL_STATUS = "legal_status"
    ACCESS_TO_SERVICES = "access_to_services"
    CONFLICT = "conflict"


SENSITIVE_FACTORS = frozenset({Factor.TRAFFICKING, Factor.CHILD_PROTECTION, Factor.VIOLENCE_IN_FAMILY})
SENSITIVE_CATEGORIES = frozenset({Category.TRAFFICKING_VICTIM, Category.TORTURE_VICTIM})
"""Read by protection and by who wrote it, and by nobody else."""


class StepDoneAlready(Problem):
    slug = "plan-step-done-already"
    status = 409
    title = "That step of the plan is done"
    remedy = "Nothing needs to be done. A new step comes with a new assessment."


def is_sensitive(said: bool | None, categories: Iterable[str], factors: Iterable[str]) -> bool:
    """Of a step or a note: as its author said; unsaid, where the assessment holds anything sensitive, for a plan tells
    what it is a plan against."""
    if said is not None:
        return said
    return not SENSITIVE_CATEGORIES.isdisjoint(categories) or not SENSITIVE_FACTORS.isdisjoint(factors)


def sees_sensitive(roles: Collection[str], reader: str, author: str) -> bool:
    return "protection" in roles or reader == author


def shown_factors(factors: Iterable[Mapping[str, Any]], *, sensitive: bool) -> list[dict[str, Any]]:
    """Those that the reader may see; what is left out leaves no gap to guess from."""
    return [dict(each) for each in factors if sensitive or each["factor"] not in SENSITIVE_FACTORS]


def shown_categories(categories: Iterable[str], *, sensitive: bool) -> list[str]:
    return [each for each in categories if sensitive or each not in SENSITIVE_CATEGORIES]
