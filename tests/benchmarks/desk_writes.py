"""Every write that a desk makes, each on a case that stands where it is made. Made once a copy, in this order."""

from collections.abc import Iterator
from typing import Any

from tests.benchmarks.asking import Ask, Cases
from tests.benchmarks.desk_writes_beside import writes_beside
from tests.benchmarks.desk_writes_ground import writes_on_the_ground


def writes(cases: Cases) -> Iterator[Ask]:
    yield from writes_on_the_ground(cases)
    yield from _at_registration(cases)
    yield from _after_registration(cases)
    yield from _at_eligibility(cases)
    yield from _before_the_airport(cases)
    yield from writes_beside(cases)
    yield from _at_the_airport(cases)
    yield from _on_the_way(cases)
    yield from _at_home(cases)


def _post(service: str, route: str, path: str, role: str, at: str, body: Any = None, **more: Any) -> Ask:
    return Ask(service, route, path, role, {} if body is None else body, at, "POST", **more)


def _at_registration(cases: Cases) -> Iterator[Ask]:
    story = cases.story("told")
    family = {**story["case"], "site_id": cases.id("told", "site"), "members": story["members"]}
    yield _post("registration", "register_case", "/cases", "registration_officer", "registered", family)
    told = f"/cases/{cases.id('told', 'case')}"
    father = cases.person("told", "father")
    people = [father, cases.person("told", "mother")]
    yield _post(
        "registration",
        "record_counselling",
        f"{told}/counselling-sessions",
        "counsellor",
        "declared",
        {**story["counselling"], "individuals": people},
    )
    yield _post(
        "registration",
        "record_screening",
        f"{told}/screenings",
        "protection",
        "declared",
        {**story["screening"], "individual_id": father},
    )
    consent = {name: value for name, value in story["consents"][0].items() if name != "of"}
    yield _post(
        "registration",
        "give_consent",
        f"{told}/consents",
        "counsellor",
        "declared",
        {**consent, "form_version": "2021-09", "individual_id": father},
    )
    signed = {
        "individual_id": father,
        "form_version": "2021-03",
        "language": "ckb",
        "signatures": [{"signer": father, "method": "signature"}],
    }
    yield _post("registration", "sign_declaration", f"{told}/declarations", "counsellor", "declared", signed)
    paper = {
        "kind": "exit_permit",
        "number": "BY-EX-77",
        "issuing_country": "BLR",
        "for_country": "BLR",
        "individual_id": father,
    }
    yield _post("registration", "record_document", f"{told}/documents", "counsellor", "papers", paper)
    yield _post(
        "registration",
        "assess_fitness",
        f"{told}/fitness-checks",
        "medical",
        "papers",
        {"individual_id": father, "outcome": "fit", "checked_at": "2021-12-11T09:00:00+03:00"},
    )
    yield Ask(
        "registration",
        "correct_case",
        told,
        "counsellor",
        {"reason": "typing_error", "means": "some"},
        "papers",
        "PATCH",
        etag=True,
    )
    yield Ask(
        "registration",
        "correct_member",
        f"{told}/members/{father}",
        "counsellor",
        {"reason": "typing_error", "given_name": "Rebaz"},
        "papers",
        "PATCH",
        etag=True,
    )
    yield _post("registration", "place_hold", f"{told}/holds", "protection", "papers", {"reason": "safety"})
    yield _post(
        "registration", "release_hold", f"{told}/holds/{cases.id('told', 'hold')}/release", "protection", "papers"
    )
    yield _post("registration", "withdraw", f"{told}/withdrawal", "counsellor", "papers", {"channel": "in_person"})
    yield _post(
        "registration", "close_case", f"{told}/closure", "registration_officer", "papers", {"reason": "lost_contact"}
    )
    yield _post("registration", "reopen_case", f"{told}/reopening", "registration_officer", "papers")


def _after_registration(cases: Cases) -> Iterator[Ask]:
    boarded = cases.people("boarded")
    passengers = [
        {
            "individual_id": one,
            "case_id": cases.id("boarded", "case"),
            "attempt": 1,
            "willing": "yes" if place < 2 else "not_asked",
        }
        for place, one in enumerate(boarded)
    ]
    doors = {
        "clearance_id": cases.id("boarded", "booking"),
        "flight_id": cases.id("boarded", "flight"),
        "closing_at": "2021-12-14T09:15:00+03:00",
        "passengers": passengers,
    }
    yield _post("registration", "clear_departure", "/clearances", "service", "doors", doors, asked_by="travel")
    names = {"flight_id": cases.id("boarded", "flight"), "individuals": boarded}
    yield _post("registration", "name_passengers", "/passenger-names", "service", "doors", names, asked_by="travel")
    yield _post(
        "registration",
        "give_reception_contacts",
        "/reception-contacts",
        "service",
        "doors",
        {"individuals": boarded},
        asked_by="reintegration",
    )


def _at_eligibility(cases: Cases) -> Iterator[Ask]:
    told = f"/cases/{cases.id('told', 'case')}"
    answers = cases.story("told")["answers"]
    yield _post("eligibility", "answer_questions", f"{told}/answers", "counsellor", "answered", {"answers": answers})
    yield _post("eligibility", "decide_case", f"{told}/decisions", "counsellor", "papers")


def _before_the_airport(cases: Cases) -> Iterator[Ask]:
    yield _post("travel", "schedule_flight", "/flights", "travel_officer", "ground", cases.story("told")["flight"])
    flight = cases.id("booked", "flight")
    seats = {"case_id": cases.id("bookable", "case"), "flight_id": flight}
    yield _post("travel", "book_seats", "/bookings", "travel_officer", "booked", seats)
    booked = f"/bookings/{cases.id('cancels', 'booking')}/cancellation"
    yield _post("travel", "cancel_booking", booked, "travel_officer", "booked", {"reason": "by_officer"})
    yield _post(
        "travel", "cancel_flight", f"/flights/{cases.id('told', 'flight')}/cancellation", "travel_officer", "booked"
    )


def _at_the_airport(cases: Cases) -> Iterator[Ask]:
    flight = f"/flights/{cases.id('booked', 'flight')}"

    def of(name: str, label: str) -> str:
        return f"{flight}/passengers/{cases.person(name, label)}"

    yes = {"answer": "yes", "asked_alone": True, "language": "ckb"}
    yield _post("travel", "check_in", f"{of('booked', 'father')}/check-in", "airport_desk", "asked")
    line = {
        "line": f"pocket_money:{cases.person('checked in', 'father')}",
        "amount": "50.00",
        "currency": "EUR",
        "receipt_number": "R-77",
    }
    yield _post("travel", "pay_allowance", f"{of('checked in', 'father')}/allowance", "finance", "asked", line)
    yield _post(
        "travel", "state_willingness", f"{of('checked in', 'father')}/willingness", "airport_desk", "asked", yes
    )
    yield _post("travel", "board_passenger", f"{of('asked', 'father')}/boarding", "airport_desk", "asked")
    yield _post("travel", "mark_no_show", f"{of('booked', 'mother')}/no-show", "airport_desk", "boarded")
    yield _post(
        "travel",
        "offload_passenger",
        f"{of('checked in', 'mother')}/offload",
        "airport_desk",
        "boarded",
        {"reason": "airline"},
    )
    yield _post("travel", "close_doors", f"{flight}/doors", "airport_desk", "doors")


def _on_the_way(cases: Cases) -> Iterator[Ask]:
    """Of a family whose aircraft left."""
    flight = f"/flights/{cases.id('left', 'flight')}"
    father = f"{flight}/passengers/{cases.person('left', 'father')}"
    mother = f"{flight}/passengers/{cases.person('left', 'mother')}"
    cleared = f"/flights/{cases.id('cleared', 'flight')}/departure"
    left_at = {"departed_at": "2021-12-14T09:35:00+03:00"}
    yield _post("travel", "confirm_departure", cleared, "travel_officer", "departed", left_at)
    story = cases.story("left")
    yield _post(
        "travel",
        "record_transit",
        f"{father}/transit",
        "airport_desk",
        "arrived",
        {**story["transit"], "at": "2021-12-14T13:15:00+03:00", "late_reason": "told_later"},
    )
    yield _post(
        "travel",
        "record_arrival",
        f"{father}/arrival",
        "airport_desk",
        "arrived",
        {**story["arrival"], "at": "2021-12-14T20:55:00+03:00"},
    )
    yield _post(
        "travel",
        "record_non_admission",
        f"{mother}/non-admission",
        "airport_desk",
        "arrived",
        {"at": "2021-12-14T20:55:00+03:00", "country": "IRQ", "kind": "refused_entry"},
    )


def _at_home(cases: Cases) -> Iterator[Ask]:
    case, plan = f"/cases/{cases.id('planned', 'case')}", f"/plans/{cases.id('planned', 'plan')}"
    story = cases.story("closed")
    expected = f"/cases/{cases.id('left', 'case')}"
    talk = {**story["talk_at_home"], "held_on": "2022-01-20"}
    yield _post(
        "reintegration",
        "record_counselling_session",
        f"{case}/counselling-sessions",
        "reintegration_officer",
        "visited",
        {**talk, "late_reason": "told_later", "evidence": "form 12"},
    )
    lines = [{**line, "package_line": cases.id("left", line["package_line"])} for line in story["plan"]["lines"]]
    draft = {"goals": story["plan"]["goals"], "activities": story["plan"]["activities"], "lines": lines}
    yield _post("reintegration", "draft_plan", f"{expected}/plans", "reintegration_officer", "drafted", draft)
    third = {name: value for name, value in story["payments"][2].items() if name != "line"}
    paper = {**third["evidence"], "reference": f"{third['evidence']['reference']}-{cases.number}"}
    pay = {**third, "evidence": paper, "line_id": cases.id("planned", "rent"), "currency": "EUR"}
    yield _post("reintegration", "pay_instalment", f"{plan}/payments", "finance", "visited", pay, asked_by="cashier")
    yield _post(
        "reintegration",
        "reverse_payment",
        f"/payments/{cases.id('planned', 'payment')}/reversal",
        "finance",
        "visited",
        {"reason": "wrong_amount"},
        asked_by="another-cashier",
    )
    visit = {**story["visit"], "individuals": [cases.person("planned", "father")]}
    yield _post("reintegration", "record_visit", f"{case}/visits", "reintegration_officer", "visited", visit)
    survey = {name: value for name, value in story["surveys"][0].items() if name != "of"}
    survey |= {"scheme": cases.id("planned", "scheme"), "scheme_version": int(cases.id("planned", "scheme_version"))}
    yield _post(
        "reintegration",
        "record_survey",
        f"{case}/surveys",
        "reintegration_officer",
        "visited",
        {**survey, "individual_id": cases.person("planned", "father")},
    )
