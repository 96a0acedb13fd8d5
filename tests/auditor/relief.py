"""Relief adds up: nothing was given that was not there, and each household had its receipt once."""

from collections import Counter, defaultdict
from decimal import Decimal
from typing import Any
from uuid import UUID

from services.registration.tables import QuantityColumn
from tests.auditor.evidence import Check, Evidence, Findings, Row, an_id, grouped, listed

IN = ("received", "moved_in", "brought_back")
OUT = ("moved_out", "lost", "damaged", "handed_out")
WENT = ("issued", "lost", "damaged", "back")
"""What becomes of what was brought out to a distribution."""


def the_stock_adds_up(evidence: Evidence) -> Findings:
    """At each site, of each item: what came in, less what went out, is what is there; and that is never below nothing,
    neither now nor after any movement."""
    levels = {
        (an_id(row["site_id"]), an_id(row["item_id"])): row["on_hand"]
        for row in evidence.all_of("registration", "stock_level")
    }
    moved: dict[tuple[UUID, UUID], int] = defaultdict(int)
    for row in evidence.all_of("registration", "stock_movement"):
        moved[(an_id(row["site_id"]), an_id(row["item_id"]))] += (1 if row["move"] in IN else -1) * row["quantity"]
    for (site, item), there in levels.items():
        if there != moved[(site, item)]:
            yield f"stock: {_much(there)} of {item} at {site}, and its movements say {_much(moved[(site, item)])}"
        if there < 0:
            yield f"stock: {_much(there)} of {item} at {site} are less than nothing"
    yield from (f"stock: {item} moved at {site}, where none is counted" for site, item in moved.keys() - levels.keys())


def every_distribution_adds_up(evidence: Evidence) -> Findings:
    """What was taken out is what was given by receipts, lost, damaged and brought back; all of it once it is closed."""
    status = {an_id(row["id"]): row["status"] for row in evidence.all_of("registration", "distribution")}
    codes = {an_id(row["id"]): row["code"] for row in evidence.all_of("registration", "relief_item")}
    given = _given(evidence)
    moved: dict[tuple[Any, UUID, str], int] = defaultdict(int)
    for row in evidence.all_of("registration", "stock_movement"):
        if row["distribution_id"] is not None:
            moved[(an_id(row["distribution_id"]), an_id(row["item_id"]), row["move"])] += row["quantity"]
    for row in evidence.all_of("registration", "distributed_item"):
        of, item = an_id(row["distribution_id"]), an_id(row["item_id"])
        name, went = f"distribution {of}, {codes[item]}", sum(row[part] for part in WENT)
        if went > row["taken"] or (status.get(of) == "closed" and went != row["taken"]):
            yield f"{name}: {_much(row['taken'])} were taken out, and {_much(went)} are accounted for"
        if row["issued"] != given[(of, codes[item])]:
            yield f"{name}: {_much(row['issued'])} were issued, and receipts say {_much(given[(of, codes[item])])}"
        for move, part in (("handed_out", "taken"), ("brought_back", "back")):
            if moved[(of, item, move)] != row[part]:
                yield f"{name}: {_much(row[part])} {part}, and the stock says {_much(moved[(of, item, move)])} {move}"


def _given(evidence: Evidence) -> dict[tuple[UUID, str], int]:
    """By distribution and item, what receipts show; in the columns' own unit."""
    found: dict[tuple[UUID, str], int] = defaultdict(int)
    for row in evidence.all_of("registration", "relief_receipt"):
        for code, quantity in listed(row["given"]).items():
            found[(an_id(row["distribution_id"]), code)] += int(Decimal(quantity) * QuantityColumn.scale)
    return found


def a_household_has_one_receipt_and_one_card(evidence: Evidence) -> Findings:
    """One receipt at a distribution; each collection that was acknowledged is a receipt or a second attempt."""
    receipts = evidence.all_of("registration", "relief_receipt")
    for (of, card), rows in grouped(receipts, "distribution_id", "card_id").items():
        if len(rows) > 1:
            yield f"distribution {of}: {len(rows)} receipts for the card {card}"
    households = Counter(
        an_id(row["household_id"])
        for row in evidence.all_of("registration", "relief_card")
        if row["household_id"] is not None
    )
    yield from (f"the household {one} has {count} relief cards" for one, count in households.items() if count > 1)
    again = grouped(evidence.all_of("registration", "relief_second_attempt"), "distribution_id")
    first = grouped(receipts, "distribution_id")
    for of, (issued, refused) in _collections(evidence).items():
        if len(first.get(of, [])) != issued or len(again.get(of, [])) != refused:
            there = f"{len(first.get(of, []))} receipts and {len(again.get(of, []))} second attempts"
            yield f"distribution {of}: {issued} were given and {refused} refused at the desk, and there are {there}"


def who_split_was_not_given_again(evidence: Evidence) -> Findings:
    """A card of people who split from a household has no receipt of its own where one of the household stands for
    it."""
    receipts = evidence.all_of("registration", "relief_receipt")
    at = {an_id(row["id"]): an_id(row["distribution_id"]) for row in receipts}
    own = grouped(receipts, "distribution_id", "card_id")
    for card in evidence.all_of("registration", "relief_card"):
        for stands in listed(card["covered_by"]):
            of, code = at.get(UUID(stands)), card["code"]
            if (of, an_id(card["id"])) in own:
                yield f"distribution {of}: the card {code} has a receipt beside {stands}, which stands for it"


def _collections(evidence: Evidence) -> dict[UUID, tuple[int, int]]:
    """By distribution, how often somebody was given something, and how often refused, as the journal has it; of those
    alone at which each request was answered. By key: one that was repeated was done once."""
    found: dict[UUID, dict[str, Row]] = defaultdict(dict)
    unclear = set()
    for asked in evidence.journal:
        part = asked.path.split("/")
        if part[1] == "distributions" and part[-1] == "collections":
            found[UUID(part[2])][asked.key] = asked.ids
            if not asked.acknowledged and not asked.refused:
                unclear.add(UUID(part[2]))
    counted = {
        of: Counter(ids.get("issued") for ids in said.values()) for of, said in found.items() if of not in unclear
    }
    return {of: (said[True], said[False]) for of, said in counted.items()}


def _much(quantity: int) -> str:
    return f"{Decimal(quantity) / QuantityColumn.scale:f}"


CHECKS: tuple[Check, ...] = (
    the_stock_adds_up,
    every_distribution_adds_up,
    a_household_has_one_receipt_and_one_card,
    who_split_was_not_given_again,
)
