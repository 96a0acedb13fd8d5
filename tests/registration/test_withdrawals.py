"""Withdrawal: always taken, and what it undoes."""

from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registration.cases.rules import RETURN
from services.registration.withdrawals.rules import ON_THE_WAY, Outcome, Stands, lacks_explanation, overall, unwind
from shared.contracts import registration as r
from shared.contracts import travel
from tests.registration.story import AD, AU, CO, DOORS, ME, PR, RE, RO, SV, TO, TOOK_OFF, assistance_closed, register
from tests.world import World

F, M, A, B = (uuid4() for _ in range(4))


def stands(father: str = "declared", mother: str = "declared", *children: str) -> list[Stands]:
    signed = (F, M)
    kids = [
        Stands(one, status, False, (F, M), signed if status in ("declared", "cleared") else ())
        for one, status in zip((A, B), children, strict=False)
    ]
    return [Stands(F, father, True, (), (F,)), Stands(M, mother, True, (), (M,)), *kids]


def test_a_childs_declaration_lapses_with_that_of_one_who_signed() -> None:
    one = unwind(stands("declared", "declared", "declared", "counselled"), {F})
    assert (one.withdrawn, one.lapsed, one.whole_case) == ((F,), (A,), False)


def test_a_child_withdraws_with_the_last_who_is_responsible() -> None:
    last = unwind(stands("withdrawn", "declared", "counselled", "open"), {M})
    assert (last.withdrawn, last.lapsed, last.whole_case) == ((M, A, B), (), True)


def test_a_cleared_child_of_a_parent_who_stays_behind_keeps_the_parents_word() -> None:
    one = unwind(stands("cleared", "declared", "cleared"), {M})
    assert (one.withdrawn, one.late, one.whole_case) == ((M,), (A,), False)


STATUSES = st.sampled_from(RETURN.states)


@given(st.lists(STATUSES, min_size=2, max_size=4), st.sets(st.sampled_from([0, 1, 2, 3]), min_size=1))
def test_everyone_who_withdraws_is_answered_and_nobody_else_leaves_alone(
    statuses: list[str], speakers: set[int]
) -> None:
    members = stands(*statuses)
    said_by = {member.id for place, member in enumerate(members) if place in speakers}
    one = unwind(members, said_by)
    answered = {*one.withdrawn, *one.late, *one.kept}
    assert said_by <= answered
    assert len(one.withdrawn) + len(one.late) + len(one.kept) == len(answered), "nobody is answered twice"
    status = {member.id: member.status for member in members}
    for who in one.withdrawn:
        assert status[who] in ON_THE_WAY
    for child in one.lapsed:
        assert status[child] == "declared"
        assert child not in said_by
    along = {member.id for member in members if not member.is_adult} - said_by
    if along.intersection(one.withdrawn):
        assert all(status[p] == "withdrawn" or p in one.withdrawn for p in (F, M))
    assert overall(one) in Outcome


async def test_one_adult_withdraws_and_the_children_need_a_new_declaration(world: World) -> None:
    family = await (await register(world)).declare()
    answer = await family.withdraw("mother")
    assert (answer["outcome"], answer["status"]) == ("withdrawn", "counselled")
    assert set(answer["lapsed"]) == {str(family.ids["daughter"]), str(family.ids["son"])}
    assert await family.statuses() == {
        "father": "declared",
        "mother": "withdrawn",
        "daughter": "counselled",
        "son": "counselled",
    }
    (out,) = await world.told(r.MemberWithdrawn, family.id)
    assert (out.subject, out.attempt) == (str(family.ids["mother"]), 1)
    assert len(await world.told(r.DeclarationLapsed, family.id)) == 2
    assert await world.told(r.CaseWithdrawn, family.id) == []
    paper = {"paper": "written_consent_of_other", "reference": "WC-1", "why": "She agrees that they go."}
    body = family.declaration("son", "father", sole_responsibility=paper)
    made = await world.post(f"{family.path}/declarations", body, role=CO)
    assert made["attempt"] == 1, "the child never withdrew: the same attempt goes on"


async def test_when_the_last_adult_withdraws_the_case_has_withdrawn_with_its_children(world: World) -> None:
    family = await (await register(world)).declare()
    await family.withdraw("mother")
    answer = await family.withdraw("father")
    assert answer["status"] == "withdrawn"
    assert set((await family.statuses()).values()) == {"withdrawn"}
    (all_out,) = await world.told(r.CaseWithdrawn, family.id)
    assert set(all_out.data["individuals"]) == {str(one) for one in family.ids.values()}
    assert set(all_out.data["attempts"].values()) == {1}


async def test_all_withdraw_at_once_without_being_named_and_before_anything_was_signed(world: World) -> None:
    family = await register(world)
    answer = await family.withdraw()
    assert {each["outcome"] for each in answer["statements"]} == {"withdrawn"}
    assert len(await world.told(r.CaseWithdrawn, family.id)) == 1


async def test_a_withdrawal_is_taken_from_whoever_meets_people_and_asks_for_no_reason(world: World) -> None:
    for role in (RO, CO, PR, ME, AD, TO, RE):
        family = await register(world)
        answer = await world.post(f"{family.path}/withdrawal", {"channel": "phone"}, role=role)
        assert answer["outcome"] == "withdrawn"
    family = await register(world)
    for role in (AU, SV):
        await world.post(f"{family.path}/withdrawal", {"channel": "phone"}, role=role, expect=403)
    reasoned = {"channel": "phone", "reason": "homesick"}
    await world.post(f"{family.path}/withdrawal", reasoned, role=CO, expect=422)


async def test_who_has_withdrawn_before_is_heard_and_nothing_is_told_again(world: World) -> None:
    family = await register(world)
    await family.withdraw()
    before = await world.count_told()
    answer = await family.withdraw("father")
    assert answer["outcome"] == "kept"
    assert await world.count_told() == before
    assert len((await world.get(f"{family.path}/withdrawals", role=AU))["items"]) == 5


async def test_who_says_no_while_the_case_is_closed_is_not_on_the_way_when_it_is_opened_again(world: World) -> None:
    family = await (await register(world)).declare()
    await world.post(f"{family.path}/closure", {"reason": "lost_contact"}, role=RO)
    assert (await family.withdraw("mother", "son"))["outcome"] == "withdrawn"
    assert (await family.read())["status"] == "closed"
    await world.post(f"{family.path}/reopening", role=RO)
    statuses = await family.statuses()
    assert (statuses["mother"], statuses["son"], statuses["father"]) == ("withdrawn", "withdrawn", "declared")
    assert statuses["daughter"] == "counselled", "her mother signed for her, and has withdrawn"
    told = {fact.data["individual"] for fact in await world.told(r.MemberWithdrawn, family.id)}
    assert told == {str(family.ids["mother"]), str(family.ids["son"])}


async def test_after_the_doors_it_is_kept_and_becomes_a_withdrawal_when_the_clearance_is_released(world: World) -> None:
    family = await (await register(world)).declare()
    await family.clear()
    answer = await family.withdraw("father", now=DOORS + timedelta(minutes=5))
    assert answer["outcome"] == "too_late_to_undo"
    assert "take_off_at_the_desk" in [each["code"] for each in answer["what_can_still_be_done"]]
    assert (await family.statuses())["father"] == "cleared"
    assert await world.told(r.MemberWithdrawn, family.id) == []

    off = family.passage(travel.PassengerOffloaded, "father", clearance=family.clearance)
    await family.hear(off, subject=family.ids["father"], attempt=1)
    assert (await family.statuses())["father"] == "withdrawn"
    (out,) = await world.told(r.MemberWithdrawn, family.id)
    assert out.data["withdrawn_at"].startswith("2021-12-14T09:05")
    (released,) = await world.told(r.ClearanceReleased, family.id)
    assert released.sequence < out.sequence


async def test_who_was_taken_off_and_says_no_hears_that_the_child_can_still_be_taken_off_too(world: World) -> None:
    family = await (await register(world)).declare()
    await family.clear()
    off = family.passage(travel.PassengerOffloaded, "mother", clearance=family.clearance)
    await family.hear(off, subject=family.ids["mother"], attempt=1, now=DOORS + timedelta(minutes=2))
    answer = await family.withdraw("mother", now=DOORS + timedelta(minutes=5))
    assert answer["outcome"] == "too_late_to_undo"
    children = {str(family.ids["daughter"]), str(family.ids["son"])}
    possible = {each["code"]: each for each in answer["what_can_still_be_done"]}
    assert set(possible["take_off_at_the_desk"]["individuals"]) == children
    assert "child" in possible["take_off_at_the_desk"]["sentence"]
    kept = {each["individual_id"] for each in answer["statements"] if each["said_for"]}
    assert kept == children
    statuses = await family.statuses()
    assert (statuses["mother"], statuses["father"], statuses["son"]) == ("withdrawn", "cleared", "cleared")

    off = family.passage(travel.PassengerOffloaded, "son", clearance=family.clearance)
    await family.hear(off, subject=family.ids["son"], attempt=1)
    assert (await family.statuses())["son"] == "withdrawn", "taken off in time, and the mother's word counts"


async def test_a_no_before_the_release_is_kept_for_the_children_as_one_after_it(world: World) -> None:
    family = await (await register(world)).declare()
    await family.clear()
    await family.withdraw("mother", now=DOORS + timedelta(minutes=1))
    for ref in ("mother", "son"):
        off = family.passage(travel.PassengerOffloaded, ref, clearance=family.clearance)
        await family.hear(off, subject=family.ids[ref], attempt=1)
    assert await family.statuses() == {
        "father": "cleared",
        "mother": "withdrawn",
        "daughter": "cleared",
        "son": "withdrawn",
    }
    said_for = [each for each in (await world.get(f"{family.path}/withdrawals", role=PR))["items"] if each["said_for"]]
    assert {each["individual_id"] for each in said_for} == {str(family.ids["daughter"]), str(family.ids["son"])}
    await family.depart("father", "daughter")
    (incident,) = (await world.get("/incidents", role=PR))["items"]
    assert incident["individual_id"] == str(family.ids["daughter"]), "she left although her mother had said no"


async def test_a_paper_from_before_the_departure_opens_an_incident_and_undoes_nothing(world: World) -> None:
    family = await (await register(world)).declare()
    await family.clear()
    await family.depart()
    stated = (DOORS - timedelta(days=1)).isoformat()
    week_later = TOOK_OFF + timedelta(days=7)
    body = {"channel": "paper", "occurred_at": stated, "late_reason": "paper_form", "evidence": "form 2021-0417"}
    answer = await world.post(
        f"{family.path}/withdrawal", {**body, "individuals": [str(family.ids["mother"])]}, role=CO, now=week_later
    )
    assert (answer["outcome"], answer["incident"]) == ("too_late_to_undo", True)
    assert (await family.statuses())["mother"] == "departed"
    (incident,) = (await world.get("/incidents", role=PR))["items"]
    assert incident["kind"] == "paper_contradicts_departure"
    assert incident["individual_id"] == str(family.ids["mother"])


async def test_the_incident_is_the_same_when_the_statement_came_before_the_news_of_the_departure(world: World) -> None:
    family = await (await register(world)).declare()
    await family.clear()
    await family.withdraw("mother", now=DOORS + timedelta(minutes=5))
    assert (await world.get("/incidents", role=PR))["items"] == []
    await family.depart()
    (incident,) = (await world.get("/incidents", role=PR))["items"]
    assert incident["kind"] == "paper_contradicts_departure"


async def test_a_withdrawal_is_taken_however_it_is_dated_and_whatever_its_sender_read(world: World) -> None:
    family = await register(world)
    (early,) = (await family.withdraw("father", occurred_at=(world.now + timedelta(days=1)).isoformat()))["statements"]
    assert (early["outcome"], early["stated_at"], early["unexplained"]) == ("withdrawn", early["recorded_at"], False)
    past = (world.now - timedelta(days=20)).isoformat()
    body = {"individuals": [str(family.ids["mother"])], "channel": "paper", "occurred_at": past}
    late = await world.post(f"{family.path}/withdrawal", body, role=CO, etag='"1"')
    assert late["statements"][0]["unexplained"] is True
    assert set((await family.statuses()).values()) == {"withdrawn"}
    shown = (await world.get(f"{family.path}/withdrawals", role=PR))["items"]
    assert sum(each["unexplained"] for each in shown) == len(late["statements"])


@pytest.mark.parametrize(
    ("late_by", "reason", "evidence", "lacking"),
    [
        (timedelta(minutes=30), False, False, False),
        (timedelta(hours=2), False, False, True),
        (timedelta(hours=2), True, False, False),
        (timedelta(days=8), True, False, True),
        (timedelta(days=8), True, True, False),
    ],
)
def test_what_a_late_statement_lacks_is_shown_and_never_refused(
    late_by: timedelta, reason: bool, evidence: bool, lacking: bool
) -> None:
    assert lacks_explanation(DOORS - late_by, DOORS, reason=reason, evidence=evidence) is lacking


async def test_a_statement_about_a_stranger_is_refused(world: World) -> None:
    family = await register(world)
    body = {"individuals": [str(uuid4())], "channel": "phone"}
    assert (await world.post(f"{family.path}/withdrawal", body, role=CO, expect=422))["type"].endswith("not-a-member")


async def test_the_end_of_assistance_that_came_first_closes_the_case_when_the_last_one_withdraws(world: World) -> None:
    family = await (await register(world)).declare()
    await family.clear("father", father="yes")
    await family.depart("father")
    await family.hear(assistance_closed(TOOK_OFF + timedelta(days=90)))
    assert (await family.read())["status"] != "closed", "the others are still on the way"
    await family.withdraw("mother", now=TOOK_OFF + timedelta(days=91))
    assert (await family.read())["status"] != "closed", "the children are: their father may still sign for them"
    await family.withdraw("daughter", "son", now=TOOK_OFF + timedelta(days=91))
    assert (await family.read())["status"] == "closed"


async def test_a_no_with_a_date_to_come_is_taken_as_of_now_and_marked(world: World) -> None:
    family = await (await register(world)).declare()
    ahead = await family.withdraw("mother", occurred_at=(world.now + timedelta(days=2)).isoformat())
    shown = {each["individual_id"]: each for each in ahead["statements"]}[str(family.ids["mother"])]
    assert (shown["dated_ahead"], shown["outcome"]) == (True, "withdrawn")
    said = await family.withdraw("father")
    assert not any(each["dated_ahead"] for each in said["statements"])


async def test_an_if_match_that_is_no_version_is_refused_with_what_to_do(world: World) -> None:
    family = await (await register(world)).declare()
    body = {"channel": "in_person"}
    answer = await world.call("POST", f"{family.path}/withdrawal", body, role=CO, etag="yesterday's")
    assert answer.status_code == 412
    assert answer.json()["remedy"]
