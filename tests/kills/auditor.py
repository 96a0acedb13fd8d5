"""The auditor: holds the journal of acknowledged requests against rows, events and effects. Trusts nobody's word.

It reads a folder whose services are quiet or gone, and gives every finding as a sentence; none means that nothing was
lost and nothing was done twice.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from uuid import UUID

from services.eligibility.handlers import HANDLERS as ELIGIBILITY
from services.registration.handlers import HANDLERS as REGISTRATION
from services.reintegration.handlers import HANDLERS as REINTEGRATION
from services.travel.handlers import HANDLERS as TRAVEL
from shared.consumer import topics_heard
from shared.idempotency import cause_of
from shared.inbox import Handlers
from tests.kills.files import Folder, Row, Told, rows

HEARD: dict[str, Handlers] = {
    "registration": REGISTRATION,
    "eligibility": ELIGIBILITY,
    "travel": TRAVEL,
    "reintegration": REINTEGRATION,
}
ROW_FOR_EACH_FACT = {
    ("registration", "case_file"): "registration.case.registered",
    ("registration", "declaration"): "registration.declaration.signed",
    ("registration", "document"): "registration.document.recorded",
    ("registration", "fitness_check"): "registration.fitness.assessed",
    ("registration", "departure"): "travel.passenger.departed",
    ("eligibility", "decision"): "eligibility.eligibility.decided",
    ("eligibility", "restriction"): "eligibility.restriction.set",
    ("travel", "flight"): "travel.flight.scheduled",
    ("travel", "booking"): "travel.booking.made",
    ("travel", "willingness_statement"): "travel.willingness.stated",
    ("travel", "allowance_payment"): "travel.allowance.paid",
    ("reintegration", "payment"): "reintegration.instalment.paid",
    ("reintegration", "delivery"): "reintegration.delivery.confirmed",
    ("reintegration", "visit"): "reintegration.visit.made",
    ("reintegration", "survey"): "reintegration.survey.scored",
    ("reintegration", "closure"): "reintegration.assistance.closed",
}
"""Tables that get one row with each fact of a kind, whoever told it."""
Findings = Iterator[str]


def audit(folder: Folder) -> list[str]:
    """Everything that is not as it must be. The services must be quiet."""
    return [finding for check in CHECKS for finding in check(folder)]


def is_quiet(folder: Folder) -> bool:
    """Whether nothing waits to leave or to arrive."""
    return not any(finding for check in (everything_left, everything_arrived) for finding in check(folder))


def the_files_are_whole(folder: Folder) -> Findings:
    for path in [*map(folder.database, folder.services), folder.log_path]:
        for row in rows(path, "PRAGMA integrity_check"):
            if row["integrity_check"] != "ok":
                yield f"{path.name}: {row['integrity_check']}"


def every_acknowledged_request_is_kept(folder: Folder) -> Findings:
    """Its key has its answer: that status, and that body to the byte."""
    kept: dict[tuple[str, str], Row] = {}
    for service in folder.services:
        for row in folder.all_of(service, "request_key"):
            kept[(service, row["key"])] = row
    for line in folder.journal:
        answer = kept.get((line["service"], line["key"]))
        if answer is None:
            yield f"{line['step']}: acknowledged with {line['status']}, and {line['service']} does not know the key"
        elif answer["status"] != line["status"] or hashlib.sha256(answer["body"]).hexdigest() != line["body"]:
            yield f"{line['step']}: acknowledged with {line['status']}, and another is kept ({answer['status']})"


def every_kept_answer_was_done_once(folder: Folder) -> Findings:
    """Each has one line in the audit, and no key was left without an answer."""
    for service in folder.services:
        lines = Counter(UUID(row["cause"]) for row in folder.all_of(service, "audit"))
        for row in folder.all_of(service, "request_key"):
            done = lines[cause_of(service, row["client"], row["key"])]
            if row["status"] is None or done != 1:
                yield f"{service}: a request of {row['client']} (status {row['status']}) was done {done} times"


def everything_left(folder: Folder) -> Findings:
    """All of an outbox is sent; positions have no gaps, nor have the sequences of a key."""
    for service, told in folder.told.items():
        yield from (f"{service}: not sent: {fact.type} of {fact.key}" for fact in told if not fact.sent)
        positions = sorted(fact.position for fact in told if fact.position is not None)
        if positions != list(range(1, len(told) + 1)):
            yield f"{service}: the positions of {len(told)} facts have gaps or repeats"
        last = {row["key"]: row["sequence"] for row in folder.all_of(service, "stream")}
        for key, facts in _by_key(told).items():
            if [fact.sequence for fact in facts] != list(range(1, last.get(key, 0) + 1)):
                yield f"{service}: the sequences of {key} have gaps or do not end where its stream does"


def _by_key(told: Iterable[Told]) -> dict[str, list[Told]]:
    found: dict[str, list[Told]] = defaultdict(list)
    for fact in told:
        found[fact.key].append(fact)
    return found


def the_log_holds_what_was_told(folder: Folder) -> Findings:
    """All of it, in each key's order, word by word; a message twice only as the same message again."""
    logged: dict[tuple[str, str], dict[int, Row]] = defaultdict(dict)
    ids: dict[str, tuple[str, str, int]] = {}
    for message in folder.logged:
        sender, key, sequence = message.place
        first = logged[(sender, key)].setdefault(sequence, message.document)
        if first != message.document:
            yield f"log: {sender} told two different facts as number {sequence} of {key}"
        if ids.setdefault(message.document["id"], message.place) != message.place:
            yield f"log: the event {message.document['id']} stands in two places"
    for service, told in folder.told.items():
        for key, facts in _by_key(told).items():
            here = logged.pop((service, key), {})
            yield from _same_in_log(service, key, facts, here)
    for (sender, key), left in logged.items():
        yield f"log: {sender} never told these {len(left)} facts of {key}"


def _same_in_log(service: str, key: str, facts: list[Told], logged: dict[int, Row]) -> Findings:
    for fact in facts:
        found = logged.get(fact.sequence)
        if found is None:
            yield f"log: missing: {fact.type}, number {fact.sequence} of {key}"
        elif found != {**fact.document, "position": fact.position}:
            yield f"log: {fact.type}, number {fact.sequence} of {key}, is not what {service} told"
    if set(logged) - {fact.sequence for fact in facts}:
        yield f"log: {service} never told some facts of {key}"
    if any(later < earlier for earlier, later in pairwise(logged)):
        yield f"log: the facts of {key} by {service} stand out of order"


def everything_arrived(folder: Folder) -> Findings:
    """The inbox of each listener stands at the last fact of the types it hears, and its place is the log's end."""
    for listener in folder.services:
        types = {kind.type for kind in HEARD[listener]}
        last: dict[tuple[str, str], int] = {}
        for message in folder.logged:
            if message.document["type"] in types:
                sender, key, sequence = message.place
                last[(sender, key)] = max(last.get((sender, key), 0), sequence)
        inbox = folder.inbox(listener)
        for (sender, key), sequence in last.items():
            if inbox.get((sender, key)) != sequence:
                yield f"{listener}: heard {sender} on {key} up to {inbox.get((sender, key))}, of {sequence}"
        for sender, key in set(inbox) - set(last):
            yield f"{listener}: ticked off facts of {sender} on {key} that the log does not hold"
        yield from _behind(folder, listener)


BEHIND = """SELECT topic, partition, next - coalesce((SELECT c.next FROM consumer c
            WHERE c.lane = head.lane AND c.name = ?), 0) AS behind FROM head"""


def _behind(folder: Folder, listener: str) -> Findings:
    heard = set(topics_heard(HEARD[listener]))
    for row in rows(folder.log_path, BEHIND, f"homeward.{listener}"):
        if row["behind"] and row["topic"] in heard:
            yield f"{listener}: {row['behind']} messages of {row['topic']} were never fetched"


def nothing_is_parked(folder: Folder) -> Findings:
    for service in folder.services:
        for row in folder.all_of(service, "parked"):
            yield f"{service}: parked: {row['type']} ({row['reason']})"


def every_fact_has_a_cause(folder: Folder) -> Findings:
    """A request that was done, a fact that arrived, or a hand-over that was carried on."""
    causes = {message.document["id"] for message in folder.logged}
    for service in folder.services:
        causes |= {str(UUID(row["cause"])) for row in folder.all_of(service, "audit")}
    causes |= {str(UUID(row["id"])) for row in folder.all_of("travel", "hand_over")}
    for service, told in folder.told.items():
        for fact in told:
            if fact.cause not in causes:
                yield f"{service}: nothing that was done caused {fact.type} of {fact.key}"


def every_effect_is_there_once(folder: Folder) -> Findings:
    """A row for each fact, a line of the journey for each fact heard, one payment an instalment, one seat a person."""
    counted = Counter(
        fact.type.removeprefix("homeward.").rsplit(".v", 1)[0] for each in folder.told.values() for fact in each
    )
    for (service, table), kind in ROW_FOR_EACH_FACT.items():
        found = len(folder.all_of(service, table))
        if found != counted[kind]:
            yield f"{service}: {table} has {found} rows, and {kind} was told {counted[kind]} times"
    yield from _journey(folder)
    yield from _decisions(folder)
    for service, table, columns in ONCE:
        seen = Counter(tuple(row[column] for column in columns) for row in folder.all_of(service, table))
        for values, count in seen.items():
            if count > 1:
                yield f"{service}: {table} has {count} rows for the same {', '.join(columns)} ({values})"


ONCE = (
    ("reintegration", "payment", ("line_id", "instalment")),
    ("travel", "allowance_payment", ("individual_id", "line")),
    ("travel", "passenger", ("individual_id", "flight_id")),
    ("registration", "departure", ("individual_id", "attempt")),
)


def _journey(folder: Folder) -> Findings:
    heard = {kind.type for kind in REGISTRATION}
    told = Counter(
        (service, fact.key, fact.type, fact.sequence)
        for service, facts in folder.told.items()
        for fact in facts
        if fact.type in heard
    )
    lines = Counter(
        (row["service"], str(UUID(row["case_id"])), row["type"], row["sequence"])
        for row in folder.all_of("registration", "journey_line")
    )
    for fact in sorted((told | lines).keys()):
        if told[fact] != lines[fact]:
            yield f"registration: the journey has {lines[fact]} lines for {fact[2]}, told {told[fact]} times"


def _decisions(folder: Folder) -> Findings:
    """Of each case a chain: one first decision, each later one in the place of the one before, none twice."""
    by_case: dict[str, list[Row]] = defaultdict(list)
    for row in folder.all_of("eligibility", "decision"):
        by_case[row["case_id"]].append(row)
    for case, decisions in by_case.items():
        replaced = [row["replaces"] for row in decisions]
        if len(set(replaced)) != len(replaced) or replaced.count(None) != 1:
            yield f"eligibility: the {len(decisions)} decisions on {case} are no chain: the same was decided twice"


CHECKS: tuple[Callable[[Folder], Findings], ...] = (
    the_files_are_whole,
    every_acknowledged_request_is_kept,
    every_kept_answer_was_done_once,
    everything_left,
    the_log_holds_what_was_told,
    everything_arrived,
    nothing_is_parked,
    every_fact_has_a_cause,
    every_effect_is_there_once,
)
