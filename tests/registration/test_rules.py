"""Rules of registration at their edges, as plain functions: the exact moment, the last piece, the one person more."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from services.registration.cards.rules import Household, Need
from services.registration.cases.rules import (
    ADULT_FROM,
    MOST_MEMBERS,
    OLDEST,
    DatesImpossible,
    MembersUnclear,
    Person,
    age_band,
    check_household,
    is_adult,
    name_keys,
    possible_now,
)
from services.registration.declarations.rules import (
    FormNotUnderstood,
    Paper,
    Signing,
    check_after_withdrawal,
    check_understood,
    how_signed,
)
from services.registration.relief.rules import (
    Brought,
    DoesNotAddUp,
    LeftTooLittle,
    Share,
    check_adds_up,
    check_enough,
    entitlement,
)
from services.registration.withdrawals.rules import (
    STILL_POSSIBLE,
    Stands,
    is_ahead,
    lacks_explanation,
    still_possible,
    unwind,
)
from shared.contracts.registration import AgeBand, Relation, SignedHow
from shared.occurrence import AT_ONCE, CLOCKS_DIFFER, WITHOUT_EVIDENCE

NOW = datetime(2021, 12, 9, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
A_LITTLE = timedelta(microseconds=1)
FATHER, MOTHER, CHILD, OTHER = (uuid4() for _ in range(4))


def test_a_household_is_given_for_each_of_its_people_and_more_for_its_youngest() -> None:
    family = Household(adults=2, children=3, infants=1)
    assert family.people == 6
    share = Share(uuid4(), Decimal(1), Decimal(10), Decimal(100), Decimal(1000))
    assert entitlement(share, family) == Decimal(1 + 60 + 300 + 1000)
    for_the_ill = Share(uuid4(), per_household=Decimal(2), only_for=Need.ILLNESS)
    assert entitlement(for_the_ill, family) == 0
    assert entitlement(for_the_ill, Household(1, 0, 0, frozenset({Need.ILLNESS}))) == 2


def _brought(item: UUID) -> Brought:
    return Brought(item, taken=Decimal(20), issued=Decimal(5), lost=Decimal(2), damaged=Decimal(1), back=Decimal(4))


def test_the_last_blanket_is_given_and_one_more_is_not() -> None:
    item = uuid4()
    there = {item: _brought(item)}
    assert there[item].left == 8
    check_enough({item: Decimal(8)}, there, {item: "blanket"})
    with pytest.raises(LeftTooLittle) as refusal:
        check_enough({item: Decimal("8.01")}, there, {item: "blanket"})
    assert refusal.value.members == {"item": "blanket", "left": "8", "wanted": "8.01"}


@pytest.mark.parametrize(("counted", "told"), [({}, "-8"), (5, "-3"), (11, "3")])
def test_a_distribution_says_by_how_much_it_does_not_add_up(counted: int | dict[str, int], told: str) -> None:
    item = uuid4()
    found = {item: Decimal(counted)} if isinstance(counted, int) else {}
    with pytest.raises(DoesNotAddUp) as refusal:
        check_adds_up([_brought(item)], found, {item: "blanket"})
    assert refusal.value.members["differences"] == {"blanket": told}


def test_what_was_given_to_the_last_piece_adds_up_without_being_counted() -> None:
    item = uuid4()
    gone = Brought(item, taken=Decimal(8), issued=Decimal(8), lost=Decimal(0), damaged=Decimal(0))
    check_adds_up([gone], {}, {item: "blanket"})


def test_every_adult_of_the_case_may_stand_for_one_of_them() -> None:
    signing = Signing(MOTHER, True, [], {FATHER, MOTHER}, [FATHER, MOTHER], Paper.POWER_OF_ATTORNEY)
    assert how_signed(signing) is SignedHow.BY_REPRESENTATIVE


def test_a_form_in_the_english_of_anywhere_is_understood_by_who_was_counselled_in_english_of_elsewhere() -> None:
    check_understood("en-GB", [FATHER], {FATHER: ["en-US"]}, {FATHER: False})
    with pytest.raises(FormNotUnderstood):
        check_understood("en-GB", [FATHER], {FATHER: ["ar-IQ"]}, {FATHER: False})


def test_what_was_signed_in_the_moment_of_the_withdrawal_is_not_older_than_it() -> None:
    check_after_withdrawal(NOW, NOW)


def test_a_statement_is_ahead_or_late_only_past_its_bound() -> None:
    assert not is_ahead(NOW, NOW + CLOCKS_DIFFER)
    assert is_ahead(NOW, NOW + CLOCKS_DIFFER + A_LITTLE)
    assert not lacks_explanation(NOW - AT_ONCE, NOW, reason=False, evidence=False)
    assert lacks_explanation(NOW - AT_ONCE - A_LITTLE, NOW, reason=False, evidence=False)
    assert not lacks_explanation(NOW - WITHOUT_EVIDENCE, NOW, reason=True, evidence=False)
    assert lacks_explanation(NOW - WITHOUT_EVIDENCE - A_LITTLE, NOW, reason=True, evidence=False)


def test_a_childs_declaration_falls_with_who_signed_it_and_no_other_does() -> None:
    father, mother = Stands(FATHER, "declared", True, [], [FATHER]), Stands(MOTHER, "declared", True, [], [MOTHER])
    signed_by_her = Stands(CHILD, "declared", False, [FATHER, MOTHER], [MOTHER])
    assert unwind([father, mother, signed_by_her], [FATHER]).lapsed == ()
    assert unwind([father, mother, signed_by_her], [MOTHER]).lapsed == (CHILD,)
    # What was never signed does not fall, whoever leaves.
    assert unwind([father, mother, Stands(CHILD, "open", False, [FATHER, MOTHER], [MOTHER])], [MOTHER]).lapsed == ()


def test_a_child_whom_one_of_two_holders_leaves_goes_with_the_other_and_not_with_an_uncle() -> None:
    father, uncle = Stands(FATHER, "declared", True, []), Stands(OTHER, "declared", True, [])
    child = Stands(CHILD, "declared", False, [FATHER], [FATHER])
    assert unwind([father, uncle, child], [FATHER]).withdrawn == (FATHER, CHILD)
    # With no holder in the case, the uncle is whom the child came with.
    alone = Stands(CHILD, "declared", False, [], [OTHER])
    assert unwind([uncle, alone], [OTHER]).withdrawn == (OTHER, CHILD)


def test_what_is_still_possible_for_an_adult_is_not_what_is_said_of_a_child() -> None:
    adults = still_possible([(FATHER, "cleared", False)])
    assert [(code, sentence) for code, sentence, _ in adults] == list(STILL_POSSIBLE["cleared"])
    both = still_possible([(MOTHER, "departed", False), (CHILD, "cleared", True), (FATHER, "cleared", False)])
    assert [who for _, _, who in both[:2]] == [[CHILD], [CHILD, FATHER]]  # those who can still be taken off come first
    assert "the child" in both[0][1]


@pytest.mark.parametrize(
    ("years", "band"), [(18, AgeBand.TEEN), (12, AgeBand.TEEN), (2, AgeBand.CHILD), (1, AgeBand.INFANT)]
)
def test_a_disputed_age_counts_as_a_childs_and_a_child_stays_in_its_band(years: int, band: AgeBand) -> None:
    born = TODAY.replace(year=TODAY.year - years)
    assert age_band(born, TODAY, disputed=True) is band
    assert not is_adult(born, TODAY, disputed=True)


def test_somebody_is_an_adult_on_the_birthday_and_not_the_day_before() -> None:
    born = TODAY.replace(year=TODAY.year - ADULT_FROM)
    assert is_adult(born, TODAY)
    assert age_band(born, TODAY) is AgeBand.ADULT
    assert not is_adult(born, TODAY - timedelta(days=1))


def test_a_person_with_one_name_is_found_by_that_name_alone() -> None:
    assert name_keys("Karwan", None) == ("karwan", "karwan")
    assert name_keys("Karwan", "Ahmed") == ("karwan ahmed", "ahmed karwan")


def _people(number: int) -> list[Person]:
    first = Person("0", Relation.PRINCIPAL, date(1984, 1, 1), [])
    return [first, *(Person(str(n), Relation.NOT_RELATED, date(1984, 1, 1), []) for n in range(1, number))]


def test_an_open_case_offers_counselling_and_closing_and_a_closed_one_to_be_reopened() -> None:
    offered = {"record_counselling", "close_case", "reopen_case"}
    assert offered & set(possible_now([("open", True)], closed=False)) == {"record_counselling", "close_case"}
    assert offered & set(possible_now([("open", True)], closed=True)) == {"reopen_case"}


def test_a_household_of_the_most_members_who_came_today_is_one() -> None:
    check_household(_people(MOST_MEMBERS), TODAY, TODAY)
    with pytest.raises(MembersUnclear):
        check_household(_people(MOST_MEMBERS + 1), TODAY, TODAY)


def test_the_oldest_and_the_newborn_and_who_was_home_today_are_registered() -> None:
    oldest = Person("a", Relation.PRINCIPAL, TODAY.replace(year=TODAY.year - OLDEST), [], TODAY)
    newborn = Person("b", Relation.CHILD, TODAY, ["a"], TODAY)
    check_household([oldest, newborn], TODAY, TODAY)


@pytest.mark.parametrize("wrong", ["born", "responsible"])
def test_who_is_wrong_in_a_household_is_told_by_their_place(wrong: str) -> None:
    people = _people(3)
    last = people[2]
    born = TODAY + timedelta(days=1) if wrong == "born" else last.born
    people[2] = Person(last.ref, last.relation, born, ["0"] if wrong == "responsible" else [])
    with pytest.raises((DatesImpossible, MembersUnclear)) as refusal:
        check_household(people, TODAY, TODAY)
    assert refusal.value.members["member"] == 3
