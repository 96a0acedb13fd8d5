"""Community projects and follow-ups: what is given is given once, and what is due is made once."""

from collections import Counter
from decimal import Decimal
from uuid import UUID

from shared.columns import MoneyColumn
from tests.auditor.evidence import Check, Evidence, Findings, an_id, grouped, listed


def a_share_of_a_project_is_given_once(evidence: Evidence) -> Findings:
    """A project has what its shares give, and no more than it costs; a line gives one share, out of what it has, of a
    plan that was approved."""
    shares = evidence.all_of("reintegration", "project_share")
    live = [row for row in shares if row["released_at"] is None]
    given: Counter[UUID] = Counter()
    for row in live:
        given[an_id(row["project_id"])] += row["amount"]
    for row in evidence.all_of("reintegration", "community_project"):
        project = an_id(row["id"])
        if row["shared"] != given[project]:
            yield f"the project {project} has {_much(row['shared'])}, and its shares give {_much(given[project])}"
        if row["shared"] > row["amount"]:
            yield f"the project {project} costs {_much(row['amount'])}, and was given {_much(row['shared'])}"
    for line, count in Counter(an_id(row["line_id"]) for row in live).items():
        if count > 1:
            yield f"the line {line} gives {count} shares"
    has: Counter[UUID] = Counter()
    for row in evidence.all_of("reintegration", "plan_instalment"):
        has[an_id(row["line_id"])] += row["amount"]
    approved = {an_id(row["id"]) for row in evidence.all_of("reintegration", "plan") if row["approved_at"] is not None}
    for row in live:
        if row["amount"] > has[an_id(row["line_id"])]:
            yield f"the share {an_id(row['id'])} gives {_much(row['amount'])}, more than its line has"
        if an_id(row["plan_id"]) not in approved:
            yield f"the share {an_id(row['id'])} is of a plan that nobody approved"


def a_visit_makes_one_follow_up(evidence: Evidence) -> Findings:
    """Which was made by a visit or a survey of that case, and by none that made another; what a visitor asked for is
    planned; and none stays open when the assistance is closed."""
    follow_ups = evidence.all_of("reintegration", "follow_up")
    visits = {an_id(row["id"]): row for row in evidence.all_of("reintegration", "visit")}
    surveys = {an_id(row["id"]) for row in evidence.all_of("reintegration", "survey")}
    made = Counter(an_id(row["made_by"]) for row in follow_ups if row["made_by"] is not None)
    yield from (f"the visit or survey {one} made {count} follow-ups" for one, count in made.items() if count > 1)
    yield from (f"a follow-up was made by {one}, which is not there" for one in made.keys() - visits.keys() - surveys)
    closed = {an_id(row["case_id"]) for row in evidence.all_of("reintegration", "closure")}
    for row in follow_ups:
        if row["status"] == "open" and an_id(row["case_id"]) in closed:
            yield f"the follow-up {an_id(row['id'])} is open, and its assistance is closed"
    planned = grouped(follow_ups, "case_id")
    for one, row in visits.items():
        days = {str(each["due_on"]) for each in planned.get(an_id(row["case_id"]), [])}
        if row["next_due"] is not None and str(row["next_due"]) not in days:
            yield f"the visit {one} asked for another on {row['next_due']}, and none is planned for it"


def the_teams_counted_who_came(evidence: Evidence) -> Findings:
    """At a session: as many as came of each sex and age group."""
    for row in evidence.all_of("registration", "information_session"):
        came = sum(each["people"] for each in listed(row["attendance"]))
        if row["attended"] != came:
            yield f"the session {an_id(row['id'])} counts {row['attended']}, and {came} came by sex and age group"


def _much(amount: int) -> str:
    return f"{Decimal(amount) / MoneyColumn.scale:.2f}"


CHECKS: tuple[Check, ...] = (
    a_share_of_a_project_is_given_once,
    a_visit_makes_one_follow_up,
    the_teams_counted_who_came,
)
