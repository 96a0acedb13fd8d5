"""The moment of no return: who is cleared, decided once."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registration.cases.rules import RETURN
from services.registration.clearances.rules import Asked, Known, Willing, decide_clearance
from shared.contracts import registration as r
from shared.contracts.registration import ClearanceRefusal as Refusal
from tests.registration.story import AU, DOORS, ME, PR, RO, SV, register
from tests.world import STORY_TIME, World, contents

CASE = uuid4()
F, M, C = (UUID(int=n) for n in (1, 2, 3))


def known(who: UUID, *responsible: UUID, adult: bool = True, **more: Any) -> Known:
    base = Known(
        individual=who,
        case=CASE,
        status="declared",
        attempt=1,
        is_adult=adult,
        responsible=responsible,
        held=False,
        protection_pending=False,
        case_closed=False,
        signed_by=responsible or (who,),
        signed_at=STORY_TIME,
    )
    return replace(base, **more)


def asked(who: UUID, willing: Willing = Willing.YES, attempt: int = 1, case: UUID = CASE) -> Asked:
    return Asked(who, case, attempt, willing)


FAMILY = {F: known(F), M: known(M), C: known(C, F, M, adult=False)}
ALL = [asked(F), asked(M), asked(C, Willing.NOT_ASKED)]


def test_a_family_in_order_is_cleared() -> None:
    assert decide_clearance(ALL, FAMILY) == {}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"status": "withdrawn"}, Refusal.WITHDRAWN),
        ({"status": "counselled"}, Refusal.NOT_DECLARED),
        ({"signed_at": None}, Refusal.NOT_DECLARED),
        ({"held": True}, Refusal.HELD),
        ({"protection_pending": True}, Refusal.PROTECTION_PENDING),
        ({"case_closed": True}, Refusal.CASE_CLOSED),
        ({"attempt": 2}, Refusal.OTHER_ATTEMPT),
        ({"status": "cleared"}, Refusal.ALREADY_CLEARED_ELSEWHERE),
        ({"cleared_elsewhere": True}, Refusal.ALREADY_CLEARED_ELSEWHERE),
        ({"case": uuid4()}, Refusal.UNKNOWN),
    ],
)
def test_an_adult_is_refused_for_what_stands_in_the_way(change: dict[str, Any], reason: Refusal) -> None:
    assert decide_clearance([asked(F)], {F: replace(FAMILY[F], **change)}) == {F: reason}


@pytest.mark.parametrize("willing", [Willing.NO, Willing.NOT_SURE, Willing.PRESSED, Willing.NOT_ASKED])
def test_an_adult_goes_only_on_a_yes(willing: Willing) -> None:
    assert decide_clearance([asked(F, willing)], FAMILY) == {F: Refusal.NOT_WILLING}


@pytest.mark.parametrize("willing", [Willing.NO, Willing.NOT_SURE, Willing.PRESSED])
def test_a_childs_own_no_is_heard(willing: Willing) -> None:
    refused = decide_clearance([asked(F), asked(M), asked(C, willing)], FAMILY)
    assert refused[C] is Refusal.NOT_WILLING


def test_a_child_does_not_go_on_one_parents_word_when_the_other_travels_and_says_no() -> None:
    refused = decide_clearance([asked(F), asked(M, Willing.NO), asked(C, Willing.NOT_ASKED)], FAMILY)
    assert refused == {M: Refusal.NOT_WILLING, C: Refusal.NOT_WITH_THOSE_RESPONSIBLE}


def test_a_child_goes_with_one_parent_when_the_other_signed_and_does_not_travel() -> None:
    assert decide_clearance([asked(F), asked(C, Willing.NOT_ASKED)], FAMILY) == {}


def test_a_child_does_not_go_when_a_parent_who_stays_has_withdrawn_since_signing() -> None:
    stays = replace(FAMILY[M], status="withdrawn", withdrawn_at=STORY_TIME + timedelta(hours=1))
    refused = decide_clearance([asked(F), asked(C, Willing.NOT_ASKED)], {**FAMILY, M: stays})
    assert refused[C] is Refusal.NOT_WITH_THOSE_RESPONSIBLE
    before = replace(stays, withdrawn_at=STORY_TIME - timedelta(hours=1))
    assert decide_clearance([asked(F), asked(C, Willing.NOT_ASKED)], {**FAMILY, M: before}) == {}


def test_a_child_never_flies_alone() -> None:
    assert decide_clearance([asked(C, Willing.NOT_ASKED)], FAMILY) == {C: Refusal.NOT_WITH_THOSE_RESPONSIBLE}


def test_a_child_is_not_left_behind_alone_and_nobody_else_says_who_stays() -> None:
    held = {**FAMILY, C: replace(FAMILY[C], held=True)}
    alone = Refusal.CHILD_WOULD_STAY_ALONE
    assert decide_clearance(ALL, held) == {C: Refusal.HELD, F: alone, M: alone}
    one_stays = [asked(F), asked(M, Willing.NO), asked(C, Willing.NOT_ASKED)]
    assert F not in decide_clearance(one_stays, held)


def test_nobody_leaves_a_child_behind_that_no_seat_was_asked_for() -> None:
    baby = UUID(int=4)
    alone = Refusal.CHILD_WOULD_STAY_ALONE
    born = known(baby, F, M, adult=False, status="open", signed_at=None)
    refused = decide_clearance(ALL, {**FAMILY, baby: born})
    assert refused == {F: alone, M: alone, C: Refusal.NOT_WITH_THOSE_RESPONSIBLE}
    assert decide_clearance([asked(F), asked(C, Willing.NOT_ASKED)], {**FAMILY, baby: born}) == {}, "the mother stays"
    for elsewhere in (replace(born, status="cleared"), replace(born, status="departed"), replace(born, responsible=())):
        assert decide_clearance(ALL, {**FAMILY, baby: elsewhere}) == {}


def test_a_word_taken_back_in_the_moment_of_signing_counts_against_the_child() -> None:
    stays = replace(FAMILY[M], status="withdrawn", withdrawn_at=STORY_TIME)
    refused = decide_clearance([asked(F), asked(C, Willing.NOT_ASKED)], {**FAMILY, M: stays})
    assert refused[C] is Refusal.NOT_WITH_THOSE_RESPONSIBLE


def test_a_child_for_whom_nobody_is_responsible_goes_with_who_signed_and_was_to_fly_along() -> None:
    girl = known(C, adult=False, signed_by=(F,))
    with_uncle = {F: known(F), C: girl}
    together = [asked(F), asked(C, Willing.NOT_ASKED)]
    assert decide_clearance(together, with_uncle) == {}
    refused = decide_clearance([asked(F, Willing.NO), asked(C, Willing.NOT_ASKED)], with_uncle)
    assert refused == {F: Refusal.NOT_WILLING, C: Refusal.NOT_WITH_THOSE_RESPONSIBLE}
    assert decide_clearance([asked(C, Willing.NOT_ASKED)], with_uncle) == {}, "who signed does not travel"
    for_himself = {C: known(C, adult=False)}
    assert decide_clearance([asked(C, Willing.NOT_ASKED)], for_himself) == {}


def test_who_came_with_a_child_that_stays_stays_too_and_nobody_of_another_case() -> None:
    alone = Refusal.CHILD_WOULD_STAY_ALONE
    other = replace(known(M), case=uuid4())
    girl = known(C, adult=False, held=True, signed_by=(F,))
    people = {F: known(F), M: other, C: girl}
    flight = [asked(F), asked(M, case=other.case), asked(C, Willing.NOT_ASKED)]
    assert decide_clearance(flight, people) == {C: Refusal.HELD, F: alone}
    grown = {**FAMILY, M: replace(FAMILY[M], held=True)}
    assert decide_clearance([asked(F), asked(M)], grown) == {M: Refusal.HELD}, "an adult may stay alone"


@pytest.mark.parametrize("number", [4, 6])
def test_a_child_of_another_case_that_stays_too_hides_no_child_that_would_be_left_alone(number: int) -> None:
    girl, boy, parent, case = UUID(int=5), UUID(int=number), uuid4(), uuid4()
    theirs = {parent: known(parent), boy: known(boy, parent, adult=False, held=True)}
    people = {
        F: FAMILY[F],
        girl: known(girl, F, adult=False, held=True),
        **{one: replace(who, case=case) for one, who in theirs.items()},
    }
    alone = dict.fromkeys([F, parent], Refusal.CHILD_WOULD_STAY_ALONE)
    refused = decide_clearance([asked(one, case=who.case) for one, who in people.items()], people)
    assert refused == {**alone, **dict.fromkeys([girl, boy], Refusal.HELD)}


@pytest.mark.parametrize(("status", "stays"), [("cleared", False), ("departed", False), ("declared", True)])
def test_a_parent_who_has_left_already_does_not_stay_with_the_child(status: str, *, stays: bool) -> None:
    held = {**FAMILY, C: replace(FAMILY[C], held=True), M: replace(FAMILY[M], status=status)}
    refused = decide_clearance([asked(F), asked(C, Willing.NOT_ASKED)], held)
    assert (F not in refused) is stays


def test_somebody_unknown_is_refused_and_the_rest_goes() -> None:
    stranger = uuid4()
    assert decide_clearance([*ALL, asked(stranger)], FAMILY) == {stranger: Refusal.UNKNOWN}


MEMBER = st.fixed_dictionaries(
    {
        "status": st.sampled_from(["declared"] * 6 + list(RETURN.states)),
        "held": st.sampled_from([False] * 5 + [True]),
        "protection_pending": st.sampled_from([False] * 8 + [True]),
        "withdrawn_at": st.sampled_from([None] * 5 + [STORY_TIME - timedelta(1), STORY_TIME + timedelta(1)]),
    }
)
WILL = st.sampled_from([Willing.YES] * 5 + list(Willing))


@given(
    st.lists(MEMBER, min_size=5, max_size=5),
    st.lists(WILL, min_size=5, max_size=5),
    st.sets(st.integers(0, 4), min_size=1),
    st.lists(st.sets(st.sampled_from([0, 1]), min_size=1), min_size=3, max_size=3),
)
def test_no_child_is_cleared_without_those_who_must_agree_and_none_is_left_alone(
    states: list[dict[str, Any]], wills: list[Willing], flying: set[int], parents: list[set[int]]
) -> None:
    ids = [UUID(int=n + 1) for n in range(5)]
    people = {ids[n]: known(ids[n], **states[n]) for n in (0, 1)}
    for n in (2, 3, 4):
        responsible = [ids[p] for p in sorted(parents[n - 2])]
        people[ids[n]] = known(ids[n], *responsible, adult=False, **states[n])
    passengers = [asked(ids[n], wills[n]) for n in sorted(flying)]
    refused = decide_clearance(passengers, people)
    cleared = {one.individual for one in passengers} - refused.keys()
    for one in passengers:
        who = people[one.individual]
        if one.individual in cleared:
            assert who.status == "declared"
            assert not who.held
            assert not who.protection_pending
            assert one.willing is Willing.YES or (not who.is_adult and one.willing is Willing.NOT_ASKED)
        if who.is_adult:
            continue
        travelling = {p for p in who.responsible if p in {a.individual for a in passengers}}
        if one.individual in cleared:
            assert travelling
            assert travelling <= cleared
    asked_about = {one.individual for one in passengers}
    for child in people.values():
        here = child.individual in asked_about or child.status not in ("cleared", "departed")
        if not child.is_adult and here and child.individual not in cleared:
            stays = [p for p in child.responsible if p not in cleared]
            assert stays, "somebody who is responsible stays with a child who stays"
    assert decide_clearance(list(reversed(passengers)), people) == refused, "the order of asking decides nothing"


async def test_the_cleared_are_told_and_cannot_be_held_or_closed_any_more(world: World) -> None:
    family = await (await register(world)).declare()
    await family.clear()
    (told,) = await world.told(r.DepartureCleared, family.id)
    assert set(told.data["individuals"]) == {str(one) for one in family.ids.values()}
    assert told.data["flight"] == str(family.flight)
    before = await world.count_told()
    refused = await world.post(f"{family.path}/holds", {"reason": "safety"}, role=PR, expect=409)
    assert refused["type"].endswith("departure-already-cleared")
    closing = await world.post(f"{family.path}/closure", {"reason": "died"}, role=RO, expect=409)
    assert closing["type"].endswith("somebody-is-cleared")
    assert await world.count_told() == before


async def test_a_held_member_is_refused_with_nothing_said_about_why(world: World) -> None:
    family = await (await register(world)).declare()
    held = {"individuals": [str(family.ids["mother"])], "reason": "medical", "note": "fever"}
    await world.post(f"{family.path}/holds", held, role=ME)
    answer = await family.clear()
    reasons = {each["individual_id"]: each["reason"] for each in answer["refused"]}
    assert reasons[str(family.ids["mother"])] == "held"
    assert reasons[str(family.ids["daughter"])] == "not_with_those_responsible"
    assert str(family.ids["father"]) in answer["cleared"]
    (told,) = await world.told(r.DepartureRefused, family.id)
    assert "fever" not in str(told.data)
    assert "medical" not in str(told.data)


async def test_two_families_on_one_flight_are_decided_in_one_call_and_told_apart(world: World) -> None:
    one, other = await (await register(world)).declare(), await register(world)
    asked_for = [
        {"individual_id": str(i), "case_id": str(case.id), "attempt": 1, "willing": "yes"}
        for case in (one, other)
        for i in case.ids.values()
    ]
    answer = await world.post("/clearances", one.clearance_body(asked_for), role=SV, now=DOORS)
    assert set(answer["cleared"]) == {str(i) for i in one.ids.values()}
    assert {each["reason"] for each in answer["refused"]} == {"not_declared"}
    assert len(await world.told(r.DepartureCleared, one.id)) == 1
    assert len(await world.told(r.DepartureRefused, other.id)) == 1


async def test_whoever_is_cleared_for_a_flight_is_not_cleared_for_another(world: World) -> None:
    family = await (await register(world)).declare()
    await family.clear("father")
    family.clearance, family.flight = uuid4(), uuid4()
    answer = await family.clear("father")
    assert answer["refused"][0]["reason"] == "already_cleared_elsewhere"


async def test_a_clearance_id_stands_for_one_question_alone(world: World) -> None:
    family = await (await register(world)).declare()
    await family.clear("father")
    body = family.clearance_body(
        [{"individual_id": str(family.ids["mother"]), "case_id": str(family.id), "attempt": 1, "willing": "yes"}]
    )
    answer = await world.post("/clearances", body, role=SV, expect=409)
    assert answer["type"].endswith("clearance-differs")
    twice = family.clearance_body([body["passengers"][0]] * 2)
    await world.post("/clearances", twice, role=SV, expect=422)


async def test_strangers_are_refused_and_only_services_ask(world: World) -> None:
    family = await (await register(world)).declare()
    nobody = {"individual_id": str(uuid4()), "case_id": str(uuid4()), "attempt": 1, "willing": "yes"}
    elsewhere = {**nobody, "individual_id": str(family.ids["father"])}
    answer = await world.post("/clearances", family.clearance_body([nobody, elsewhere]), role=SV, now=DOORS)
    assert [each["reason"] for each in answer["refused"]] == ["unknown_individual", "unknown_individual"]
    assert (await family.statuses())["father"] == "declared"
    await world.post("/clearances", family.clearance_body([nobody]), role=PR, expect=403)
    await world.get(f"/clearances/{uuid4()}", role=AU, expect=404)


async def test_only_travel_clears_and_asks_for_names_and_only_reintegration_for_contacts(world: World) -> None:
    family = await (await register(world)).declare()
    asked = [
        {"individual_id": str(one), "case_id": str(family.id), "attempt": 1, "willing": "yes"}
        for one in family.ids.values()
    ]
    people = [str(one) for one in family.ids.values()]
    bodies = {
        "/clearances": ("travel", family.clearance_body(asked)),
        "/passenger-names": ("travel", {"flight_id": str(family.flight), "individuals": people}),
        "/reception-contacts": ("reintegration", {"individuals": people}),
    }
    before = await world.count_told()
    for path, (meant, body) in bodies.items():
        for caller in {"eligibility", "travel", "reintegration"} - {meant}:
            answer = await world.post(path, body, role=SV, subject=caller, expect=403)
            assert (answer["type"], answer["meant"]) == ("/problems/caller-not-meant", meant)
    assert await world.count_told() == before
    assert set((await family.statuses()).values()) == {"declared"}


@pytest.mark.parametrize("attempt", [0, 32_768, 2**63])
async def test_an_attempt_that_no_table_holds_is_refused_and_decides_nothing(world: World, attempt: int) -> None:
    family = await (await register(world)).declare()
    one = {"individual_id": str(family.ids["father"]), "case_id": str(family.id), "willing": "yes"}
    body = family.clearance_body([{**one, "attempt": attempt}])
    before = await contents(world)
    await world.post("/clearances", body, role=SV, expect=422)
    assert await contents(world) == before
