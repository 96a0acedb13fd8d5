"""What is counted of returns and how it is told, and which papers a check-in rests on, as plain functions."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from services.travel.paper_flights.rules import NotOnThisFlight, PaperIncomplete, check_lines
from services.travel.papers.rules import Asked, Document, Journey, Stop, papers_relied_on
from services.travel.returns.rules import (
    Left,
    counted_beside_another,
    share,
    shown_to_the_public,
    total_shown_to_the_public,
)

NOW = datetime(2021, 12, 9, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
ONE = timedelta(days=1)
A, B, C = (UUID(int=n) for n in (1, 2, 3))
PASSPORT = Document(A, "passport", None, None, None, single_journey=False)
VISA = Document(B, "visa", None, None, "IRQ", single_journey=False)


@pytest.mark.parametrize(("part", "whole", "told"), [(1, 16, "6.3"), (1, 3, "33.3"), (2, 2, "100.0"), (0, 7, "0.0")])
def test_a_share_is_told_to_one_decimal_with_a_half_rounded_up(part: int, whole: int, told: str) -> None:
    assert share(part, whole) == Decimal(told)
    assert share(part, 0) is None


def test_of_equal_numbers_one_is_hidden_beside_a_small_one_even_where_nobody_said_which_it_is() -> None:
    assert shown_to_the_public({"b": 7, None: 7, "a": 4}) == {"b": 7, None: None, "a": None}


@pytest.mark.parametrize(
    ("count", "months", "shown"),
    [
        (0, [], True),
        (1, [], False),
        (4, [], False),
        (5, [], True),
        (100, [50, 50, 0], True),
        (100, [98, 2], False),  # one month is hidden: it is what the others leave
        (100, [93, 5, 2], False),
        (100, [95, 1, 4], True),
        (100, [96, 2, 2], False),
        (100, [95, 0, 1, 1, 1, 1, 1], False),  # they can only be ones
        (100, [88, 4, 4, 4], False),  # they can only be fours
    ],
)
def test_the_number_of_a_year_is_shown_where_it_tells_no_month_that_is_hidden(
    count: int, months: list[int], shown: bool
) -> None:
    assert total_shown_to_the_public(count, months) == (count if shown else None)


def test_of_one_person_the_record_that_stands_is_counted_and_a_ring_of_records_ends() -> None:
    def left(individual: UUID, days: int) -> Left:
        return Left(UUID(int=individual.int + 10), individual, TODAY + days * ONE)

    both = [left(A, 0), left(B, 1)]
    assert counted_beside_another([(A, B)], both) == {both[0].departure}
    assert counted_beside_another([(B, A)], both) == {both[1].departure}
    assert counted_beside_another([], both) == set()
    # Neither record that left is the one that stands: who left first.
    assert counted_beside_another([(A, C), (B, C)], both) == {both[1].departure}
    assert counted_beside_another([(A, B), (B, C), (C, B)], [left(A, 0)]) == set()


def test_a_check_in_rests_on_the_papers_that_are_asked_of_somebody_of_that_nationality() -> None:
    of_syria = Asked("IRQ", "entry", "visa", frozenset({"SYR"}), TODAY, None)
    journey = Journey((Stop("BLR", "IRQ", NOW, NOW),), (of_syria,))
    assert papers_relied_on("SYR", [PASSPORT, VISA], journey) == [A, B]
    assert papers_relied_on("LBN", [PASSPORT, VISA], journey) == [A]


def test_of_two_papers_alike_a_check_in_rests_on_the_same_in_whatever_order_they_come() -> None:
    other = replace(PASSPORT, id=C)
    journey = Journey((Stop("BLR", "IRQ", NOW, NOW),), ())
    for papers in ([PASSPORT, other], [other, PASSPORT]):
        assert papers_relied_on("SYR", papers, journey) == [A]


def test_a_paper_names_who_is_not_of_the_flight_and_who_has_no_line() -> None:
    check_lines([A], [A, B], [A])
    with pytest.raises(NotOnThisFlight) as strangers:
        check_lines([A, C], [A], [A])
    assert strangers.value.members == {"individuals": [C]}
    with pytest.raises(PaperIncomplete) as missing:
        check_lines([A], [A, B], [A, B])
    assert missing.value.members == {"individuals": [B]}
