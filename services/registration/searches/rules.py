"""How closely a search must ask, by who asks: pure functions."""

from collections.abc import Set as AbstractSet

from shared.auth import Role
from shared.problems import Problem

LEAST_LETTERS = 2
"""Of a name without a birth date. One letter would list everybody; two are a whole name in some scripts."""

WHO_LISTS = frozenset({Role.REGISTRATION_OFFICER, Role.COUNSELLOR, Role.PROTECTION})
"""They work with cases from their beginning, and may leaf through them. Whoever else may search meets one person, who
shows a paper or says name and birth date."""


class SearchTooWide(Problem):
    slug = "search-too-wide"
    status = 422
    title = "Too little of the name to search by"
    remedy = "Give at least `letters` letters of the name, or the birth date with it."


class SearchMustNameOne(Problem):
    slug = "search-must-name-one"
    status = 403
    title = "Your role searches for one person at a time"
    remedy = "Search by the number of a document, or by a name together with its birth date."


def check_asks_closely(roles: AbstractSet[Role], name: str | None, *, numbered: bool, born: bool) -> None:
    """`name` as it is compared, None where the search is by something else; `numbered`: by a document's number.

    Raises `SearchMustNameOne` and `SearchTooWide`.
    """
    if not roles & WHO_LISTS and not numbered and not (name is not None and born):
        raise SearchMustNameOne()
    if name is not None and not born and 0 < len(name.replace(" ", "")) < LEAST_LETTERS:
        raise SearchTooWide(letters=LEAST_LETTERS)
