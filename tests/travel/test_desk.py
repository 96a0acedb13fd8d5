"""The airport desk: check-in, willingness asked of each adult alone, boarding, offload, no-show."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.travel.passengers.rules import PASSENGER, Traveller, those_who_cannot_fly
from shared.auth import Role
from shared.contracts import registration as r
from shared.contracts import travel as t
from shared.database import new_id
from tests.travel.story import (
    AD,
    AT_THE_DESK,
    CHECK_IN_OPENS,
    TO,
    YES,
    Family,
    answered,
    check,
    four_people,
    member,
    one_adult,
    schedule,
    seat,
    statuses,
    to_the_door,
    two_adults,
)
from tests.travel.watch import refused
from tests.world import World


async def at_the_desk(world: World, members: Any = four_people, seats: int = 30) -> tuple[Family, UUID]:
    family = await Family(world, members=members()).ready()
    flight = await schedule(world, seats)
    await family.book(flight)
    world.now = AT_THE_DESK
    return family, flight


async def listed(world: World, flight: UUID) -> Any:
    return await world.get(f"/flights/{flight}/passengers", role=AD)


async def test_check_in_opens_at_its_time_and_opens_the_flight(world: World) -> None:
    family, flight = await at_the_desk(world, one_adult)
    path = f"{seat(flight, family.ids[0])}/check-in"
    early = CHECK_IN_OPENS - timedelta(seconds=1)
    await refused(world, path, None, "check-in-not-open", 409, role=AD, now=early)
    shown = await world.post(path, role=AD, now=CHECK_IN_OPENS)
    assert (shown["status"], len(shown["documents"])) == ("checked_in", 1)
    assert (await world.get(f"/flights/{flight}", role=AD))["status"] == "check_in"
    await refused(world, path, None, "not-possible-now", 409, role=AD)
    offered = [each["action"] for each in shown["actions"]]
    assert offered == [
        "pay_allowance",
        "state_willingness",
        "check_baggage",
        "board_passenger",
        "mark_no_show",
        "offload_passenger",
    ]


async def test_the_gate_at_check_in_stops_one_and_lets_the_others_pass(world: World) -> None:
    family = await Family(world).bookable()
    await family.has_papers()
    father, mother, *children = family.ids
    await family.is_checked(father, *children)
    flight = await schedule(world)
    await family.book(flight)
    world.now = AT_THE_DESK
    problem = await refused(world, f"{seat(flight, mother)}/check-in", None, "gate-not-passed", 409, role=AD)
    assert [item["code"] for item in problem["missing"][str(mother)]] == ["check_missing"]
    await world.post(f"{seat(flight, father)}/check-in", role=AD)
    await family.tell(check(mother), mother)
    await world.post(f"{seat(flight, mother)}/check-in", role=AD)


async def test_a_hold_between_check_in_and_boarding_stops_at_boarding_and_takes_no_seat(world: World) -> None:
    family, flight = await at_the_desk(world, one_adult)
    (who,) = family.ids
    await world.post(f"{seat(flight, who)}/check-in", role=AD)
    hold = new_id()
    await family.tell(r.CaseHeld(hold=hold, individuals=(who,)))
    problem = await refused(world, f"{seat(flight, who)}/boarding", None, "gate-not-passed", 409, role=AD)
    assert [item["code"] for item in problem["missing"][str(who)]] == ["held"]
    await family.tell(r.CaseReleased(hold=hold, individuals=(who,)))
    assert (await world.post(f"{seat(flight, who)}/boarding", role=AD))["status"] == "boarded"


async def test_the_list_counts_in_words_and_names_nobody(world: World) -> None:
    family, flight = await at_the_desk(world)
    shown = await listed(world, flight)
    assert (shown["sentence"], shown["checked_in"]) == ("0 of 4 boarded", 0)
    assert set(shown["to_ask"]) == {str(each) for each in family.adults}
    await to_the_door(world, flight, family)
    shown = await listed(world, flight)
    assert (shown["sentence"], shown["to_ask"]) == ("4 of 4 boarded", [])
    assert all(each["gates"]["at_doors"]["passed"] for each in shown["passengers"])
    assert not [key for each in shown["passengers"] for key in each if "name" in key]


@pytest.mark.parametrize("status", ["booked", "checked_in", "boarded"])
@pytest.mark.parametrize("answer", ["no", "not_sure", "pressed"])
async def test_any_answer_but_yes_takes_the_person_off_at_once(world: World, status: str, answer: str) -> None:
    family, flight = await at_the_desk(world, one_adult)
    (who,) = family.ids
    if status != "booked":
        await world.post(f"{seat(flight, who)}/check-in", role=AD)
    if status == "boarded":
        await world.post(f"{seat(flight, who)}/boarding", role=AD)
    shown = await world.post(f"{seat(flight, who)}/willingness", answered(answer), role=AD)
    why = {"no": "not_willing"}.get(answer, answer)
    assert (shown["status"], shown["taken_off_for"], shown["actions"]) == ("offloaded", why, [])
    (said,) = await world.told(t.WillingnessStated)
    (off,) = await world.told(t.PassengerOffloaded)
    (cancelled,) = await world.told(t.BookingCancelled)
    assert (said.data["answer"], off.subject, off.attempt) == (answer, str(who), 1)
    assert said.sequence < off.sequence < cancelled.sequence
    assert cancelled.data["reason"] == ("withdrawn" if answer == "no" else "offloaded")
    assert (await world.get(f"/flights/{flight}", role=AD))["seats"]["lost"] == 1, "after the airline's cut-off"


async def test_a_mothers_no_takes_the_children_off_and_the_father_is_asked_again(world: World) -> None:
    family, flight = await at_the_desk(world)
    await to_the_door(world, flight, family)
    father, mother = family.adults
    await world.post(f"{seat(flight, mother)}/willingness", answered("no"), role=AD)
    now = await statuses(world, flight)
    assert {now[each] for each in (mother, *family.children)} == {"offloaded"}
    assert now[father] == "boarded"
    shown = await listed(world, flight)
    assert shown["to_ask"] == [str(father)]
    his = next(each for each in shown["passengers"] if each["individual_id"] == str(father))
    assert (his["willingness"], his["ask_again"]) == (None, True)
    assert [item["code"] for item in his["gates"]["at_doors"]["missing"]] == ["willingness_not_asked"]
    (told,) = await world.told(t.BookingCancelled)
    assert told.data["remaining"] == [str(father)]

    before = {**YES, "occurred_at": (AT_THE_DESK - timedelta(minutes=10)).isoformat()}
    path = f"{seat(flight, father)}/willingness"
    await refused(world, path, before, "asked-before-others-left", 422, role=AD)
    answer = await world.post(path, YES, role=AD)
    assert (answer["willingness"], answer["ask_again"]) == ("yes", False)


async def test_a_no_before_the_airlines_cut_off_frees_the_seat_for_others(world: World) -> None:
    family = await Family(world, members=one_adult()).bookable()
    flight = await schedule(world, seats=1)
    await family.book(flight)
    await world.post(f"{seat(flight, family.ids[0])}/willingness", answered("no"), role=AD)
    assert (await world.get(f"/flights/{flight}", role=AD))["seats"] == {"held": 1, "taken": 0, "lost": 0, "left": 1}
    other = await Family(world, members=one_adult()).bookable()
    await other.book(flight, expect=201)


async def test_a_childs_own_no_is_taken_and_its_parents_are_asked_again(world: World) -> None:
    family, flight = await at_the_desk(world)
    child = seat(flight, family.children[0])
    parent = seat(flight, family.adults[0])
    await world.post(f"{parent}/willingness", YES, role=AD)
    late = {**answered("no"), "asked_alone": False, "occurred_at": (AT_THE_DESK - timedelta(days=9)).isoformat()}
    off = await world.post(f"{child}/willingness", late, role=AD, etag='"1"')
    assert off["status"] == "offloaded"
    told = (await world.told(t.WillingnessStated, family.case))[-1]
    assert (told.data["individual"], told.data["answer"]) == (str(family.children[0]), "no")
    assert (await world.get(parent, role=AD))["ask_again"] is True


@pytest.mark.parametrize("answer", ["no", "not_sure", "pressed"])
async def test_a_child_is_offered_a_no_until_the_doors_close_and_takes_nobody_along(world: World, answer: str) -> None:
    family, flight = await at_the_desk(world)
    await to_the_door(world, flight, family)
    child, sister = family.children
    shown = await world.get(seat(flight, child), role=AD)
    assert "state_willingness" in [each["action"] for each in shown["actions"]]
    off = await world.post(f"{seat(flight, child)}/willingness", answered(answer), role=AD)
    assert (off["status"], off["taken_off_for"]) == ("offloaded", {"no": "not_willing"}.get(answer, answer))
    now = await statuses(world, flight)
    assert {now[each] for each in (*family.adults, sister)} == {"boarded"}
    assert set((await listed(world, flight))["to_ask"]) == {str(each) for each in family.adults}


async def test_who_comes_of_age_before_the_flight_is_asked_alone_and_is_nobodys_child(world: World) -> None:
    family, flight = await at_the_desk(world)
    father, mother = family.adults
    grown, child = family.children
    await refused(world, f"{seat(flight, grown)}/willingness", YES, "asked-of-adults-only", 422, role=AD)
    bands = {grown: r.AgeBand.ADULT}
    family.members = tuple(
        each.model_copy(update={"age_band": bands.get(each.individual, each.age_band)}) for each in family.members
    )
    family.twice = True
    await family.tell(family.case_fact(r.CaseCorrected))
    shown = await world.get(seat(flight, grown), role=AD)
    assert (shown["adult"], shown["willingness"], shown["version"]) == (True, None, 2)
    assert str(grown) in (await listed(world, flight))["to_ask"]
    await world.post(f"{seat(flight, grown)}/check-in", role=AD)
    await world.post(f"{seat(flight, grown)}/boarding", role=AD)
    gates = {each["individual_id"]: each["gates"] for each in (await listed(world, flight))["passengers"]}
    assert [item["code"] for item in gates[str(grown)]["at_doors"]["missing"]] == ["willingness_not_asked"]
    await world.post(f"{seat(flight, grown)}/willingness", YES, role=AD)
    gates = {each["individual_id"]: each["gates"] for each in (await listed(world, flight))["passengers"]}
    assert gates[str(grown)]["at_doors"]["passed"]

    await world.post(f"{seat(flight, mother)}/willingness", answered("no"), role=AD)
    now = await statuses(world, flight)
    assert (now[child], now[grown], now[father]) == ("offloaded", "boarded", "booked"), "a mother's no is not theirs"
    assert set((await listed(world, flight))["to_ask"]) == {str(father), str(grown)}
    await world.post(f"{seat(flight, father)}/offload", {"reason": "medical"}, role=AD)
    assert (await statuses(world, flight))[grown] == "boarded", "an adult flies without their parents"


async def test_who_turns_out_to_be_a_child_is_not_asked(world: World) -> None:
    family, flight = await at_the_desk(world, two_adults)
    first, second = family.ids
    await world.post(f"{seat(flight, second)}/willingness", YES, role=AD)
    young = family.members[1].model_copy(update={"age_band": r.AgeBand.TEEN, "responsible": (first,)})
    family.members = (family.members[0], young)
    await family.tell(family.case_fact(r.CaseCorrected))
    shown = await world.get(seat(flight, second), role=AD)
    assert (shown["adult"], shown["willingness"]) == (False, None)
    await refused(world, f"{seat(flight, second)}/willingness", YES, "asked-of-adults-only", 422, role=AD)
    await world.post(f"{seat(flight, first)}/offload", {"reason": "documents"}, role=AD)
    assert set((await statuses(world, flight)).values()) == {"offloaded"}


async def test_only_adults_are_asked_and_each_alone(world: World) -> None:
    family, flight = await at_the_desk(world)
    child = f"{seat(flight, family.children[0])}/willingness"
    adult = f"{seat(flight, family.adults[0])}/willingness"
    await refused(world, child, YES, "asked-of-adults-only", 422, role=AD)
    await refused(world, adult, {**YES, "asked_alone": False}, "not-asked-alone", 422, role=AD)
    await refused(world, adult, {**YES, "language": "zz-zz"}, "invalid-body", 422, role=AD)
    await refused(world, adult, {**YES, "answer": "perhaps"}, "invalid-body", 422, role=AD)
    later = (AT_THE_DESK + timedelta(hours=1)).isoformat()
    await refused(world, adult, {**YES, "occurred_at": later}, "in-the-future", 422, role=AD)
    long_ago = {**YES, "occurred_at": (AT_THE_DESK - timedelta(hours=2)).isoformat()}
    await refused(world, adult, long_ago, "late-reason-missing", 422, role=AD)
    await world.post(adult, {**long_ago, "late_reason": "paper_form"}, role=AD)
    (told,) = await world.told(t.WillingnessStated)
    assert (told.time, told.recorded) == (AT_THE_DESK - timedelta(hours=2), AT_THE_DESK)


async def test_an_offload_takes_only_those_along_who_cannot_fly_without(world: World) -> None:
    family, flight = await at_the_desk(world)
    await to_the_door(world, flight, family)
    father, mother = family.adults
    await world.post(f"{seat(flight, father)}/offload", {"reason": "medical"}, role=AD)
    now = await statuses(world, flight)
    assert [now[each] for each in family.ids] == ["offloaded", "boarded", "boarded", "boarded"]
    await world.post(f"{seat(flight, mother)}/offload", {"reason": "documents"}, role=AD)
    shown = await listed(world, flight)
    assert {each["status"] for each in shown["passengers"]} == {"offloaded"}
    why = {UUID(each["individual_id"]): each["taken_off_for"] for each in shown["passengers"]}
    assert [why[each] for each in family.ids] == ["medical", "documents", *["without_responsible_adult"] * 2]
    await refused(world, f"{seat(flight, mother)}/offload", {"reason": "medical"}, "not-possible-now", 409, role=AD)
    await refused(world, f"{seat(flight, mother)}/offload", {"reason": "withdrawn"}, "invalid-body", 422, role=AD)


async def test_a_no_show_is_told_once_and_can_be_booked_again(world: World) -> None:
    family, flight = await at_the_desk(world, one_adult)
    (who,) = family.ids
    shown = await world.post(f"{seat(flight, who)}/no-show", role=AD)
    assert (shown["status"], shown["seat"]) == ("no_show", "lost")
    (told,) = await world.told(t.PassengerNoShow)
    (cancelled,) = await world.told(t.BookingCancelled)
    assert (told.data["clearance"], cancelled.data["reason"]) == (None, "no_show")
    await refused(world, f"{seat(flight, who)}/no-show", None, "not-possible-now", 409, role=AD)
    other = await schedule(world, departs=AT_THE_DESK + timedelta(days=3))
    await family.book(other, expect=201)


async def test_a_passenger_boards_only_after_check_in_and_under_the_version_seen(world: World) -> None:
    family, flight = await at_the_desk(world, one_adult)
    path = seat(flight, family.ids[0])
    await refused(world, f"{path}/boarding", None, "not-possible-now", 409, role=AD)
    read = await world.call("GET", path, role=TO)
    await world.post(f"{path}/check-in", role=AD, etag=read.headers["ETag"])
    await refused(world, f"{path}/boarding", None, "stale-version", 412, role=AD, etag=read.headers["ETag"])


async def test_a_girl_with_her_uncle_does_not_fly_on_without_him(world: World) -> None:
    uncle, girl = member(r.AgeBand.ADULT, r.Relation.PRINCIPAL), member(r.AgeBand.TEEN)
    family = await Family(world, members=(uncle, girl)).ready()
    await family.tell(r.ProtectionCleared(individual=girl.individual), girl.individual)
    flight = await schedule(world)
    await family.book(flight)
    await world.post(f"{seat(flight, uncle.individual)}/offload", {"reason": "airline"}, role=AD)
    assert set((await statuses(world, flight)).values()) == {"offloaded"}


async def test_what_was_said_at_the_desk_is_for_the_desk_alone(world: World) -> None:
    family, flight = await at_the_desk(world, two_adults)
    for role in (Role.FINANCE, Role.REINTEGRATION_OFFICER, Role.MEDICAL, Role.SERVICE):
        await world.get(f"/flights/{flight}/passengers", role=role, expect=403)
        await refused(world, f"{seat(flight, family.ids[0])}/willingness", YES, "forbidden", 403, role=role)


def test_a_child_never_flies_alone() -> None:
    booking, mother, father, child, boy = (new_id() for _ in range(5))
    both = frozenset({mother, father})
    adult = Traveller(mother, booking, True, frozenset(), True)
    with_parents = Traveller(child, booking, False, both, True)
    assert those_who_cannot_fly([adult, with_parents]) == set()
    assert those_who_cannot_fly([with_parents]) == {child}
    stranger = Traveller(new_id(), booking, True, frozenset(), True)
    assert those_who_cannot_fly([stranger, with_parents]) == {child}, "an adult who is not responsible does not count"
    assert those_who_cannot_fly([Traveller(boy, booking, False, frozenset(), False)]) == set()
    assert those_who_cannot_fly([Traveller(boy, booking, False, frozenset(), True)]) == {boy}


def test_a_passengers_states_end_only_where_nothing_follows() -> None:
    assert PASSENGER.final == {"arrived", "not_admitted"}
    off = ("no_show", "offloaded", "cancelled")
    assert {PASSENGER.verbs(each)[0] for each in off} == {"depart_on_paper"}, "nothing but a paper brings them back"
    assert all(len(PASSENGER.verbs(each)) == 1 for each in off)
