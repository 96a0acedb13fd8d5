"""What a refusal tells besides its sentence, so that somebody can go on: who, which member, which days."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.registration.capacity.rules import (
    CapacityInDoubt,
    CapacityOutcome,
    DecidesThroughAnother,
    check_able,
)
from services.registration.cases.rules import (
    OLDEST,
    AreaElsewhere,
    DatesImpossible,
    MembersUnclear,
    Person,
    ResponsibilityNotShown,
    check_area,
    check_household,
)
from services.registration.children.rules import POSSIBLE, Finding, Item, ItemUnclear, check_item
from services.registration.closures.rules import ReasonDoesNotFit, check_closure
from services.registration.declarations.rules import (
    FormNotUnderstood,
    SignatureMissing,
    SignerNotEntitled,
    Signing,
    check_understood,
    how_signed,
)
from services.registration.documents.rules import DocumentUnclear, check_document
from services.registration.feedback.rules import Category, FeedbackConfidential, check_words
from services.registration.fitness.rules import CheckUnclear, check_fitness
from services.registration.guardians.rules import GuardianUnclear, Link, Showing, check_guardian, check_shown
from services.registration.holds.rules import (
    DepartureAlreadyCleared,
    HoldOverAlready,
    check_can_be_held,
    check_until,
)
from services.registration.incidents.rules import Resolution, ResolutionDoesNotFit, check_resolution
from services.registration.returns.rules import check_return
from services.registration.site_register.rules import (
    Counted,
    Direction,
    DirectionUnclear,
    MorePeopleNamedThanMoved,
    Moved,
    MovementReason,
    check_named,
    direction_of,
    reconcile,
)
from services.registration.withdrawals.rules import STILL_POSSIBLE, still_possible
from shared.auth import Role
from shared.contracts.registration import DocumentKind, Fitness, Relation
from shared.problems import Problem

NOW = datetime(2021, 12, 9, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
ONE = timedelta(days=1)
HE, SHE, CHILD = (UUID(int=n) for n in (1, 2, 3))
GROWN, YOUNG = date(1984, 1, 1), date(2015, 1, 1)
FATHER = Person("0", Relation.PRINCIPAL, GROWN, [])
SON = Person("1", Relation.CHILD, YOUNG, ["0"])
UNCLE = Link(CHILD, Relation.CHILD, HE, Relation.OTHER_RELATIVE)
NOT_ABLE = {SHE: CapacityOutcome.NOT_ABLE}


def _household(*people: Person) -> Callable[[], None]:
    return lambda: check_household(people, TODAY, TODAY)


def _born(age: int) -> date:
    return TODAY.replace(year=TODAY.year - age)


@pytest.mark.parametrize(
    ("refuse", "kind", "told"),
    [
        (lambda: check_able([HE, SHE], [HE], NOT_ABLE), CapacityInDoubt, {"individuals": [HE]}),
        (lambda: check_able([HE, SHE], [], NOT_ABLE), DecidesThroughAnother, {"individuals": [SHE]}),
        (lambda: check_area("IRQ", "SY-DI"), AreaElsewhere, {"country": "IRQ", "area": "SY-DI"}),
        (_household(Person("0", Relation.SPOUSE, GROWN, [])), MembersUnclear, {"principals": 0}),
        (_household(FATHER, Person("1", Relation.PARENT, _born(OLDEST + 1), [])), DatesImpossible, {"member": 2}),
        (_household(FATHER, Person("1", Relation.SPOUSE, GROWN, [], TODAY + ONE)), DatesImpossible, {"member": 2}),
        (_household(FATHER, Person("1", Relation.CHILD, YOUNG, ["0", "0"])), MembersUnclear, {"member": 2}),
        (_household(FATHER, SON, Person("2", Relation.CHILD, YOUNG, ["1"])), MembersUnclear, {"member": 3}),
        (
            lambda: check_item(Item.RECEPTION, Finding.GIVEN, receiver=False, place=True),
            ItemUnclear,
            {"possible": list(POSSIBLE[Item.RECEPTION])},
        ),
        (
            lambda: check_understood("fr", [HE, SHE], {HE: ["fr"], SHE: ["ar"]}, {HE: True, SHE: False}),
            FormNotUnderstood,
            {"individuals": [SHE]},
        ),
        (lambda: how_signed(Signing(CHILD, False, [], [HE], [HE], None)), SignatureMissing, {"missing": []}),
        (lambda: how_signed(Signing(HE, True, [], [HE], [HE, HE], None)), SignerNotEntitled, {}),
        (lambda: check_shown([UNCLE], set(), []), ResponsibilityNotShown, {"individual": CHILD}),
        (lambda: check_until(TODAY - ONE, TODAY), HoldOverAlready, {"until": "2021-12-08", "today": "2021-12-09"}),
        (lambda: check_can_be_held([(HE, "declared"), (SHE, "cleared")]), DepartureAlreadyCleared, {"cleared": [SHE]}),
        (
            lambda: check_resolution("not_admitted", Resolution.DEPARTURE_WRONG),
            ResolutionDoesNotFit,
            {"kind": "not_admitted"},
        ),
        (lambda: check_named(1, [HE, SHE]), MorePeopleNamedThanMoved, {"people": 1, "named": 2}),
        (lambda: check_words(Category.QUALITY, [Role.COUNSELLOR], confidential=True), FeedbackConfidential, {}),
        (
            lambda: check_words(Category.EXPLOITATION_AND_ABUSE, [Role.PROTECTION], confidential=False),
            FeedbackConfidential,
            {},
        ),
    ],
)
def test_a_refusal_tells_what_is_needed_to_go_on(
    refuse: Callable[[], Any], kind: type[Problem], told: dict[str, Any]
) -> None:
    with pytest.raises(kind) as refusal:
        refuse()
    assert {name: said for name, said in refusal.value.members.items() if name != "why"} == told
    assert refusal.value.members.get("why", "said")


@pytest.mark.parametrize(
    ("refuse", "kind", "word"),
    [
        (lambda: check_closure("withdrawn", {"declared"}, duplicates=False), ReasonDoesNotFit, "withdrawn"),
        (lambda: check_closure("duplicate", {"declared"}, duplicates=False), ReasonDoesNotFit, "duplicate"),
        (lambda: check_closure("assistance_closed", {"declared"}, duplicates=False), ReasonDoesNotFit, "assisted"),
        (lambda: check_document(DocumentKind.PASSPORT, TODAY, TODAY - ONE, None), DocumentUnclear, "before"),
        (lambda: check_document(DocumentKind.VISA, None, None, None), DocumentUnclear, "permit"),
        (lambda: check_document(DocumentKind.PASSPORT, None, None, "IRQ"), DocumentUnclear, "only a permit"),
        (lambda: check_fitness(Fitness.FIT, [], NOW + ONE, None, NOW), CheckUnclear, "recorded"),
        (lambda: check_fitness(Fitness.FIT, [], NOW, TODAY - ONE, NOW), CheckUnclear, "fly_before"),
        (lambda: check_fitness(Fitness.FIT_WITH_SUPPORT, [], NOW, None, NOW), CheckUnclear, "support"),
        (lambda: check_return(TODAY - ONE, TODAY), DatesImpossible, "before"),
        (lambda: _guardian(child_is_adult=True), GuardianUnclear, "individual_id"),
        (lambda: _guardian(adult_is_adult=False), GuardianUnclear, "guardian_id"),
        (lambda: _guardian(), GuardianUnclear, "interview"),
    ],
)
def test_a_refusal_that_has_several_grounds_says_which_it_is(
    refuse: Callable[[], Any], kind: type[Problem], word: str
) -> None:
    with pytest.raises(kind) as refusal:
        refuse()
    assert word in refusal.value.members["why"]


def _guardian(*, child_is_adult: bool = False, adult_is_adult: bool = True) -> None:
    check_guardian(Showing.INTERVIEW, UNCLE, child_is_adult=child_is_adult, adult_is_adult=adult_is_adult)


def test_a_signature_that_does_not_count_says_why_it_does_not() -> None:
    for signing in (
        Signing(CHILD, False, [], [HE], [HE], None),
        Signing(HE, True, [], [HE], [HE, HE], None),
    ):
        with pytest.raises((SignatureMissing, SignerNotEntitled)) as refusal:
            how_signed(signing)
        assert refusal.value.detail


def test_a_principal_applicant_whose_age_is_disputed_stands_for_no_household_with_an_adult() -> None:
    disputed = Person("0", Relation.PRINCIPAL, GROWN, [], None, True)
    check_household([disputed], TODAY, TODAY)
    with pytest.raises(MembersUnclear):
        check_household([disputed, Person("1", Relation.SPOUSE, GROWN, [])], TODAY, TODAY)


def test_people_who_moved_for_one_reason_several_times_are_added_up_between_two_counts() -> None:
    earlier, later = Counted(HE, NOW, 100), Counted(SHE, NOW + ONE, 104)
    reason, other = MovementReason.CAME_IN.value, MovementReason.HELPED_HOME.value
    moved = [Moved(SHE, other, False, -2), Moved(SHE, reason, True, 3), Moved(SHE, reason, True, 4)]
    [between] = reconcile([earlier, later], moved)
    assert between.by_reason == {reason: 7, other: -2}
    assert (between.came_in, between.went_out, between.register_difference, between.unexplained) == (7, 2, 5, -1)


@pytest.mark.parametrize(("reason", "said"), [(MovementReason.OTHER, None), (MovementReason.CAME_IN, Direction.IN)])
def test_a_direction_is_said_where_the_reason_does_not_say_it_and_nowhere_else(
    reason: MovementReason, said: Direction | None
) -> None:
    with pytest.raises(DirectionUnclear) as refusal:
        direction_of(reason, said)
    assert refusal.value.members == {"reason": reason}
    assert direction_of(MovementReason.OTHER, Direction.OUT) is Direction.OUT
    assert direction_of(MovementReason.CAME_IN, None) is Direction.IN


def test_what_is_still_possible_is_told_of_who_can_be_taken_off_first_whoever_they_are() -> None:
    told = still_possible([(HE, "departed", False), (SHE, "cleared", False)])
    assert [code for code, *_ in told] == [code for each in ("cleared", "departed") for code, _ in STILL_POSSIBLE[each]]
    assert still_possible([(HE, "declared", False)]) == []
