"""From the papers to the moment the aircraft leaves."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.demo.family import Family, all_of, the
from services.demo.teller import StoryDiffers


def gather_papers(family: Family) -> None:
    """The child without a passport gets a document for one journey; everyone an exit permit."""
    document = family.story["emergency_document"]
    _record(family, document["of"], document, f"{the(document['of'])} got an emergency travel document")
    permits = {name: value for name, value in family.story["exit_permits"].items() if name != "numbers"}
    for label, number in family.story["exit_permits"]["numbers"].items():
        body = {**permits, "kind": "exit_permit", "number": number, "single_journey": False}
        _record(family, label, body, f"{the(label)} got an exit permit")


def _record(family: Family, label: str, document: dict[str, Any], step: str) -> None:
    body = {name: value for name, value in document.items() if name != "of"}
    body["individual_id"] = family.people[label]
    family.do(step, "registration", f"{family.case}/documents", body, role="registration_officer", at="papers")


def book(family: Family, step: str = "the family was booked together", at: str = "booked") -> Any:
    """Seats for all of them, once travel knows what the others told."""
    wait_for_gate(family, "at_booking", at)
    body = {"case_id": family.ids["case"], "flight_id": family.ids["flight"]}
    booking = family.do(step, "travel", "/bookings", body, role="travel_officer", at=at)
    family.ids["booking"] = booking["id"]
    family.until(
        "those at home were told whom to expect",
        "reintegration",
        family.case,
        lambda case: case["status"] != "cancelled",
        role="reintegration_officer",
        at=at,
    )
    return booking


def wait_for_gate(family: Family, gate: str, at: str) -> None:
    """Until everyone may pass it. Who has a seat already has passed."""
    if family.seats(at):
        return
    family.until(
        f"travel knew what it asks {gate.replace('_', ' ')}, {at}",
        "travel",
        f"{family.case}/readiness?flight_id={family.ids['flight']}",
        lambda ready: (
            len(ready["individuals"]) == len(family.people)
            and all(each[gate]["passed"] for each in ready["individuals"])
        ),
        role="travel_officer",
        at=at,
    )


def check_health(family: Family, labels: Sequence[str] | None = None, at: str = "checked") -> None:
    """Within 72 hours of departure. One of them comes too late, and is checked on the morning itself."""
    late = family.story["late_check"]
    for label in labels or [each for each in family.everyone if each != late]:
        family.do(
            f"{the(label)} was found fit to travel",
            "registration",
            f"{family.case}/fitness-checks",
            {"individual_id": family.people[label], "outcome": "fit", "checked_at": family.at(at).isoformat()},
            role="medical",
            at=at,
        )


def check_in(family: Family) -> None:
    """A missing check stops her whose check it is, and nobody else."""
    late = family.story["late_check"]
    _wait_for_desk(family, [each for each in family.everyone if each != late], "check_in")
    for label in family.everyone:
        if label == late:
            _turned_away(family, label)
        else:
            _check_in(family, label, "check_in")
    check_health(family, [late], "late_check")
    _wait_for_desk(family, [late], "late_check_in")
    _check_in(family, late, "late_check_in")


def _check_in(family: Family, label: str, at: str) -> None:
    family.do(
        f"{the(label)} was checked in", "travel", f"{family.passenger(label)}/check-in", role="airport_desk", at=at
    )


def _turned_away(family: Family, label: str) -> None:
    checks = family.look("registration", f"{family.case}/fitness-checks", role="medical", at="check_in")["items"]
    if any(each["individual_id"] == family.people[label] for each in checks):
        return  # the story was told this far before, and the check has been made since
    problem = family.do(
        f"{the(label)} could not be checked in: her medical check was missing",
        "travel",
        f"{family.passenger(label)}/check-in",
        role="airport_desk",
        at="check_in",
        expect=409,
    )
    missing = [item["code"] for items in problem["missing"].values() for item in items]
    if missing != ["check_missing"]:
        raise StoryDiffers(f"the desk asks {the(label)} for {', '.join(missing)}, not for the check alone")


def _wait_for_desk(family: Family, labels: Sequence[str], at: str) -> None:
    def may_check_in(listed: Any) -> bool:
        found = {family.label(each["individual_id"]): each for each in listed["passengers"]}
        return all(
            found[label]["status"] != "booked" or found[label]["gates"]["at_check_in"]["passed"] for label in labels
        )

    family.until(
        f"the desk knew what it asks of {all_of(labels)}",
        "travel",
        f"{family.flight}/passengers",
        may_check_in,
        role="airport_desk",
        at=at,
    )


def hand_out_allowance(family: Family) -> None:
    """Pocket money against a receipt, by the line that the decision gives each."""
    allowance = family.story["allowance"]
    standing = family.look("eligibility", family.case, role="counsellor", at="allowance")
    lines = {each["individual"]: each for each in standing["decision"]["package"] if each["code"] == allowance["line"]}
    for label, receipt in allowance["receipts"].items():
        line = lines[family.people[label]]
        family.do(
            f"{the(label)} got pocket money against a receipt",
            "travel",
            f"{family.passenger(label)}/allowance",
            {
                "line": line["line"],
                "amount": line["amount"],
                "currency": line["currency"],
                "receipt_number": receipt,
            },
            role="finance",
            at="allowance",
        )


def ask_each_alone(family: Family) -> None:
    for label in family.adults:
        ask(family, label, "yes")


def ask(
    family: Family, label: str, answer: str, at: str | datetime = "asked", step: str = "was asked once more, alone"
) -> Any:
    """The question at the desk, and what an adult answered."""
    return family.do(
        f"{the(label)} {step}, and said {answer.replace('_', ' ')}",
        "travel",
        f"{family.passenger(label)}/willingness",
        {"answer": answer, "asked_alone": True, "language": family.story["declaration"]["language"]},
        role="airport_desk",
        at=at,
    )


def board(family: Family, labels: Sequence[str] | None = None) -> None:
    for label in labels or family.everyone:
        path = f"{family.passenger(label)}/boarding"
        family.do(f"{the(label)} boarded", "travel", path, role="airport_desk", at="boarded")


def close_doors(family: Family) -> Any:
    """The doors are closed at once; who is cleared, registration says a moment later."""
    return family.do("the doors were closed", "travel", f"{family.flight}/doors", role="airport_desk", at="doors")


def clear(family: Family) -> Any:
    return family.until(
        "registration cleared those on board",
        "travel",
        f"{family.flight}/doors",
        lambda doors: doors["status"] in ("closed", "departed"),
        role="airport_desk",
        at="doors",
    )


def leave(family: Family) -> None:
    family.do(
        "the aircraft left",
        "travel",
        f"{family.flight}/departure",
        {"departed_at": family.at("departed").isoformat()},
        role="travel_officer",
        at="departed",
    )


def board_and_leave(family: Family) -> None:
    board(family)
    close_doors(family)
    clear(family)
    leave(family)


def travel_home(family: Family) -> None:
    transit, arrival = family.story["transit"], family.story["arrival"]
    for label in family.everyone:
        _pass(family, label, "changed planes", "transit", transit, "transit")
    for label in family.everyone:
        _pass(family, label, "arrived and was met", "arrival", arrival, "arrived")
    family.until(
        "those at home knew that they had arrived",
        "reintegration",
        family.case,
        lambda case: case["status"] not in ("expected", "cancelled"),
        role="reintegration_officer",
        at="arrived",
    )


def _pass(family: Family, label: str, what: str, place: str, body: dict[str, Any], at: str) -> None:
    family.do(
        f"{the(label)} {what}",
        "travel",
        f"{family.passenger(label)}/{place}",
        {**body, "at": family.at(at).isoformat()},
        role="reintegration_officer",
        at=at,
    )
