"""Two thousand cases in every state, made by a seeded generator through the API, and what each list of a desk takes.

No state that something of the four services can last in is left out: one that nobody is in is named, and the bar is
then not kept. On the embedded default, one process on SQLite. A list is asked for a hundred times when nothing else is
asked. That no list asks its database more often when it is longer is counted by `test_desks.py`, in every run of the
tests.
"""

import asyncio
import time
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from services.demo.family import Family
from services.demo.ground import add_sites, lay_the_ground
from tests.benchmarks.crowded import AFTER, drawn, fill, go_home, raise_voices
from tests.benchmarks.embedded import Hosted, hosted
from tests.benchmarks.rare import one_of_each
from tests.benchmarks.states import nobody_is_in, standing

Row = dict[str, Any]

CASES = 2_000
BAR_MS = 50.0
ASKED = 100
SEED = 2021
FLEW = (date(2021, 12, 1), date(2021, 12, 16))
"""Whose flights of the year are played too, and what comes after them at home."""
VOICES = 300

SEARCHES, SOUGHT = "/searches", {"name": "Twin", "limit": 50}
"""Asked for with what is sought in a body, where no log has it."""
LISTS = (
    ("registration", "/cases", "registration_officer"),
    ("registration", "/cases?status=withdrawn", "registration_officer"),
    ("registration", "/incidents?status=open", "protection"),
    ("registration", "/enquiries", "counsellor"),
    ("registration", "/notices?status=open", "counsellor"),
    ("registration", "/possible-duplicates", "counsellor"),
    ("registration", "/appointments", "counsellor"),
    ("registration", "/referrals", "counsellor"),
    ("registration", "/feedback", "protection"),
    ("registration", "/sites", "auditor"),
    ("registration", "/sites/{site}/headcounts", "auditor"),
    ("registration", "/sites/{site}/outreach-visits", "auditor"),
    ("registration", "/sites/{site}/stock-movements", "relief_officer"),
    ("registration", "/sites/{site}/distributions", "relief_officer"),
    ("registration", "/sites/{site}/register", "registration_officer"),
    ("registration", "/sites/{site}/information-sessions", "counsellor"),
    ("registration", "/distributions/{distribution}/receipts", "relief_officer"),
    ("registration", SEARCHES, "counsellor"),
    ("eligibility", "/cases", "auditor"),
    ("eligibility", "/cases?status=needs_information", "auditor"),
    ("eligibility", "/exceptions", "approver"),
    ("eligibility", "/restrictions", "airport_desk"),
    ("eligibility", "/coming-changes", "programme_officer"),
    ("travel", "/flights", "airport_desk"),
    ("travel", "/waiting-list?destination=IRQ", "travel_officer"),
    ("travel", "/desk/today?airport=MSQ&on=2021-12-14", "airport_desk"),
    ("travel", "/reports/planned?days=30", "travel_officer"),
    ("travel", "/flights/{crowded flight}/passengers", "airport_desk"),
    ("travel", "/flights/{crowded flight}/manifest", "airport_desk"),
    ("travel", "/flights/{crowded flight}/transport-runs", "travel_officer"),
    ("travel", "/hotel-stays?flight_id={crowded flight}", "travel_officer"),
    ("travel", "/bookings?case_id={undecided}", "counsellor"),
    ("travel", "/offers?case_id={undecided}", "counsellor"),
    ("travel", "/paper-requests", "travel_officer"),
    ("reintegration", "/cases", "reintegration_officer"),
    ("reintegration", "/arrivals?since=2021-12-01&until=2021-12-31", "reintegration_officer"),
    ("reintegration", "/follow-ups?standing=planned", "reintegration_officer"),
    ("reintegration", "/budgets", "finance"),
    ("reintegration", "/providers", "finance"),
    ("reintegration", "/community-projects", "programme_officer"),
)


WHEN: dict[str, str | datetime] = {
    "registration": "looked",
    "eligibility": "looked",
    "travel": "booked",
    "reintegration": AFTER,
}
"""The moment at which each is asked: seats are planned before the flight, visits due after it."""


def lists_of(family: Family) -> list[tuple[str, str, str]]:
    """Service, path and role of each list that a desk uses."""
    return [(service, path.format(**family.ids), role) for service, path, role in LISTS]


def ask(family: Family, service: str, path: str, role: str) -> Any:
    """What the list says now."""
    if path == SEARCHES:
        return family.do(f"sought {uuid4()}", service, path, SOUGHT, role=role, at=WHEN[service])
    return family.look(service, path, role=role, at=WHEN[service])


def length(answer: Any) -> int:
    """How many items there are on the page."""
    rows = (
        next((each for each in answer.values() if isinstance(each, list)), []) if isinstance(answer, dict) else answer
    )
    return len(rows)


def asked(where: Hosted, family: Family, service: str, path: str, role: str) -> Row:
    """A list's p50 and p99 over HTTP, in milliseconds."""
    took: list[float] = []
    found: Any = None
    for _ in range(ASKED):
        begun = time.perf_counter()
        found = ask(family, service, path, role)
        took.append((time.perf_counter() - begun) * 1_000)
        assert found is not None, path
    took.sort()
    p99 = round(took[int(len(took) * 0.99) - 1], 2)
    return {
        "what": f"{service} {path}",
        "ours": p99,
        "bar": BAR_MS,
        "kept": p99 < BAR_MS,
        "unit": "ms, p99",
        "p50": round(took[len(took) // 2], 2),
        "items": length(found),
    }


def run(count: int = CASES) -> list[Row]:
    cases = drawn(count, SEED)
    with hosted() as where, where.family() as family:
        lay_the_ground(family)
        add_sites(family)
        begun = time.monotonic()
        one_of_each(family)  # before others wait, for it gives seats to whoever does
        asyncio.run(fill(family, cases, SEED))
        go_home(family, *FLEW)
        raise_voices(family, VOICES)
        took = time.monotonic() - begun
        time.sleep(2)
        people = sum(case.size for case in cases)
        filled: Row = {
            "what": f"{count} cases with {people} people, those who flew in December, and one of each that is rare",
            "ours": round(took),
            "unit": "s",
            "states": dict(sorted(standing(where.folder).items())),
            "nobody is in": (missing := nobody_is_in(where.folder)),
            "kept": not missing,
        }
        return [filled, *(asked(where, family, *each) for each in lists_of(family))]
