"""What settles a dispute about an age. Pure."""

from enum import StrEnum

from shared.problems import Problem


class Basis(StrEnum):
    """What showed that the person is of age, or that nobody doubts it any more."""

    DOCUMENT = "document"
    AGE_ASSESSMENT = "age_assessment"
    OWN_WORD_WITHDRAWN = "own_word_withdrawn"


class AgeDisputedAlready(Problem):
    slug = "age-disputed-already"
    status = 409
    title = "The age of this person is disputed already"
    remedy = "Nothing needs to be done: the person counts as a child until protection settles it."


class AgeNotDisputed(Problem):
    slug = "age-not-disputed"
    status = 409
    title = "Nobody disputes the age of this person"
    remedy = "Nothing needs to be done. A wrong birth date is put right by a correction."
