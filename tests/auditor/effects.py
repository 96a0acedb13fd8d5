"""Every fact took effect once: a row for each, a line for each, no seat, payment or decision twice."""

from collections import Counter, defaultdict

from shared.contracts.reintegration import AssistanceClosureReason
from tests.auditor.evidence import Check, Evidence, Findings, Row, an_id
from tests.auditor.facts import HEARD

ROW_FOR_EACH_FACT = {
    ("registration", "case_file"): "registration.case.registered",
    ("registration", "declaration"): "registration.declaration.signed",
    ("registration", "document"): "registration.document.recorded",
    ("registration", "fitness_check"): "registration.fitness.assessed",
    ("registration", "departure"): "travel.passenger.departed",
    ("registration", "hold"): "registration.case.held",
    ("registration", "people_link"): "registration.people.linked",
    ("eligibility", "case_fact"): "registration.case.registered",
    ("eligibility", "decision"): "eligibility.eligibility.decided",
    ("eligibility", "restriction"): "eligibility.restriction.set",
    ("travel", "case_fact"): "registration.case.registered",
    ("travel", "document_fact"): "registration.document.recorded",
    ("travel", "check_fact"): "registration.fitness.assessed",
    ("travel", "restriction_fact"): "eligibility.restriction.set",
    ("travel", "flight"): "travel.flight.scheduled",
    ("travel", "booking"): "travel.booking.made",
    ("travel", "willingness_statement"): "travel.willingness.stated",
    ("travel", "allowance_payment"): "travel.allowance.paid",
    ("reintegration", "fact_decision"): "eligibility.eligibility.decided",
    ("reintegration", "fact_allowance"): "travel.allowance.paid",
    ("reintegration", "payment"): "reintegration.instalment.paid",
    ("reintegration", "payment_reversal"): "reintegration.payment.reversed",
    ("reintegration", "delivery"): "reintegration.delivery.confirmed",
    ("reintegration", "visit"): "reintegration.visit.made",
    ("reintegration", "counselling_session"): "reintegration.counselling.held",
    ("reintegration", "survey"): "reintegration.survey.scored",
    ("reintegration", "closure"): "reintegration.assistance.closed",
    ("reintegration", "reopening"): "reintegration.assistance.reopened",
}
"""Tables that get one row with each fact of a kind, whoever told it."""
KEPT_ELSEWHERE = {("reintegration", "closure"): "reopening"}
"""Where a row goes, whole, once it counts no more."""
UNSEEN = AssistanceClosureReason.WITHDRAWN_BEFORE_DEPARTURE
"""An assistance that ends before it began is told, and nobody closes it."""


def every_fact_has_its_row(evidence: Evidence) -> Findings:
    counted = Counter(
        fact.type.removeprefix("homeward.").rsplit(".v", 1)[0]
        for each in evidence.told.values()
        for fact in each
        if fact.document["data"].get("reason") != UNSEEN
    )
    for (service, table), kind in ROW_FOR_EACH_FACT.items():
        elsewhere = KEPT_ELSEWHERE.get((service, table))
        found = len(evidence.all_of(service, table)) + len(evidence.all_of(service, elsewhere) if elsewhere else ())
        if found != counted[kind]:
            yield f"{service}: {table} has {found} rows, and {kind} was told {counted[kind]} times"


ONCE = (
    ("travel", "allowance_payment", ("case_id", "attempt", "line")),
    ("travel", "allowance_payment", ("flight_id", "receipt_number")),
    ("travel", "passenger", ("booking_id", "individual_id")),
    ("registration", "departure", ("individual_id", "attempt")),
    ("registration", "departure", ("individual_id", "flight_id")),
)


def nothing_is_there_twice(evidence: Evidence) -> Findings:
    for service, table, columns in ONCE:
        seen = Counter(tuple(row[column] for column in columns) for row in evidence.all_of(service, table))
        for values, count in seen.items():
            if count > 1:
                yield f"{service}: {table} has {count} rows for the same {', '.join(columns)} ({values})"


OF_FLIGHTS = "homeward.travel.flight."
"""Facts on a flight are of no case: they are no line of its journey."""


def every_fact_heard_is_a_line_of_the_journey(evidence: Evidence) -> Findings:
    heard = {kind.type for kind in HEARD["registration"] if not kind.type.startswith(OF_FLIGHTS)}
    told = Counter(
        (service, fact.key, fact.type, fact.sequence)
        for service, facts in evidence.told.items()
        for fact in facts
        if fact.type in heard
    )
    lines = Counter(
        (row["service"], str(an_id(row["case_id"])), row["type"], row["sequence"])
        for row in evidence.all_of("registration", "journey_line")
    )
    for fact in sorted((told | lines).keys()):
        if told[fact] != lines[fact]:
            yield f"registration: the journey has {lines[fact]} lines for {fact[2]}, told {told[fact]} times"


def the_decisions_on_a_case_are_a_chain(evidence: Evidence) -> Findings:
    """One first decision, each later one in the place of the one before, none twice."""
    by_case: dict[str, list[Row]] = defaultdict(list)
    for row in evidence.all_of("eligibility", "decision"):
        by_case[row["case_id"]].append(row)
    for case, decisions in by_case.items():
        replaced = [row["replaces"] for row in decisions]
        if len(set(replaced)) != len(replaced) or replaced.count(None) != 1:
            yield f"eligibility: the {len(decisions)} decisions on {case} are no chain: the same was decided twice"


CHECKS: tuple[Check, ...] = (
    every_fact_has_its_row,
    nothing_is_there_twice,
    every_fact_heard_is_a_line_of_the_journey,
    the_decisions_on_a_case_are_a_chain,
)
