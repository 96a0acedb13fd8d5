"""The warehouse: who is there, as counted and as registered, and one distribution of relief."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from services.demo.family import Family
from services.demo.scenario import read_scenario
from services.demo.teller import StoryDiffers

TEAM = "relief_officer"


def count_the_people(family: Family) -> None:
    """Head counts with their methods, and between them the register of who came and went."""
    story = read_scenario("site.json")
    site = f"/sites/{family.ids['site']}"
    for count in story["counts"]:
        at = _at(family, count["on"])
        body = {"people": count["people"], "method": count["method"]}
        family.do(
            f"people were counted on {count['on']}",
            "registration",
            f"{site}/headcounts",
            body,
            role="registration_officer",
            at=at,
        )
    for day in story["register"]:
        for reason, people in day.items():
            if reason != "on":
                family.do(
                    f"{reason.replace('_', ' ')} up to {day['on']}",
                    "registration",
                    f"{site}/register",
                    {"reason": reason, "people": people},
                    role="registration_officer",
                    at=_at(family, day["on"]),
                )
    period = f"from={story['counts'][0]['on']}&to={story['counts'][-1]['on']}"
    path = f"{site}/reconciliation?{period}"
    said = family.look("registration", path, role="auditor", at="looked")
    for each in said["counts"]:
        family.found[f"people at the warehouse on {each['occurred_at'][:10]}"] = each["people"]
    for part in ("counted_difference", "register_difference", "unexplained"):
        family.found[f"at the warehouse from first to last count, {part.replace('_', ' ')}"] = said[part]


def hand_out_relief(family: Family) -> None:
    """By household, against a card each, once; with a return case, without one, and after a withdrawal alike."""
    story = read_scenario("site.json")
    _fill_the_store(family, story)
    at = datetime.fromisoformat(story["distribution"]["takes_place_at"])
    cards = _cards(family, story, at)
    made = family.do(
        "the distribution was announced",
        "registration",
        "/distributions",
        {**story["distribution"], "site_id": family.ids["site"]},
        role=TEAM,
        at=at,
    )
    path = f"/distributions/{made['distribution_id']}"
    family.do("the distribution was opened", "registration", f"{path}/opening", role=TEAM, at=at)
    _alike(family, path, cards, at)
    for number, card in enumerate(cards):
        body = {"card": card, "proxy_reason": "ill" if number == 1 else None}
        step = f"household {number} was given relief"
        family.do(step, "registration", f"{path}/collections", body, role=TEAM, at=at)
    again = family.do(
        "a household came a second time", "registration", f"{path}/collections", {"card": cards[0]}, role=TEAM, at=at
    )
    if again["issued"]:
        raise StoryDiffers("a household was given relief twice")
    for each in story["spoilt"]:
        step = f"{each['item']} was {each['kind']}"
        family.do(step, "registration", f"{path}/spoilt", each, role=TEAM, at=at)
    shown = family.look("registration", path, role="auditor", at="looked")
    left = {each["item"]: each["left"] for each in shown["items"]}
    closed = family.do(
        "what was left was counted back", "registration", f"{path}/closure", {"left": left}, role=TEAM, at=at
    )
    _found(family, closed)


def _fill_the_store(family: Family, story: Any) -> None:
    for each in story["stock"]:
        item = {name: each[name] for name in ("code", "name", "unit")}
        family.do(f"{each['code']} was added", "registration", "/relief-items", item, role=TEAM, at="ground")
        family.do(
            f"{each['code']} was received",
            "registration",
            f"/sites/{family.ids['site']}/stock-movements",
            {"item": each["code"], "move": "received", "quantity": each["received"], "paper": "WB-2022-0105"},
            role=TEAM,
            at="ground",
        )


def _cards(family: Family, story: Any, at: datetime) -> list[str]:
    """A card for the family's household, which has a return case, and for households that have none."""
    case = family.look("registration", family.case, role="registration_officer", at="looked")
    households = [{"household_id": case["household_id"], "adults": 2, "children": 2, "infants": 0, "needs": []}]
    for kind in story["households"]:
        body = {name: value for name, value in kind.items() if name != "how_many"}
        households += [body] * kind["how_many"]
    cards = []
    for number, body in enumerate(households):
        step = f"household {number} got a relief card"
        sent = {**body, "site_id": family.ids["site"]}
        cards.append(family.do(step, "registration", "/relief-cards", sent, role=TEAM, at=at)["code"])
    return cards


def _alike(family: Family, path: str, cards: list[str], at: datetime) -> None:
    """A household of the same people without a return case is entitled to the same."""
    same = {"adults": 2, "children": 2, "infants": 0, "needs": [], "site_id": family.ids["site"]}
    step = "a household of the same people, with no return case, got a card"
    cards.append(family.do(step, "registration", "/relief-cards", same, role=TEAM, at=at)["code"])
    with_case, without = (
        family.look("registration", f"{path}/entitlements/{code}", role=TEAM, at=at) for code in (cards[0], cards[-1])
    )
    if (with_case["line"], with_case["items"]) != (without["line"], without["items"]):
        raise StoryDiffers("a household is entitled to something else for its return case")


def _found(family: Family, closed: Any) -> None:
    items = {each["item"]: each for each in closed["items"]}
    family.found["relief, bread and fruit brought out, kg"] = _sum(items, "taken", "bread", "fruit")
    family.found["relief, soap brought out, kg"] = _sum(items, "taken", "soap")
    family.found["relief, liquid soap brought out, l"] = _sum(items, "taken", "liquid_soap")
    for part in ("issued", "lost", "damaged", "back"):
        family.found[f"relief, bread and fruit {part}, kg"] = _sum(items, part, "bread", "fruit")
    family.found["relief, households with a receipt"] = closed["receipts"]
    family.found["relief, second attempts refused"] = closed["second_attempts"]
    family.found["relief, everything adds up"] = str(closed["adds_up"])


def _sum(items: Any, part: str, *codes: str) -> str:
    return f"{sum((Decimal(items[code][part]) for code in codes), Decimal(0)).normalize():f}"


def _at(family: Family, day: str) -> datetime:
    """The afternoon of that day at the warehouse."""
    return datetime.combine(date.fromisoformat(day), time(16), family.at("registered").tzinfo)
