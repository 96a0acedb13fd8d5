"""What a heavy set holds beside its journeys, at the site and about persons: relief, voices, protection, likenesses."""

from typing import Any, Protocol

from services.demo.family import Family
from services.demo.scenario import read_scenario
from services.demo.warehouse import register
from tests.load.people import BOY

KEEPER = "relief_officer"
ITEM = {"code": "soap", "name": "Soap", "unit": "piece"}
MEASURED = {"covered_m2": 3600, "water_litres_per_day": 9000, "latrines": 40}
ENOUGH = "100000"
BEFORE = {"last_assisted_return": "2020-05-01"}
"""Of whom a rule of the programme fails, that allows an exception."""


class MakesOne(Protocol):
    """Somebody on their own, by what they are there for; `other`: what they have otherwise than the story's father."""

    def __call__(self, name: str, **other: Any) -> Family: ...


def likenesses(alone: MakesOne) -> None:
    """Two that look alike and are not decided on, and two that were found to be one. They come before the others of
    their set: whoever is registered later has not been compared yet."""
    families = {}
    for name, born in (("alike", "1984-02-29"), ("linked", "1986-03-01")):
        for one in (name, f"{name} too"):
            families[one] = alone(one, birth_date=born, family_name=f"Is {name}")
            register(families[one])
    first = families["alike"]
    first.do("records were compared", "registration", "/duplicate-reviews", {"limit": 500}, role=_OFFICER, at="looked")
    found = first.listed("registration", "/possible-duplicates?limit=100", role=_OFFICER, at="looked")
    for name in ("alike", "linked"):
        two = {*families[name].people.values(), *families[f"{name} too"].people.values()}
        families[name].ids["likeness"] = next(each["id"] for each in found if {each["one_id"], each["other_id"]} == two)
    linked = families["linked"]
    same = {"verdict": "same_person", "stands": next(iter(linked.people.values()))}
    path = f"/possible-duplicates/{linked.ids['likeness']}/decision"
    linked.ids["link"] = linked.do("two were one", "registration", path, same, role=_OFFICER, at="looked")["link_id"]


_OFFICER = "registration_officer"


def at_the_site(one: Family) -> None:
    """Counts, register, talks and visits, stock, a distribution that is open and what was given there."""
    site, moment = f"/sites/{one.ids['site']}", "registered"

    def do(step: str, path: str, body: Any, role: str, at: str = moment) -> Any:
        return one.do(step, "registration", path, body, role=role, at=at)

    do("people were counted", f"{site}/headcounts", {"people": 980, "method": "estimate"}, _OFFICER)
    do("the hall was measured", f"{site}/conditions", MEASURED, _OFFICER)
    came = do("people came in", f"{site}/register", {"reason": "came_in", "people": 3}, _OFFICER)
    one.ids["entry"] = came["id"]
    voices = read_scenario("voices.json")
    do("people were told", f"{site}/information-sessions", voices["sessions"][0], "counsellor")
    do("a team was there", f"{site}/outreach-visits", voices["visits"][0], "counsellor")
    call = do("somebody called in distress", "/enquiries", voices["distress"], "counsellor")
    one.ids["enquiry"] = call["id"]
    do("somebody asked", "/enquiries", {"channel": "phone", "language": "ar", "topic": "return"}, "counsellor")
    said = do("somebody complained", "/feedback", {**voices["complaint"], "site_id": one.ids["site"]}, "counsellor")
    one.ids["feedback"] = said["id"]
    apart = {"way": "box", "category": "exploitation_and_abuse", "said": "A guard asks for money."}
    do("somebody was pressed for money", "/feedback", apart, "protection")
    _relief(one, do)


def _relief(one: Family, do: Any) -> None:
    if not one.listed("registration", "/relief-items", role=KEEPER, at="looked"):
        do("soap was added", "/relief-items", ITEM, KEEPER)
    site = one.ids["site"]
    stock = {"item": ITEM["code"], "move": "received", "quantity": ENOUGH, "paper": "waybill 1"}
    do("soap was received", f"/sites/{site}/stock-movements", stock, KEEPER)
    household = one.look("registration", one.case, role=_OFFICER, at="looked")["household_id"]
    people: dict[str, dict[str, Any]] = {
        "card": {"household_id": household, "adults": 2, "children": 2},
        "other card": {"adults": 2},
    }
    for name, body in people.items():
        one.ids[name] = do(f"{name} was given out", "/relief-cards", {"site_id": site, **body}, KEEPER)["code"]
    lost = do("a card was given out", "/relief-cards", {"site_id": site, "adults": 3}, KEEPER)["code"]
    do("one of them left", f"/relief-cards/{lost}/split", {"leaving": {"adults": 1}}, KEEPER)
    lost = do("it was lost", f"/relief-cards/{lost}/replacement", {"reason": "lost"}, KEEPER)["code"]
    one.ids["changed card"] = lost
    given = {"item": ITEM["code"], "planned": "100", "per_household": "1"}
    when = {"takes_place_at": one.at("registered").isoformat(), "place": "Hall 2", "to_bring": "The relief card"}
    for name in ("distribution", "announced"):
        made = do(f"{name} was announced", "/distributions", {"site_id": site, "items": [given], **when}, KEEPER)
        one.ids[name] = made["distribution_id"]
    path = f"/distributions/{one.ids['distribution']}"
    do("it was opened", f"{path}/opening", {}, KEEPER)
    do("soap was collected", f"{path}/collections", {"card": lost}, KEEPER)


def about_persons(one: Family) -> None:
    """Talks to come, referrals, what protects somebody, and consents that ended."""
    father, mother = one.people["father"], one.people["mother"]

    def do(step: str, noun: str, body: Any, role: str = "counsellor", at: str = "consented") -> Any:
        return one.do(step, "registration", f"{one.case}/{noun}", body, role=role, at=at)

    meets = {"at": one.at("papers").isoformat(), "language": "ckb", "interpreter_wanted": True}
    one.ids["appointment"] = do("they will meet", "appointments", meets)["id"]
    form = {"form_version": "2021-01", "language": "ckb", "form": "written"}
    for name, whom in (("agency", father), ("other agency", mother)):
        agreed = {"individual_id": whom, "purpose": "referral", "recipient": name, **form}
        one.ids[f"consent to {name}"] = do(f"consent to {name}", "consents", agreed)["id"]
        sent = {"individual_id": whom, "recipient": name, "need": "legal_aid"}
        one.ids[f"referral to {name}"] = do(f"referral to {name}", "referrals", sent)["id"]
    path = f"consents/{one.ids['consent to other agency']}/withdrawal"
    do("the mother took her consent back", path, {})
    assessed = {
        "individual_id": mother,
        "categories": ["pregnant"],
        "factors": [{"level": "individual", "direction": "risk", "factor": "health", "note": "tired"}],
        "steps": [{"step": "see the midwife", "due_on": "2021-12-12", "sensitive": False}],
        "priority": 1,
    }
    made = do("the mother's needs were looked at", "vulnerability-assessments", assessed, "protection")
    one.ids["step"] = made["steps"][0]["id"]
    one.ids["doubt"] = do("capacity was in doubt", "capacity-doubts", {"individual_id": mother})["id"]


def a_child_alone(alone: MakesOne) -> None:
    one = alone("a child alone", birth_date=BOY["birth_date"], sex=BOY["sex"])
    register(one)
    (boy,) = one.people.values()
    body = {"individual_id": boy, "item": "consent_of_child", "finding": "given"}
    path = f"{one.case}/protection-items"
    made = one.do("the child said yes", "registration", path, body, role="protection", at="consented")
    one.ids["item"] = made["id"]


def exceptions(alone: MakesOne) -> None:
    """Who was helped home lately: one whose exception waits for an approver, one whose exception was approved."""
    for name in ("excepted", "asks"):
        one = alone(name, **BEFORE)
        register(one)

        def failed(standing: Any) -> bool:
            return bool(standing["status"] == "ineligible")

        one.until("a rule failed", "eligibility", one.case, failed, role="counsellor", at="declared")
        (person,) = one.people.values()
        body = {"rule": "not_assisted_lately", "individual_id": person, "reason": "humanitarian"}
        body["valid_until"] = "2022-12-01"
        path = f"{one.case}/exceptions"
        made = one.do("an exception was asked for", "eligibility", path, body, role="counsellor", at="declared")
        one.ids["exception"] = made["exception_id"]
        if name == "excepted":
            path = f"/exceptions/{made['exception_id']}/approval"
            one.do("it was approved", "eligibility", path, {}, role="approver", at="declared")
