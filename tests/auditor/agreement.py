"""The four services agree on every case: what one of them holds, the others hold as it was told to them."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tests.auditor.evidence import Check, Evidence, Findings, Row, an_id, grouped, id_or_none, members_of
from tests.auditor.outcomes import LEFT, LIVING, STAYED

Known = dict[Any, Any]
"""What a service holds, by what it is about."""


def all_know_the_same_cases(evidence: Evidence) -> Findings:
    """And whether each is closed."""
    yield from alike(
        "the cases",
        {
            "registration": _each(
                evidence, "registration", "case_file", "id", value=lambda r: r["closed_at"] is not None
            ),
            "eligibility": _each(evidence, "eligibility", "case_fact", "case_id", value=lambda r: bool(r["closed"])),
            "travel": _each(evidence, "travel", "case_fact", "case_id", value=lambda r: bool(r["closed"])),
            "reintegration": _each(
                evidence, "reintegration", "fact_case", "case_id", value=lambda r: r["closed_reason"] is not None
            ),
        },
    )


def all_know_the_same_people_and_attempts(evidence: Evidence) -> Findings:
    def members(service: str, table: str, belongs: str | None = None) -> Known:
        rows = [row for row in evidence.all_of(service, table) if belongs is None or row[belongs]]
        return by_ids(rows, "case_id", "individual_id", value=lambda row: row["attempt"])

    yield from alike(
        "the members and their attempts",
        {
            "registration": by_ids(members_of(evidence), "case_id", "individual_id", value=lambda row: row["attempt"]),
            "eligibility": members("eligibility", "member_fact", "belongs"),
            "travel": members("travel", "member_fact"),
            "reintegration": members("reintegration", "fact_member", "present"),
        },
    )


def all_know_who_withdrew(evidence: Evidence) -> Findings:
    """Who stands as withdrawn in registration, in the attempt they stand in."""
    current = {_person(row): row for row in members_of(evidence)}

    def now(rows: Iterable[Row], withdrew: Callable[[Row], bool]) -> Known:
        return {
            _person(row): True
            for row in rows
            if withdrew(row) and _person(row) in current and row["attempt"] == current[_person(row)]["attempt"]
        }

    members = evidence.all_of("eligibility", "member_fact")
    yield from alike(
        "who withdrew",
        {
            "registration": {person: True for person, row in current.items() if row["status"] == "withdrawn"},
            "eligibility": now(members, lambda row: bool(row["withdrawn_attempt"] == row["attempt"])),
            "travel": now(evidence.all_of("travel", "attempt_fact"), lambda row: row["withdrawn_at"] is not None),
            "reintegration": now(evidence.all_of("reintegration", "fact_withdrawal"), lambda _row: True),
        },
    )


def all_know_who_left(evidence: Evidence) -> Findings:
    """In which attempt."""

    def left(service: str, table: str, departed: Callable[[Row], bool]) -> Known:
        rows = [row for row in evidence.all_of(service, table) if departed(row)]
        return by_ids(rows, "case_id", "individual_id", value=lambda row: row["attempt"])

    yield from alike(
        "who left",
        {
            "registration": left("registration", "departure", lambda _row: True),
            "registration's members": left(
                "registration", "case_member", lambda row: row["status"] in ("departed", "not_admitted")
            ),
            "eligibility": left("eligibility", "passage_fact", lambda row: row["departed_at"] is not None),
            "travel": left("travel", "passenger", lambda row: row["status"] in LEFT),
            "reintegration": left("reintegration", "fact_seat", lambda row: row["standing"] in LEFT),
        },
    )


def all_know_the_same_decision(evidence: Evidence) -> Findings:
    latest: dict[Any, tuple[int, Any]] = {}
    for row in evidence.all_of("reintegration", "fact_decision"):
        case = (an_id(row["case_id"]),)
        latest[case] = max(latest.get(case, (0, None)), (row["sequence"], an_id(row["decision_id"])))
    standings = [row for row in evidence.all_of("eligibility", "standing") if row["decision_id"] is not None]
    yield from alike(
        "the current decision",
        {
            "eligibility": by_ids(standings, "id", value=lambda row: an_id(row["decision_id"])),
            "travel": _each(
                evidence, "travel", "decision_fact", "case_id", value=lambda row: an_id(row["decision_id"])
            ),
            "reintegration": {case: decision for case, (_, decision) in latest.items()},
        },
    )


def _standing(status: str) -> str:
    """Where a passenger stands, as far as both services say it: the last to stay behind ends the booking, which hides
    from reintegration whether that one was taken off, withdrew or never came."""
    if status in LIVING:
        return "booked"
    return "stayed" if status in STAYED else status


def all_know_the_same_seats(evidence: Evidence) -> Findings:
    """Reintegration each passenger's standing; registration that each was booked, and how it ended."""
    passengers = evidence.all_of("travel", "passenger")
    yield from alike(
        "the seats",
        {
            "travel": by_ids(passengers, "booking_id", "individual_id", value=lambda row: _standing(row["status"])),
            "reintegration": _each(
                evidence,
                "reintegration",
                "fact_seat",
                "booking_id",
                "individual_id",
                value=lambda row: _standing(row["standing"]),
            ),
        },
    )
    booked = [row for row in evidence.all_of("registration", "passage_fact") if row["kind"] == "booked"]
    yield from alike(
        "who was booked on which flight",
        {
            "travel": _counted(passengers, "flight_id", "individual_id"),
            "registration": _counted(booked, "flight_id", "individual_id"),
        },
    )


def all_know_the_same_papers(evidence: Evidence) -> Findings:
    """Live declarations, documents, health checks and pocket money, each by its id."""
    lives = [row for row in evidence.all_of("registration", "declaration") if row["ended_at"] is None]
    ended = {
        (*_person(row), row["attempt"])
        for row in evidence.all_of("travel", "passenger")
        if row["status"] == "not_admitted"  # that attempt is over: another needs a word of its own
    }
    tries = [
        row
        for row in evidence.all_of("travel", "attempt_fact")
        if row["declaration_id"] is not None
        and not row["lapsed"]
        and row["withdrawn_at"] is None
        and (*_person(row), row["attempt"]) not in ended
    ]
    yield from alike(
        "the declarations that count",
        {"registration": by_ids(lives, "id"), "travel": by_ids(tries, "declaration_id")},
    )
    for what, owner, table, listener, fact_table, fact_id in (
        ("the documents", "registration", "document", "travel", "document_fact", "document_id"),
        ("the health checks", "registration", "fitness_check", "travel", "check_fact", "check_id"),
        ("the pocket money", "travel", "allowance_payment", "reintegration", "fact_allowance", "payment_id"),
    ):
        here, there = _each(evidence, owner, table, "id"), _each(evidence, listener, fact_table, fact_id)
        yield from alike(what, {owner: here, listener: there})


def all_know_who_was_cleared(evidence: Evidence) -> Findings:
    def answered(row: Row) -> tuple[bool, bool]:
        """Cleared, and let go again."""
        return row["reason"] is None, row["released_at"] is not None

    decided = evidence.all_of("registration", "clearance_passenger")
    handed = [row for row in evidence.all_of("travel", "handed_over") if row["outcome"] is not None]
    yield from alike(
        "who was cleared, and released",
        {
            "registration": by_ids(decided, "clearance_id", "individual_id", value=answered),
            "travel": _each(
                evidence,
                "travel",
                "clearance_fact",
                "clearance_id",
                "individual_id",
                value=lambda row: (bool(row["cleared"]), bool(row["released"])),
            ),
        },
    )
    yield from alike(
        "who was cleared",
        {
            "registration": by_ids(decided, "clearance_id", "individual_id", value=lambda row: row["reason"] is None),
            "travel": by_ids(handed, "clearance_id", "individual_id", value=lambda row: row["outcome"] == "cleared"),
        },
    )


def every_standing_follows_from_the_rest(evidence: Evidence) -> Findings:
    """Where a case stands in eligibility and in reintegration, by where its people stand."""
    members = grouped(members_of(evidence), "case_id")
    standings = {an_id(row["id"]): row for row in evidence.all_of("eligibility", "standing")}
    closed = {an_id(row["id"]) for row in evidence.all_of("registration", "case_file") if row["closed_at"] is not None}
    for case, people in members.items():
        statuses = {row["status"] for row in people}
        ended = None
        if case in closed:
            ended = "closed"
        elif statuses <= {"departed", "withdrawn", "not_admitted"}:
            ended = "withdrawn" if statuses == {"withdrawn"} else "departed"
        found = standings[case]["ended"] if case in standings else "not known"
        if found != ended:
            yield f"eligibility: case {case} is {found}, and its members are {', '.join(sorted(statuses))}"
    may_come = {case for case, people in members.items() if any(row["status"] != "withdrawn" for row in people)}
    assisted = {an_id(row["id"]): row["status"] for row in evidence.all_of("reintegration", "assisted_case")}
    for case, rows in grouped(evidence.all_of("travel", "passenger"), "case_id").items():
        found = assisted.get(case, "not known")
        seats = {row["status"] for row in rows}
        expected = "arrived" if "arrived" in seats else "expected" if seats & {*LEFT, *LIVING} else "cancelled"
        # Whoever missed a flight, or was not let on it, is booked again.
        left_behind = expected == "cancelled" and seats & {"no_show", "offloaded"}
        missed = left_behind and found == "expected" and case in may_come
        if found in ("not known", "expected", "arrived", "cancelled") and found != expected and not missed:
            yield f"reintegration: case {case} is {found}, and its passengers are {', '.join(sorted(seats))}"


def _person(row: Row) -> Any:
    return an_id(row["case_id"]), an_id(row["individual_id"])


def _each(
    evidence: Evidence, service: str, table: str, *ids: str, value: Callable[[Row], Any] = lambda _row: True
) -> Known:
    return by_ids(evidence.all_of(service, table), *ids, value=value)


def by_ids(rows: Iterable[Row], *ids: str, value: Callable[[Row], Any] = lambda _row: True) -> Known:
    return {tuple(id_or_none(row[name]) for name in ids): value(row) for row in rows}


def _counted(rows: Iterable[Row], *ids: str) -> Known:
    found: Known = {}
    for row in rows:
        key = tuple(an_id(row[name]) for name in ids)
        found[key] = found.get(key, 0) + 1
    return found


def alike(what: str, known: Mapping[str, Known]) -> Findings:
    """The first service's word against each other's."""
    (first, here), *others = known.items()
    for other, there in others:
        for about in here.keys() | there.keys():
            one, two = here.get(about, "nothing"), there.get(about, "nothing")
            if one != two:
                ids = " ".join(str(each) for each in about) if isinstance(about, tuple) else str(about)
                yield f"{what}: {first} has {one} for {ids}, and {other} {two}"


CHECKS: tuple[Check, ...] = (
    all_know_the_same_cases,
    all_know_the_same_people_and_attempts,
    all_know_who_withdrew,
    all_know_who_left,
    all_know_the_same_decision,
    all_know_the_same_seats,
    all_know_the_same_papers,
    all_know_who_was_cleared,
    every_standing_follows_from_the_rest,
)
