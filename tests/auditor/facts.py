"""Every fact left, in order and without gaps, stands in the log as it was told, and arrived wherever it is heard."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from uuid import uuid5

from services.eligibility.handlers import HANDLERS as ELIGIBILITY
from services.registration.handlers import HANDLERS as REGISTRATION
from services.reintegration.handlers import HANDLERS as REINTEGRATION
from services.travel.handlers import HANDLERS as TRAVEL
from shared.inbox import Handlers
from tests.auditor.evidence import Check, Evidence, Findings, Row, Told, a_moment, an_id, by_key

HEARD: dict[str, Handlers] = {
    "registration": REGISTRATION,
    "eligibility": ELIGIBILITY,
    "travel": TRAVEL,
    "reintegration": REINTEGRATION,
}


def everything_left(evidence: Evidence) -> Findings:
    """All of an outbox is sent; positions have no gaps, nor have the sequences of a key."""
    for service, told in evidence.told.items():
        yield from (f"{service}: not sent: {fact.type} of {fact.key}" for fact in told if not fact.sent)
        positions = sorted(fact.position for fact in told if fact.position is not None)
        if positions != list(range(1, len(told) + 1)):
            yield f"{service}: the positions of {len(told)} facts have gaps or repeats"
        last = {row["key"]: row["sequence"] for row in evidence.all_of(service, "stream")}
        for key, facts in by_key(told).items():
            if [fact.sequence for fact in facts] != list(range(1, last.get(key, 0) + 1)):
                yield f"{service}: the sequences of {key} have gaps or do not end where its stream does"


def the_positions_follow_the_sequences(evidence: Evidence) -> Findings:
    """Who reads by position reads each key in its order."""
    for service, told in evidence.told.items():
        for key, facts in by_key(told).items():
            positions = [fact.position for fact in facts if fact.position is not None]
            if positions != sorted(positions):
                yield f"{service}: the positions of {key} are not in the order of its facts"


def the_log_holds_what_was_told(evidence: Evidence) -> Findings:
    """All of it, in each key's order, word by word; a message twice only as the same message again."""
    logged: dict[tuple[str, str], dict[int, Row]] = defaultdict(dict)
    lanes: dict[tuple[str, str], set[int]] = defaultdict(set)
    ids: dict[str, tuple[str, str, int]] = {}
    for message in evidence.logged:
        sender, key, sequence = message.place
        lanes[(sender, key)].add(message.lane)
        first = logged[(sender, key)].setdefault(sequence, message.document)
        if first != message.document:
            yield f"log: {sender} told two different facts as number {sequence} of {key}"
        if ids.setdefault(message.document["id"], message.place) != message.place:
            yield f"log: the event {message.document['id']} stands in two places"
    for (sender, key), found in lanes.items():
        if len(found) > 1:
            yield f"log: the facts of {key} by {sender} lie in {len(found)} partitions: they have no order"
    for service, told in evidence.told.items():
        for key, facts in by_key(told).items():
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


def everything_arrived(evidence: Evidence) -> Findings:
    """The inbox of each listener stands at the last fact of the types it hears, and its place is the log's end."""
    for listener in evidence.services:
        types = {kind.type for kind in HEARD[listener]}
        last: dict[tuple[str, str], int] = {}
        for message in evidence.logged:
            if message.document["type"] in types:
                sender, key, sequence = message.place
                last[(sender, key)] = max(last.get((sender, key), 0), sequence)
        inbox = evidence.inbox(listener)
        for (sender, key), sequence in last.items():
            if inbox.get((sender, key)) != sequence:
                yield f"{listener}: heard {sender} on {key} up to {inbox.get((sender, key))}, of {sequence}"
        for sender, key in set(inbox) - set(last):
            yield f"{listener}: ticked off facts of {sender} on {key} that the log does not hold"
        yield from evidence.behind(listener)


def nothing_is_parked(evidence: Evidence) -> Findings:
    """But what was parked and settled."""
    for service in evidence.services:
        for row in evidence.all_of(service, "parked"):
            if row["settled_at"] is None:
                yield f"{service}: parked: {row['type']} of {row['key']} ({row['reason']})"


def every_fact_has_a_cause(evidence: Evidence) -> Findings:
    """A request that was done, a fact that arrived, a hand-over that was carried on, or seats freed by one of them."""
    causes = {message.document["id"] for message in evidence.logged}
    for service in evidence.services:
        causes |= {str(an_id(row["cause"])) for row in evidence.all_of(service, "audit")}
    causes |= {str(an_id(row["id"])) for row in evidence.all_of("travel", "hand_over")}
    causes |= set(_seats_freed(evidence))
    for service, told in evidence.told.items():
        for fact in told:
            if fact.cause not in causes:
                yield f"{service}: nothing that was done caused {fact.type} of {fact.key}"


def _seats_freed(evidence: Evidence) -> Iterator[str]:
    """Seats come free with whoever is taken off, with an offer, a group's allotment or an escort: whatever it was, at a
    moment at which travel did what it was asked, or heard a fact."""
    moments = {a_moment(row["at"]) for row in evidence.all_of("travel", "audit")}
    told = [fact for facts in evidence.told.values() for fact in facts]
    moments |= {datetime.fromisoformat(fact.document["recordedtime"]).astimezone(UTC) for fact in told}
    for flight in evidence.all_of("travel", "flight"):
        for moment in moments:
            yield str(uuid5(an_id(flight["id"]), f"seats freed {moment.isoformat()}"))


LEFT_AND_ARRIVED: tuple[Check, ...] = (everything_left, everything_arrived)
CHECKS: tuple[Check, ...] = (
    everything_left,
    the_positions_follow_the_sequences,
    the_log_holds_what_was_told,
    everything_arrived,
    nothing_is_parked,
    every_fact_has_a_cause,
)
