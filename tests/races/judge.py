"""What must be so after a race, for every individual, by both databases. Each rule gives its faults as sentences."""

from collections.abc import Callable, Iterator
from uuid import UUID

from tests.races.books import Row
from tests.races.evidence import Evidence
from tests.races.race import Answer, Kind, Race

STAYED = ("offloaded", "no_show", "cancelled")
STANDS_AFTER = ("declared", "counselled", "withdrawn")
TAKEN_OR = {
    Kind.WITHDRAW_ONE: {"taken"},
    Kind.WITHDRAW_ALL: {"taken"},
    Kind.HOLD_ONE: {"taken", "departure-already-cleared"},
    Kind.HOLD_ALL: {"taken", "departure-already-cleared"},
    Kind.OFFLOAD: {"taken", "not-possible-now"},
    Kind.NO_AT_THE_DESK: {"taken", "doors-closed", "not-possible-now"},
    Kind.ASKED_AGAIN: {"taken", "doors-closed", "not-possible-now"},
    Kind.DOORS: {"taken"},
    Kind.DEPARTURE: {"taken", "ask-again-first"},
}
Faults = Iterator[str]


def faults_of(race: Race, evidence: Evidence) -> list[str]:
    """Everything that is wrong, each with the race it came from."""
    found = [fault for rule in RULES for fault in rule(race, evidence)]
    return [f"race {race.number} ({race.family.shape.name}): {fault}" for fault in found]


def every_answer_is_one_of_those_foreseen(race: Race, evidence: Evidence) -> Faults:
    for answer in race.answers:
        if (answer.problem or "taken") not in TAKEN_OR[answer.move.kind]:
            yield f"{answer.move.kind} was answered {answer.status} {answer.body}"


def the_flight_left(race: Race, evidence: Evidence) -> Faults:
    if evidence.flight["status"] != "departed":
        yield f"the flight is {evidence.flight['status']}"
    if evidence.hand_over is not None and evidence.hand_over["settled_at"] is None:
        yield "its hand-over was never settled"


def both_say_the_same_of_everyone(race: Race, evidence: Evidence) -> Faults:
    for one, passenger in evidence.passengers.items():
        here, there = passenger["status"], evidence.members[one]["status"]
        if here == "departed":
            if there != "departed":
                yield f"{one} departed in travel and is {there} in registration"
            yield from _left_by_clearance(one, passenger, evidence)
            continue
        if here not in STAYED:
            yield f"{one} is still {here} on a flight that left"
        if there not in STANDS_AFTER:
            yield f"{one} stayed and is {there} in registration"
        if evidence.departures[one]:
            yield f"{one} stayed and has a departure in registration"
        if passenger["taken_off_for"] is None and here == "offloaded":
            yield f"{one} was taken off and nothing says why"


def _left_by_clearance(one: UUID, passenger: Row, evidence: Evidence) -> Faults:
    cleared = [row for row in evidence.clearances[one] if row["reason"] is None and row["departed_at"] is not None]
    if [row["clearance_id"] for row in cleared] != [passenger["clearance_id"]]:
        yield f"{one} departed and was not cleared for it"
    if [row["how"] for row in evidence.departures[one]] != ["cleared"]:
        yield f"{one} departed and registration has not exactly one departure of theirs"


def who_was_cleared_and_stayed_is_released(race: Race, evidence: Evidence) -> Faults:
    for one, rows in evidence.clearances.items():
        for row in rows:
            if row["reason"] is None and row["departed_at"] is None and row["released_at"] is None:
                yield f"{one} is cleared for good, and neither left nor was released"
    for one, member in evidence.members.items():
        if member["status"] != "departed" and member["clearance_id"] is not None:
            yield f"{one} stayed and still has a clearance"


def a_withdrawal_is_as_it_was_answered(race: Race, evidence: Evidence) -> Faults:
    departed = evidence.departed()
    for answer in race.of(Kind.WITHDRAW_ONE, Kind.WITHDRAW_ALL):
        for statement in answer.body["statements"] if answer.taken else ():
            one, outcome = UUID(statement["individual_id"]), statement["outcome"]
            kept = [row for row in evidence.statements[one] if UUID(row["id"]) == UUID(statement["id"])]
            if [row["outcome"] for row in kept] != [outcome]:
                yield f"{one} withdrew ({outcome}) and no such statement is kept"
            if outcome == "withdrawn" and one in departed:
                yield f"{one} was told that the withdrawal was taken, and departed"
            if outcome == "too_late_to_undo" and one not in departed and not _counts_after_all(one, kept, evidence):
                yield f"{one} withdrew too late, was taken off all the same, and has not withdrawn"


def _counts_after_all(one: UUID, kept: list[Row], evidence: Evidence) -> bool:
    return all(row["settled_at"] is not None for row in kept) and evidence.members[one]["status"] == "withdrawn"


def nobody_departs_against_a_no_a_hold_or_an_offload(race: Race, evidence: Evidence) -> Faults:
    departed = evidence.departed()
    for answer in race.of(Kind.OFFLOAD, Kind.NO_AT_THE_DESK, Kind.ASKED_AGAIN):
        said_no = answer.move.kind is Kind.OFFLOAD or answer.move.word != "yes"
        if answer.taken and said_no and answer.move.who in departed:
            yield f"{answer.move.who} departed after {answer.move.kind} was taken"
    for one in departed:
        cleared = _cleared_at(one, evidence)
        for fact in evidence.facts("registration", "case.withdrawn", "member.withdrawn"):
            if str(one) in _individuals(fact):
                yield f"{one} departed, and registration told that they withdrew"
        for fact in evidence.facts("registration", "case.held"):
            if str(one) in _individuals(fact) and fact["sequence"] < cleared:
                yield f"{one} was held when they were cleared"


def no_child_is_alone(race: Race, evidence: Evidence) -> Faults:
    departed = evidence.departed()
    for child in departed:
        responsible = race.family.responsible(child)
        if not responsible:
            continue
        if departed.isdisjoint(responsible):
            yield f"the child {child} departed without anybody responsible"
        cleared = _cleared_at(child, evidence)
        for adult in map(str, responsible):
            for fact in evidence.facts("registration", "case.withdrawn", "member.withdrawn"):
                if adult in _individuals(fact) and fact["sequence"] < cleared:
                    yield f"the child {child} departed after {adult}, who is responsible, had withdrawn"
            for fact in evidence.facts("travel", "willingness.stated"):
                if fact["data"]["individual"] == adult and fact["data"]["answer"] != "yes":
                    yield f"the child {child} departed after {adult}, who is responsible, said no at the desk"


def _cleared_at(one: UUID, evidence: Evidence) -> int:
    """The place of their clearance among what registration told; 0 for none, so that nothing came before it."""
    told = evidence.facts("registration", "departure.cleared")
    return max((int(fact["sequence"]) for fact in told if str(one) in fact["data"]["individuals"]), default=0)


def _individuals(fact: Row) -> list[str]:
    data = fact["data"]
    return list(data["individuals"]) if "individuals" in data else [data["individual"]]


def who_stays_on_board_was_asked_again(race: Race, evidence: Evidence) -> Faults:
    moments = [row["taken_off_at"] for row in evidence.passengers.values() if row["taken_off_at"] is not None]
    for one in evidence.departed() & set(race.family.adults):
        row = evidence.passengers[one]
        if row["word"] != "yes" or any(row["word_at"] < moment for moment in moments):
            yield f"{one} departed on a word ({row['word']}) given before others of the family were taken off"


def the_seats_are_counted_right(race: Race, evidence: Evidence) -> Faults:
    seats = [row["seat"] for row in evidence.passengers.values()]
    departed = len(evidence.departed())
    taken, lost = evidence.flight["seats_taken"], evidence.flight["seats_lost"]
    if taken != departed or seats.count("held") != departed:
        yield f"{departed} departed; {taken} seats are taken, and {seats.count('held')} held"
    if lost != seats.count("lost") or taken + lost != len(seats):
        yield f"{lost} seats are lost, of {len(seats)} with {taken} taken"


def nobody_stays_for_nothing(race: Race, evidence: Evidence) -> Faults:
    if not any(_costs_a_seat(answer) for answer in race.answers) and len(evidence.departed()) < len(race.family.people):
        yield "nothing was asked that would keep anybody, and somebody stayed"


def _costs_a_seat(answer: Answer) -> bool:
    if not answer.taken or answer.move.kind in (Kind.DOORS, Kind.DEPARTURE):
        return False
    if answer.move.kind in (Kind.WITHDRAW_ONE, Kind.WITHDRAW_ALL):
        return any(each["outcome"] == "withdrawn" for each in answer.body["statements"])
    return answer.move.kind is not Kind.ASKED_AGAIN or answer.move.word != "yes"


RULES: tuple[Callable[[Race, Evidence], Faults], ...] = (
    every_answer_is_one_of_those_foreseen,
    the_flight_left,
    both_say_the_same_of_everyone,
    who_was_cleared_and_stayed_is_released,
    a_withdrawal_is_as_it_was_answered,
    nobody_departs_against_a_no_a_hold_or_an_offload,
    no_child_is_alone,
    who_stays_on_board_was_asked_again,
    the_seats_are_counted_right,
    nobody_stays_for_nothing,
)
