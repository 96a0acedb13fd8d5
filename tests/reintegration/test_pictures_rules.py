"""What facts in any order say about a case and its people, as functions of what was kept."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.reintegration.facts.rules import (
    RETROACTIVE,
    DecisionKept,
    Kept,
    LateStatement,
    MemberKept,
    Picture,
    Position,
    ReturnKept,
    SeatKept,
    Stage,
    picture_of,
)

NOW = datetime(2021, 12, 20, 9, 0, tzinfo=UTC)
ONE = timedelta(days=1)
FATHER, CHILD = UUID(int=1), UUID(int=2)
PEOPLE = {FATHER: MemberKept(1, True, "principal"), CHILD: MemberKept(1, False, "child")}
OWN = "on_their_own"


def _seat(standing: str, individual: UUID = FATHER, attempt: int = 1, **more: Any) -> SeatKept:
    return SeatKept(individual, attempt, standing, NOW, **more)


def _home(kind: str = RETROACTIVE, individual: UUID = FATHER, attempt: int = 1) -> ReturnKept:
    return ReturnKept(individual, attempt, kind, NOW + ONE)


def _picture(**kept: Any) -> Picture:
    return picture_of(Kept(**{"members": PEOPLE, **kept}))


def _stands(**kept: Any) -> Position:
    return _picture(**kept).travellers[FATHER].position


@pytest.mark.parametrize(
    ("standings", "position"),
    [
        ([], Position.NOT_BOOKED),
        (["booked"], Position.BOOKED),
        (["no_show"], Position.MISSED),
        (["offloaded", "booked"], Position.BOOKED),
        (["booked", "departed"], Position.UNDER_WAY),
        (["departed", "in_transit"], Position.UNDER_WAY),
        (["departed", "not_admitted"], Position.NOT_ADMITTED),
        (["not_admitted", "arrived"], Position.ARRIVED),
    ],
)
def test_somebody_is_as_far_as_the_furthest_of_their_seats(standings: list[str], position: Position) -> None:
    seats = [_seat(each) for each in standings]
    assert _stands(seats=seats) is position
    assert _stands(seats=seats[::-1]) is position


@pytest.mark.parametrize(
    ("standing", "position"),
    [
        (None, Position.WITHDRAWN),
        ("booked", Position.WITHDRAWN),
        ("offloaded", Position.WITHDRAWN),
        ("departed", Position.UNDER_WAY),
        ("arrived", Position.ARRIVED),
        ("not_admitted", Position.NOT_ADMITTED),
    ],
)
def test_a_withdrawal_counts_until_somebody_has_left(standing: str | None, position: Position) -> None:
    seats = [] if standing is None else [_seat(standing)]
    assert _stands(seats=seats, withdrawals=[(FATHER, 1)]) is position


@pytest.mark.parametrize(
    ("kept", "attempt", "position"),
    [
        ({}, 1, Position.NOT_BOOKED),
        ({"seats": [_seat("arrived", CHILD, 4)]}, 1, Position.NOT_BOOKED),
        ({"withdrawals": [(CHILD, 4)]}, 1, Position.NOT_BOOKED),
        ({"returns": [_home(individual=CHILD, attempt=4)]}, 1, Position.NOT_BOOKED),
        ({"seats": [_seat("booked", attempt=3), _seat("arrived")]}, 3, Position.BOOKED),
        ({"seats": [_seat("booked", attempt=3)], "withdrawals": [(FATHER, 1)]}, 3, Position.BOOKED),
        ({"seats": [_seat("booked")], "withdrawals": [(FATHER, 3)]}, 3, Position.WITHDRAWN),
        ({"withdrawals": [(FATHER, 3)], "returns": [_home()]}, 3, Position.WITHDRAWN),
        ({"withdrawals": [(FATHER, 1)], "returns": [_home(attempt=3)]}, 3, Position.ARRIVED),
        ({"members": {FATHER: MemberKept(2, True, "principal")}, "seats": [_seat("arrived")]}, 2, Position.NOT_BOOKED),
        ({"members": {}, "withdrawals": [(FATHER, 1)], "seats": [_seat("booked")]}, 1, Position.WITHDRAWN),
    ],
)
def test_the_newest_try_that_anybody_told_of_somebody_counts_and_what_was_told_of_another_does_not_act(
    kept: dict[str, Any], attempt: int, position: Position
) -> None:
    father = _picture(**kept).travellers[FATHER]
    assert (father.attempt, father.position) == (attempt, position)


@pytest.mark.parametrize(
    ("standing", "kind", "position", "since"),
    [
        (None, RETROACTIVE, Position.ARRIVED, NOW + ONE),
        (None, OWN, Position.HOME_OTHERWISE, NOW + ONE),
        ("booked", RETROACTIVE, Position.ARRIVED, NOW + ONE),
        ("arrived", OWN, Position.ARRIVED, NOW),
        ("departed", RETROACTIVE, Position.UNDER_WAY, NOW),
        ("not_admitted", RETROACTIVE, Position.NOT_ADMITTED, NOW),
    ],
)
def test_who_came_home_by_other_means_is_where_registration_says_unless_travel_carried_them(
    standing: str | None, kind: str, position: Position, since: datetime
) -> None:
    seats = [] if standing is None else [_seat(standing)]
    father = _picture(seats=seats, returns=[_home(kind)]).travellers[FATHER]
    assert (father.position, father.since, father.home_by) == (position, since, kind)


def test_what_travel_told_of_a_seat_is_told_of_the_traveller_of_that_try() -> None:
    told = _seat("departed", expected_at=NOW + ONE, met_by="office")
    seats = [told, _seat("no_show", missed=2), _seat("no_show", CHILD, missed=5), _seat("offloaded", missed=1)]
    father, child = _picture(seats=seats).travellers.values()
    assert (father.since, father.met_by, father.expected_at, father.missed) == (NOW, "office", NOW + ONE, 3)
    assert (father.adult, father.home_by) == (True, None)
    assert (child.adult, child.missed, child.met_by, child.expected_at) == (False, 5, None, None)
    again = _picture(seats=[*seats, _seat("booked", attempt=2)]).travellers[FATHER]
    assert (again.missed, again.met_by, again.position) == (0, None, Position.BOOKED)


@pytest.mark.parametrize(
    ("standings", "closed", "stage"),
    [
        ([], None, Stage.NOBODY),
        (["booked"], None, Stage.EXPECTED),
        (["no_show"], None, Stage.EXPECTED),
        (["not_admitted"], None, Stage.EXPECTED),
        (["booked"], "withdrawn", Stage.NOBODY),
        (["departed"], "withdrawn", Stage.EXPECTED),
        (["arrived"], "withdrawn", Stage.ARRIVED),
    ],
)
def test_a_case_is_as_far_as_the_furthest_of_its_people_and_who_has_left_is_expected_whatever_is_closed(
    standings: list[str], closed: str | None, stage: Stage
) -> None:
    assert _picture(seats=[_seat(each) for each in standings], closed_reason=closed).stage is stage


def test_everybody_withdrew_where_every_adult_did() -> None:
    adults = {**PEOPLE, UUID(int=3): MemberKept(1, True, "spouse")}
    assert _picture(withdrawals=[(FATHER, 1)]).everybody_withdrew
    assert not _picture(withdrawals=[(CHILD, 1)]).everybody_withdrew
    assert not _picture(members=adults, withdrawals=[(FATHER, 1)]).everybody_withdrew
    assert not _picture(members={}).everybody_withdrew
    alone = {CHILD: PEOPLE[CHILD]}
    assert _picture(members=alone, withdrawals=[(CHILD, 1)]).everybody_withdrew
    assert _picture(withdrawals=[(FATHER, 1)]).remaining == {CHILD: 1}


def test_late_statements_are_listed_as_they_were_stated() -> None:
    first = LateStatement(CHILD, 1, NOW, NOW)
    same_moment = replace(first, individual=FATHER)
    last = LateStatement(FATHER, 1, NOW + ONE, NOW)
    assert _picture(statements=[last, first, same_moment]).statements == (same_moment, first, last)


def test_a_picture_tells_what_was_kept_of_closing_and_of_withdrawals() -> None:
    picture = _picture(closed_reason="withdrawn", withdrawals=[(FATHER, 1), (FATHER, 1)])
    assert picture.closed_reason == "withdrawn"
    assert picture.withdrawals == {(FATHER, 1)}


def _decided(outcome: str, **attempts: int) -> DecisionKept:
    made_for = {{"father": FATHER, "child": CHILD}[who]: attempt for who, attempt in attempts.items()}
    return DecisionKept(uuid4(), outcome, made_for, "EUR", ())


@pytest.mark.parametrize(
    ("decision", "eligible"),
    [
        (None, False),
        (_decided("ineligible", father=1), False),
        (_decided("eligible", father=1, child=1), True),
        (_decided("eligible", father=2), False),
        (_decided("eligible", father=1, child=2), True),  # the child has not arrived
        (_decided("eligible"), True),
    ],
)
def test_a_case_is_eligible_by_a_decision_for_the_try_in_which_those_who_arrived_came(
    decision: DecisionKept | None, eligible: bool
) -> None:
    picture = _picture(seats=[_seat("arrived")], decision=decision)
    assert picture.arrived == {FATHER: NOW}
    assert picture.eligible is eligible
