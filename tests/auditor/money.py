"""Money after return: no budget gave more than it holds, the ledger tells every payment, none is there twice, and two
people have looked at each."""

from collections import Counter, defaultdict
from decimal import Decimal
from typing import Any
from uuid import UUID

from shared.columns import MoneyColumn
from tests.auditor.evidence import Check, Evidence, Findings, Row, an_id

SHOWS_ONE = ("signed_receipt", "bank_transfer")
"""Papers that show one payment each."""
Sums = dict[Any, int]


def no_budget_gave_more_than_it_holds(evidence: Evidence) -> Findings:
    """And each holds what the entries of the ledger on its line say."""
    entries: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for row in evidence.all_of("reintegration", "budget_entry"):
        entries[_account(row)][row["movement"]] += row["amount"]
    for budget in evidence.all_of("reintegration", "budget"):
        name, said = "budget " + " ".join(_account(budget)), entries[_account(budget)]
        committed, paid = said["committed"] - said["released"], said["paid"] - said["reversed"]
        if not 0 <= budget["paid"] <= budget["committed"] <= budget["amount"]:
            yield f"{name}: holds {_much(budget['amount'])}, {_much(budget['committed'])} committed, " + (
                f"{_much(budget['paid'])} of it paid"
            )
        if (committed, paid) != (budget["committed"], budget["paid"]):
            told = f"{_much(budget['committed'])} committed and {_much(budget['paid'])} paid"
            yield f"{name}: has {told}, and its ledger says {_much(committed)} and {_much(paid)}"


def the_ledger_tells_every_payment(evidence: Evidence) -> Findings:
    """On each line of a plan: what it says was paid, taken back and delivered is what papers were recorded for."""
    told: dict[str, Sums] = defaultdict(lambda: defaultdict(int))
    for row in evidence.all_of("reintegration", "budget_entry"):
        told[row["movement"]][an_id(row["line_id"])] += row["amount"]
    payments = evidence.all_of("reintegration", "payment")
    back = {an_id(row["payment_id"]) for row in evidence.all_of("reintegration", "payment_reversal")}
    shown = {
        "paid": _by_line(payments),
        "reversed": _by_line(row for row in payments if an_id(row["id"]) in back),
        "delivered": _by_line(evidence.all_of("reintegration", "delivery")),
    }
    for movement, there in shown.items():
        for line in there.keys() | told[movement].keys():
            if there[line] != told[movement][line]:
                was = f"{_much(there[line])} {movement}, and the ledger says {_much(told[movement][line])}"
                yield f"line {line}: {was}"
    stands = _by_line((row for row in payments if an_id(row["id"]) not in back), "instalment")
    for row in evidence.all_of("reintegration", "plan_instalment"):
        place = (an_id(row["line_id"]), row["number"])
        if row["paid"] != stands[place] or row["paid"] > row["amount"]:
            counted = f"{_much(row['paid'])} of {_much(row['amount'])} paid"
            yield f"line {place[0]}, instalment {place[1]}: {counted}, and its payments say {_much(stands[place])}"


def no_money_is_there_twice(evidence: Evidence) -> Findings:
    """A payment is taken back once, a paper shows one payment, an invoice counts once, and an order is charged what its
    invoices say."""
    reversals = Counter(an_id(row["payment_id"]) for row in evidence.all_of("reintegration", "payment_reversal"))
    yield from (f"the payment {one} was taken back {count} times" for one, count in reversals.items() if count > 1)
    papers = Counter(
        (row["evidence_kind"], row["evidence_reference"])
        for row in evidence.all_of("reintegration", "payment")
        if row["evidence_kind"] in SHOWS_ONE and an_id(row["id"]) not in reversals
    )
    yield from (f"the paper {paper[1]} shows {count} payments" for paper, count in papers.items() if count > 1)
    invoices = evidence.all_of("reintegration", "invoice")
    counted = Counter((an_id(row["provider_id"]), row["number"]) for row in invoices)
    yield from (f"the invoice {of[1]} was counted {count} times" for of, count in counted.items() if count > 1)
    charged: Sums = defaultdict(int)
    for row in invoices:
        charged[an_id(row["order_id"])] += row["amount"]
    live: Counter[UUID] = Counter()
    for row in evidence.all_of("reintegration", "purchase_order"):
        order = an_id(row["id"])
        live[an_id(row["line_id"])] += row["cancelled_at"] is None
        if row["charged"] != charged[order] or row["charged"] > row["amount"]:
            said = f"{_much(row['charged'])} charged of {_much(row['amount'])}"
            yield f"the order {order} has {said}, and its invoices say {_much(charged[order])}"
    yield from (f"the line {line} has {count} orders" for line, count in live.items() if count > 1)


def four_eyes_have_seen_each_payment(evidence: Evidence) -> Findings:
    """Who wrote a plan neither approved nor paid it; who paid did not take it back; who was quoted did not order."""
    plans = {an_id(row["id"]): row for row in evidence.all_of("reintegration", "plan")}
    approvals: dict[UUID, set[str]] = defaultdict(set)
    for row in evidence.all_of("reintegration", "approval"):
        approvals[an_id(row["plan_id"])].add(row["by"])
    for plan, row in plans.items():
        wrote = {row["drafted_by"], row["submitted_by"]}
        if row["approved_by"] in wrote or approvals[plan] & wrote:
            yield f"the plan {plan} was approved by who wrote it"
    payments = {an_id(row["id"]): row for row in evidence.all_of("reintegration", "payment")}
    for payment, row in payments.items():
        plan_row, plan = plans[an_id(row["plan_id"])], an_id(row["plan_id"])
        wrote = {plan_row["drafted_by"], plan_row["submitted_by"], plan_row["approved_by"]}
        if plan_row["approved_by"] is None:
            yield f"the payment {payment} was made on a plan that nobody approved"
        if row["paid_by"] in wrote | approvals[plan]:
            yield f"the payment {payment} was made by who had a hand in its plan"
    for row in evidence.all_of("reintegration", "payment_reversal"):
        if row["reversed_by"] == payments[an_id(row["payment_id"])]["paid_by"]:
            yield f"the payment {an_id(row['payment_id'])} was taken back by who made it"
    quoted = {an_id(row["id"]): row["recorded_by"] for row in evidence.all_of("reintegration", "quotation")}
    for row in evidence.all_of("reintegration", "purchase_order"):
        if row["ordered_by"] == quoted[an_id(row["quotation_id"])]:
            yield f"the order {an_id(row['id'])} was placed by who had it quoted"


def _account(row: Row) -> tuple[str, ...]:
    return (row["project_code"], row["budget_line"], row["currency"])


def _by_line(rows: Any, *more: str) -> Sums:
    found: Sums = defaultdict(int)
    for row in rows:
        line = an_id(row["line_id"])
        found[(line, *(row[name] for name in more)) if more else line] += row["amount"]
    return found


def _much(amount: int) -> str:
    return f"{Decimal(amount) / MoneyColumn.scale:.2f}"


CHECKS: tuple[Check, ...] = (
    no_budget_gave_more_than_it_holds,
    the_ledger_tells_every_payment,
    no_money_is_there_twice,
    four_eyes_have_seen_each_payment,
)
