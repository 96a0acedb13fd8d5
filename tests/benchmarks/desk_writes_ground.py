"""What registration's desks write beside cases, each once a copy."""

from collections.abc import Iterator
from typing import Any

from tests.benchmarks.asking import Ask, Cases

TEAM, OFFICER, TALKS, PROTECTS = "relief_officer", "registration_officer", "counsellor", "protection"


def writes_on_the_ground(cases: Cases) -> Iterator[Ask]:
    yield from _at_the_site(cases)
    yield from _relief(cases)
    yield from _voices(cases)
    yield from _persons(cases)
    yield from _the_same_twice(cases)


def _post(route: str, path: str, role: str, body: Any = None, at: str = "papers") -> Ask:
    return Ask("registration", route, path, role, {} if body is None else body, at, "POST")


def _at_the_site(cases: Cases) -> Iterator[Ask]:
    site = f"/sites/{cases.id('told', 'site')}"
    yield _post("record_headcount", f"{site}/headcounts", OFFICER, {"people": 970, "method": "estimate"})
    yield _post("record_condition", f"{site}/conditions", OFFICER, {"covered_m2": 3600})
    yield _post("record_movement", f"{site}/register", OFFICER, {"reason": "came_in", "people": 3})
    yield _post("reverse_movement", f"{site}/register/{cases.id('told', 'entry')}/reversal", OFFICER)
    visit = {"team": "T-1", "purpose": "information", "people_spoken_to": 9}
    yield _post("record_outreach_visit", f"{site}/outreach-visits", TALKS, visit)
    group = {"sex": "male", "age_group": "adult", "people": 12}
    held = {"language": "ckb", "interpreter": True, "topics": ["right_to_withdraw"], "attendance": [group]}
    yield _post("record_information_session", f"{site}/information-sessions", TALKS, held)


def _relief(cases: Cases) -> Iterator[Ask]:
    site, card = cases.id("told", "site"), cases.card("told", "other card")
    stock = {"item": "soap", "move": "received", "quantity": "10"}
    yield _post("move_stock", f"/sites/{site}/stock-movements", TEAM, stock)
    between = {"from_site_id": site, "to_site_id": cases.id("early 0", "site")}
    moved = {**between, "items": [{"item": "soap", "quantity": "1"}]}
    yield _post("transfer_stock", "/stock-transfers", TEAM, moved)
    item = {"code": f"item_{cases.number}", "name": "An item", "unit": "piece"}
    yield _post("add_item", "/relief-items", TEAM, item)
    yield _post("issue_card", "/relief-cards", TEAM, {"site_id": site, "adults": 1})
    people = {"adults": 3, "reason": "joined"}
    yield _post("change_card_people", f"/relief-cards/{card}/people", TEAM, people)
    yield _post("split_card", f"/relief-cards/{card}/split", TEAM, {"leaving": {"adults": 1}})
    yield _post("replace_card", f"/relief-cards/{card}/replacement", TEAM, {"reason": "lost"})
    distribution = f"/distributions/{cases.id('told', 'distribution')}"
    yield _post("give_relief", f"{distribution}/collections", TEAM, {"card": cases.card("told", "card")})
    spoilt = {"item": "soap", "kind": "lost", "quantity": "1"}
    yield _post("record_spoilt", f"{distribution}/spoilt", TEAM, spoilt)
    yield _post("bring_more", f"{distribution}/additions", TEAM, {"item": "soap", "quantity": "1"})
    yield _post("close_distribution", f"{distribution}/closure", TEAM, {"left": {"soap": "98"}})
    given = {"item": "soap", "planned": "10", "per_household": "2"}
    when = {"takes_place_at": "2022-01-05T10:00:00+03:00", "place": "Hall 2", "to_bring": "The relief card"}
    yield _post("announce_distribution", "/distributions", TEAM, {"site_id": site, "items": [given], **when})
    yield _post("open_distribution", f"/distributions/{cases.id('told', 'announced')}/opening", TEAM)


def _voices(cases: Cases) -> Iterator[Ask]:
    asked = {"channel": "phone", "language": "ar", "topic": "return", "call_back_wanted": True}
    yield _post("record_enquiry", "/enquiries", TALKS, asked)
    yield _post("call_back", f"/enquiries/{cases.id('told', 'enquiry')}/call-back", TALKS)
    said = {"way": "box", "category": "quality", "said": "The bread was old."}
    yield _post("give_feedback", "/feedback", TALKS, said)
    feedback, note = f"/feedback/{cases.id('told', 'feedback')}", {"note": "The supplier was asked."}
    yield _post("follow_up", f"{feedback}/follow-up", PROTECTS, note)
    yield _post("answer_feedback", f"{feedback}/answer", PROTECTS, note)
    yield _post("close_feedback", f"{feedback}/closure", PROTECTS, note)
    notice = f"/notices/{cases.id('waits', 'notice')}/telling"
    yield _post("tell_notice", notice, TALKS, {"channel": "phone", "reached": True}, at="looked")


def _persons(cases: Cases) -> Iterator[Ask]:
    case, father, mother = f"/cases/{cases.id('told', 'case')}", *cases.people("told")[:2]
    appointment, before = f"/appointments/{cases.id('told', 'appointment')}", "declared"
    meets = {"at": "2021-12-13T10:00:00+03:00", "language": "ckb", "interpreter_wanted": True}
    yield _post("make_appointment", f"{case}/appointments", TALKS, meets)
    yield _post("book_interpreter", f"{appointment}/interpreter", TALKS, {"interpreter": "ckb-3"}, before)
    yield _post("end_appointment", f"{appointment}/outcome", TALKS, {"outcome": "kept"}, "booked")
    sent = {"individual_id": father, "recipient": "agency", "need": "shelter"}
    yield _post("refer", f"{case}/referrals", TALKS, sent)
    referral = f"/referrals/{cases.id('told', 'referral to agency')}"
    yield _post("answer_referral", f"{referral}/answer", TALKS, {"answer": "accept_referral"})
    yield _post("complete_referral", f"{referral}/completion", TALKS)
    consent = f"{case}/consents/{cases.id('told', 'consent to agency')}/withdrawal"
    yield _post("withdraw_consent", consent, TALKS)
    factor = {"level": "individual", "direction": "risk", "factor": "health", "note": "tired"}
    assessed = {"individual_id": father, "factors": [factor], "priority": 2}
    yield _post("assess_vulnerability", f"{case}/vulnerability-assessments", PROTECTS, assessed)
    step = f"{case}/vulnerability-steps/{cases.id('told', 'step')}/completion"
    yield _post("complete_plan_step", step, TALKS)
    doubt = f"{case}/capacity-doubts/{cases.id('told', 'doubt')}/assessment"
    yield _post("assess_capacity", doubt, "medical", {"profession": "psychologist", "outcome": "able"})
    yield _post("doubt_capacity", f"{case}/capacity-doubts", TALKS, {"individual_id": mother})
    dispute = f"{case}/members/{mother}/age-dispute"
    yield _post("dispute_age", dispute, TALKS)
    yield _post("settle_age", f"{dispute}/settlement", PROTECTS, {"basis": "document"})
    alone, boy = f"/cases/{cases.id('a child alone', 'case')}", *cases.people("a child alone")
    found = {"individual_id": boy, "item": "family_tracing", "finding": "found"}
    yield _post("record_protection_item", f"{alone}/protection-items", PROTECTS, found)
    taken_back = f"{alone}/protection-items/{cases.id('a child alone', 'item')}/taking-back"
    yield _post("take_back_protection_item", taken_back, PROTECTS)
    home = {"kind": "own_government", "country": "IRQ", "returned_on": "2021-12-10", "late_reason": "told_later"}
    asks = f"/cases/{cases.id('asks', 'case')}"
    yield _post("record_return", f"{asks}/returns", OFFICER, home)
    mistake = {"reason": "wrong_person", "individuals": cases.people("asks")}
    yield _post("undo_return", f"{asks}/returns/undoing", OFFICER, mistake)
    incident = f"/incidents/{cases.id('left', 'incident')}/resolution"
    yield _post("resolve_incident", incident, PROTECTS, {"resolution": "spoken_with"}, "looked")
    yield _post("review_holds", "/hold-reviews", PROTECTS)


def _the_same_twice(cases: Cases) -> Iterator[Ask]:
    """Before somebody is registered, by papers and by name; and afterwards."""
    first, *_ = cases.story("told")["members"]
    known = first["documents"][0]
    sought = {"number": f"{known['number']}-{cases.number}", "issuing_country": known["issuing_country"]}
    who = {"given_name": "Rebaz", "family_name": "Salih 4", "birth_date": first["birth_date"], "documents": [sought]}
    yield _post("find_candidates", "/candidates", OFFICER, who)
    yield _post("review_duplicates", "/duplicate-reviews", OFFICER, {"limit": 4})
    likeness = f"/possible-duplicates/{cases.id('alike', 'likeness')}/decision"
    yield _post("decide_likeness", likeness, OFFICER, {"verdict": "different_people"}, "looked")
    yield _post("undo_link", f"/people-links/{cases.id('linked', 'link')}/undoing", OFFICER, None, "looked")
