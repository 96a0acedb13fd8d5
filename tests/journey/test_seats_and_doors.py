"""A family is never split without its word, and nobody leaves uncleared."""

import pytest

from services.demo.chapters import ASKED, DECIDED, GROUND, MET, tell, up_to
from services.demo.departure import board, clear, close_doors, leave, wait_for_gate
from services.demo.family import Family
from services.demo.ground import hold_seats
from tests.journey.hosting import Hosted
from tests.journey.looking import facts, flight, in_travel, registered, registration_says, seats


def family_of_six(services: Hosted) -> Family:
    family = tell(services.family("family_of_six.json"), [GROUND, MET, DECIDED])
    hold_seats(family, "flight_with_five_left")
    wait_for_gate(family, "at_booking", "booked")
    return family


@pytest.fixture
def six(services: Hosted) -> Family:
    return family_of_six(services)


def test_a_family_of_six_with_five_seats_left_is_refused_and_nothing_is_held(six: Family) -> None:
    body = {"case_id": six.ids["case"], "flight_id": six.ids["flight"]}
    problem = six.do("all six asked", "travel", "/bookings", body, role="travel_officer", at="booked", expect=409)
    assert problem["type"] == "/problems/not-enough-seats"
    assert (problem["left"], problem["wanted"]) == (5, 6)
    assert seats(six) == {"held": 5, "taken": 0, "lost": 0, "left": 5}
    assert six.seats("booked") == []
    assert "booking_made" not in facts(six)


def test_a_family_is_split_with_the_word_of_every_adult_and_not_before(six: Family) -> None:
    going = [six.people[label] for label in six.everyone if label != "father"]
    body = {"case_id": six.ids["case"], "flight_id": six.ids["flight"], "individuals": going}
    problem = six.do("five asked", "travel", "/bookings", body, role="travel_officer", at="booked", expect=409)
    assert problem["type"] == "/problems/never-split-without-their-word"
    assert problem["left_behind"] == [six.people["father"]]
    half = body | {"split_agreed": {"stated_by": [six.people["mother"]], "on": "2021-12-11"}}
    step = "five asked, and the mother agreed"
    problem = six.do(step, "travel", "/bookings", half, role="travel_officer", at="booked", expect=409)
    assert problem["adults_to_ask"] == [six.people["father"]]
    assert seats(six)["taken"] == 0

    agreed = body | {"split_agreed": {"stated_by": [six.people["mother"], six.people["father"]], "on": "2021-12-11"}}
    booking = six.do("both agreed", "travel", "/bookings", agreed, role="travel_officer", at="booked")
    assert {six.label(each["individual_id"]) for each in booking["passengers"]} == set(six.everyone) - {"father"}
    assert seats(six) == {"held": 5, "taken": 5, "lost": 0, "left": 0}


def test_the_children_do_not_fly_without_a_parent_whatever_is_agreed(six: Family) -> None:
    body = {
        "case_id": six.ids["case"],
        "flight_id": six.ids["flight"],
        "individuals": [six.people[label] for label in six.children],
        "split_agreed": {"stated_by": [six.people[label] for label in six.adults], "on": "2021-12-11"},
    }
    step = "the children alone were asked for"
    problem = six.do(step, "travel", "/bookings", body, role="travel_officer", at="booked", expect=409)
    assert problem["type"] == "/problems/child-would-fly-alone"
    assert seats(six)["taken"] == 0


def test_a_flight_stays_closing_while_registration_cannot_be_reached_and_then_goes_on(services: Hosted) -> None:
    family = tell(services.family(), up_to(ASKED))
    board(family)
    services.road.cut()
    try:
        doors = close_doors(family)
        assert (doors["status"], doors["waiting_for"]) == ("closing", "registration")
        problem = family.do(
            "the aircraft was said to have left too early",
            "travel",
            f"{family.flight}/departure",
            {"departed_at": family.at("departed").isoformat()},
            role="travel_officer",
            at="departed",
            expect=409,
        )
        assert problem["type"] == "/problems/not-possible-now"
        assert set(in_travel(family).values()) == {"boarded"}
        assert set(registered(family).values()) == {"declared"}, "nobody is cleared who was not asked about"
        manifest = family.look("travel", f"{family.flight}/manifest", role="airport_desk", at="doors")
        assert manifest["names"] == "not_available"
        assert len(manifest["lines"]) == 4
    finally:
        services.road.mend()
    doors = clear(family)
    assert {each["status"] for each in doors["passengers"]} == {"cleared"}
    leave(family)
    registration_says(family, **dict.fromkeys(family.everyone, "departed"))
    assert flight(family)["status"] == "departed"
    assert facts(family).count("departure_cleared") == 1, "asked more than once, cleared once"
