"""What a child without a holder of parental responsibility in the case needs before the journey. Pure.

Guard 3 of the lifecycle; sources S17 and S18: a best-interests procedure that found return the best option, the family
assessed, the consents of guardian, child and family, and somebody named who receives the child.
"""

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum

from shared.problems import Problem


class Item(StrEnum):
    ASSESSMENT = "best_interests_assessment"
    DETERMINATION = "best_interests_determination"
    TRACING = "family_tracing"
    FAMILY = "family_assessment"
    GUARDIAN_CONSENT = "consent_of_guardian"
    CHILD_CONSENT = "consent_of_child"
    FAMILY_CONSENT = "consent_of_family"
    RECEPTION = "named_reception"


class Finding(StrEnum):
    """How an item came out."""

    DONE = "done"
    RETURN = "return"
    STAY = "stay"
    OTHER = "other"
    FOUND = "found"
    NOT_NEEDED = "not_needed"
    NOT_FOUND = "not_found"
    SUITABLE = "suitable"
    NOT_SUITABLE = "not_suitable"
    GIVEN = "given"
    NAMED = "named"


_CONSENT = (Finding.GIVEN,)
POSSIBLE: Mapping[Item, tuple[Finding, ...]] = {
    Item.ASSESSMENT: (Finding.DONE,),
    Item.DETERMINATION: (Finding.RETURN, Finding.STAY, Finding.OTHER),
    Item.TRACING: (Finding.FOUND, Finding.NOT_NEEDED, Finding.NOT_FOUND),
    Item.FAMILY: (Finding.SUITABLE, Finding.NOT_SUITABLE),
    Item.GUARDIAN_CONSENT: _CONSENT,
    Item.CHILD_CONSENT: _CONSENT,
    Item.FAMILY_CONSENT: _CONSENT,
    Item.RECEPTION: (Finding.NAMED,),
}
"""What each item may find."""

LETS_TRAVEL = frozenset(
    {
        Finding.DONE,
        Finding.RETURN,
        Finding.FOUND,
        Finding.NOT_NEEDED,
        Finding.SUITABLE,
        Finding.GIVEN,
        Finding.NAMED,
    }
)


class NotAChildAlone(Problem):
    slug = "not-a-child-alone"
    status = 409
    title = "This is no child who is without those responsible"
    remedy = "Items of protection are recorded for a child with no holder of parental responsibility in the case."


class ItemUnclear(Problem):
    slug = "protection-item-unclear"
    status = 422
    title = "The item does not say what an item of its kind says"
    remedy = "`possible` lists the findings of this kind. A reception says who receives the child and where; no other."


class ItemStands(Problem):
    slug = "protection-item-stands"
    status = 409
    title = "That item is recorded and stands"
    remedy = "Take it back first, then record what is so now."


class ItemTakenBackAlready(Problem):
    slug = "protection-item-taken-back-already"
    status = 409
    title = "That item was taken back before"
    remedy = "Nothing needs to be done. Record a new one when it is there."


class DeterminationTooEarly(Problem):
    slug = "determination-too-early"
    status = 409
    title = "A determination rests on an assessment of the child's best interests"
    remedy = "Record the best-interests assessment first."


def check_item(item: Item, finding: Finding, *, receiver: bool, place: bool) -> None:
    """Raises `ItemUnclear`."""
    named = item is Item.RECEPTION
    if finding not in POSSIBLE[item] or receiver != named or place != named:
        raise ItemUnclear(possible=list(POSSIBLE[item]))


def check_order(item: Item, there: Collection[Item]) -> None:
    """`there`: what stands for the child. Raises `ItemStands`, `DeterminationTooEarly`."""
    if item in there:
        raise ItemStands()
    if item is Item.DETERMINATION and Item.ASSESSMENT not in there:
        raise DeterminationTooEarly()


def missing_items(found: Iterable[tuple[str, str]]) -> list[Item]:
    """What still keeps the child from the journey, by (item, finding) of what stands: in the order of the procedure."""
    good = {item for item, finding in found if finding in LETS_TRAVEL}
    return [item for item in Item if item not in good]
