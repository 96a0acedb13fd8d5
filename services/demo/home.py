"""At home: a talk, a plan that somebody else approves, what it brings, and whether it holds."""

from copy import deepcopy
from datetime import date, datetime, time
from typing import Any

from services.demo.family import Family, the

Plan = dict[str, Any]


def make_a_plan(family: Family) -> None:
    """Drawn up with the family, sent back once, and approved by someone else than its author."""
    family.do(
        "the family talked about what comes now",
        "reintegration",
        f"{family.case}/counselling-sessions",
        family.story["talk_at_home"],
        role="reintegration_officer",
        at="talk",
    )
    draft = _lines(family)
    draft[0]["description"] = family.story["plan"]["first_draft"]
    body = {name: family.story["plan"][name] for name in ("goals", "activities")} | {"lines": draft}
    plan = family.do(
        "the plan was drawn up",
        "reintegration",
        f"{family.case}/plans",
        body,
        role="reintegration_officer",
        at="drafted",
    )
    family.ids["plan"] = plan["plan_id"]
    _hand_in(family, "the plan was submitted", "drafted")
    family.do(
        "the plan was sent back, with a reason",
        "reintegration",
        f"/plans/{family.ids['plan']}/return",
        {"reason": family.story["plan"]["sent_back_because"]},
        role="approver",
        at="sent_back",
        etag=_as_read(family, "sent_back"),
    )
    _revise(family)
    _hand_in(family, "the plan was submitted again", "revised")
    family.do(
        "the plan was approved, by someone else than its author",
        "reintegration",
        f"/plans/{family.ids['plan']}/approval",
        role="approver",
        at="approved",
        etag=_as_read(family, "approved"),
    )


def _as_read(family: Family, at: str) -> str:
    """The ETag of the plan as whoever decides on it reads it."""
    plan = family.look("reintegration", f"/plans/{family.ids['plan']}", role="approver", at=at)
    return f'"{plan["version"]}"'


def _lines(family: Family) -> list[Plan]:
    """The plan's lines, each with the line of the package that it spends, as the case shows it."""
    case = family.look("reintegration", family.case, role="reintegration_officer", at="drafted")
    package = {each["code"]: each["package_line"] for each in case["money"]["lines"]}
    lines: list[Plan] = deepcopy(family.story["plan"]["lines"])
    for line in lines:
        line["package_line"] = package[line["package_line"]]
    return lines


def _hand_in(family: Family, step: str, at: str) -> None:
    path = f"/plans/{family.ids['plan']}/submission"
    family.do(step, "reintegration", path, role="reintegration_officer", at=at)


def _revise(family: Family) -> None:
    path = f"/plans/{family.ids['plan']}"
    plan = family.look("reintegration", path, role="reintegration_officer", at="revised")
    if plan["status"] != "sent_back" or plan["lines"][0]["description"] != family.story["plan"]["first_draft"]:
        return  # the story was told this far before
    family.teller.do(
        "the plan was made clearer",
        "reintegration",
        path,
        {"lines": _lines(family)},
        role="reintegration_officer",
        at=family.at("revised"),
        method="PATCH",
        etag=f'"{plan["version"]}"',
    )


def give_what_was_promised(family: Family) -> None:
    """Goods against a certificate, rent in its windows; in the order of the days."""
    plan = family.look("reintegration", f"/plans/{family.ids['plan']}", role="reintegration_officer", at="approved")
    lines = {each["code"]: each for each in plan["lines"]}
    delivery = family.story["delivery"]
    happened = [(each["paid_on"], each) for each in family.story["payments"]]
    for day, body in sorted([*happened, (delivery["delivered_on"], delivery)], key=lambda each: str(each[0])):
        act = _deliver if body is delivery else _pay
        act(family, lines[body["line"]], body, _noon(family, day))


def _pay(family: Family, line: Plan, payment: Plan, at: datetime) -> None:
    body = {name: value for name, value in payment.items() if name != "line"}
    # A receipt is one family's: who is told of again on the same services has receipts of their own.
    paper = payment["evidence"]
    body["evidence"] = {**paper, "reference": f"{paper['reference']}-{family.teller.run[:8]}"}
    family.do(
        f"{line['code']} was paid, instalment {payment['instalment']}",
        "reintegration",
        f"/plans/{family.ids['plan']}/payments",
        {**body, "line_id": line["line_id"], "currency": line["currency"]},
        role="finance",
        at=at,
    )


def _deliver(family: Family, line: Plan, delivery: Plan, at: datetime) -> None:
    body = {name: value for name, value in delivery.items() if name != "line"}
    family.do(
        f"the {line['code']} was handed over, against a certificate",
        "reintegration",
        f"/plans/{family.ids['plan']}/deliveries",
        {**body, "line_id": line["line_id"]},
        role="reintegration_officer",
        at=at,
    )


def see_how_they_are(family: Family) -> None:
    """A visit, two surveys, and the assistance is closed; on which registration closes the case."""
    visit = family.story["visit"]
    family.do(
        "the family was visited at the restaurant",
        "reintegration",
        f"{family.case}/visits",
        {**visit, "individuals": [family.people[label] for label in visit["individuals"]]},
        role="reintegration_officer",
        at=_noon(family, visit["made_on"]),
    )
    for survey in family.story["surveys"]:
        body = {name: value for name, value in survey.items() if name != "of"}
        body |= {"scheme": family.ids["scheme"], "scheme_version": int(family.ids["scheme_version"])}
        family.do(
            f"{the(survey['of'])} was surveyed, round {survey['round']}",
            "reintegration",
            f"{family.case}/surveys",
            {**body, "individual_id": family.people[survey["of"]]},
            role="reintegration_officer",
            at=_noon(family, survey["interviewed_on"]),
        )
    family.do(
        "the assistance was closed",
        "reintegration",
        f"{family.case}/closure",
        family.story["closure"],
        role="reintegration_officer",
        at="closed",
    )
    family.until(
        "registration closed the case",
        "registration",
        family.case,
        lambda case: bool(case["status"] == "closed"),
        role="auditor",
        at="looked",
    )


def _noon(family: Family, day: str) -> datetime:
    """Noon of that day where the family is."""
    zone = family.at("arrived").tzinfo
    return datetime.combine(date.fromisoformat(day), time(12), zone)
