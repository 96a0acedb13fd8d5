"""Rules of reintegration at their edges, as plain functions: the last day, the whole amount, the third quotation."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from services.reintegration.budgets.rules import (
    BelowCommitted,
    BudgetExceeded,
    Entry,
    Holding,
    Movement,
    after,
    check_amount,
    standing,
)
from services.reintegration.closures.rules import (
    SPENT_WITHIN,
    ClosureIncomplete,
    Done,
    check_complete,
    has_expired,
)
from services.reintegration.lines.rules import (
    CASH,
    LessThanMoved,
    LineState,
    MoreThanApproved,
    TooManyDecimals,
    check_fits,
    check_not_less,
)
from services.reintegration.payments.rules import (
    RATES_KEPT,
    HadAHand,
    LatePaymentUnexplained,
    MoreThanInvoiced,
    RateFromLater,
    RateTooOld,
    TooEarly,
    check_invoiced,
    check_money,
    check_payer,
    check_window,
)
from services.reintegration.plans.rules import is_void
from services.reintegration.procurement.rules import (
    OFFERS_STAND,
    Bought,
    CheaperThere,
    InvoicedBeforeTheOrder,
    MoreThanOrdered,
    QuotationTooOld,
    Quoted,
    TooFewQuotations,
    WhyNotCheapest,
    check_invoice,
    check_invoice_day,
    check_order,
    check_quotation_day,
)
from services.reintegration.schemes.rules import INSUFFICIENT, Band, band_of
from shared.contracts.reintegration import AssistanceClosureReason

DAY = date(2021, 12, 20)
ONE = timedelta(days=1)
CENT = Decimal("0.01")


def test_who_had_a_hand_in_the_plan_does_not_pay_and_neither_does_who_approved_it() -> None:
    check_payer("payer", {"writer"}, "approver")
    for by in ("writer", "approver"):
        with pytest.raises(HadAHand):
            check_payer(by, {"writer"}, "approver")


def test_an_invoice_is_paid_to_its_last_cent_and_what_is_left_is_told() -> None:
    check_invoiced(Decimal(100), Decimal(60), Decimal(40))
    for paid, left in ((Decimal(60), Decimal(40)), (Decimal(101), Decimal(0))):
        with pytest.raises(MoreThanInvoiced) as refusal:
            check_invoiced(Decimal(100), paid, Decimal(40) + CENT)
        assert refusal.value.members["left"] == left


def test_an_instalment_is_paid_from_the_first_day_of_its_window_to_the_last() -> None:
    until = DAY + timedelta(days=10)
    check_window(DAY, DAY, until, None)
    check_window(until, DAY, until, None)
    check_window(until + ONE, DAY, until, "the bank was closed")
    with pytest.raises(TooEarly):
        check_window(DAY - ONE, DAY, until, "in a hurry")
    with pytest.raises(LatePaymentUnexplained):
        check_window(until + ONE, DAY, until, None)


def test_a_rate_is_of_the_day_of_payment_or_not_too_long_before() -> None:
    check_money("EUR", "EUR", DAY, DAY)
    check_money("EUR", "EUR", DAY - RATES_KEPT, DAY)
    with pytest.raises(RateFromLater):
        check_money("EUR", "EUR", DAY + ONE, DAY)
    with pytest.raises(RateTooOld) as refusal:
        check_money("EUR", "EUR", DAY - RATES_KEPT - ONE, DAY)
    assert refusal.value.members["oldest"] == (DAY - RATES_KEPT).isoformat()


def _moves(*moves: tuple[Movement, int]) -> list[Entry]:
    line = uuid4()
    return [Entry(movement, line, "P1", "B1", "EUR", Decimal(amount)) for movement, amount in moves]


def test_a_budget_bears_what_it_holds_to_the_last_cent() -> None:
    holding = Holding(Decimal(100), Decimal(30), Decimal(10))
    assert after(holding, _moves((Movement.COMMITTED, 70)), "B1") == Holding(Decimal(100), Decimal(100), Decimal(10))
    with pytest.raises(BudgetExceeded) as refusal:
        after(holding, _moves((Movement.COMMITTED, 71)), "B1")
    assert (refusal.value.members["left"], refusal.value.members["wanted"]) == (Decimal(70), Decimal(71))
    check_amount(Decimal(30), Decimal(30))
    with pytest.raises(BelowCommitted):
        check_amount(Decimal(30) - CENT, Decimal(30))


def test_a_budget_that_holds_too_little_still_takes_what_lessens_it() -> None:
    over = Holding(Decimal(100), Decimal(130), Decimal(10))
    assert after(over, _moves((Movement.RELEASED, 20)), "B1").committed == 110
    assert after(over, _moves((Movement.PAID, 20)), "B1") == Holding(Decimal(100), Decimal(130), Decimal(30))
    assert after(over, _moves((Movement.RELEASED, 20), (Movement.COMMITTED, 20)), "B1").committed == 130


def test_movements_add_up_to_what_is_committed_and_paid() -> None:
    moves = _moves(
        (Movement.COMMITTED, 1000),
        (Movement.RELEASED, 100),
        (Movement.PAID, 60),
        (Movement.REVERSED, 20),
        (Movement.DELIVERED, 500),
    )
    found = standing(moves)
    assert (found.committed, found.paid) == (Decimal(900), Decimal(40))


def _quoted(amount: Decimal | int, by: str = "asker") -> Quoted:
    return Quoted(uuid4(), uuid4(), Decimal(amount), by)


def test_three_providers_are_asked_from_the_threshold_on() -> None:
    small, large = _quoted(Decimal("999.99")), _quoted(1000)
    check_order(small, [small], None, "buyer")
    with pytest.raises(TooFewQuotations) as refusal:
        check_order(large, [large, _quoted(1100), replace(large, quotation=uuid4())], None, "buyer")
    assert refusal.value.members["there"] == 2
    check_order(large, [large, _quoted(1100), _quoted(1200)], None, "buyer")


def test_the_dearer_offer_needs_a_reason_and_an_equal_one_does_not() -> None:
    chosen, cheaper = _quoted(500), _quoted(400)
    check_order(chosen, [chosen, _quoted(500)], None, "buyer")
    check_order(chosen, [chosen, cheaper], next(iter(WhyNotCheapest)), "buyer")
    with pytest.raises(CheaperThere) as refusal:
        check_order(chosen, [chosen, cheaper], None, "buyer")
    assert refusal.value.members["cheapest"] == 400


def test_an_offer_stands_a_year_and_an_invoice_is_not_of_before_its_order() -> None:
    check_quotation_day(DAY - OFFERS_STAND, DAY)
    with pytest.raises(QuotationTooOld) as refusal:
        check_quotation_day(DAY - OFFERS_STAND - ONE, DAY)
    assert refusal.value.members["oldest"] == (DAY - OFFERS_STAND).isoformat()
    ordered_at = datetime(2021, 12, 20, 9, 0, tzinfo=UTC)  # in the farthest west it is the evening of the 19th
    check_invoice_day(DAY - ONE, ordered_at)
    with pytest.raises(InvoicedBeforeTheOrder):
        check_invoice_day(DAY - ONE - ONE, ordered_at)


def test_an_order_is_charged_up_to_its_whole_amount() -> None:
    assert check_invoice(Decimal(100), Decimal(60), Decimal(40)) == 100
    with pytest.raises(MoreThanOrdered) as refusal:
        check_invoice(Decimal(100), Decimal(60), Decimal(41))
    assert refusal.value.members["left"] == 40


@pytest.mark.parametrize(
    ("charged", "delivered", "paid", "is_open", "unpaid", "settled", "cancellable"),
    [
        (0, 0, 0, True, 0, False, True),
        (0, 50, 0, True, 0, False, True),
        (50, 0, 0, True, 0, False, True),
        (50, 0, 50, True, 0, False, False),
        (50, 50, 20, False, 30, False, False),
        (50, 50, 50, False, 0, True, False),
        (50, 80, 50, False, 0, False, False),
        (100, 100, 100, False, 0, True, False),
        (80, 50, 60, False, 0, True, False),
    ],
)
def test_an_order_is_settled_when_all_that_came_was_charged_and_paid(
    charged: int, delivered: int, paid: int, is_open: bool, unpaid: int, settled: bool, cancellable: bool
) -> None:
    bought = Bought(uuid4(), Decimal(100), Decimal(charged), Decimal(delivered), Decimal(paid))
    assert bought.unpaid == unpaid
    assert (bought.open, bought.settled, bought.cancellable) == (is_open, settled, cancellable)


@pytest.mark.parametrize(
    ("modality", "released", "spent", "planned", "committed", "owed", "for_nothing"),
    [
        (CASH, False, 30, 100, 70, 70, 0),
        (CASH, True, 30, 30, 0, 0, 0),
        ("in_kind", False, 30, 100, 70, 80, 10),
        ("in_kind", True, 30, 30, 0, 0, 10),
    ],
)
def test_what_is_spent_owed_and_paid_for_nothing_goes_by_how_a_line_is_given(
    modality: str, released: bool, spent: int, planned: int, committed: int, owed: int, for_nothing: int
) -> None:
    line = LineState(uuid4(), "L", modality, "grant", Decimal(100), Decimal(30), Decimal(20), released)
    found = [line.spent, line.planned, line.committed, line.owed, line.paid_for_nothing]
    assert found == [Decimal(each) for each in (spent, planned, committed, owed, for_nothing)]
    more_came = replace(line, delivered=Decimal(45))
    assert more_came.spent == (30 if modality == CASH else 45)
    assert more_came.paid_for_nothing == 0


def test_an_amount_is_moved_to_the_last_coin_and_no_smaller_one() -> None:
    assert check_fits(Decimal(60), Decimal(100), Decimal(40), "EUR") == 100
    with pytest.raises(MoreThanApproved) as refusal:
        check_fits(Decimal(60), Decimal(100), Decimal("40.01"), "EUR")
    assert refusal.value.members["left"] == "40"
    with pytest.raises(TooManyDecimals):
        check_fits(Decimal(0), Decimal(100), Decimal("0.001"), "EUR")
    check_not_less("L", Decimal(40), Decimal(40))
    with pytest.raises(LessThanMoved):
        check_not_less("L", Decimal(40), Decimal("40.01"))


def test_the_time_for_a_budget_is_over_a_year_after_the_return_or_after_its_last_window() -> None:
    assert not has_expired(DAY + SPENT_WITHIN, DAY, [])
    assert has_expired(DAY + SPENT_WITHIN + ONE, DAY, [])
    windows = [DAY + timedelta(days=30), DAY + timedelta(days=10)]
    assert not has_expired(DAY + timedelta(days=30), DAY, windows)
    assert has_expired(DAY + timedelta(days=31), DAY, windows)


def _missing(reason: AssistanceClosureReason, done: Done, *, approved: bool) -> list[str]:
    try:
        check_complete(reason, [], done, approved=approved)
    except ClosureIncomplete as refusal:
        return [each["code"] for each in refusal.members["missing"]]
    return []


COMPLETED, EXPIRED, LOST = (
    AssistanceClosureReason.COMPLETED,
    AssistanceClosureReason.BUDGET_EXPIRED,
    AssistanceClosureReason.LOST_CONTACT,
)
ALL_DONE = Done(visits=1, surveys=1, contact_lost=True, expired=True)


@pytest.mark.parametrize(
    ("reason", "done", "approved", "codes"),
    [
        (COMPLETED, ALL_DONE, True, []),
        (EXPIRED, ALL_DONE, True, []),
        (LOST, ALL_DONE, False, []),
        (COMPLETED, Done(), False, ["plan_not_approved", "no_visit", "no_survey"]),
        (EXPIRED, Done(), False, ["plan_not_approved", "no_visit"]),
        (EXPIRED, Done(visits=1), True, ["budget_not_expired"]),
        (LOST, Done(), True, ["contact_not_lost"]),
        (COMPLETED, replace(ALL_DONE, surveys_missing=1), True, ["survey_round_missing"]),
        (COMPLETED, replace(ALL_DONE, surveys=0, surveys_missing=1), True, ["no_survey"]),
        (EXPIRED, replace(ALL_DONE, surveys=0, surveys_missing=1), True, ["survey_round_missing"]),
        (LOST, replace(ALL_DONE, surveys_missing=1), True, []),
        (LOST, replace(ALL_DONE, waiting=True), True, ["amendment_waiting"]),
        (LOST, replace(ALL_DONE, shares_open=("A",)), True, ["share_not_spent"]),
        (LOST, replace(ALL_DONE, orders_open=("A",)), True, ["order_open"]),
        (LOST, replace(ALL_DONE, invoices_unpaid=("A",)), True, ["invoice_not_paid"]),
    ],
)
def test_a_closure_says_each_thing_that_its_reason_still_asks_for(
    reason: AssistanceClosureReason, done: Done, approved: bool, codes: list[str]
) -> None:
    assert _missing(reason, done, approved=approved) == codes


def test_a_plan_is_void_when_everybody_of_it_withdrew_in_its_own_try() -> None:
    father, mother = uuid4(), uuid4()
    plan = {father: 1, mother: 2}
    assert is_void(plan, {(father, 1), (mother, 2)})
    assert not is_void(plan, {(father, 1), (mother, 1)})
    assert not is_void(plan, {(father, 1)})
    assert not is_void({}, set())


def test_a_score_on_the_upper_end_of_a_band_is_in_it_only_where_the_end_belongs_to_it() -> None:
    half = Decimal("0.5")
    low, high = Band("low", half), Band("high", None)
    assert band_of([low, high], half) == "high"
    assert band_of([replace(low, upper_included=True), high], half) == "low"
    assert band_of([replace(low, upper_included=True), high], half + CENT) == "high"
    assert band_of([low, high], half - CENT) == "low"
    assert band_of([low, high], None) == INSUFFICIENT
    assert band_of([low], half) == INSUFFICIENT


def test_a_closure_lists_a_line_without_a_certificate_beside_a_share_that_was_not_spent() -> None:
    line = LineState(uuid4(), "L", "in_kind", "grant", Decimal(100), Decimal(30), Decimal(20), released=True)
    with pytest.raises(ClosureIncomplete) as refusal:
        check_complete(LOST, [line], replace(ALL_DONE, shares_open=("A",)), approved=True)
    assert refusal.value.members["missing"] == [
        {"code": "not_reconciled", "line": "L"},
        {"code": "share_not_spent", "line": "A"},
    ]
