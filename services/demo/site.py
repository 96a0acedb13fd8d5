"""The warehouse: who is there, as counted and as registered, and one distribution of relief."""

import json
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from services.demo.family import Family
from services.demo.returns import NO_AT_THE_GATE
from services.demo.scenario import read_scenario
from services.demo.teller import StoryDiffers

TEAM = "relief_officer"
ONE = {"adults": 1, "children": 0, "infants": 0, "needs": []}
ASKING, AT_THE_GATE, ALONE, PROXY, SAME = 0, 1, 3, 4, -1
"""Places of cards: four people who ask to return, two who said no at the gate, the first of those with no return case
(somebody alone), one for whom a proxy comes, and four people with no return case."""


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
    for pair in said["pairs"]:
        days = " to ".join(pair[end]["occurred_at"][:10] for end in ("earlier", "later"))
        for part in ("register_difference", "unexplained"):
            family.found[f"at the warehouse {days}, {part.replace('_', ' ')}"] = pair[part]


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
    for number, card in enumerate(cards):
        proxy = {"proxy_reason": "ill", "proxy_name": "Rebwar Aziz"} if number == PROXY else {}
        body = {"card": card, **proxy}
        step = f"household {number} was given relief"
        family.do(step, "registration", f"{path}/collections", body, role=TEAM, at=at)
    again = family.do(
        "a household came a second time",
        "registration",
        f"{path}/collections",
        {"card": cards[ASKING]},
        role=TEAM,
        at=at,
    )
    if again["issued"]:
        raise StoryDiffers("a household was given relief twice")
    _alike(family, path, cards, at)
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
    """Cards for four people who ask to return, for those who said no at the gate, and for households without a case;
    the last for four people again."""
    asking = _four_people(story["asks_to_return"])
    households = [{**asking, "household_id": _registered(family, story, at)}]
    households += [{**ONE, "household_id": each} for each in _stayed(family)]
    for kind in story["households"]:
        body = {name: value for name, value in kind.items() if name != "how_many"}
        households += [body] * kind["how_many"]
    households.append(asking)
    cards = []
    for number, body in enumerate(households):
        step = f"household {number} got a relief card"
        sent = {**body, "site_id": family.ids["site"]}
        cards.append(family.do(step, "registration", "/relief-cards", sent, role=TEAM, at=at)["code"])
    return cards


def _registered(family: Family, story: Any, at: datetime) -> str:
    """A household that asks to return, two days before, and waits at the warehouse: its id."""
    asks = {**family.story["case"], **story["asks_to_return"], "site_id": family.ids["site"]}
    step = "four people at the warehouse asked to return"
    before = at - timedelta(days=2)
    made = family.do(step, "registration", "/cases", asks, role="registration_officer", at=before)
    family.ids["asking"] = made["id"]
    return str(made["household_id"])


def _stayed(family: Family) -> list[str]:
    """The households of those who said no at the gate in December, in the order of the days. They want no return."""
    found = []
    for name, case_id in sorted(family.ids.items()):
        if name.startswith(NO_AT_THE_GATE):
            case = family.look("registration", f"/cases/{case_id}", role="registration_officer", at="looked")
            family.found[f"who {name}, is"] = case["status"]
            found.append(str(case["household_id"]))
    return found


def _four_people(asking: Any) -> dict[str, Any]:
    children = sum("responsible" in each for each in asking["members"])
    return {"adults": len(asking["members"]) - children, "children": children, "infants": 0, "needs": []}


def _alike(family: Family, path: str, cards: list[str], at: datetime) -> None:
    """The same people are entitled to the same: with a return case, without one, after a withdrawal, after a no at the
    gate. Compared as it is answered, but for the card."""
    with_case = _entitled(family, path, cards[ASKING], at)
    withdrawn = family.do(
        "four people at the warehouse withdrew from the return",
        "registration",
        f"/cases/{family.ids['asking']}/withdrawal",
        {"channel": "in_person"},
        role="counsellor",
        at=at,
    )
    family.found["relief, the case of the four people in the end"] = withdrawn["status"]
    four = {
        "with a return case": with_case,
        "after a withdrawal": _entitled(family, path, cards[ASKING], at),
        "with no return case": _entitled(family, path, cards[SAME], at),
    }
    one = {
        "who said no at the gate": _entitled(family, path, cards[AT_THE_GATE], at),
        "with no return case": _entitled(family, path, cards[ALONE], at),
    }
    for who, same in (("four people", four), ("somebody alone", one)):
        if len(set(same.values())) != 1:
            raise StoryDiffers(f"{who}: relief looks at a return decision: {same}")
        for which, answer in same.items():
            family.found[f"relief, {who} {which}"] = _in_words(json.loads(answer))


def _entitled(family: Family, path: str, card: str, at: datetime) -> str:
    answer = family.look("registration", f"{path}/entitlements/{card}", role=TEAM, at=at)
    return json.dumps({name: value for name, value in answer.items() if name != "card"})


def _in_words(entitled: Any) -> str:
    items = sorted(f"{each['item'].replace('_', ' ')} {each['quantity']}" for each in entitled["items"])
    return f"{entitled['line']} line: {', '.join(items)}"


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
