"""Who a relief card is for, and what may become of it. Pure, and blind to cases (domain.md, section 6:
token or enrolment card, checked against the list)."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from shared.problems import Problem

CARD_CODE: Final = r"^[A-Z0-9]{4}-[A-Z0-9]{4}$"
"""How a card's number is written."""


class Need(StrEnum):
    """What a household says it needs help with; the first line is for them."""

    PREGNANCY = "pregnancy"
    INFANT = "infant"
    DISABILITY = "disability"
    OLD_AGE = "old_age"
    ILLNESS = "illness"
    WOMAN_ALONE = "woman_alone"


class ChangeKind(StrEnum):
    """What happened to a card."""

    PEOPLE = "people"
    SPLIT = "split"
    REPLACED = "replaced"


class CardUnknown(Problem):
    slug = "relief-card-unknown"
    status = 422
    title = "No relief card has that code"
    remedy = "Look at the card again, or issue one to the household."


class CardReplaced(Problem):
    slug = "relief-card-replaced"
    status = 409
    title = "That relief card was replaced"
    remedy = "Nothing is given on it any more: ask for the new card, and keep the old one."


class HouseholdHasCard(Problem):
    slug = "household-has-card"
    status = 409
    title = "That household has a relief card"
    remedy = "`card` names it: one household, one card."


class SplitUnclear(Problem):
    slug = "relief-card-split-unclear"
    status = 422
    title = "A household cannot split like that"
    remedy = "`leaving` counts some of the people on the card, and not all of them. Look at the card again."


@dataclass(frozen=True, slots=True)
class Household:
    """Who lives together, by age, and what they need help with. No names, and no return."""

    adults: int
    children: int
    infants: int
    needs: frozenset[Need] = frozenset()

    @property
    def people(self) -> int:
        return self.adults + self.children + self.infants

    @property
    def goes_first(self) -> bool:
        return bool(self.needs) or self.infants > 0


def staying(household: Household, leaving: Household, needs: Iterable[Need]) -> Household:
    """Who is left on the card when some of them live by themselves. `needs`: what those who stay need help with.

    Raises `SplitUnclear` where more leave than there are, or all.
    """
    left = Household(
        household.adults - leaving.adults,
        household.children - leaving.children,
        household.infants - leaving.infants,
        frozenset(needs),
    )
    if min(left.adults, left.children, left.infants) < 0 or not left.people:
        raise SplitUnclear()
    return left
