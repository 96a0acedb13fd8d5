"""Ways to spoil what the rest of the operation left: relief, the waiting list, protection, and money after return."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.auditor.evidence import an_id
from tests.auditor.made import Made, same

Spoilt = Callable[[Made], Any]
NOBODY = "00000000-0000-4000-8000-000000000000"
LONG_AGO = 0
"""As the embedded store counts a moment; before every departure."""


def rows(made: Made, service: str, table: str) -> list[Any]:
    return made.tables[(service, table)]


def less_than_nothing_is_in_stock(made: Made) -> None:
    level = made.row("registration", "stock_level")
    out = {"move": "lost", "quantity": level["on_hand"] + 1, "distribution_id": None}
    rows(made, "registration", "stock_movement").append(level | out)
    level["on_hand"] = -1


def a_household_has_two_cards(made: Made) -> None:
    for card in rows(made, "registration", "relief_card")[:2]:
        card["household_id"] = NOBODY


def who_split_was_given_again(made: Made) -> None:
    receipt = made.row("registration", "relief_receipt")
    card = next(row for row in rows(made, "registration", "relief_card") if not same(row["id"], receipt["card_id"]))
    card["covered_by"] = json.dumps([str(an_id(receipt["id"]))])
    rows(made, "registration", "relief_receipt").append(receipt | {"id": NOBODY, "card_id": card["id"]})


def waits(made: Made, individual: Any, case: Any) -> None:
    entry = made.row("travel", "waiting_entry")
    entry.update(status="waiting", individuals=[str(an_id(individual))], case_id=case)


def somebody_waits_who_has_a_seat(made: Made) -> None:
    row = made.row("travel", "passenger")
    row["status"] = "booked"
    waits(made, row["individual_id"], row["case_id"])


def somebody_waits_who_withdrew(made: Made) -> None:
    row = made.row("registration", "case_member", status="withdrawn")
    waits(made, row["individual_id"], row["case_id"])


def a_closed_case_waits(made: Made) -> None:
    row = next(row for row in rows(made, "registration", "case_file") if row["closed_at"] is not None)
    waits(made, NOBODY, row["id"])


def a_case_waits_twice(made: Made) -> None:
    made.row("travel", "waiting_entry")["status"] = "waiting"
    made.double("travel", "waiting_entry", status="waiting")


def somebody_is_lost_with_a_flight(made: Made) -> None:
    """They flew later and are home; now they did neither."""
    gone = made.row("travel", "flight", status="cancelled")
    closed = {an_id(row["id"]) for row in rows(made, "registration", "case_file") if row["closed_at"] is not None}
    flew = {row["individual_id"] for row in rows(made, "travel", "passenger") if row["status"] == "arrived"}
    one = next(
        row["individual_id"]
        for row in rows(made, "travel", "passenger")
        if same(row["flight_id"], gone["id"]) and row["individual_id"] in flew and an_id(row["case_id"]) not in closed
    )
    made.tables[("travel", "passenger")] = [
        row
        for row in rows(made, "travel", "passenger")
        if row["individual_id"] != one or same(row["flight_id"], gone["id"])
    ]


def seating(made: Made, least: int = 1) -> Any:
    """An answer that gave seats to so many of the list, and where it stands in the journal."""
    for number, asked in enumerate(made.journal):
        if sum(each["booking_id"] is not None for each in asked.ids.get("seated", [])) >= least:
            return number, asked, [dict(each) for each in asked.ids["seated"]]
    raise LookupError("no seats were given from the list")


def said(made: Made, number: int, seated: list[Any]) -> None:
    made.journal[number] = replace(made.journal[number], ids={**made.journal[number].ids, "seated": seated})


def the_list_was_turned_round(made: Made) -> None:
    number, _, seated = seating(made, 2)
    said(made, number, seated[::-1])


def somebody_was_passed_over(made: Made) -> None:
    number, _, seated = seating(made, 2)
    first = next(each for each in seated if each["booking_id"] is not None)
    first.update(booking_id=None, why="not-enough-seats", people=1)
    said(made, number, seated)


def nobody_knows_the_entry(made: Made) -> None:
    number, _, seated = seating(made)
    seated[0]["entry_id"] = NOBODY
    said(made, number, seated)


def nobody_knows_the_booking(made: Made) -> None:
    number, _, seated = seating(made)
    next(each for each in seated if each["booking_id"] is not None)["booking_id"] = NOBODY
    said(made, number, seated)


def a_child_left_without_an_item(made: Made) -> None:
    made.row("registration", "protection_item", item="family_tracing", taken_back_at=None)["taken_back_at"] = LONG_AGO


def a_child_is_pending_for_nothing(made: Made) -> None:
    child = made.row("registration", "protection_item")["individual_id"]
    made.row("registration", "case_member", individual_id=child)["protection_pending"] = True
    made.row("travel", "protection_fact", individual_id=child)["pending"] = True


def a_booking_is_still_on_hold(made: Made) -> None:
    booking = made.row("travel", "booking", held_for=None)
    booking["held_for"] = "held"
    made.row("travel", "flight", id=booking["flight_id"])["status"] = "check_in"


def a_budget_gave_too_much(made: Made) -> None:
    budget = made.row("reintegration", "budget")
    budget["amount"] = budget["committed"] - 1


def an_entry_is_there_twice(made: Made) -> None:
    made.double("reintegration", "budget_entry", movement="paid")


def a_paper_shows_two_payments(made: Made) -> None:
    payment = a_payment_that_stands(made)
    rows(made, "reintegration", "payment").append({**payment, "id": NOBODY})


def a_payment_that_stands(made: Made) -> Any:
    back = {an_id(row["payment_id"]) for row in rows(made, "reintegration", "payment_reversal")}
    return next(
        row
        for row in rows(made, "reintegration", "payment")
        if row["evidence_kind"] == "signed_receipt" and an_id(row["id"]) not in back
    )


def an_order_is_there_twice(made: Made) -> None:
    made.double("reintegration", "purchase_order")


def who_wrote_approved(made: Made) -> None:
    plan = made.row("reintegration", "plan", status="closed")
    plan["drafted_by"] = plan["approved_by"]


def who_wrote_paid(made: Made) -> None:
    payment = made.row("reintegration", "payment")
    payment["paid_by"] = made.row("reintegration", "plan", id=payment["plan_id"])["drafted_by"]


def who_paid_took_back(made: Made) -> None:
    reversal = made.row("reintegration", "payment_reversal")
    reversal["reversed_by"] = made.row("reintegration", "payment", id=reversal["payment_id"])["paid_by"]


def who_had_it_quoted_ordered(made: Made) -> None:
    order = made.row("reintegration", "purchase_order")
    order["ordered_by"] = made.row("reintegration", "quotation", id=order["quotation_id"])["recorded_by"]


def a_group_has_more_left_than_it_has(made: Made) -> None:
    made.row("travel", "travel_group").update(seats=2, seats_left=3)


def a_group_is_larger_than_its_flight(made: Made) -> None:
    made.row("travel", "travel_group").update(seats=900, seats_left=900)


def an_escort_is_on_a_flight_that_does_not_go(made: Made) -> None:
    gone = made.row("travel", "flight", status="cancelled")
    made.row("travel", "escort").update(status="booked", flight_id=gone["id"])


def by_the_paper(made: Made) -> Any:
    """Somebody who left by it."""
    paper = made.row("travel", "paper_manifest")
    return next(row for row in rows(made, "travel", "passenger") if same(row["clearance_id"] or NOBODY, paper["id"]))


def somebody_left_twice_by_a_paper(made: Made) -> None:
    rows(made, "travel", "passenger").append({**by_the_paper(made), "id": NOBODY})


def registration_never_heard_of_the_paper(made: Made) -> None:
    one = by_the_paper(made)["individual_id"]
    made.drop("registration", "departure", individual_id=one)


def seats_were_given_while_suspended(made: Made) -> None:
    number = next(n for n, asked in enumerate(made.journal) if asked.key.endswith("while-suspended"))
    made.journal[number] = replace(made.journal[number], status=201)


SPOILT: list[tuple[Spoilt, str]] = [
    (lambda made: made.row("registration", "stock_level").update(on_hand=7), "and its movements say"),
    (less_than_nothing_is_in_stock, "are less than nothing"),
    (lambda made: made.drop("registration", "stock_level"), "where none is counted"),
    (lambda made: made.row("registration", "distributed_item").update(taken=10**9), "are accounted for"),
    (lambda made: made.drop("registration", "relief_receipt"), "and receipts say"),
    (lambda made: made.drop("registration", "stock_movement", move="brought_back"), "brought_back"),
    (lambda made: made.drop("registration", "stock_movement", move="handed_out"), "handed_out"),
    (lambda made: made.double("registration", "relief_receipt"), "2 receipts for the card"),
    (a_household_has_two_cards, "has 2 relief cards"),
    (who_split_was_given_again, "which stands for it"),
    (lambda made: rows(made, "registration", "relief_second_attempt").clear(), "0 second attempts"),
    (lambda made: made.drop("registration", "distribution"), "has no such row in distribution"),
    (lambda made: made.row("registration", "distribution").update(closed_at=None), "row of the distribution does not"),
    (lambda made: made.row("travel", "seat_offer").update(status="held"), "seats set aside"),
    (somebody_waits_who_has_a_seat, "waits for a seat, and has one"),
    (somebody_waits_who_withdrew, "waits for a seat, and has withdrawn"),
    (a_closed_case_waits, "waits for a seat, and is closed"),
    (a_case_waits_twice, "stands on the waiting list 2 times"),
    (lambda made: made.row("travel", "waiting_entry").update(individuals=[NOBODY]), "and has never had a seat"),
    (lambda made: made.row("travel", "flight", status="cancelled").update(seats_taken=1), "1 seats on it are taken"),
    (somebody_is_lost_with_a_flight, "and neither waits nor has another"),
    (the_list_was_turned_round, "were not given in the order of the list"),
    (somebody_was_passed_over, "who come first were not"),
    (nobody_knows_the_entry, "that the waiting list does not have"),
    (nobody_knows_the_booking, "and there is no such booking"),
    (a_child_left_without_an_item, "without family_tracing"),
    (lambda made: made.row("travel", "protection_fact").update(pending=1), "registration has pending False"),
    (a_child_is_pending_for_nothing, "items of 8 stand"),
    (lambda made: made.row("travel", "hold_fact", released=1).update(released=0), "registration has released True"),
    (lambda made: made.drop("registration", "hold"), "registration: hold has"),
    (a_booking_is_still_on_hold, "is on hold, and nobody in it is held"),
    (a_budget_gave_too_much, "of it paid"),
    (lambda made: made.row("reintegration", "budget").update(paid=0), "and its ledger says"),
    (an_entry_is_there_twice, "paid, and the ledger says"),
    (lambda made: made.drop("reintegration", "delivery"), "delivered, and the ledger says"),
    (lambda made: made.row("reintegration", "plan_instalment").update(paid=1), "and its payments say"),
    (lambda made: made.double("reintegration", "payment_reversal"), "was taken back 2 times"),
    (a_paper_shows_two_payments, "shows 2 payments"),
    (lambda made: made.double("reintegration", "invoice"), "was counted 2 times"),
    (lambda made: made.row("reintegration", "purchase_order").update(charged=0), "and its invoices say"),
    (an_order_is_there_twice, "has 2 orders"),
    (who_wrote_approved, "was approved by who wrote it"),
    (lambda made: made.row("reintegration", "plan", status="closed").update(approved_by=None), "that nobody approved"),
    (lambda made: made.row("reintegration", "plan", status="closed").update(approved_at=None), "row of the plan does"),
    (who_wrote_paid, "by who had a hand in its plan"),
    (who_paid_took_back, "was taken back by who made it"),
    (who_had_it_quoted_ordered, "was placed by who had it quoted"),
    (a_group_has_more_left_than_it_has, "are more than its 2 seats"),
    (a_group_is_larger_than_its_flight, "its groups have"),
    (an_escort_is_on_a_flight_that_does_not_go, "which does not go"),
    (somebody_left_twice_by_a_paper, "left flight"),
    (registration_never_heard_of_the_paper, "has not that one departure of theirs"),
    (lambda made: made.drop("travel", "paper_manifest"), "has no such row in paper_manifest"),
    (lambda made: made.drop("travel", "escort"), "has no such row in escort"),
    (seats_were_given_while_suspended, "gave seats to where returns were suspended"),
    (lambda made: made.row("travel", "restriction_fact").update(lifted_on="2022-01-01"), "the restriction"),
    (lambda made: made.drop("registration", "referral"), "has no such row in referral"),
    (lambda made: made.row("registration", "referral").update(ended_at=None), "row of the referral does not"),
    (lambda made: made.drop("registration", "enquiry"), "has no such row in enquiry"),
    (lambda made: made.row("registration", "enquiry").update(called_back_at=None), "row of the enquiry does not"),
    (lambda made: made.drop("registration", "feedback"), "has no such row in feedback"),
    (lambda made: made.drop("registration", "headcount"), "has no such row in headcount"),
    (lambda made: made.drop("reintegration", "plan_amendment"), "has no such row in plan_amendment"),
    (
        lambda made: made.row("reintegration", "plan_amendment").update(decided_at=None),
        "row of the plan_amendment does",
    ),
    (lambda made: made.drop("reintegration", "reopening"), "reintegration: reopening has"),
    (lambda made: made.drop("reintegration", "closure"), "reintegration: closure has"),
]
