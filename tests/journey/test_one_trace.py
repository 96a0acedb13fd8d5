"""One trace leads from what a desk sent to all that followed from it, in whichever service."""

import sqlite3
from collections import defaultdict
from contextlib import closing
from pathlib import Path
from secrets import token_hex
from uuid import UUID

import httpx

from services.demo import chapters
from shared.contracts.eligibility import EligibilityDecided
from shared.contracts.registration import CaseRegistered, DepartureCleared
from shared.events import Envelope
from shared.settings import SERVICES
from tests.journey.hosting import Hosted


def facts_in(folder: Path) -> dict[UUID, Envelope]:
    """All that the four services told, by id."""
    found = {}
    for service in SERVICES:
        with closing(sqlite3.connect(folder / f"{service}.db")) as db:
            for (body,) in db.execute("SELECT body FROM outbox"):
                fact = Envelope.parse(body)
                found[fact.id] = fact
    return found


def trace_of(fact: Envelope) -> str:
    assert fact.trace is not None, fact.type
    return fact.trace.trace_id


def test_each_fact_is_of_the_trace_of_the_request_it_follows_from(services: Hosted) -> None:
    asked: dict[str, str] = {}

    def begin_a_trace(request: httpx.Request) -> None:
        trace = token_hex(16)
        request.headers["traceparent"] = f"00-{trace}-{token_hex(8)}-01"
        asked[trace] = f"{request.method} {request.url.path}"

    before = set(facts_in(services.settings.data_dir))
    services.client.event_hooks = {"request": [begin_a_trace]}
    try:
        family = services.family()
        for chapter in chapters.CHAPTERS[: chapters.CHAPTERS.index(chapters.LEFT) + 1]:
            chapter.tell(family)
    finally:
        services.client.event_hooks = {}
    facts = {key: fact for key, fact in facts_in(services.settings.data_dir).items() if key not in before}
    reach: dict[str, set[str]] = defaultdict(set)
    for fact in facts.values():
        cause = facts.get(fact.cause)
        assert fact.key != str(family.ids["case"]) or trace_of(fact) in asked, fact.type
        if cause is not None:
            assert trace_of(fact) == trace_of(cause), (cause.type, fact.type)
        reach[trace_of(fact)].add(fact.source)
    assert max(len(sources) for sources in reach.values()) == 2  # the third hears of it, and tells nothing

    def told(kind: str) -> list[Envelope]:
        return [fact for fact in facts.values() if fact.type == kind and fact.key == str(family.ids["case"])]

    [registered] = told(CaseRegistered.type)
    assert asked[trace_of(registered)] == "POST /registration/cases"
    # the errand that asked registration at the doors went on in the trace of the desk that closed them
    cleared = told(DepartureCleared.type)
    assert cleared
    assert {asked[trace_of(fact)].rsplit("/", 1)[-1] for fact in cleared} == {"doors"}
    assert told(EligibilityDecided.type)
