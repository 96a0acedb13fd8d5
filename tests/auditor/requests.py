"""Every request that was acknowledged is there, every one refused left nothing, and none is there that nobody sent."""

import re
from collections import Counter, defaultdict
from uuid import UUID

from shared.idempotency import cause_of
from tests.auditor.evidence import Check, Evidence, Findings, Kept, an_id, grouped
from tests.load.journal import Asked


def every_acknowledged_request_is_kept(evidence: Evidence) -> Findings:
    """Its key has its answer: that status, and that body to the byte."""
    kept = _by_key(evidence)
    for asked in evidence.journal:
        if not asked.acknowledged or asked.method != "POST":  # a change names the version it changes, and has no key
            continue
        answer = kept.get((asked.service, asked.key))
        if answer is None:
            yield f"{asked.name}: acknowledged with {asked.status}, and {asked.service} does not know the key"
        elif (answer.status, answer.answer) != (asked.status, asked.answer):
            yield f"{asked.name}: acknowledged with {asked.status}, and another is kept ({answer.status})"


def _by_key(evidence: Evidence) -> dict[tuple[str, str], Kept]:
    return {(service, row.key): row for service in evidence.services for row in evidence.kept(service)}


def every_kept_answer_was_done_once(evidence: Evidence) -> Findings:
    """Each has one line in the audit, and no key was left without an answer."""
    for service in evidence.services:
        lines = Counter(an_id(row["cause"]) for row in evidence.all_of(service, "audit"))
        for row in evidence.kept(service):
            done = lines[cause_of(service, row.client, row.key)]
            if row.status is None or done != 1:
                yield f"{service}: a request of {row.client} ({row.key}, status {row.status}) was done {done} times"


def every_refused_request_left_nothing(evidence: Evidence) -> Findings:
    """No key, no line in the audit, no fact. Of one whose end nobody knows all or nothing may be there."""
    kept = _by_key(evidence)
    done = {an_id(row["cause"]) for service in evidence.services for row in evidence.all_of(service, "audit")}
    told = {UUID(fact.cause) for facts in evidence.told.values() for fact in facts}
    for asked in evidence.journal:
        if asked.acknowledged:
            continue
        cause = cause_of(asked.service, asked.client, asked.key)
        left = [
            what
            for what, there in (
                ("its key", (asked.service, asked.key) in kept),
                ("a line in the audit", cause in done),
                ("a fact", cause in told),
            )
            if there
        ]
        if asked.refused and left:
            yield f"{asked.name}: refused with {asked.status} ({asked.problem}), and left {' and '.join(left)}"
        elif left and "its key" not in left:
            yield f"{asked.name}: never answered, and left {' and '.join(left)} without its key"


def nothing_is_there_that_nobody_asked(evidence: Evidence) -> Findings:
    """Of the clients that keep a journal."""
    asked = {(each.service, each.client, each.key) for each in evidence.journal}
    clients = {client for _, client, _ in asked}
    for service in evidence.services:
        for row in evidence.kept(service):
            if row.client in clients and (service, row.client, row.key) not in asked:
                yield f"{service}: a request of {row.client} ({row.key}) was done that was never sent"


MADE = (
    ("registration", r"/cases", "case_file", "id"),
    ("registration", r"/cases/[^/]+/screenings", "screening", "id"),
    ("registration", r"/cases/[^/]+/counselling-sessions", "counselling_session", "id"),
    ("registration", r"/cases/[^/]+/consents", "consent", "id"),
    ("registration", r"/cases/[^/]+/declarations", "declaration", "id"),
    ("registration", r"/cases/[^/]+/documents", "document", "id"),
    ("registration", r"/cases/[^/]+/fitness-checks", "fitness_check", "id"),
    ("registration", r"/cases/[^/]+/holds", "hold", "id"),
    ("registration", r"/cases/[^/]+/protection-items", "protection_item", "id"),
    ("registration", r"/cases/[^/]+/referrals", "referral", "id"),
    ("registration", r"/enquiries", "enquiry", "id"),
    ("registration", r"/feedback", "feedback", "id"),
    ("registration", r"/sites/[^/]+/headcounts", "headcount", "id"),
    ("registration", r"/sites/[^/]+/outreach-visits", "outreach_visit", "id"),
    ("registration", r"/sites/[^/]+/information-sessions", "information_session", "id"),
    ("registration", r"/possible-duplicates/[^/]+/decision", "people_link", "link_id"),
    ("registration", r"/sites/[^/]+/stock-movements", "stock_movement", "movement_id"),
    ("registration", r"/distributions", "distribution", "distribution_id"),
    ("registration", r"/distributions/[^/]+/collections", "relief_receipt", "receipt_id"),
    ("eligibility", r"/restrictions", "restriction", "restriction_id"),
    ("eligibility", r"/cases/[^/]+/exceptions", "rule_exception", "exception_id"),
    ("travel", r"/flights", "flight", "id"),
    ("travel", r"/flights/[^/]+/walk-ins", "booking", "booking_id"),
    ("travel", r"/flights/[^/]+/transport-runs", "transport_run", "id"),
    ("travel", r"/hotel-stays", "hotel_stay", "id"),
    ("travel", r"/flights/[^/]+/travel-groups", "travel_group", "id"),
    ("travel", r"/flights/[^/]+/escorts", "escort", "id"),
    ("travel", r"/flights/[^/]+/paper-manifests", "paper_manifest", "id"),
    ("travel", r"/bookings", "booking", "id"),
    ("travel", r"/bookings/[^/]+/rebooking", "booking", "id"),
    ("travel", r"/waiting-list", "waiting_entry", "id"),
    ("travel", r"/offers", "seat_offer", "id"),
    ("travel", r"/flights/[^/]+/passengers/[^/]+/allowance", "allowance_payment", "id"),
    ("reintegration", r"/cases/[^/]+/plans", "plan", "plan_id"),
    ("reintegration", r"/plans/[^/]+/lines/[^/]+/quotations", "quotation", "quotation_id"),
    ("reintegration", r"/plans/[^/]+/lines/[^/]+/orders", "purchase_order", "order_id"),
    ("reintegration", r"/plans/[^/]+/amendments", "plan_amendment", "amendment_id"),
    ("reintegration", r"/plans/[^/]+/deliveries", "delivery", "delivery_id"),
    ("reintegration", r"/plans/[^/]+/payments", "payment", "payment_id"),
    ("reintegration", r"/cases/[^/]+/visits", "visit", "visit_id"),
    ("reintegration", r"/cases/[^/]+/surveys", "survey", "survey_id"),
    ("reintegration", r"/community-projects", "community_project", "project_id"),
    ("reintegration", r"/community-projects/[^/]+/shares", "project_share", "share_id"),
)
"""Requests that make a row, and where in the answer its id is."""
MARKED = {
    "check-in": "checked_in_at",
    "boarding": "boarded_at",
    "transit": "transit_at",
    "arrival": "ended_at",
    "non-admission": "ended_at",
}
"""Acts of the desk, and what each leaves on the passenger."""
FLIGHT_MARKED = {"doors": "closing_at", "departure": "departed_at"}
STANDS = {
    ("registration", "distributions", "closure"): ("distribution", "closed_at"),
    ("registration", "referrals", "completion"): ("referral", "ended_at"),
    ("registration", "enquiries", "call-back"): ("enquiry", "called_back_at"),
    ("registration", "people-links", "undoing"): ("people_link", "undone_at"),
    ("eligibility", "exceptions", "approval"): ("rule_exception", "approved_on"),
    ("travel", "hotel-stays", "cancellation"): ("hotel_stay", "ended_at"),
    ("reintegration", "plans", "approval"): ("plan", "approved_at"),
    ("reintegration", "shares", "release"): ("project_share", "released_at"),
    ("reintegration", "follow-ups", "loss"): ("follow_up", "settled_at"),
    ("reintegration", "amendments", "approval"): ("plan_amendment", "decided_at"),
}
"""Acts that leave a mark on the row they are about, which the path names."""
AT_THE_DESK = re.compile(r"/flights/([^/]+)/passengers/([^/]+)/([a-z-]+)")
OF_A_FLIGHT = re.compile(r"/flights/([^/]+)/([a-z-]+)")


def every_acknowledged_act_is_in_the_rows(evidence: Evidence) -> Findings:
    """What was made has its row, and what was done to somebody stands on theirs."""
    acknowledged = [asked for asked in evidence.journal if asked.acknowledged and asked.method == "POST"]
    for service, pattern, table, name in MADE:
        path = re.compile(pattern)
        asked_for = [a for a in acknowledged if a.service == service and path.fullmatch(a.path) and name in a.ids]
        there = {an_id(row["id"]) for row in evidence.all_of(service, table)} if asked_for else set()
        for asked in asked_for:
            if UUID(asked.ids[name]) not in there:
                yield f"{asked.name}: acknowledged, and {service} has no such row in {table}"
    yield from _at_the_desk(evidence, [asked for asked in acknowledged if asked.service == "travel"])
    for (service, noun, act), (table, column) in STANDS.items():
        path = re.compile(f"/{noun}/([^/]+)/{act}")
        marked = {an_id(row["id"]) for row in evidence.all_of(service, table) if row[column] is not None}
        for asked in acknowledged:
            about = path.fullmatch(asked.path) if asked.service == service else None
            if about is not None and UUID(about[1]) not in marked:
                yield f"{asked.name}: acknowledged, and the row of the {table} does not say so"
    withdrawn = {an_id(row["case_id"]) for row in evidence.all_of("registration", "withdrawal_statement")}
    for asked in acknowledged:
        if asked.path.endswith("/withdrawal") and UUID(asked.path.split("/")[2]) not in withdrawn:
            yield f"{asked.name}: acknowledged, and no statement is kept"


def _at_the_desk(evidence: Evidence, acknowledged: list[Asked]) -> Findings:
    passengers = grouped(evidence.all_of("travel", "passenger"), "flight_id", "individual_id")
    flights = {an_id(row["id"]): row for row in evidence.all_of("travel", "flight")}
    said = Counter(an_id(row["passenger_id"]) for row in evidence.all_of("travel", "willingness_statement"))
    asked_alone: dict[tuple[UUID, UUID], set[str]] = defaultdict(set)  # by key: one that was repeated is one answer
    for asked in acknowledged:
        if (desk := AT_THE_DESK.fullmatch(asked.path)) is not None:
            place, act = (UUID(desk[1]), UUID(desk[2])), desk[3]
            rows = passengers.get(place, [])
            if act in MARKED and not any(row[MARKED[act]] is not None for row in rows):
                yield f"{asked.name}: acknowledged, and the passenger's row does not say so"
            if act == "willingness":
                asked_alone[place].add(asked.key)
        elif (of_flight := OF_A_FLIGHT.fullmatch(asked.path)) is not None and of_flight[2] in FLIGHT_MARKED:
            marked = flights.get(UUID(of_flight[1]), {}).get(FLIGHT_MARKED[of_flight[2]])
            if marked is None:
                yield f"{asked.name}: acknowledged, and the flight's row does not say so"
    for place, keys in asked_alone.items():
        kept = sum(said[an_id(row["id"])] for row in passengers.get(place, []))
        if kept < len(keys):
            yield f"travel: {place[1]} answered {len(keys)} times at the desk, and {kept} answers are kept"


CHECKS: tuple[Check, ...] = (
    every_acknowledged_request_is_kept,
    every_kept_answer_was_done_once,
    every_refused_request_left_nothing,
    nothing_is_there_that_nobody_asked,
    every_acknowledged_act_is_in_the_rows,
)
