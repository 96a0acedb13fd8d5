"""Who is told what, who may read what, and which record goes on, as plain functions."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.registration.cases.rules import DatesImpossible
from services.registration.corrections.rules import check_left_after
from services.registration.counselling.rules import speaks
from services.registration.duplicates.rules import DuplicateOnTheWay, check_on_the_way, pair
from services.registration.feedback.rules import Category, may_read, may_read_words
from services.registration.journey.rules import depths
from services.registration.notices.rules import (
    OWN_DOING,
    About,
    Concerned,
    came_after,
    changes_of,
    must_be_told,
    to_be_told,
)
from services.registration.referrals.rules import Need, sees_referral
from services.registration.screenings.rules import hold_reason
from shared.auth import Role

NOW = datetime(2021, 12, 9, 9, 0, tzinfo=UTC)
A_LITTLE = timedelta(microseconds=1)
ONE = timedelta(days=1)
FATHER, MOTHER, CHILD, ALONE = (uuid4() for _ in range(4))


@dataclass(frozen=True)
class Telling:
    """A flight as it was told."""

    changed: bool
    legs: Sequence[Any] = ("in the morning",)
    position: int | None = 7
    recorded_at: datetime = NOW


def test_a_change_is_told_where_passengers_leave_otherwise_and_where_what_was_before_was_never_heard() -> None:
    first, seats, later = Telling(False), Telling(True), Telling(True, ("at noon",))
    assert changes_of([first, seats, later, later]) == [later]
    assert changes_of([seats, later]) == [seats, later]


def test_who_was_booked_after_a_change_was_told_it_with_the_booking() -> None:
    change = Telling(True)
    assert [came_after(change, position, NOW) for position in (6, 7, 8)] == [True, False, False]
    # Of old facts the moment says which came first.
    assert [came_after(change, None, NOW + moved) for moved in (-A_LITTLE, 0 * ONE, A_LITTLE)] == [True, True, False]
    assert not came_after(replace(change, position=None), 6, NOW + A_LITTLE)


def test_adults_are_told_themselves_and_children_by_who_is_responsible_each_once() -> None:
    concerned = [
        Concerned(FATHER, True, []),
        Concerned(CHILD, False, [FATHER, MOTHER]),
        Concerned(ALONE, False, []),
        Concerned(MOTHER, True, [FATHER]),
    ]
    assert to_be_told(concerned) == [FATHER, MOTHER, ALONE]


def test_nobody_is_told_a_cancellation_that_came_of_their_own_doing() -> None:
    for reason in OWN_DOING:
        assert not must_be_told(About.CANCELLED, reason)
        assert must_be_told(About.CHANGED, reason)
    assert must_be_told(About.CANCELLED, "flight_cancelled")
    assert must_be_told(About.CANCELLED, None)


@pytest.mark.parametrize(
    ("duplicate", "stands", "good"),
    [
        ("cleared", "departed", False),
        ("departed", "declared", False),
        ("departed", "departed", True),
        ("declared", "declared", True),
        ("declared", "departed", True),
    ],
)
def test_a_record_that_is_on_the_way_is_not_the_one_that_ends(duplicate: str, stands: str, good: bool) -> None:
    if good:
        check_on_the_way(duplicate, stands)
    else:
        with pytest.raises(DuplicateOnTheWay):
            check_on_the_way(duplicate, stands)


def test_two_records_are_the_same_pair_whichever_comes_first() -> None:
    one, other = sorted((FATHER, MOTHER))
    assert pair(one, other) == pair(other, one) == (one, other)


def test_what_is_confidential_is_read_by_protection_and_in_the_protected_channel_by_focal_points() -> None:
    officer, protection, focal = {Role.REGISTRATION_OFFICER}, {Role.PROTECTION}, {Role.PSEA_FOCAL_POINT}
    abuse, quality = Category.EXPLOITATION_AND_ABUSE, Category.QUALITY
    roles = (officer, protection, focal)
    assert [may_read(quality, each) for each in roles] == [True, True, False]
    assert [may_read_words(quality, each, confidential=False) for each in roles] == [True, True, False]
    assert [may_read_words(quality, each, confidential=True) for each in roles] == [False, True, False]
    for confidential in (True, False):
        assert [may_read_words(abuse, each, confidential=confidential) for each in roles] == [False, False, True]


def test_a_sensitive_referral_is_seen_by_protection_and_by_who_sent_it() -> None:
    for need, counsellor, protection in ((Need.LEGAL_AID, True, True), (Need.CHILD_PROTECTION, False, True)):
        assert sees_referral(need, ["counsellor"], "somebody", "sender") is counsellor
        assert sees_referral(need, ["protection"], "somebody", "sender") is protection
        assert sees_referral(need, ["counsellor"], "sender", "sender")


def test_who_screens_as_medical_holds_for_medical_reasons_and_everybody_else_for_protection() -> None:
    assert hold_reason(["medical", "counsellor"]) == "medical"
    assert hold_reason(["counsellor"]) == "protection"


def test_a_corrected_day_may_lie_a_day_after_the_first_departure_and_no_later() -> None:
    @dataclass
    class Left:
        departed_at: datetime

    departures = [Left(NOW + 9 * ONE), Left(NOW)]
    check_left_after(NOW.date() + ONE, departures, "arrived_on")
    check_left_after(NOW.date() + 99 * ONE, [], "arrived_on")
    with pytest.raises(DatesImpossible):
        check_left_after(NOW.date() + 2 * ONE, departures, "arrived_on")


def test_a_language_is_that_language_in_whatever_region_or_script() -> None:
    assert speaks(["ckb-IQ"], "ckb")
    assert speaks(["ckb"], "ckb-Arab")
    assert not speaks(["ckb-IQ"], "ar-IQ")


def test_an_event_is_as_deep_as_its_chain_and_a_ring_of_causes_ends() -> None:
    root, one, two, three = (UUID(int=n) for n in range(1, 5))
    assert depths({one: root, two: one, three: two}) == {one: 0, two: 1, three: 2}
    assert depths({three: two, two: one, one: root}) == {one: 0, two: 1, three: 2}
    assert depths({two: one, one: root, three: one}) == {one: 0, two: 1, three: 1}
    assert set(depths({one: two, two: one})) == {one, two}
