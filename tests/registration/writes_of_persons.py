"""The writes that protect persons, each failed once (`test_failed_once.py`)."""

from datetime import timedelta

from shared.contracts import registration as r
from shared.contracts import travel
from tests.faults import Tried
from tests.registration.story import CO, ME, PR, RO, Case, family_body, person, register
from tests.registration.test_children_alone import boy_alone, girl_with_uncle, item
from tests.registration.test_guardians import shown
from tests.registration.test_notices import fact
from tests.registration.test_protection_of_persons import consented, referral, vulnerable
from tests.registration.test_same_person_twice import home, man


async def until_each_is_protected(tried: Tried) -> None:
    case = await register(tried.world)
    this = {"case_id": case.id}
    body = vulnerable(case, "mother")
    made = await tried.once("assess_vulnerability", body, r.PriorityAssigned, role=PR, **this)
    await tried.once("complete_plan_step", None, role=CO, step_id=made["steps"][0]["id"], **this)
    who = {"individual_id": str(case.ids["mother"])}
    doubt = await tried.once("doubt_capacity", who, r.CaseHeld, role=CO, **this)
    able = {"profession": "psychologist", "outcome": "able"}
    await tried.once("assess_capacity", able, r.CaseReleased, role=ME, doubt_id=doubt["id"], **this)
    father = {"individual_id": case.ids["father"], **this}
    await tried.once("dispute_age", None, r.CaseCorrected, r.ProtectionPending, role=CO, **father)
    await tried.once("settle_age", {"basis": "document"}, r.CaseCorrected, r.ProtectionCleared, role=PR, **father)
    at = (tried.world.now + timedelta(days=1)).isoformat()
    meets = {"at": at, "language": "ckb", "interpreter_wanted": True}
    talk = {"appointment_id": (await tried.once("make_appointment", meets, role=CO, **this))["id"], "role": CO}
    await tried.once("book_interpreter", {"interpreter": "ckb-3"}, **talk)
    await tried.once("end_appointment", {"outcome": "kept"}, **talk)
    await consented(case)
    sent = {"referral_id": (await tried.once("refer", referral(case), role=CO, **this))["id"], "role": CO}
    await tried.once("answer_referral", {"answer": "accept_referral"}, **sent)
    await tried.once("complete_referral", None, **sent)
    await case.hear(fact(case, travel.BookingOnHold, "father", reason="restriction"), subject=case.booking)
    (notice,) = (await tried.world.get("/notices", role=RO))["items"]
    await tried.once("tell_notice", {"channel": "phone", "reached": True}, role=RO, notice_id=notice["id"])
    until = {"reason": "document", "until": "2021-12-08", "individuals": [str(case.ids["son"])]}
    await tried.world.post(f"{case.path}/holds", until, role=PR, now=tried.world.now - timedelta(days=1))
    await tried.once("review_holds", {}, r.CaseReleased, role=PR)
    await tried.once("record_return", home(), r.ReturnRecorded, role=RO, **this)
    mistake = {"reason": "wrong_person", "individuals": [str(case.ids["father"])]}
    await tried.once("undo_return", mistake, r.ReturnReversed, role=RO, **this)


async def until_some_join_and_leave(tried: Tried, case: Case) -> None:
    """A brother joins, is taken out again, rejoins and leaves for good."""
    joins = {**person("", "sibling", "Kawa", "1999-01-01", "male"), "how": "found"}
    del joins["ref"]
    this = {"case_id": case.id, "role": RO}
    made = await tried.once("join_case", joins, r.MemberJoined, etag=await case.etag(), **this)
    he = {"individual_id": made["individual_id"], **this}
    await tried.once("leave_case", {"how": "gone"}, r.MemberLeft, etag=await case.etag(), **he)
    await tried.once("rejoin_case", {"relation": "sibling"}, r.MemberJoined, etag=await case.etag(), **he)
    await case.world.call(
        "POST", f"{case.path}/members/{made['individual_id']}/leaving", {"how": "gone"}, role=RO, etag=await case.etag()
    )


async def until_children_and_duplicates_are_seen_to(tried: Tried) -> None:
    boy = await boy_alone(tried.world)
    consent = await tried.once("record_protection_item", item(boy, "boy", "consent_of_child"), role=PR, case_id=boy.id)
    back = {"item_id": consent["id"], "case_id": boy.id, "role": PR}
    await tried.once("take_back_protection_item", None, r.CaseWithdrawn, **back)
    girl = await girl_with_uncle(tried.world)
    alone = {"case_id": girl.id, "role": PR}
    guardian = await tried.once("record_guardian", shown(girl), r.CaseCorrected, r.ProtectionCleared, **alone)
    end = {"guardianship_id": guardian["id"], **alone}
    await tried.once("end_guardian", None, r.CaseCorrected, r.ProtectionPending, **end)
    aram = {**man(), "given_name": "Twice"}
    cases = [await register(tried.world, family_body(members=[aram])) for _ in range(2)]
    await tried.once("review_duplicates", {"limit": 500}, role=RO)
    people = {str(case.ids["man"]) for case in cases}
    items = (await tried.world.get("/possible-duplicates?limit=200", role=RO))["items"]
    (likeness,) = [each for each in items if {each["one_id"], each["other_id"]} == people]
    same = {"verdict": "same_person", "stands": likeness["one_id"]}
    told = (r.CaseHeld, r.PeopleLinked)
    linked = await tried.once("decide_likeness", same, *told, role=RO, likeness_id=likeness["id"])
    await tried.once("undo_link", None, r.CaseReleased, r.PeopleUnlinked, role=RO, link_id=linked["link_id"])
