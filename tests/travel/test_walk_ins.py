"""Somebody comes to the desk without a booking, with a passport and a flight in six hours."""

from datetime import timedelta

from services.travel.gates.rules import SENTENCES
from shared.clock import rfc3339
from shared.database import new_id
from tests.travel.story import AD, AT_THE_DESK, CHECK_IN_OPENS, DEPARTS, Family, one_adult, schedule, two_adults
from tests.travel.watch import refused
from tests.world import World

SIX_HOURS_BEFORE = DEPARTS - timedelta(hours=6)


async def test_who_lacks_nothing_is_booked_and_checked_in_with_one_call(world: World) -> None:
    family = await Family(world, members=two_adults()).ready()
    flight = await schedule(world)
    world.now = AT_THE_DESK
    taken = await world.post(f"/flights/{flight}/walk-ins", {"case_id": str(family.case)}, role=AD)
    assert {each["status"] for each in taken["persons"]} == {"checked_in"}
    assert [each["missing"] for each in taken["persons"]] == [[], []]
    assert set(taken["to_ask"]) == {str(each) for each in family.ids}, "each is asked alone, before boarding"
    again = {"case_id": str(family.case)}
    await refused(world, f"/flights/{flight}/walk-ins", again, "already-booked", 409, role=AD)


async def test_six_hours_before_he_has_his_seat_and_is_told_what_check_in_will_ask(world: World) -> None:
    man = await Family(world, members=one_adult()).bookable()
    await man.has_papers()
    flight = await schedule(world)
    world.now = SIX_HOURS_BEFORE
    taken = await world.post(f"/flights/{flight}/walk-ins", {"case_id": str(man.case)}, role=AD)
    (person,) = taken["persons"]
    assert (person["status"], taken["check_in_is_open"]) == ("booked", False)
    assert [each["code"] for each in person["missing"]] == ["check_missing"]
    assert person["missing"][0]["who_can_help"] == SENTENCES["check_missing"][1]
    assert taken["check_in_opens_at"] == rfc3339(CHECK_IN_OPENS)


async def test_of_two_the_one_whose_papers_are_good_is_checked_in_and_the_other_waits(world: World) -> None:
    family = await Family(world, members=two_adults()).bookable()
    await family.has_papers(family.ids[0])
    await family.is_checked()
    flight = await schedule(world)
    world.now = AT_THE_DESK
    taken = await world.post(f"/flights/{flight}/walk-ins", {"case_id": str(family.case)}, role=AD)
    found = {each["individual_id"]: each["status"] for each in taken["persons"]}
    assert found == {str(family.ids[0]): "checked_in", str(family.ids[1]): "booked"}


async def test_who_may_not_be_booked_is_told_all_that_is_missing_at_once_and_holds_no_seat(world: World) -> None:
    man = await Family(world, members=one_adult()).register()
    flight = await schedule(world)
    world.now = AT_THE_DESK
    path, body = f"/flights/{flight}/walk-ins", {"case_id": str(man.case)}
    problem = await refused(world, path, body, "gate-not-passed", 409, role=AD)
    codes = [each["code"] for each in problem["missing"][str(man.ids[0])]]
    assert codes == ["not_declared", "eligibility_undecided", "no_travel_document", "check_missing"]
    await refused(world, path, {"case_id": str(new_id())}, "case-not-known-yet", 409, role=AD)
    strange = {**body, "individuals": [str(new_id())]}
    await refused(world, path, strange, "not-of-this-case", 422, role=AD)
    await refused(world, path, body, "flight-not-open", 409, role=AD, now=DEPARTS)
