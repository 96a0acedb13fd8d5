"""What the kept facts say, as a pure function."""

from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reintegration.facts.rules import Kept, MemberKept, Position, SeatKept, Stage, picture_of

NOW = datetime(2021, 12, 14, tzinfo=UTC)
FATHER, MOTHER, CHILD = UUID(int=1), UUID(int=2), UUID(int=3)
FAMILY = {
    FATHER: MemberKept(1, True, "principal_applicant"),
    MOTHER: MemberKept(1, True, "spouse"),
    CHILD: MemberKept(1, False, "child"),
}
STANDINGS = ("booked", "cancelled", "no_show", "offloaded", "departed", "in_transit", "arrived", "not_admitted")


def seat(who: UUID, standing: str = "booked", attempt: int = 1) -> SeatKept:
    return SeatKept(who, attempt, standing, NOW)


def seats(standing: str = "booked") -> list[SeatKept]:
    return [seat(who, standing) for who in FAMILY]


def test_nobody_is_expected_without_a_seat() -> None:
    assert picture_of(Kept(members=FAMILY)).stage is Stage.NOBODY


@pytest.mark.parametrize(
    ("standing", "stage"),
    [
        ("booked", Stage.EXPECTED),
        ("cancelled", Stage.NOBODY),
        ("no_show", Stage.EXPECTED),
        ("offloaded", Stage.EXPECTED),
        ("departed", Stage.EXPECTED),
        ("in_transit", Stage.EXPECTED),
        ("arrived", Stage.ARRIVED),
        ("not_admitted", Stage.EXPECTED),
    ],
)
def test_the_seats_say_how_far_the_case_is(standing: str, stage: Stage) -> None:
    assert picture_of(Kept(members=FAMILY, seats=seats(standing))).stage is stage


def test_one_who_arrived_is_enough_for_the_case_to_have_arrived() -> None:
    kept = Kept(members=FAMILY, seats=[seat(FATHER, "arrived"), seat(MOTHER, "in_transit")])
    picture = picture_of(kept)
    assert picture.stage is Stage.ARRIVED
    assert set(picture.arrived) == {FATHER}


def test_a_withdrawal_takes_the_seat_from_the_picture_until_the_person_has_left() -> None:
    withdrawn = {(FATHER, 1)}
    for standing in ("booked", "cancelled", "no_show", "offloaded"):
        picture = picture_of(Kept(members=FAMILY, seats=[seat(FATHER, standing)], withdrawals=withdrawn))
        assert picture.travellers[FATHER].position is Position.WITHDRAWN
    left = picture_of(Kept(members=FAMILY, seats=[seat(FATHER, "departed")], withdrawals=withdrawn))
    assert left.travellers[FATHER].position is Position.UNDER_WAY


def test_who_left_the_case_before_flying_is_waited_for_no_more() -> None:
    rest = {who: kept for who, kept in FAMILY.items() if who != MOTHER}
    withdrawn = {(FATHER, 1)}
    given_back = [seat(FATHER), seat(MOTHER, "cancelled"), seat(CHILD)]
    picture = picture_of(Kept(members=rest, seats=given_back, withdrawals=withdrawn))
    assert set(picture.travellers) == {FATHER, CHILD}
    assert picture_of(Kept(members=rest, seats=[seat(MOTHER, "cancelled")], withdrawals=withdrawn)).everybody_withdrew
    assert MOTHER in picture_of(Kept(members=rest, seats=[seat(MOTHER, "departed")])).travellers, "who flew has flown"


@pytest.mark.parametrize("standing", STANDINGS)
def test_of_who_left_the_case_after_a_flight_without_them_nobody_waits_and_who_flew_has_flown(standing: str) -> None:
    rest = {who: kept for who, kept in FAMILY.items() if who != MOTHER}
    kept = Kept(members=rest, left={MOTHER}, seats=[seat(FATHER), seat(MOTHER, standing)], withdrawals={(FATHER, 1)})
    flown = standing in ("departed", "in_transit", "arrived", "not_admitted")
    assert (MOTHER in picture_of(kept).travellers) == flown
    assert picture_of(kept).everybody_withdrew != flown
    early = Kept(members=rest, seats=[seat(MOTHER, standing)])
    assert (MOTHER in picture_of(early).travellers) == (standing != "cancelled"), "who is not told of yet is no leaver"


def test_facts_of_an_earlier_try_never_act() -> None:
    members = {FATHER: MemberKept(2, True, "principal_applicant")}
    kept = Kept(members=members, seats=[seat(FATHER, "arrived", 1)], withdrawals={(FATHER, 1)})
    assert picture_of(kept).travellers[FATHER].position is Position.NOT_BOOKED
    again = Kept(members=members, seats=[seat(FATHER, "cancelled", 1), seat(FATHER, "booked", 2)])
    assert picture_of(again).travellers[FATHER].position is Position.BOOKED


def test_nobody_remains_when_every_adult_has_withdrawn() -> None:
    kept = Kept(members=FAMILY, seats=seats("cancelled"), withdrawals={(FATHER, 1), (MOTHER, 1)})
    assert picture_of(kept).everybody_withdrew
    one = Kept(members=FAMILY, seats=seats("cancelled"), withdrawals={(FATHER, 1)})
    assert not picture_of(one).everybody_withdrew


def test_a_child_alone_decides_for_itself_whether_somebody_remains() -> None:
    members = {CHILD: MemberKept(1, False, "principal_applicant")}
    kept = Kept(members=members, seats=[seat(CHILD, "cancelled")])
    assert not picture_of(kept).everybody_withdrew
    gone = Kept(members=members, seats=[seat(CHILD, "cancelled")], withdrawals={(CHILD, 1)})
    assert picture_of(gone).everybody_withdrew


def test_a_flight_that_is_cancelled_is_no_withdrawal() -> None:
    picture = picture_of(Kept(members=FAMILY, seats=seats("cancelled")))
    assert picture.stage is Stage.NOBODY
    assert not picture.everybody_withdrew


def test_a_case_closed_at_registration_is_not_expected_but_those_in_the_air_are() -> None:
    assert picture_of(Kept(members=FAMILY, seats=seats(), closed_reason="died")).stage is Stage.NOBODY
    assert picture_of(Kept(members=FAMILY, seats=seats("departed"), closed_reason="died")).stage is Stage.EXPECTED


kept_seats = st.lists(
    st.builds(
        SeatKept,
        st.sampled_from(sorted(FAMILY)),
        st.integers(1, 3),
        st.sampled_from(STANDINGS),
        st.integers(0, 99).map(lambda hours: NOW + timedelta(hours=hours)),
    ),
    max_size=8,
    # Travel tells one standing of an individual and booking, and a person has one seat that counts in a try.
    unique_by=lambda each: (each.individual, each.attempt),
)
kept_withdrawals = st.sets(st.tuples(st.sampled_from(sorted(FAMILY)), st.integers(1, 3)), max_size=6)


@given(kept_seats, kept_withdrawals, st.randoms(use_true_random=False))
def test_the_picture_does_not_depend_on_the_order_of_the_facts(
    seats: list[SeatKept], withdrawals: set[tuple[UUID, int]], random: Random
) -> None:
    shuffled = list(seats)
    random.shuffle(shuffled)
    members = dict(reversed(FAMILY.items()))
    assert picture_of(Kept(FAMILY, seats, withdrawals)) == picture_of(Kept(members, shuffled, frozenset(withdrawals)))


@given(kept_seats, kept_withdrawals)
def test_whoever_withdrew_in_the_present_try_counts_as_withdrawn_or_has_left(
    seats: list[SeatKept], withdrawals: set[tuple[UUID, int]]
) -> None:
    picture = picture_of(Kept(FAMILY, seats, withdrawals))
    for who in picture.travellers.values():
        if (who.individual, who.attempt) in withdrawals:
            assert who.position in (
                Position.WITHDRAWN,
                Position.UNDER_WAY,
                Position.ARRIVED,
                Position.NOT_ADMITTED,
            )
    if picture.everybody_withdrew:
        assert picture.stage is Stage.NOBODY


def test_an_individual_of_whom_only_travel_spoke_is_taken_for_an_adult() -> None:
    stranger = uuid4()
    assert picture_of(Kept(seats=[seat(stranger)])).travellers[stranger].adult
