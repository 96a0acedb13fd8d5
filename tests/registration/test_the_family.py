"""The family of the story, through registration: registered, counselled, declared, cleared, departed, closed."""

from datetime import timedelta

from shared.contracts import registration as r
from shared.contracts import travel
from tests.registration.story import AD, RO, SV, TOOK_OFF, assistance_closed, register
from tests.world import World


async def test_the_family_goes_home_and_its_case_closes(world: World) -> None:
    family = await register(world)
    assert (await family.read())["status"] == "open"
    await family.declare()
    assert set((await family.statuses()).values()) == {"declared"}
    answer = await family.clear()
    assert len(answer["cleared"]) == 4
    assert answer["refused"] == []
    assert (await family.read())["status"] == "cleared"
    await family.depart()
    assert set((await family.statuses()).values()) == {"departed"}
    for ref in family.ids:
        arrived = family.passage(
            travel.PassengerArrived,
            ref,
            TOOK_OFF + timedelta(hours=9),
            airport="EBL",
            country="IRQ",
            met_by="reintegration_team",
        )
        await family.hear(arrived, subject=family.ids[ref], attempt=1, now=TOOK_OFF + timedelta(hours=9))
    over = TOOK_OFF + timedelta(days=200)
    await family.hear(assistance_closed(over), now=over)
    shown = await family.read()
    assert (shown["status"], shown["closed_reason"]) == ("closed", "assistance_closed")
    assert {each["status"] for each in shown["members"]} == {"closed"}
    (closed,) = await world.told(r.CaseClosed, family.id)
    assert closed.data == {"reason": "assistance_closed"}

    journey = await world.get(f"{family.path}/journey", role=RO)
    lines = [(line["service"], line["summary"]) for line in journey["lines"]]
    assert lines[0] == ("registration", "case_registered")
    assert lines.count(("travel", "passenger_departed")) == 4
    assert lines.count(("travel", "passenger_arrived")) == 4
    assert lines[-1] == ("registration", "case_closed")
    assert [line["at"] for line in journey["lines"]] == sorted(line["at"] for line in journey["lines"])


async def test_what_was_signed_is_told_for_each_person_with_the_attempt(world: World) -> None:
    family = await (await register(world)).declare()
    told = {e.subject: e for e in await world.told(r.DeclarationSigned, family.id)}
    assert set(told) == {str(one) for one in family.ids.values()}
    assert told[str(family.ids["father"])].data["how"] == "own"
    son = told[str(family.ids["son"])]
    assert son.data["how"] == "by_holders_of_parental_responsibility"
    assert set(son.data["signed_by"]) == {str(family.ids["father"]), str(family.ids["mother"])}
    assert {e.attempt for e in told.values()} == {1}


async def test_she_changes_her_mind_at_the_gate_and_the_children_stay_with_her(world: World) -> None:
    family = await (await register(world)).declare()
    answer = await family.clear("father", "daughter", "son", "mother", mother="no")
    assert answer["cleared"] == [str(family.ids["father"])]
    reasons = {each["individual_id"]: each["reason"] for each in answer["refused"]}
    assert reasons[str(family.ids["mother"])] == "not_willing"
    assert reasons[str(family.ids["son"])] == "not_with_those_responsible"


async def test_he_changes_his_mind_after_departure_and_hears_what_can_still_be_done(world: World) -> None:
    family = await (await register(world)).declare()
    await family.clear()
    await family.depart()
    answer = await family.withdraw("father", now=TOOK_OFF + timedelta(hours=1))
    assert answer["outcome"] == "too_late_to_undo"
    assert answer["incident"] is False
    assert "reintegration_is_told" in [each["code"] for each in answer["what_can_still_be_done"]]
    assert (await family.statuses())["father"] == "departed"
    (late,) = await world.told(r.WithdrawalStatedLate, family.id)
    assert late.subject == str(family.ids["father"])


async def test_a_repeat_of_the_clearance_gives_the_same_answer_whatever_the_key(world: World) -> None:
    family = await (await register(world)).declare()
    first = await family.clear()
    before = await world.count_told()
    assert await family.clear() == first
    assert await world.count_told() == before
    assert await world.get(f"/clearances/{family.clearance}", role=SV) == first


async def test_the_desk_sees_names_and_documents_and_nothing_else(world: World) -> None:
    family = await register(world)
    shown = await family.read(AD)
    assert shown["contact"] is None
    father = shown["members"][0]
    assert father["personal"]["given_name"] == "Hêmin"
    assert father["personal"]["birth_date"] is None
    assert father["documents"][0]["number"] == "A15830247"
