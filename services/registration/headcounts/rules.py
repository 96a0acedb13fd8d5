"""How people are counted, and refusals. Pure."""

from enum import StrEnum

from shared.problems import Problem


class CountMethod(StrEnum):
    """None of them is exact; which one it was says how far a figure carries."""

    COUNT_OF_PERSONS = "count_of_persons"
    COUNT_OF_CARDS = "count_of_cards"
    SLEEPING_PLACES = "sleeping_places"
    ESTIMATE = "estimate"
    TOLD_BY_AUTHORITY = "told_by_authority"


class CountCorrectedAlready(Problem):
    slug = "count-corrected-already"
    status = 409
    title = "That count was corrected before"
    remedy = "Correct the count that took its place: its id is in `corrected_by`."


class CorrectionHasNoTime(Problem):
    slug = "correction-has-no-time"
    status = 422
    title = "A correction stands for the moment of the count it corrects"
    remedy = "Leave `occurred_at` out, or record a new count of another moment without `corrects`."


class CountNotOfSite(Problem):
    slug = "count-not-of-site"
    status = 422
    title = "`corrects` names no count of this site"
    remedy = "List the counts of the site and take the id of the one that was wrong."
