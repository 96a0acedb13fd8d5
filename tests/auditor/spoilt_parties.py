"""Ways to spoil what became of parties, of their way to the airport, and of what they were told and shared."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.auditor.evidence import an_id
from tests.auditor.made import Made, same
from tests.load.excepted import BY_WHO_ASKED

Spoilt = Callable[[Made], Any]
NOBODY = "00000000-0000-4000-8000-000000000000"


def rows(made: Made, service: str, table: str) -> list[Any]:
    return made.tables[(service, table)]


def out_of_a_case(made: Made) -> Any:
    return next(row for row in rows(made, "registration", "case_member") if row["left_at"] is not None)


def somebody_left_whom_nobody_took_out(made: Made) -> None:
    out_of_a_case(made)["left_at"] = None


def somebody_left_twice(made: Made) -> None:
    gone = made.row("registration", "membership_change", individual_id=out_of_a_case(made)["individual_id"])
    rows(made, "registration", "membership_change").append({**gone, "change": "left", "id": "f" * 32})


def who_is_out_has_signed(made: Made) -> None:
    gone = out_of_a_case(made)
    for row in rows(made, "registration", "declaration"):
        if same(row["individual_id"], gone["individual_id"]):
            row["ended_at"] = None


def who_is_out_has_a_seat(made: Made) -> None:
    gone, seat = out_of_a_case(made), made.row("travel", "passenger")
    seat.update(individual_id=gone["individual_id"], case_id=gone["case_id"], status="booked")


def who_is_out_flew_later(made: Made) -> None:
    gone, seat = out_of_a_case(made), made.row("travel", "passenger", status="arrived")
    seat.update(individual_id=gone["individual_id"], case_id=gone["case_id"])


def who_is_out_waits(made: Made) -> None:
    gone, entry = out_of_a_case(made), made.row("travel", "waiting_entry")
    entry.update(status="waiting", case_id=gone["case_id"], individuals=[str(an_id(gone["individual_id"]))])


def a_link(made: Made, *, undone: bool) -> Any:
    return next(row for row in rows(made, "registration", "people_link") if (row["undone_at"] is not None) is undone)


def a_link_that_stands_is_of_an_open_case(made: Made) -> None:
    """And nobody is held by it."""
    link = a_link(made, undone=False)
    made.row("registration", "case_file", id=link["duplicate_case"])["closed_at"] = None
    hold = made.row("registration", "hold", id=link["hold_id"])
    hold["released_at"] = link["linked_at"]


def an_undone_link_still_holds(made: Made) -> None:
    link = next(row for row in rows(made, "registration", "people_link") if row["undone_at"] and row["hold_id"])
    made.row("registration", "hold", id=link["hold_id"])["released_at"] = None


def an_undone_link_counts_one_person(made: Made) -> None:
    made.row("travel", "departure_beside")["undone_event_id"] = None


def somebody_is_linked_twice(made: Made) -> None:
    rows(made, "registration", "people_link").append(dict(a_link(made, undone=False)))


def who_asked_granted(made: Made) -> None:
    number = next(n for n, asked in enumerate(made.journal) if asked.key.endswith(BY_WHO_ASKED))
    made.journal[number] = replace(made.journal[number], status=201)


def one_person_saw_the_exception(made: Made) -> None:
    granted = made.row("eligibility", "rule_exception", status="approved")
    granted["decided_by"] = granted["asked_by"]


def nobody_granted_the_exception(made: Made) -> None:
    for row in rows(made, "eligibility", "rule_exception"):
        row["approved_on"] = None


def an_exception_changed_nothing(made: Made) -> None:
    told = made.told["eligibility"]
    made.told["eligibility"] = [fact for fact in told if not fact.document["data"].get("on_exception")]


def somebody_is_of_two_parties(made: Made) -> None:
    """By one record."""
    closed = {an_id(row["id"]) for row in rows(made, "registration", "case_file") if row["closed_at"] is not None}
    one = next(row for row in rows(made, "registration", "case_member") if an_id(row["case_id"]) not in closed)
    rows(made, "registration", "case_member").append({**one, "case_id": NOBODY, "left_at": None})


def a_place(made: Made) -> Any:
    return made.row("travel", "transport_place", status="held")


def somebody_rides_without_a_seat(made: Made) -> None:
    made.row("travel", "passenger", id=a_place(made)["passenger_id"])["status"] = "cancelled"


def somebody_rides_in_a_vehicle_that_does_not_go(made: Made) -> None:
    made.row("travel", "transport_run", id=a_place(made)["run_id"])["status"] = "cancelled"


def somebody_rides_twice(made: Made) -> None:
    made.double("travel", "transport_place", status="held")


def a_vehicle_goes_to_a_flight_that_does_not(made: Made) -> None:
    gone = made.row("travel", "flight", status="cancelled")
    made.row("travel", "transport_run", status="planned")["flight_id"] = gone["id"]


def somebody_sleeps_without_a_seat(made: Made) -> None:
    made.row("travel", "hotel_stay", status="booked")["individuals"] = json.dumps([NOBODY])


def who_walked_in(made: Made) -> Any:
    return next(asked for asked in made.journal if asked.path.endswith("/walk-ins") and asked.acknowledged)


def who_walked_in_has_no_seat(made: Made) -> None:
    asked = who_walked_in(made)
    persons = [{**each, "individual_id": NOBODY} for each in asked.ids["persons"]]
    made.journal[made.journal.index(asked)] = replace(asked, ids={**asked.ids, "persons": persons})


def who_walked_in_lacked_something(made: Made) -> None:
    asked = who_walked_in(made)
    persons = [{**each, "status": "checked_in", "missing": [{"code": "exit_permit"}]} for each in asked.ids["persons"]]
    made.journal[made.journal.index(asked)] = replace(asked, ids={**asked.ids, "persons": persons})


def a_told_notice(made: Made) -> Any:
    return made.row("registration", "notice", status="told")


def a_notice_was_told_twice(made: Made) -> None:
    notice = a_told_notice(made)
    made.double("registration", "notice_telling", notice_id=notice["id"], reached=1)


def a_telling_is_lost(made: Made) -> None:
    made.drop("registration", "notice_telling", notice_id=a_told_notice(made)["id"], reached=0)


def an_acknowledged_telling_was_forgotten(made: Made) -> None:
    notice = a_told_notice(made)
    made.drop("registration", "notice_telling", notice_id=notice["id"], reached=0)
    notice["attempts"] -= 1


def nobody_must_be_told_of_the_way(made: Made) -> None:
    made.tables[("registration", "notice")] = [
        row for row in rows(made, "registration", "notice") if row["about"] != "ground_arranged"
    ]


def a_notice_comes_from_nowhere(made: Made) -> None:
    a_told_notice(made)["event_id"] = NOBODY


def a_line_gives_two_shares(made: Made) -> None:
    made.double("reintegration", "project_share", released_at=None)


def a_project_has_more_than_it_costs(made: Made) -> None:
    project = made.row("reintegration", "community_project")
    project["amount"] = project["shared"] - 1


def a_share_is_larger_than_its_line(made: Made) -> None:
    made.row("reintegration", "project_share", released_at=None)["amount"] = 10**12


def a_share_is_of_a_plan_that_nobody_approved(made: Made) -> None:
    share = made.row("reintegration", "project_share", released_at=None)
    made.row("reintegration", "plan", id=share["plan_id"])["approved_at"] = None


def a_visit_counts_twice(made: Made) -> None:
    made.double("reintegration", "follow_up", status="made")


def a_follow_up_is_still_open(made: Made) -> None:
    made.row("reintegration", "follow_up", status="ended")["status"] = "open"


def what_a_visitor_asked_for_is_not_planned(made: Made) -> None:
    visit = next(row for row in rows(made, "reintegration", "visit") if row["next_due"] is not None)
    visit["next_due"] = "1999-01-01"


SPOILT: list[tuple[Spoilt, str]] = [
    (somebody_left_whom_nobody_took_out, "and it was last said that they"),
    (somebody_left_twice, "it was said twice that they"),
    (lambda made: made.drop("registration", "membership_change"), "changes of its people were acknowledged"),
    (who_is_out_has_signed, "is out of their case, and the declaration still counts"),
    (who_is_out_has_a_seat, "is out of their case, and has a seat by it (booked)"),
    (who_is_out_flew_later, "is out of their case, and has a seat by it (arrived)"),
    (who_is_out_waits, "is out of their case, and waits for a seat with it"),
    (lambda made: made.row("travel", "link_fact", undone=1).update(undone=0), "the links: registration has"),
    (lambda made: made.drop("eligibility", "link_fact"), "and eligibility nothing"),
    (lambda made: made.drop("reintegration", "fact_link"), "and reintegration nothing"),
    (lambda made: made.drop("registration", "people_link"), "registration: people_link has"),
    (a_link_that_stands_is_of_an_open_case, "stands, and its duplicate is not held"),
    (an_undone_link_still_holds, "was undone, and its duplicate is still held"),
    (an_undone_link_counts_one_person, "is counted beside another's"),
    (somebody_is_linked_twice, "is linked as the duplicate of 2 people"),
    (
        lambda made: made.row("registration", "possible_duplicate", status="different").update(status="linked"),
        "is linked, and its link is not so",
    ),
    (who_asked_granted, "granted by who asked for it"),
    (one_person_saw_the_exception, "was decided by who asked for it"),
    (
        lambda made: made.row("eligibility", "rule_exception", status="approved").update(decided_by=None),
        "was granted, and by nobody",
    ),
    (nobody_granted_the_exception, "on an exception that nobody granted"),
    (an_exception_changed_nothing, "and it was not decided again"),
    (lambda made: made.double("eligibility", "rule_exception", status="approved"), "has 2 exceptions to"),
    (somebody_is_of_two_parties, "is of 2 open cases"),
    (somebody_rides_without_a_seat, "has a place in a vehicle, and no seat any more (cancelled)"),
    (somebody_rides_in_a_vehicle_that_does_not_go, "has a place in a vehicle that does not go"),
    (somebody_rides_twice, "has 2 places in vehicles"),
    (lambda made: made.row("travel", "transport_run").update(places_taken=5), "counts 5 of"),
    (a_vehicle_goes_to_a_flight_that_does_not, "goes to the flight"),
    (somebody_sleeps_without_a_seat, "has a night near the airport, and no seat"),
    (lambda made: made.row("travel", "hotel_stay", status="booked").update(cost=0), "stands, and 0 is owed for it"),
    (lambda made: made.row("travel", "hotel_stay", status="cancelled").update(status="booked"), "is booked, and ended"),
    (who_walked_in_has_no_seat, "was taken in, and has no seat"),
    (who_walked_in_lacked_something, "was checked in, and is not, or lacked something"),
    (a_notice_was_told_twice, "is told, and was told 2 times"),
    (a_telling_is_lost, "attempts, and"),
    (an_acknowledged_telling_was_forgotten, "attempts were acknowledged, and"),
    (nobody_must_be_told_of_the_way, "has no notice of homeward.travel.ground.arranged"),
    (a_notice_comes_from_nowhere, "which travel never told"),
    (lambda made: made.double("registration", "notice"), "has 2 notices of the same fact"),
    (lambda made: made.row("reintegration", "community_project").update(shared=1), "and its shares give"),
    (a_project_has_more_than_it_costs, "and was given"),
    (a_line_gives_two_shares, "gives 2 shares"),
    (a_share_is_larger_than_its_line, "more than its line has"),
    (a_share_is_of_a_plan_that_nobody_approved, "of a plan that nobody approved"),
    (a_visit_counts_twice, "made 2 follow-ups"),
    (lambda made: made.row("reintegration", "follow_up", status="made").update(made_by=NOBODY), "which is not there"),
    (a_follow_up_is_still_open, "is open, and its assistance is closed"),
    (what_a_visitor_asked_for_is_not_planned, "and none is planned for it"),
    (lambda made: made.row("registration", "information_session").update(attended=1), "came by sex and age group"),
    (lambda made: made.drop("registration", "outreach_visit"), "has no such row in outreach_visit"),
    (lambda made: made.drop("eligibility", "rule_exception"), "has no such row in rule_exception"),
    (lambda made: made.drop("travel", "transport_run"), "has no such row in transport_run"),
    (lambda made: made.drop("travel", "hotel_stay"), "has no such row in hotel_stay"),
    (lambda made: made.drop("reintegration", "project_share"), "has no such row in project_share"),
]
