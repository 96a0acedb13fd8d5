"""What follows from a fact of travel, for each kind of fact and each place where somebody may stand, as a function."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from services.registration.passages.rules import Follow, Where, next_step
from services.registration.vulnerabilities.rules import Factor, shown_categories, shown_factors

DOORS = datetime(2021, 12, 14, 8, 15, tzinfo=UTC)
FLIGHT, CLEARANCE, EVENT = uuid4(), uuid4(), uuid4()
CLEARED = Where(
    status="cleared",
    attempt=2,
    held=False,
    case_closed=False,
    protection_pending=False,
    clearance_id=CLEARANCE,
    flight_id=FLIGHT,
    closing_at=DOORS,
    heard=(),
    incidents=(),
    left={},
)
DECLARED = replace(CLEARED, status="declared", clearance_id=None, flight_id=None, closing_at=None)


@dataclass
class Said:
    """A fact as travel told it; of the attempt and the clearance that stand, unless it says otherwise."""

    kind: str
    attempt: int | None = 2
    clearance_id: UUID | None = CLEARANCE
    flight_id: UUID = FLIGHT
    on_paper: bool = False
    recorded_at: datetime = DOORS
    sequence: int = 1
    event_id: UUID = EVENT


def _follows(where: Where, *facts: Said) -> Follow | None:
    found = next_step(facts, where)
    return None if found is None else found[0]


@pytest.mark.parametrize("kind", ["no", "not_sure", "pressed"])
def test_an_answer_at_the_desk_is_acted_on_once_and_in_its_own_attempt(kind: str) -> None:
    acts = Follow.WITHDRAW if kind == "no" else Follow.HOLD
    assert _follows(CLEARED, Said(kind)) is acts
    assert _follows(CLEARED, Said(kind, attempt=None)) is acts
    assert _follows(CLEARED, Said(kind, attempt=1)) is None
    done = replace(CLEARED, heard=(EVENT,)) if kind == "no" else replace(CLEARED, incidents=(EVENT,))
    other = replace(CLEARED, incidents=(EVENT,)) if kind == "no" else replace(CLEARED, heard=(EVENT,))
    assert _follows(done, Said(kind)) is None
    assert _follows(other, Said(kind)) is acts


@pytest.mark.parametrize("kind", ["booked", "yes"])
def test_a_seat_and_a_yes_change_nothing(kind: str) -> None:
    assert _follows(CLEARED, Said(kind)) is None


@pytest.mark.parametrize(
    ("where", "fact", "follows"),
    [
        (CLEARED, Said("departed"), Follow.DEPART),
        (CLEARED, Said("departed", attempt=1), Follow.INCIDENT),
        (CLEARED, Said("departed", clearance_id=uuid4()), Follow.INCIDENT),
        (CLEARED, Said("departed", clearance_id=None, on_paper=True), Follow.INCIDENT),
        (replace(CLEARED, status="withdrawn"), Said("departed"), Follow.INCIDENT),
        (replace(CLEARED, left={FLIGHT: 2}), Said("departed"), None),
        (replace(CLEARED, incidents=(FLIGHT,)), Said("departed"), None),
        (DECLARED, Said("departed", clearance_id=None), Follow.INCIDENT),
        (DECLARED, Said("departed", clearance_id=None, on_paper=True), Follow.DEPART_ON_PAPER),
        (DECLARED, Said("departed", clearance_id=None, on_paper=True, attempt=1), Follow.INCIDENT),
        (replace(DECLARED, held=True), Said("departed", on_paper=True), Follow.INCIDENT),
        (replace(DECLARED, case_closed=True), Said("departed", on_paper=True), Follow.INCIDENT),
        (replace(DECLARED, protection_pending=True), Said("departed", on_paper=True), Follow.INCIDENT),
    ],
)
def test_who_left_departs_where_they_were_cleared_for_it_and_else_it_is_an_incident(
    where: Where, fact: Said, follows: Follow | None
) -> None:
    assert _follows(where, fact) is follows


@pytest.mark.parametrize("kind", ["cancelled", "no_show", "offloaded"])
def test_a_seat_that_is_lost_ends_the_clearance_that_was_given_for_it_and_no_other(kind: str) -> None:
    assert _follows(CLEARED, Said(kind)) is Follow.RELEASE
    for other in (Said(kind, clearance_id=uuid4()), Said(kind, flight_id=uuid4()), Said(kind, attempt=1)):
        assert _follows(CLEARED, other) is None
    assert _follows(DECLARED, Said(kind)) is None
    assert _follows(replace(CLEARED, closing_at=None), Said(kind)) is None


def test_a_lost_seat_that_names_no_clearance_ends_the_one_whose_doors_have_closed_unless_a_seat_was_given_since() -> (
    None
):
    lost = Said("cancelled", clearance_id=None, sequence=5)
    assert _follows(CLEARED, lost) is Follow.RELEASE
    assert _follows(CLEARED, replace(lost, recorded_at=DOORS - timedelta(seconds=1))) is None
    for again, follows in (
        (Said("booked", sequence=6), None),
        (Said("booked", sequence=4), Follow.RELEASE),
        (Said("booked", sequence=5), Follow.RELEASE),
        (Said("booked", sequence=6, flight_id=uuid4()), Follow.RELEASE),
        (Said("yes", sequence=6), Follow.RELEASE),
    ):
        assert _follows(CLEARED, lost, again) is follows, again


def test_a_refusal_at_the_border_is_of_the_attempt_in_which_somebody_left_on_that_flight() -> None:
    gone = replace(CLEARED, status="departed", left={FLIGHT: 2})
    assert _follows(gone, Said("not_admitted")) is Follow.REFUSE_ENTRY
    for where in (CLEARED, replace(gone, left={}), replace(gone, left={FLIGHT: 1}), replace(gone, status="withdrawn")):
        assert _follows(where, Said("not_admitted")) is None


def test_the_first_fact_that_asks_for_something_is_followed_and_what_asks_for_nothing_is_passed_over() -> None:
    refusal = Said("no", sequence=3)
    found = next_step([Said("booked"), Said("no", attempt=1), refusal, Said("departed")], CLEARED)
    assert found == (Follow.WITHDRAW, refusal)


def test_who_may_not_read_what_is_sensitive_reads_everything_else() -> None:
    factors = [{"factor": Factor.DEBT, "text": "a"}, {"factor": Factor.TRAFFICKING, "text": "b"}]
    assert shown_factors(factors, sensitive=False) == factors[:1]
    assert shown_factors(factors, sensitive=True) == factors
    assert shown_categories(["elderly", "torture_victim"], sensitive=False) == ["elderly"]
    assert shown_categories(["elderly", "torture_victim"], sensitive=True) == ["elderly", "torture_victim"]
