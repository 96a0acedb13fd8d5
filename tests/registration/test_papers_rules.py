"""Papers, checks, returns and guardians at their edges, as plain functions."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from services.registration.cases.rules import DatesImpossible, ResponsibilityNotShown
from services.registration.documents.rules import DocumentUnclear, check_document, travels_on
from services.registration.fitness.rules import CheckUnclear, check_fitness
from services.registration.guardians.rules import Link, check_shown
from services.registration.returns.rules import check_return
from shared.contracts.registration import DocumentKind, Fitness, Relation
from shared.occurrence import CLOCKS_DIFFER

NOW = datetime(2021, 12, 9, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
ONE = timedelta(days=1)


@dataclass
class Held:
    """A paper as it is recorded."""

    kind: str
    valid_from: date | None = None
    valid_until: date | None = None
    valid: bool = True


def test_a_paper_is_travelled_on_from_its_first_day_to_its_last_and_the_longest_goes_first() -> None:
    paper = Held("passport", TODAY, TODAY + ONE)
    assert [travels_on([paper], TODAY + days * ONE) for days in (-1, 0, 1, 2)] == [None, paper, paper, None]
    longer, endless, other = Held("passport", None, TODAY + 9 * ONE), Held("passport"), Held("laissez_passer")
    assert travels_on([paper, longer], TODAY) is longer
    assert travels_on([longer, endless], TODAY) is endless
    assert travels_on([other, paper], TODAY) is paper


def test_a_paper_may_be_good_for_one_day_and_not_end_before_it_begins() -> None:
    passport = DocumentKind.PASSPORT
    for first, last in ((TODAY, TODAY), (None, TODAY), (TODAY, None), (None, None)):
        check_document(passport, first, last, None)
    with pytest.raises(DocumentUnclear):
        check_document(passport, TODAY, TODAY - ONE, None)


def test_a_check_is_recorded_when_it_was_made_and_lets_fly_on_its_own_day() -> None:
    check_fitness(Fitness.FIT, [], NOW + CLOCKS_DIFFER, TODAY, NOW)
    with pytest.raises(CheckUnclear):
        check_fitness(Fitness.FIT, [], NOW + CLOCKS_DIFFER + timedelta(seconds=1), TODAY, NOW)
    with pytest.raises(CheckUnclear):
        check_fitness(Fitness.FIT, [], NOW, TODAY - ONE, NOW)


def test_who_came_may_be_home_on_the_same_day_and_not_the_day_before() -> None:
    check_return(TODAY, TODAY)
    with pytest.raises(DatesImpossible):
        check_return(TODAY - ONE, TODAY)


def test_one_guardian_who_is_shown_shows_no_other() -> None:
    uncle = Link(uuid4(), Relation.CHILD, uuid4(), Relation.OTHER_RELATIVE)
    other = Link(uuid4(), Relation.CHILD, uuid4(), Relation.OTHER_RELATIVE)
    check_shown([uncle], {(uncle.child, uncle.adult)}, [])
    with pytest.raises(ResponsibilityNotShown):
        check_shown([uncle, other], {(uncle.child, uncle.adult)}, [])
