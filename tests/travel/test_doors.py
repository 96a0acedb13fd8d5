"""The moment of no return: who flies, what registration is asked, and that nobody departs uncleared."""

from datetime import timedelta
from uuid import UUID

from shared.contracts import registration as r
from shared.contracts import travel as t
from shared.database import new_id
from tests.travel.registration import Registration, carry
from tests.travel.story import (
    AD,
    AT_THE_DESK,
    DEPARTS,
    LEFT,
    TO,
    YES,
    Family,
    answered,
    boarded,
    close_doors,
    one_adult,
    schedule,
    seat,
    statuses,
    to_the_door,
    two_adults,
)
from tests.travel.watch import refused, snapshot
from tests.world import World


async def test_while_registration_is_away_the_flight_waits_and_says_so(
    world: World, registration: Registration
) -> None:
    family = Family(world)
    flight = await boarded(world, family)
    registration.away = True
    closing = await close_doors(world, flight)
    await carry(world)
    shown = await world.get(f"/flights/{flight}", role=AD)
    assert (shown["status"], shown["waiting_for"], shown["actions"]) == ("closing", "registration", [])
    assert set((await statuses(world, flight)).values()) == {"boarded"}
    world.now = DEPARTS
    await refused(world, f"/flights/{flight}/departure", LEFT, "not-possible-now", 409, role=AD)
    no = f"{seat(flight, family.adults[0])}/willingness"
    await refused(world, no, answered("no"), "doors-closed", 409, role=AD)
    registration.away = False
    await carry(world)
    shown = await world.get(f"/flights/{flight}/doors", role=TO)
    assert (shown["status"], shown["waiting_for"]) == ("closed", None)
    assert shown["clearance_id"] == closing["clearance_id"]
    before = await snapshot(world)
    await carry(world)
    assert await snapshot(world) == before, "a settled hand-over is not asked again"
    assert len(registration.asked) == 1


async def test_an_answer_that_is_lost_is_asked_for_again_in_the_same_words(
    world: World, registration: Registration
) -> None:
    flight = await boarded(world, Family(world))
    registration.loses_answers = True
    await close_doors(world, flight)
    await carry(world)
    registration.loses_answers = False
    await carry(world)
    assert registration.asked[0] == registration.asked[1]
    assert set((await statuses(world, flight)).values()) == {"cleared"}


async def test_the_first_answer_about_somebody_stands(world: World, registration: Registration) -> None:
    family, other = Family(world, members=one_adult()), Family(world, members=one_adult())
    flight = await boarded(world, family, other)
    registration.away = True
    clearance = UUID((await close_doors(world, flight))["clearance_id"])
    (one,), (two,) = family.ids, other.ids

    def cleared(who: UUID) -> r.DepartureCleared:
        return r.DepartureCleared(clearance=clearance, flight=flight, individuals=(who,), attempts={who: 1})

    def refusal(who: UUID) -> r.DepartureRefused:
        person = r.RefusedIndividual(individual=who, attempt=1, reason=r.ClearanceRefusal.HELD)
        return r.DepartureRefused(clearance=clearance, flight=flight, refused=(person,))

    await family.tell(cleared(one))
    before = await snapshot(world, facts=False)
    await family.tell(refusal(one))
    after = await snapshot(world, facts=False)
    assert after["handed_over"] == before["handed_over"]
    await other.tell(refusal(two))
    assert await statuses(world, flight) == {one: "cleared", two: "offloaded"}
    await other.tell(cleared(two))
    assert await statuses(world, flight) == {one: "cleared", two: "offloaded"}


async def test_a_lost_answer_may_also_come_as_facts_case_by_case(world: World, registration: Registration) -> None:
    family, other = Family(world), Family(world, members=two_adults())
    flight = await boarded(world, family, other)
    registration.loses_answers = True
    closing = await close_doors(world, flight)
    clearance = UUID(closing["clearance_id"])
    cleared = r.DepartureCleared(
        clearance=clearance,
        flight=flight,
        individuals=tuple(family.ids),
        attempts=dict.fromkeys(family.ids, 1),
    )
    await family.tell(cleared)
    assert (await world.get(f"/flights/{flight}", role=AD))["status"] == "closing", "the other case is not decided yet"
    reason = r.ClearanceRefusal.HELD
    people = tuple(r.RefusedIndividual(individual=each, attempt=1, reason=reason) for each in other.ids)
    await other.tell(r.DepartureRefused(clearance=clearance, flight=flight, refused=people))
    now = await statuses(world, flight)
    assert {now[each] for each in family.ids} == {"cleared"}
    assert {now[each] for each in other.ids} == {"offloaded"}
    registration.loses_answers = False
    before = await snapshot(world)
    await carry(world)
    assert await snapshot(world) == before


async def test_who_is_refused_is_taken_off_with_the_children_and_the_rest_is_asked_again(
    world: World, registration: Registration
) -> None:
    family = Family(world)
    flight = await boarded(world, family)
    father, mother = family.adults
    registration.refused = {mother: "withdrawn", **dict.fromkeys(family.children, "not_with_those_responsible")}
    await close_doors(world, flight)
    await carry(world)
    shown = await world.get(f"/flights/{flight}/doors", role=AD)
    by_person = {UUID(each["individual_id"]): each for each in shown["passengers"]}
    assert (by_person[mother]["status"], by_person[mother]["refused_for"]) == ("offloaded", "withdrawn")
    assert {by_person[each]["status"] for each in family.children} == {"offloaded"}
    assert by_person[father]["status"] == "cleared"
    assert shown["to_ask"] == [str(father)]
    assert {UUID(each.data["clearance"]) for each in await world.told(t.PassengerOffloaded)} == {
        UUID(shown["clearance_id"])
    }
    world.now = DEPARTS
    problem = await refused(world, f"/flights/{flight}/departure", LEFT, "ask-again-first", 409, role=AD)
    assert problem["individuals"] == [str(father)]
    await world.post(f"{seat(flight, father)}/willingness", YES, role=AD)
    await world.post(f"/flights/{flight}/departure", LEFT, role=AD)
    assert [each.subject for each in await world.told(t.PassengerDeparted)] == [str(father)]


async def test_asked_again_after_clearance_a_no_still_takes_the_person_off(
    world: World, registration: Registration
) -> None:
    family = Family(world, members=two_adults())
    flight = await boarded(world, family)
    first, second = family.ids
    registration.refused = {first: "held"}
    await close_doors(world, flight)
    await carry(world)
    await world.post(f"{seat(flight, second)}/willingness", answered("no"), role=AD)
    assert set((await statuses(world, flight)).values()) == {"offloaded"}
    world.now = DEPARTS
    await world.post(f"/flights/{flight}/departure", LEFT, role=AD)
    assert await world.told(t.PassengerDeparted) == []


async def test_doors_closed_on_nobody_close_the_flight_with_nobody(world: World, registration: Registration) -> None:
    family = await Family(world, members=one_adult()).ready()
    flight = await schedule(world)
    await family.book(flight)
    closed = await close_doors(world, flight)
    assert (closed["status"], closed["waiting_for"], closed["clearance_id"]) == ("closed", None, None)
    assert set((await statuses(world, flight)).values()) == {"no_show"}
    await carry(world)
    assert registration.asked == []
    await refused(world, f"/flights/{flight}/doors", None, "not-possible-now", 409, role=AD)


async def test_a_family_flies_as_it_stands_or_not_at_all(world: World, registration: Registration) -> None:
    family, other = Family(world), Family(world, members=one_adult())
    flight = await schedule(world)
    for each in (family, other):
        world.now = AT_THE_DESK - timedelta(days=3)
        await each.ready()
        await each.book(flight)
    *present, missing_child = family.ids
    await to_the_door(world, flight, family, *present)
    await to_the_door(world, flight, other)
    await close_doors(world, flight)
    shown = await world.get(f"/flights/{flight}/doors", role=AD)
    why = {UUID(each["individual_id"]): (each["status"], each["taken_off_for"]) for each in shown["passengers"]}
    assert why[missing_child] == ("no_show", None)
    assert {why[each] for each in present} == {("offloaded", "party_incomplete")}
    assert why[other.ids[0]] == ("boarded", None)


async def test_who_was_asked_again_before_the_doors_flies_without_the_one_who_did_not_come(
    world: World, registration: Registration
) -> None:
    family = await Family(world, members=two_adults()).ready()
    flight = await schedule(world)
    await family.book(flight)
    first, second = family.ids
    await to_the_door(world, flight, family, first)
    await world.post(f"{seat(flight, second)}/no-show", role=AD)
    await world.post(f"{seat(flight, first)}/willingness", YES, role=AD)
    await close_doors(world, flight)
    await carry(world)
    assert await statuses(world, flight) == {first: "cleared", second: "no_show"}


async def test_a_gate_that_closed_since_boarding_stops_at_the_doors(world: World, registration: Registration) -> None:
    family = Family(world, members=one_adult())
    flight = await boarded(world, family)
    await family.tell(r.CaseHeld(hold=new_id(), individuals=tuple(family.ids)))
    await close_doors(world, flight)
    shown = await world.get(seat(flight, family.ids[0]), role=AD)
    assert (shown["status"], shown["taken_off_for"]) == ("offloaded", "gate_not_passed")


async def test_an_offload_while_registration_decides_is_done_when_it_has(
    world: World, registration: Registration
) -> None:
    family = Family(world, members=one_adult())
    flight = await boarded(world, family)
    registration.away = True
    await close_doors(world, flight)
    path = seat(flight, family.ids[0])
    waiting = await world.post(f"{path}/offload", {"reason": "medical"}, role=AD)
    assert (waiting["status"], waiting["waiting_for"], waiting["take_off_wanted"]) == (
        "boarded",
        "registration",
        "medical",
    )
    assert await world.told(t.PassengerOffloaded) == []
    registration.away = False
    await carry(world)
    shown = await world.get(path, role=AD)
    assert (shown["status"], shown["taken_off_for"], shown["take_off_wanted"]) == ("offloaded", "medical", None)
    (told,) = await world.told(t.PassengerOffloaded)
    assert told.data["clearance"] == shown["clearance_id"]


async def test_after_clearance_a_medical_offload_lets_the_children_go_with_the_last_adult(
    world: World, registration: Registration
) -> None:
    family = Family(world)
    flight = await boarded(world, family)
    await close_doors(world, flight)
    await carry(world)
    first, second = family.adults
    await world.post(f"{seat(flight, first)}/offload", {"reason": "medical"}, role=AD)
    now = await statuses(world, flight)
    assert [now[each] for each in family.ids] == ["offloaded", "cleared", "cleared", "cleared"]
    await world.post(f"{seat(flight, second)}/offload", {"reason": "asked_to_leave"}, role=AD)
    assert set((await statuses(world, flight)).values()) == {"offloaded"}
    assert len(await world.told(t.PassengerOffloaded)) == 4


async def test_who_registration_lets_go_again_does_not_depart(world: World, registration: Registration) -> None:
    family = Family(world, members=one_adult())
    flight = await boarded(world, family)
    clearance = UUID((await close_doors(world, flight))["clearance_id"])
    await carry(world)
    (who,) = family.ids
    released = r.ClearanceReleased(clearance=clearance, flight=flight, individual=who)
    await family.tell(r.ClearanceReleased(clearance=new_id(), flight=flight, individual=who), who)
    assert await statuses(world, flight) == {who: "cleared"}, "another clearance's release is not this one's"
    await family.tell(released, who)
    assert await statuses(world, flight) == {who: "offloaded"}


async def test_who_was_cleared_for_a_flight_that_does_not_go_checks_in_when_registration_has_let_go(
    world: World, registration: Registration
) -> None:
    """Asked too early, at the doors of the next flight, registration would refuse everyone."""
    family = Family(world, members=one_adult())
    flight = await boarded(world, family)
    clearance = UUID((await close_doors(world, flight))["clearance_id"])
    await carry(world)
    (who,) = family.ids
    await world.post(f"/flights/{flight}/cancellation", role=TO)
    other = await schedule(world, departs=DEPARTS + timedelta(hours=2))
    await family.book(other)
    problem = await world.post(f"{seat(other, who)}/check-in", role=AD, expect=409)
    assert [each["code"] for each in problem["missing"][str(who)]] == ["still_cleared"]
    await family.tell(r.ClearanceReleased(clearance=clearance, flight=flight, individual=who), who)
    await world.post(f"{seat(other, who)}/check-in", role=AD)


async def test_a_withdrawal_after_clearance_only_marks(world: World, registration: Registration) -> None:
    family = Family(world, members=one_adult())
    flight = await boarded(world, family)
    (who,) = family.ids
    await close_doors(world, flight)
    await family.withdraw()
    assert await statuses(world, flight) == {who: "boarded"}, "while registration decides its clearance says who flies"
    await carry(world)
    late = r.WithdrawalStatedLate(individual=who, statement=new_id(), stated_at=world.now, entered_at=world.now)
    await family.tell(late, who, 1)
    shown = await world.get(seat(flight, who), role=AD)
    assert (shown["status"], shown["withdrawal_stated_late"]) == ("cleared", True)


async def test_what_was_counted_at_the_door_validates_the_manifest_or_nothing_is_confirmed(
    world: World, registration: Registration
) -> None:
    family, other = Family(world), Family(world, members=one_adult())
    flight = await boarded(world, family, other)
    for who, pieces in ((family.ids[0], 3), (family.ids[1], 1), (other.ids[0], 2)):
        await world.post(f"{seat(flight, who)}/baggage", {"pieces": pieces}, role=AD)
    gone = await world.post(f"{seat(flight, other.ids[0])}/offload", {"reason": "medical"}, role=AD)
    assert (gone["bags"], gone["bags_taken_off"]) == (0, 2), "her baggage too"
    await close_doors(world, flight)
    await carry(world)
    shown = await world.get(f"/flights/{flight}/doors", role=AD)
    assert (shown["sentence"], shown["pieces"]) == ("4 of 5 boarded", 4)
    world.now = DEPARTS
    path = f"/flights/{flight}/departure"
    for persons, pieces in ((5, 4), (4, 6)):
        counted = {**LEFT, "counted": {"persons": persons, "pieces": pieces}}
        problem = await refused(world, path, counted, "manifest-disagrees", 409, role=AD)
        assert problem["recorded"] == {"persons": 4, "pieces": 4}
    left = await world.post(path, {**LEFT, "counted": {"persons": 4, "pieces": 4}}, role=AD)
    assert (left["status"], left["counted_persons"], left["counted_pieces"]) == ("departed", 4, 4)
    assert left["sentence"] == "4 of 5 boarded"


async def test_baggage_is_checked_in_with_its_owner_and_not_after_the_doors_closed(
    world: World, registration: Registration
) -> None:
    family = await Family(world, members=one_adult()).ready()
    flight = await schedule(world)
    await family.book(flight)
    path = f"{seat(flight, family.ids[0])}/baggage"
    await refused(world, path, {"pieces": 1}, "not-possible-now", 409, role=AD)
    await to_the_door(world, flight, family)
    await refused(world, path, {"pieces": 21}, "invalid-body", 422, role=AD)
    await world.post(path, {"pieces": 2}, role=AD)
    assert (await world.post(path, {"pieces": 1}, role=AD))["bags"] == 1, "what was said last counts"
    await close_doors(world, flight)
    await refused(world, path, {"pieces": 2}, "doors-closed", 409, role=AD)
