"""Ways to spoil what a run left, one row, message or line at a time, each with what the auditor must say to it."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

from shared.idempotency import cause_of
from tests.auditor.evidence import Logged, an_id
from tests.auditor.made import Made, heard_by, same

Spoilt = Callable[[Made], Any]


def the_first(made: Made, service: str = "registration") -> Any:
    return next(each for each in made.journal if each.service == service and each.acknowledged)


def an_answer_is_another(made: Made) -> None:
    made.keys["registration"][0] = replace(made.keys["registration"][0], answer="f" * 64)


def an_acknowledged_request_was_refused(made: Made) -> None:
    made.journal[0] = replace(made.journal[0], status=409, problem="made-up")


def a_request_is_half_there(made: Made) -> None:
    """Nobody knows how it ended; its audit is there, and its key is not."""
    asked = the_first(made)
    made.journal[made.journal.index(asked)] = replace(asked, status=0, lost=1)
    made.keys["registration"] = [row for row in made.keys["registration"] if row.key != asked.key]


def a_refused_request_told_a_fact(made: Made) -> None:
    """Its key and its line in the audit are gone, as they should be; what it told is still there."""
    causes = {fact.cause for fact in made.told["registration"]}
    ours = [each for each in made.journal if each.service == "registration" and each.acknowledged]
    asked = next(each for each in ours if str(cause_of(each.service, each.client, each.key)) in causes)
    cause = cause_of(asked.service, asked.client, asked.key)
    made.journal[made.journal.index(asked)] = replace(asked, status=409, problem="made-up")
    made.keys["registration"] = [row for row in made.keys["registration"] if row.key != asked.key]
    lines = made.tables[("registration", "audit")]
    made.tables[("registration", "audit")] = [row for row in lines if an_id(row["cause"]) != cause]


def a_fact_was_not_sent(made: Made) -> None:
    made.told["travel"][0] = replace(made.told["travel"][0], sent=False)


def two_positions_are_exchanged(made: Made) -> None:
    told = made.told["registration"]
    first, second = next((a, b) for a, b in pairwise(told) if a.key == b.key)
    told[told.index(first)] = replace(first, position=second.position)
    told[told.index(second)] = replace(second, position=first.position)


def a_message_is_missing(made: Made) -> None:
    made.logged.remove(heard_by(made, "travel"))


def two_messages_stand_the_wrong_way_round(made: Made) -> None:
    key = heard_by(made, "travel").key
    first, second, *_ = [n for n, each in enumerate(made.logged) if each.key == key and each.sender == "registration"]
    made.logged[first], made.logged[second] = made.logged[second], made.logged[first]


def a_message_says_something_else(made: Made) -> None:
    heard_by(made, "travel").document["data"]["means"] = "some"


def a_key_lies_in_two_partitions(made: Made) -> None:
    first = made.logged[0]
    made.logged[0] = Logged(first.topic, first.key, first.document, first.lane + 1)


def an_inbox_is_behind(made: Made) -> None:
    made.row("travel", "inbox")["sequence"] -= 1


def an_inbox_knows_what_nobody_told(made: Made) -> None:
    made.double("travel", "inbox")["key"] = "00000000-0000-4000-8000-000000000000"


def something_is_parked(made: Made) -> None:
    row = {"type": "homeward.x", "key": "k", "reason": "made up", "settled_at": None}
    made.tables[("travel", "parked")].append(row)


def a_fact_came_from_nowhere(made: Made) -> None:
    fact = made.told["travel"][0]
    document = {**fact.document, "causationid": "00000000-0000-4000-8000-000000000000"}
    made.told["travel"][0] = replace(fact, document=document)


def a_decision_was_made_twice(made: Made) -> None:
    made.double("eligibility", "decision")


def a_passenger(made: Made, *statuses: str, adult: bool = True, seated: int = 1) -> Any:
    """One of a case with so many on the flight."""
    of = [(row["case_id"], row["flight_id"]) for row in made.tables[("travel", "passenger")]]
    return next(
        row
        for row, together in zip(made.tables[("travel", "passenger")], of, strict=True)
        if row["status"] in statuses and bool(row["adult"]) is adult and of.count(together) == seated
    )


def a_flight_that_left(made: Made) -> Any:
    """Its doors were closed here."""
    return next(row for row in made.tables[("travel", "flight")] if row["status"] == "departed" and row["closing_at"])


def a_seat_is_sold_twice(made: Made) -> None:
    row = a_passenger(made, "arrived")
    made.row("travel", "flight", id=row["flight_id"])["seats"] = 0


def somebody_has_two_seats(made: Made) -> None:
    row = a_passenger(made, "arrived")
    row["status"] = "booked"
    made.tables[("travel", "passenger")].append({**row, "flight_id": "0" * 32, "booking_id": "1" * 32})


def somebody_left_twice(made: Made) -> None:
    row = a_passenger(made, "arrived")
    made.tables[("travel", "passenger")].append({**row, "flight_id": "0" * 32, "booking_id": "1" * 32})


def too_much_was_paid(made: Made) -> None:
    made.row("travel", "allowance_payment")["amount"] += 1


def something_was_paid_that_nobody_decided(made: Made) -> None:
    made.row("travel", "allowance_payment")["line"] = "a car"


def a_child_left_alone(made: Made) -> None:
    child = a_passenger(made, "arrived", adult=False, seated=4)
    for row in made.tables[("travel", "passenger")]:
        if row["case_id"] == child["case_id"] and row["adult"]:
            row["status"] = "no_show"


def one_more_taken_off(made: Made, why: str | None) -> None:
    """Of the same case and flight as somebody who arrived, in the last moment."""
    gone = a_passenger(made, "arrived")
    off = {"individual_id": "3" * 32, "status": "offloaded", "seat": "freed", "taken_off_for": why}
    made.tables[("travel", "passenger")].append({**gone, **off, "taken_off_at": gone["departed_at"]})


def somebody_left_on_a_no(made: Made) -> None:
    a_passenger(made, "arrived")["word"] = "no"


def one_of_a_family_had_no_seat(made: Made) -> None:
    row = a_passenger(made, "arrived", adult=False, seated=4)
    made.tables[("travel", "passenger")].remove(row)
    member = made.row("registration", "case_member", individual_id=row["individual_id"])
    member["status"] = "declared"


def somebody_left_uncleared(made: Made) -> None:
    row = a_passenger(made, "arrived")
    for answer in made.tables[("registration", "clearance_passenger")]:
        if same(answer["individual_id"], row["individual_id"]):
            answer["reason"] = "held"


def a_departure_is_on_paper(made: Made) -> None:
    made.row("registration", "departure", how="cleared")["how"] = "on_paper"


def a_hand_over_is_open(made: Made) -> None:
    made.row("travel", "hand_over")["settled_at"] = None


def a_flight_waits(made: Made) -> None:
    made.row("travel", "flight")["status"] = "closing"


def somebody_is_cleared_for_good(made: Made) -> None:
    row = next(r for r in made.tables[("registration", "clearance_passenger")] if r["departed_at"] is not None)
    row["departed_at"] = None


def a_member_is_on_another_attempt(made: Made) -> None:
    made.row("travel", "member_fact")["attempt"] += 1


def a_withdrawal_was_not_heard(made: Made) -> None:
    made.drop("reintegration", "fact_withdrawal")


def a_departure_was_not_heard(made: Made) -> None:
    made.drop("eligibility", "passage_fact")


def another_decision_counts(made: Made) -> None:
    made.row("travel", "decision_fact")["decision_id"] = "0" * 32


def a_seat_stands_otherwise(made: Made) -> None:
    made.row("reintegration", "fact_seat", standing="arrived")["standing"] = "in_transit"


def a_declaration_is_not_known(made: Made) -> None:
    seats = made.tables[("travel", "passenger")]
    out = {(row["individual_id"], row["attempt"]) for row in seats if row["status"] == "not_admitted"}
    tries = made.tables[("travel", "attempt_fact")]
    counts = (row for row in tries if row["withdrawn_at"] is None and row["declaration_id"] and not row["lapsed"])
    tries.remove(next(row for row in counts if (row["individual_id"], row["attempt"]) not in out))


def a_clearance_is_remembered_otherwise(made: Made) -> None:
    made.row("travel", "clearance_fact", cleared=1)["cleared"] = 0


def a_case_stands_as_if_open(made: Made) -> None:
    made.row("eligibility", "standing", ended="departed")["ended"] = None


def a_case_is_still_expected(made: Made) -> None:
    made.row("reintegration", "assisted_case", status="arrived")["status"] = "expected"


SPOILT: list[tuple[Spoilt, str]] = [
    (lambda made: made.keys["travel"].pop(), "does not know the key"),
    (an_answer_is_another, "and another is kept"),
    (lambda made: made.double("registration", "audit"), "was done 2 times"),
    (lambda made: made.drop("registration", "audit"), "was done 0 times"),
    (an_acknowledged_request_was_refused, "refused with 409 (made-up), and left its key"),
    (a_refused_request_told_a_fact, "refused with 409 (made-up), and left a fact"),
    (a_request_is_half_there, "never answered, and left a line in the audit"),
    (lambda made: made.journal.remove(the_first(made)), "was done that was never sent"),
    (lambda made: made.drop("registration", "screening"), "has no such row in screening"),
    (lambda made: made.drop("travel", "willingness_statement"), "answers are kept"),
    (lambda made: a_passenger(made, "arrived").update(boarded_at=None), "the passenger's row does not say so"),
    (lambda made: a_flight_that_left(made).update(departed_at=None), "the flight's row does not say so"),
    (lambda made: made.tables[("registration", "withdrawal_statement")].clear(), "no statement is kept"),
    (a_fact_was_not_sent, "travel: not sent"),
    (lambda made: made.told["travel"].pop(0), "have gaps or repeats"),
    (lambda made: made.row("travel", "stream").update(sequence=99), "do not end where its stream does"),
    (two_positions_are_exchanged, "are not in the order of its facts"),
    (a_message_is_missing, "log: missing"),
    (two_messages_stand_the_wrong_way_round, "stand out of order"),
    (a_message_says_something_else, "is not what registration told"),
    (a_key_lies_in_two_partitions, "lie in 2 partitions"),
    (an_inbox_is_behind, "travel: heard"),
    (an_inbox_knows_what_nobody_told, "that the log does not hold"),
    (lambda made: made.never_fetched.update(travel="7 messages were never fetched"), "were never fetched"),
    (something_is_parked, "travel: parked: homeward.x"),
    (a_fact_came_from_nowhere, "nothing that was done caused"),
    (lambda made: made.drop("registration", "document"), "registration: document has"),
    (lambda made: made.double("registration", "journey_line"), "the journey has 2 lines for"),
    (lambda made: made.drop("registration", "journey_line"), "the journey has 0 lines for"),
    (a_decision_was_made_twice, "are no chain"),
    (lambda made: made.double("travel", "allowance_payment"), "rows for the same case_id, attempt, line"),
    (a_seat_is_sold_twice, "0 seats"),
    (lambda made: a_flight_that_left(made).update(seats_taken=0), "counts 0 taken"),
    (somebody_has_two_seats, "has a seat on 2 flights"),
    (somebody_left_twice, "left 2 times in one attempt"),
    (too_much_was_paid, "was paid 50.0001 of 50.00"),
    (something_was_paid_that_nobody_decided, "was paid a car, which no decision gives"),
    (a_child_left_alone, "with nobody who is responsible"),
    (lambda made: one_more_taken_off(made, "not_willing"), "left on a word given before others were taken off"),
    (somebody_left_on_a_no, "left on the word no"),
    (one_of_a_family_had_no_seat, "had no seat when the others left"),
    (lambda made: one_more_taken_off(made, None), "and nothing says why"),
    (somebody_left_uncleared, "registration did not clear them for it"),
    (a_departure_is_on_paper, "has not that one departure of theirs"),
    (a_hand_over_is_open, "was never settled"),
    (a_flight_waits, "still waits for registration"),
    (somebody_is_cleared_for_good, "is cleared for good"),
    (lambda made: made.drop("travel", "case_fact"), "the cases: registration has"),
    (a_member_is_on_another_attempt, "the members and their attempts"),
    (a_withdrawal_was_not_heard, "who withdrew: registration has True"),
    (a_departure_was_not_heard, "who left: registration has 1"),
    (another_decision_counts, "the current decision: eligibility has"),
    (a_seat_stands_otherwise, "the seats: travel has arrived"),
    (lambda made: made.drop("registration", "passage_fact", kind="booked"), "who was booked on which flight"),
    (a_declaration_is_not_known, "the declarations that count"),
    (lambda made: made.drop("travel", "check_fact"), "the health checks"),
    (lambda made: made.drop("reintegration", "fact_allowance"), "the pocket money"),
    (a_clearance_is_remembered_otherwise, "who was cleared, and released"),
    (
        lambda made: made.row("travel", "handed_over", outcome="cleared").update(outcome="refused"),
        "who was cleared: registration",
    ),
    (a_case_stands_as_if_open, "is None, and its members are"),
    (a_case_is_still_expected, "is expected, and its passengers are"),
]
