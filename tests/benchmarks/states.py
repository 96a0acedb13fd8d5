"""Every state that something of the four services can be in, found where the services declare them, and which of them
nobody is in. A table of states that is added and named nowhere here is an error, and so cannot be forgotten."""

import sqlite3
from collections import Counter
from contextlib import closing
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import services
from shared.states import StateTable

KEPT = {
    ("registration", "individual"): "SELECT status FROM case_member",
    ("registration", "case"): "SELECT iif(closed_at IS NULL, 'open', 'closed') FROM case_file",
    ("registration", "appointment"): "SELECT status FROM appointment",
    ("registration", "feedback"): "SELECT status FROM feedback",
    ("registration", "referral"): "SELECT status FROM referral",
    ("eligibility", "case"): "SELECT status FROM standing",
    ("eligibility", "exception"): "SELECT status FROM rule_exception",
    ("travel", "booking"): "SELECT status FROM booking",
    ("travel", "escort"): "SELECT status FROM escort",
    ("travel", "flight"): "SELECT status FROM flight",
    ("travel", "travel group"): "SELECT status FROM travel_group",
    ("travel", "hotel stay"): "SELECT status FROM hotel_stay",
    ("travel", "offer"): "SELECT status FROM seat_offer",
    ("travel", "paper manifest"): "SELECT status FROM paper_manifest",
    ("travel", "passenger"): "SELECT status FROM passenger",
    ("travel", "paper request"): "SELECT status FROM paper_request",
    ("travel", "transport run"): "SELECT status FROM transport_run",
    ("reintegration", "case"): "SELECT status FROM assisted_case",
    ("reintegration", "plan"): "SELECT status FROM plan",
    ("reintegration", "amendment"): "SELECT status FROM plan_amendment",
}
"""By service and the noun of a table of states: what says where each row of it stands."""
BESIDE = {
    ("registration", "hold"): ("SELECT iif(released_at IS NULL, 'held', 'released') FROM hold", ("held", "released")),
    ("registration", "protection"): (
        "SELECT iif(protection_pending, 'pending', 'cleared') FROM case_member",
        ("pending", "cleared"),
    ),
    ("travel", "wait"): ("SELECT status FROM waiting_entry", ("waiting", "seated")),
    ("reintegration", "contact"): ("SELECT 'lost' FROM lost_contact", ("lost",)),
}
"""The same for what has no table of states, and is a state of a case to who works with it."""
NOBODY_AT_REST = {
    "eligibility case: undecided": "a case is decided with the fact that tells of it",
    "travel flight: closing": "it ends with registration's answer, which is there at once",
}


def declared() -> dict[tuple[str, str], tuple[str, ...]]:
    """The states of each table that a service declares, by service and noun."""
    found = {}
    for module in walk_packages(services.__path__, "services."):
        if module.name.endswith(".rules"):
            service = module.name.split(".")[1]
            for each in vars(import_module(module.name)).values():
                if isinstance(each, StateTable):
                    found[service, each.name] = tuple(map(str, each.states))
    return found


def standing(folder: Path) -> Counter[str]:
    """How many stand in each state, by its name; in the embedded default's databases in `folder`."""
    return Counter(
        f"{service} {noun}: {status}"
        for (service, noun), query in {**KEPT, **{place: query for place, (query, _) in BESIDE.items()}}.items()
        for (status,) in _rows(folder / f"{service}.db", query)
    )


def nobody_is_in(folder: Path) -> list[str]:
    """The states that can last and that nobody is in. Raises KeyError for a table of states not named here."""
    there = standing(folder)
    all_of = {place: states for place, (_, states) in BESIDE.items()}
    for place, states in declared().items():
        _ = KEPT[place]
        all_of[place] = states
    named = [f"{service} {noun}: {state}" for (service, noun), states in all_of.items() for state in states]
    return [name for name in named if not there[name] and name not in NOBODY_AT_REST]


def _rows(database: Path, query: str) -> list[tuple[str]]:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as open_:
        return open_.execute(query).fetchall()
