"""Who is of a party, and who is one person: joining and leaving, links and their undoing, exceptions that two saw."""

import re
from collections import Counter, defaultdict
from itertools import pairwise
from typing import Any
from uuid import UUID

from tests.auditor.agreement import alike, by_ids
from tests.auditor.evidence import (
    Check,
    Evidence,
    Findings,
    Row,
    a_moment,
    an_id,
    grouped,
    id_or_none,
    listed,
    members_of,
)
from tests.auditor.outcomes import LIVING
from tests.load.excepted import BY_WHO_ASKED

CHANGES = re.compile(r"/cases/([^/]+)/members(/[^/]+/(leaving|rejoining))?")


def everyone_is_of_a_case_as_it_was_last_said(evidence: Evidence) -> Findings:
    """Nobody leaves who is not there, or comes who is; by the last of it they are of the case or not; and each change
    that was acknowledged is there once."""
    counted, unclear = _changes(evidence)
    there = Counter(an_id(row["case_id"]) for row in evidence.all_of("registration", "membership_change"))
    for case, count in counted.items():
        if case not in unclear and there[case] != count:
            yield f"the case {case}: {count} changes of its people were acknowledged, and {there[case]} are kept"
    changes = grouped(evidence.all_of("registration", "membership_change"), "case_id", "individual_id")
    for row in evidence.all_of("registration", "case_member"):
        one = (an_id(row["case_id"]), an_id(row["individual_id"]))
        said = [each["change"] for each in sorted(changes.get(one, []), key=lambda each: an_id(each["id"]))]
        if any(first == second for first, second in pairwise(said)):
            yield f"{one[1]}: of the case {one[0]} it was said twice that they {said[0]}: {', '.join(said)}"
        if (row["left_at"] is not None) != (said[-1:] == ["left"]):
            stands, last = "out of" if row["left_at"] is not None else "of", said[-1:] or "came with it"
            yield f"{one[1]} is {stands} the case {one[0]}, and it was last said that they {last}"


def _changes(evidence: Evidence) -> tuple[Counter[UUID], set[UUID]]:
    """By case, how often somebody joined or left it, as the journal has it, and where some request was never answered.
    By key: one that was repeated was done once."""
    done, unclear = set(), set()
    for asked in evidence.journal:
        if (about := CHANGES.fullmatch(asked.path)) is not None:
            if asked.acknowledged:
                done.add((UUID(about[1]), asked.key))
            elif not asked.refused:
                unclear.add(UUID(about[1]))
    return Counter(case for case, _ in done), unclear


def who_left_a_case_has_nothing_of_it_open(evidence: Evidence) -> Findings:
    """No declaration that counts, no seat, no place in the waiting list, and no flight after they left."""
    out = {
        (an_id(row["case_id"]), an_id(row["individual_id"])): row
        for row in evidence.all_of("registration", "case_member")
        if row["left_at"] is not None
    }
    for row in evidence.all_of("registration", "declaration"):
        if row["ended_at"] is None and (an_id(row["case_id"]), an_id(row["individual_id"])) in out:
            yield f"{an_id(row['individual_id'])} is out of their case, and the declaration still counts"
    for row in evidence.all_of("travel", "passenger"):
        gone = out.get((an_id(row["case_id"]), an_id(row["individual_id"])))
        left = gone is not None and row["departed_at"] is not None
        if gone is not None and (
            row["status"] in LIVING or (left and a_moment(row["departed_at"]) > a_moment(gone["left_at"]))
        ):
            yield f"{an_id(row['individual_id'])} is out of their case, and has a seat by it ({row['status']})"
    for row in evidence.all_of("travel", "waiting_entry"):
        for one in map(UUID, listed(row["individuals"])):
            if row["status"] == "waiting" and (an_id(row["case_id"]), one) in out:
                yield f"{one} is out of their case, and waits for a seat with it"


def all_know_the_same_links(evidence: Evidence) -> Findings:
    """Who was taken for whom, and whether they are two people again."""
    links = {
        an_id(row["id"]): (an_id(row["duplicate_id"]), an_id(row["stands_id"]), row["undone_at"] is not None)
        for row in evidence.all_of("registration", "people_link")
    }
    known: dict[str, Any] = {"registration": {(one,): said for one, said in links.items()}}
    for service, table, name in (
        ("eligibility", "link_fact", "link_id"),
        ("travel", "link_fact", "link_id"),
        ("reintegration", "fact_link", "id"),
    ):
        known[service] = by_ids(evidence.all_of(service, table), name, value=_link)
    yield from alike("the links", known)


def _link(row: Row) -> tuple[UUID, UUID, bool]:
    return an_id(row["duplicate"]), an_id(row["stands"]), bool(row["undone"])


def a_link_counts_one_person_and_undone_two(evidence: Evidence) -> Findings:
    """While it stands the duplicate is held, and a return of theirs counts beside the other's; undone, neither is so.
    Nobody is linked twice, and each likeness says what was decided."""
    links = evidence.all_of("registration", "people_link")
    live = [row for row in links if row["undone_at"] is None]
    released = {an_id(row["id"]): row["released_at"] is not None for row in evidence.all_of("registration", "hold")}
    closed = {an_id(row["id"]) for row in evidence.all_of("registration", "case_file") if row["closed_at"] is not None}
    for row in links:
        hold, stands = id_or_none(row["hold_id"]), row["undone_at"] is None
        if hold in released and released[hold] == stands and an_id(row["duplicate_case"]) not in closed:
            said = "stands, and its duplicate is not held" if stands else "was undone, and its duplicate is still held"
            yield f"the link {an_id(row['id'])} {said}"
    for one, count in Counter(an_id(row["duplicate_id"]) for row in live).items():
        if count > 1:
            yield f"{one} is linked as the duplicate of {count} people"
    decided = {an_id(row["likeness_id"]) for row in live}
    for row in evidence.all_of("registration", "possible_duplicate"):
        if (row["status"] == "linked") != (an_id(row["id"]) in decided):
            yield f"the likeness {an_id(row['id'])} is {row['status']}, and its link is not so"
    of_one = {an_id(row[name]) for row in live for name in ("duplicate_id", "stands_id")}
    whose = {an_id(row["id"]): an_id(row["individual_id"]) for row in evidence.all_of("travel", "departure")}
    for row in evidence.all_of("travel", "departure_beside"):
        one = whose[an_id(row["departure_id"])]
        if row["undone_event_id"] is None and one not in of_one:
            yield f"the return of {one} is counted beside another's, and no link says that they are one person"


def two_people_have_seen_each_exception(evidence: Evidence) -> Findings:
    """Who asked for it decided on it never; each that was granted was decided by; and no case is eligible on one that
    nobody granted."""
    for asked in evidence.journal:
        if asked.key.endswith(BY_WHO_ASKED) and asked.acknowledged:
            yield f"{asked.name}: granted by who asked for it"
    granted: dict[UUID, int] = defaultdict(int)
    for row in evidence.all_of("eligibility", "rule_exception"):
        one, case = an_id(row["id"]), an_id(row["case_id"])
        if row["decided_by"] == row["asked_by"]:
            yield f"the exception {one} was decided by who asked for it"
        if row["approved_on"] is not None:
            granted[case] += 1
            if row["decided_by"] is None:
                yield f"the exception {one} was granted, and by nobody"
    rests = {
        UUID(fact.key)
        for fact in evidence.told["eligibility"]
        if fact.type.startswith("homeward.eligibility.eligibility.decided") and fact.document["data"]["on_exception"]
    }
    yield from (f"the case {case} is decided on an exception that nobody granted" for case in rests - granted.keys())
    yield from (f"an exception was granted to {case}, and it was not decided again" for case in granted.keys() - rests)
    alive = Counter(
        (an_id(row["case_id"]), row["rule"], id_or_none(row["individual_id"]))
        for row in evidence.all_of("eligibility", "rule_exception")
        if row["status"] in ("asked", "approved")
    )
    yield from (f"the case {of[0]} has {count} exceptions to {of[1]}" for of, count in alive.items() if count > 1)


def nobody_is_of_two_open_parties(evidence: Evidence) -> Findings:
    """By one record: who is registered again has another."""
    closed = {an_id(row["id"]) for row in evidence.all_of("registration", "case_file") if row["closed_at"] is not None}
    counted = Counter(
        an_id(row["individual_id"]) for row in members_of(evidence) if an_id(row["case_id"]) not in closed
    )
    yield from (f"{one} is of {count} open cases" for one, count in counted.items() if count > 1)


CHECKS: tuple[Check, ...] = (
    everyone_is_of_a_case_as_it_was_last_said,
    who_left_a_case_has_nothing_of_it_open,
    all_know_the_same_links,
    a_link_counts_one_person_and_undone_two,
    two_people_have_seen_each_exception,
    nobody_is_of_two_open_parties,
)
