"""Each line of those who test the system: the story that tells of it, a guard of it, and the sentence that fails
without that guard."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from tests.journey import test_changing_her_mind as gate
from tests.journey import test_children_alone as children
from tests.journey import test_counted_once as once
from tests.journey import test_otherwise_than_planned as planned
from tests.journey import test_seats_and_doors as doors
from tests.journey import test_seats_given_again as again
from tests.journey.hosting import Hosted

LINES = (
    "changes her mind at the gate",
    "says she is not sure",
    "changes his mind after departure",
    "a withdrawal on paper",
    "a boy of 16 alone",
    "a girl with her uncle",
    "suspended destination",
    "a family of six, five seats left",
    "no-show",
    "refused entry",
    "the same person twice",
    "the flight is cancelled",
    "a walk-in",
    "home already",
)

Story = Callable[[Hosted], None]
Off = Callable[[Any], Any]
"""From the guard as it is, what stands in its place."""


def never(value: Any) -> Off:
    """Whatever is asked, this."""
    return lambda _guard: lambda *_args, **_more: value


def idle(_guard: Any) -> Any:
    """Does nothing."""

    async def nothing(*_args: Any, **_more: Any) -> None:
        return None

    return nothing


def becomes(value: Any) -> Off:
    """A constant with another value."""
    return lambda _guard: value


def without_responsibility(guard: Any) -> Any:
    async def nobody_is_responsible(*args: Any) -> Any:
        return [
            replace(each, responsible=frozenset(), came_with_adults=False) if not each.adult else each
            for each in await guard(*args)
        ]

    return nobody_is_responsible


def held_against_her(_guard: Any) -> Any:
    return lambda dossier, individual, _attempt: any(row.withdrawn_at for row in dossier.attempts.get(individual, []))


def as_if_undisputed(guard: Any) -> Any:
    return lambda born, on, **_disputed: guard(born, on, disputed=False)


def consents_need_not_stand(guard: Any) -> Any:
    return lambda found: [item for item in guard(found) if not item.startswith("consent")]


def however_old(guard: Any) -> Any:
    return lambda *args: [item for item in guard(*args) if item.code != "check_too_old"]


def asked_of_six(story: Callable[[Any], None]) -> Story:
    return lambda services: story(doors.family_of_six(services))


TRAVEL, REGISTRATION = "services.travel.", "services.registration."
GUARDS: tuple[tuple[str, Story, str, Off, str], ...] = (
    (
        LINES[0],
        gate.test_she_changes_her_mind_at_the_gate_and_the_children_do_not_fly_on_his_word_alone,
        TRAVEL + "desk.actions:_take_off_with_children",
        idle,
        "offloaded",
    ),
    (
        LINES[0],
        gate.test_she_changes_her_mind_at_the_gate_and_the_children_do_not_fly_on_his_word_alone,
        TRAVEL + "passengers.actions:travellers_among",
        without_responsibility,
        "daughter",
    ),
    (
        LINES[0],
        gate.test_she_changes_her_mind_at_the_gate_and_the_children_do_not_fly_on_his_word_alone,
        TRAVEL + "passengers.actions:_ask_again",
        never(None),
        "his yes was to another journey",
    ),
    (
        LINES[0],
        again.test_her_seat_goes_to_who_waits_for_it_before_the_airlines_cut_off,
        TRAVEL + "passengers.rules:seat_after",
        never("lost"),
        "before the cut-off the seat is given back",
    ),
    (
        LINES[0],
        again.test_after_the_cut_off_nobody_gets_her_seat_and_the_programme_records_the_loss,
        TRAVEL + "passengers.rules:seat_after",
        never("freed"),
        "after the cut-off the airline keeps the fare",
    ),
    (
        LINES[0],
        gate.test_her_decision_is_not_held_against_her_and_a_new_declaration_opens_the_way_again,
        TRAVEL + "facts.queries:Dossier.withdrawn",
        held_against_her,
        "travel knew what it asks at booking",
    ),
    (
        LINES[1],
        partial(
            gate.test_whoever_is_not_sure_or_pressed_does_not_board_and_protection_is_told,
            answer="pressed",
            kind="pressed_at_desk",
        ),
        REGISTRATION + "passages.rules:UNSURE",
        becomes(frozenset()),
        "protection was told",
    ),
    (
        LINES[1],
        partial(
            gate.test_whoever_is_not_sure_or_pressed_does_not_board_and_protection_is_told,
            answer="not_sure",
            kind="not_sure_at_desk",
        ),
        REGISTRATION + "passages.actions:hold_after_desk",
        idle,
        "protection was told",
    ),
    (
        LINES[2],
        gate.test_he_changes_his_mind_after_departure_and_is_told_what_can_still_be_done,
        REGISTRATION + "withdrawals.rules:PAST_THE_DOORS",
        becomes(()),
        "too_late_to_undo",
    ),
    (
        LINES[3],
        gate.test_a_withdrawal_on_paper_from_before_a_recorded_departure_opens_an_incident,
        REGISTRATION + "withdrawals.actions:note_contradictions",
        idle,
        "too_late_to_undo",
    ),
    (
        LINES[4],
        children.test_a_boy_of_16_alone_is_not_bookable_until_protection_has_every_item,
        TRAVEL + "gates.queries:_protection_pending",
        never(False),
        "before best_interests_assessment: travel answered 201",
    ),
    (
        LINES[4],
        children.test_any_of_the_three_consents_taken_back_stops_the_boys_journey_his_own_first_of_all,
        REGISTRATION + "children.rules:missing_items",
        consents_need_not_stand,
        "travel knew that it waits for consent_of_guardian",
    ),
    (
        LINES[5],
        children.test_a_girl_with_her_uncle_waits_for_the_same_items_and_does_not_fly_without_him,
        TRAVEL + "gates.queries:_protection_pending",
        never(False),
        "before protection looked: travel answered 201",
    ),
    (
        LINES[5],
        children.test_a_girl_with_her_uncle_waits_for_the_same_items_and_does_not_fly_without_him,
        TRAVEL + "passengers.rules:those_who_cannot_fly",
        never(set()),
        "she does not fly alone",
    ),
    (
        LINES[5],
        children.test_a_boy_whose_age_is_disputed_is_treated_as_a_child_by_every_service,
        REGISTRATION + "cases.rules:is_adult",
        as_if_undisputed,
        "12_17",
    ),
    (
        LINES[6],
        planned.test_those_booked_are_held_at_once_and_told_with_the_suspensions_date_and_source,
        TRAVEL + "bookings.rules:hold_reason",
        never(None),
        "those booked were held",
    ),
    (
        LINES[6],
        planned.test_a_suspension_after_booking_stops_them_at_check_in_and_at_the_doors,
        TRAVEL + "gates.rules:_destination_missing",
        never([]),
        "travel knew of the suspension",
    ),
    (
        LINES[6],
        planned.test_a_suspension_after_booking_stops_them_at_check_in_and_at_the_doors,
        TRAVEL + "gates.rules:missing_at_doors",
        never([]),
        "the doors looked at the suspension",
    ),
    (
        LINES[7],
        asked_of_six(doors.test_a_family_of_six_with_five_seats_left_is_refused_and_nothing_is_held),
        TRAVEL + "bookings.rules:check_seats",
        never(None),
        "all six asked: travel answered",
    ),
    (
        LINES[7],
        asked_of_six(doors.test_a_family_is_split_with_the_word_of_every_adult_and_not_before),
        TRAVEL + "bookings.rules:check_split",
        never(None),
        "five asked: travel answered 201",
    ),
    (
        LINES[8],
        once.test_who_waited_at_the_wrong_terminal_is_booked_again_and_counted_once,
        TRAVEL + "passengers.rules:LIVING",
        lambda guard: (*guard, "no_show"),
        "seats were asked for: travel answered 409",
    ),
    (
        LINES[8],
        once.test_who_waited_at_the_wrong_terminal_is_booked_again_and_counted_once,
        TRAVEL + "bookings.actions:_check_not_booked",
        idle,
        "once more",
    ),
    (
        LINES[8],
        once.test_whoever_has_left_is_not_booked_and_counted_a_second_time,
        TRAVEL + "passengers.queries:flown_of_case",
        lambda _guard: nobody,
        "he has travelled",
    ),
    (
        LINES[9],
        once.test_who_is_refused_entry_has_not_arrived_is_no_return_and_protection_is_told,
        TRAVEL + "returns.actions:note_non_admission",
        idle,
        "a journey that ended elsewhere is no return",
    ),
    (
        LINES[9],
        once.test_who_is_refused_entry_has_not_arrived_is_no_return_and_protection_is_told,
        REGISTRATION + "passages.actions:open_incident",
        idle,
        "protection was told of it",
    ),
    (
        LINES[10],
        once.test_the_same_person_twice_is_shown_before_saving_linked_by_a_persons_decision_and_counted_once,
        REGISTRATION + "duplicates.queries:likenesses",
        never({}),
        "same_document",
    ),
    (
        LINES[11],
        partial(again.cancelled_with, families=1),
        TRAVEL + "flights.actions:_wait_again",
        idle,
        "everyone waits",
    ),
    (
        LINES[11],
        partial(again.cancelled_with, families=1),
        REGISTRATION + "notices.rules:must_be_told",
        never(False),
        "a notice to each was on the list",
    ),
    (
        LINES[11],
        partial(again.cancelled_with, families=1),
        TRAVEL + "gates.rules:_health_missing",
        however_old,
        "checks that grow too old are asked again",
    ),
    (
        LINES[12],
        again.test_a_walk_in_at_the_airport_desk_flies_six_hours_later_and_passes_every_gate,
        TRAVEL + "gates.rules:_health_missing",
        never([]),
        "check-in of the man: travel answered 200",
    ),
    (
        LINES[13],
        once.test_home_already_on_a_government_flight_is_no_assisted_return_and_takes_nobodys_seat,
        TRAVEL + "bookings.actions:_why_not",
        never(None),
        "the seat was free again",
    ),
    (
        LINES[13],
        once.test_back_home_before_anyone_knew_of_her_has_reintegration_and_no_flight_of_ours,
        "services.reintegration.facts.rules:RETROACTIVE",
        becomes("nobody"),
        "those at home have her with them",
    ),
)


async def nobody(*_args: Any) -> list[Any]:
    return []
