"""Every write of registration, failed once between its change and its commit."""

from typing import Any

from shared.auth import Role
from shared.contracts import registration as r
from tests.faults import Tried
from tests.registration.story import AD, ADM, CO, ME, PR, RO, SV, TO, Case, family_body, register
from tests.registration.test_consents import consent
from tests.registration.test_papers_and_health import check, laissez_passer
from tests.registration.test_sites import WAREHOUSE
from tests.registration.writes_of_persons import (
    until_children_and_duplicates_are_seen_to,
    until_each_is_protected,
    until_some_join_and_leave,
)
from tests.world import World


async def test_every_write_that_fails_at_its_commit_leaves_nothing_and_is_taken_when_repeated(world: World) -> None:
    tried = Tried(world)
    await at_a_site(tried, await tried.once("register_site", WAREHOUSE, role=RO))
    await tried.once("register_case", family_body(), r.CaseRegistered, r.DocumentRecorded, role=RO)
    case = await register(world)
    await tried.once("review_ages", {}, role=ADM)
    await tried.once("make_report_edition", None, role=ADM)
    await until_they_declare(tried, case)
    await from_the_declaration_to_the_end(tried, case)
    await until_relief_is_given(tried)
    await until_people_are_heard(tried)
    await until_each_is_protected(tried)
    await until_children_and_duplicates_are_seen_to(tried)
    tried.all_of_them()


async def at_a_site(tried: Tried, site: dict[str, Any]) -> None:
    this = {"site_id": site["id"], "role": RO}
    await tried.once("record_headcount", {"people": 980, "method": "estimate"}, **this)
    await tried.once("record_condition", {"covered_m2": 3600}, **this)
    entry = await tried.once("record_movement", {"reason": "came_in", "people": 3}, **this)
    await tried.once("reverse_movement", None, entry_id=entry["id"], **this)


async def until_relief_is_given(tried: Tried) -> None:
    site = str((await tried.world.get("/sites", role=RO))["items"][0]["id"])
    team = {"role": Role.RELIEF_OFFICER}
    await tried.once("add_item", {"code": "soap", "name": "soap", "unit": "piece"}, **team)
    received = {"item": "soap", "move": "received", "quantity": "10"}
    await tried.once("move_stock", received, site_id=site, **team)
    other = str((await tried.world.post("/sites", {**WAREHOUSE, "code": "BLR-HALL-2"}, role=RO))["id"])
    moved = {"from_site_id": site, "to_site_id": other, "items": [{"item": "soap", "quantity": "1"}]}
    await tried.once("move_stock", {**received, "quantity": "2"}, site_id=site, **team)
    await tried.once("transfer_stock", moved, **team)
    card = await tried.once("issue_card", {"site_id": site, "adults": 1}, **team)
    one = {"code": card["code"], **team}
    await tried.once("change_card_people", {"adults": 2, "reason": "joined"}, **one)
    await tried.once("split_card", {"leaving": {"adults": 1}}, **one)
    card = await tried.once("replace_card", {"reason": "lost"}, **one)
    announced = {
        "site_id": site,
        "takes_place_at": "2022-01-05T10:00:00+03:00",
        "place": "Hall 2",
        "to_bring": "The relief card",
        "items": [{"item": "soap", "planned": "10", "per_household": "2"}],
    }
    made = await tried.once("announce_distribution", announced, **team)
    off = await tried.world.post("/distributions", announced, role=Role.RELIEF_OFFICER)
    called = {"distribution_id": off["distribution_id"], **team}
    await tried.once("call_off_distribution", {"reason": "unsafe"}, **called)
    await tried.once("tell_called_off", {"way": "loudspeaker"}, **called)
    one = {"distribution_id": made["distribution_id"], **team}
    await tried.once("open_distribution", None, **one)
    await tried.once("give_relief", {"card": card["code"]}, **one)
    await tried.once("bring_more", {"item": "soap", "quantity": "1"}, **one)
    await tried.once("record_spoilt", {"item": "soap", "kind": "lost", "quantity": "1"}, **one)
    await tried.once("close_distribution", {"left": {"soap": "8"}}, **one)


async def until_people_are_heard(tried: Tried) -> None:
    site = {"site_id": str((await tried.world.get("/sites", role=RO))["items"][0]["id"]), "role": CO}
    await tried.once("record_outreach_visit", {"team": "T-1", "purpose": "information", "people_spoken_to": 9}, **site)
    group = {"sex": "male", "age_group": "adult", "people": 12}
    held = {"language": "ckb", "interpreter": True, "topics": ["right_to_withdraw"], "attendance": [group]}
    await tried.once("record_information_session", held, **site)
    asked = {"channel": "phone", "language": "ar", "topic": "return", "call_back_wanted": True}
    enquiry = await tried.once("record_enquiry", asked, role=CO)
    await tried.once("call_back", None, enquiry_id=enquiry["id"], role=CO)
    said = {"way": "box", "category": "quality", "said": "The bread was old."}
    given = await tried.once("give_feedback", said, role=CO)
    one = {"feedback_id": given["id"], "role": PR}
    await tried.once("follow_up", {"note": "The supplier was asked."}, **one)
    await tried.once("answer_feedback", {"note": "Fresh bread comes on Monday."}, **one)
    await tried.once("close_feedback", {"note": "Done."}, **one)


async def until_they_declare(tried: Tried, case: Case) -> None:
    this = {"case_id": case.id}
    means = {"reason": "typing_error", "means": "some"}
    await tried.once("correct_case", means, r.CaseCorrected, role=RO, etag=await case.etag(), **this)
    born = {"reason": "typing_error", "sex": "unknown"}
    son = {"individual_id": case.ids["son"], **this}
    await tried.once("correct_member", born, r.CaseCorrected, role=RO, etag=await case.etag(), **son)
    await until_some_join_and_leave(tried, case)
    await tried.once("record_counselling", case.counselling(), role=CO, **this)
    concern = {"individual_id": str(case.ids["daughter"]), "level": "individual", "outcome": "hold"}
    held = await tried.once("record_screening", concern, r.CaseHeld, role=PR, **this)
    await tried.once("release_hold", None, r.CaseReleased, role=PR, hold_id=held["hold_id"], **this)
    safety = {"reason": "safety", "individuals": [str(case.ids["son"])]}
    await tried.once("place_hold", safety, r.CaseHeld, role=PR, **this)
    paper = await tried.once("record_document", laissez_passer(case), r.DocumentRecorded, role=TO, **this)
    lost, document = {"reason": "lost"}, paper["id"]
    await tried.once("invalidate_document", lost, r.DocumentRecorded, role=AD, document_id=document, **this)
    await tried.once("assess_fitness", check(case), r.FitnessAssessed, role=ME, **this)
    given = await tried.once("give_consent", consent(case), role=CO, **this)
    await tried.once("withdraw_consent", None, role=CO, consent_id=given["id"], **this)


async def from_the_declaration_to_the_end(tried: Tried, case: Case) -> None:
    world, this = tried.world, {"case_id": case.id}
    await tried.once("sign_declaration", case.declaration("father"), r.DeclarationSigned, role=CO, **this)
    await tried.once("sign_declaration", case.declaration("mother"), r.DeclarationSigned, role=CO, **this)
    willing = {"individual_id": str(case.ids["father"]), "case_id": str(case.id), "attempt": 1, "willing": "yes"}
    unsaid = {**willing, "individual_id": str(case.ids["mother"]), "willing": "no"}
    asked = case.clearance_body([willing, unsaid])
    await tried.once("clear_departure", asked, r.DepartureCleared, r.DepartureRefused, role=SV, subject="travel")
    await case.hear(case.departed("mother"), subject=case.ids["mother"], attempt=1)
    (incident,) = (await world.get("/incidents", role=PR))["items"]
    settled = {"resolution": "departure_wrong"}
    await tried.once("resolve_incident", settled, role=PR, incident_id=incident["id"])
    rest = (r.MemberWithdrawn,) * 3
    await tried.once("withdraw", {"channel": "in_person"}, *rest, r.WithdrawalStatedLate, role=AD, **this)
    other = {"case_id": (await register(world)).id, "role": RO}
    await tried.once("close_case", {"reason": "lost_contact"}, r.CaseClosed, **other)
    await tried.once("reopen_case", None, r.CaseReopened, **other)
