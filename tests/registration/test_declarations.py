"""Counselling and the declaration of voluntary return: who signs for whom."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registration.declarations.rules import (
    SPEAKS_FOR_AN_ADULT,
    Paper,
    SignatureMissing,
    SignerNotEntitled,
    Signing,
    how_signed,
)
from shared.contracts import registration as r
from tests.registration.story import CO, PR, RO, Case, family_body, person, register
from tests.world import World

FATHER, MOTHER, CHILD, STRANGER = (uuid4() for _ in range(4))
PAPER = {"paper": "death_certificate", "reference": "DC-77", "why": "The other parent died."}


def signing(who: UUID, *signers: UUID, paper: Paper | None = None, responsible: tuple[UUID, ...] = ()) -> Signing:
    return Signing(who, who != CHILD, responsible, {FATHER, MOTHER, STRANGER}, signers, paper)


def test_an_adult_signs_for_themselves() -> None:
    assert how_signed(signing(FATHER, FATHER)) is r.SignedHow.OWN


@pytest.mark.parametrize("paper", [None, Paper.DEATH_CERTIFICATE, Paper.WRITTEN_CONSENT])
def test_one_adult_does_not_sign_for_another_without_the_right_paper(paper: Paper | None) -> None:
    with pytest.raises(SignerNotEntitled):
        how_signed(signing(MOTHER, FATHER, paper=paper))


@pytest.mark.parametrize("paper", SPEAKS_FOR_AN_ADULT)
def test_a_court_order_or_power_of_attorney_makes_a_representative(paper: Paper) -> None:
    assert how_signed(signing(MOTHER, FATHER, paper=paper)) is r.SignedHow.BY_REPRESENTATIVE


def test_every_holder_of_parental_responsibility_signs_for_a_child_or_a_paper_says_why_not() -> None:
    both = (FATHER, MOTHER)
    assert how_signed(signing(CHILD, *both, responsible=both)) is r.SignedHow.BY_RESPONSIBLE
    with pytest.raises(SignatureMissing) as refusal:
        how_signed(signing(CHILD, FATHER, responsible=both))
    assert refusal.value.members["missing"] == [MOTHER]
    alone = signing(CHILD, FATHER, responsible=both, paper=Paper.DEATH_CERTIFICATE)
    assert how_signed(alone) is r.SignedHow.BY_RESPONSIBLE


def test_nobody_else_signs_for_a_child_not_even_the_child() -> None:
    for signer in (STRANGER, CHILD):
        with pytest.raises(SignerNotEntitled):
            how_signed(signing(CHILD, FATHER, MOTHER, signer, responsible=(FATHER, MOTHER)))


def test_for_a_child_alone_somebody_shows_a_paper() -> None:
    with pytest.raises(SignatureMissing):
        how_signed(signing(CHILD, FATHER))
    assert how_signed(signing(CHILD, FATHER, paper=Paper.COURT_ORDER)) is r.SignedHow.BY_REPRESENTATIVE


@given(st.lists(st.sampled_from([FATHER, MOTHER, CHILD, STRANGER]), min_size=1, max_size=4))
def test_without_a_paper_a_childs_declaration_always_has_every_holder(signers: list[UUID]) -> None:
    both = (FATHER, MOTHER)
    try:
        how_signed(signing(CHILD, *signers, responsible=both))
    except (SignatureMissing, SignerNotEntitled):
        return
    assert sorted(signers) == sorted(both)


async def refused(case: Case, body: dict[str, Any], slug: str) -> Any:
    before = await case.world.count_told()
    statuses = await case.statuses()
    answer = await case.world.call("POST", f"{case.path}/declarations", body, role=CO)
    assert answer.json()["type"].endswith(slug), answer.text
    assert await case.world.count_told() == before
    assert await case.statuses() == statuses
    return answer.json()


async def test_nobody_signs_before_they_were_counselled_and_understood(world: World) -> None:
    family = await register(world)
    await refused(family, family.declaration("father"), "counselling-missing")
    await family.counsel(understood=False)
    assert (await family.statuses())["father"] == "open"
    await refused(family, family.declaration("father"), "counselling-missing")
    await family.counsel("father", language="ar", interpreter={"present": False, "kind": "none"})
    assert await family.statuses() == {"father": "counselled", "mother": "open", "daughter": "open", "son": "open"}
    await family.sign("father")
    missing = await refused(family, family.declaration("son", "father", "mother"), "counselling-missing")
    assert missing["individuals"] == [str(family.ids["mother"])]


async def test_counselling_is_in_a_language_of_each_or_interpreted(world: World) -> None:
    family = await register(world)
    path = f"{family.path}/counselling-sessions"
    alone = family.counselling(language="ru", interpreter={"present": False, "kind": "none"})
    answer = await world.post(path, alone, role=CO, expect=422)
    assert answer["type"].endswith("language-not-spoken")
    assert len(answer["individuals"]) == 4
    muddled = family.counselling(interpreter={"present": True, "kind": "none"})
    assert (await world.post(path, muddled, role=CO, expect=422))["type"].endswith("interpreter-unclear")
    await world.post(path, {**alone, "interpreter": {"present": True, "kind": "phone"}}, role=CO, expect=201)
    assert len((await world.get(path, role=PR))["items"]) == 1


async def test_the_form_is_in_a_language_of_the_signer_or_of_the_counselling(world: World) -> None:
    family = await register(world)
    await family.counsel("father")
    await refused(family, family.declaration("father", language="ru"), "form-not-understood")
    await family.counsel("father", language="ru")
    await world.post(f"{family.path}/declarations", family.declaration("father", language="ru"), role=CO)


async def test_a_thumbprint_needs_a_witness(world: World) -> None:
    family = await register(world)
    await family.counsel()
    signature = {"signer": str(family.ids["father"]), "method": "thumbprint"}
    await refused(family, family.declaration("father", signatures=[signature]), "witness-missing")
    witnessed = family.declaration("father", signatures=[{**signature, "witness": "A. Kavalenka"}])
    made = await world.post(f"{family.path}/declarations", witnessed, role=RO)
    assert made["signatures"][0]["witness"] == "A. Kavalenka"


async def test_a_wife_is_not_signed_for_by_her_husband(world: World) -> None:
    family = await register(world)
    await family.counsel()
    await refused(family, family.declaration("mother", "father"), "signer-not-entitled")
    await refused(family, family.declaration("mother", "mother", "father"), "signer-not-entitled")
    power = {**PAPER, "paper": "power_of_attorney"}
    made = await world.post(
        f"{family.path}/declarations", family.declaration("mother", "father", sole_responsibility=power), role=CO
    )
    assert made["how"] == "by_representative"


async def test_one_parent_suffices_for_a_child_with_the_paper_that_says_why(world: World) -> None:
    family = await register(world)
    await family.counsel()
    missing = await refused(family, family.declaration("son", "father"), "signature-missing")
    assert missing["missing"] == [str(family.ids["mother"])]
    body = family.declaration("son", "father", sole_responsibility=PAPER)
    made = await world.post(f"{family.path}/declarations", body, role=CO)
    assert (made["how"], made["individual_status"]) == ("by_holders_of_parental_responsibility", "declared")
    listed = await world.get(f"{family.path}/declarations", role=RO)
    assert listed["items"][0]["paper_reference"] == "DC-77"


async def test_who_has_declared_does_not_declare_again_and_strangers_not_at_all(world: World) -> None:
    family = await (await register(world)).declare()
    await refused(family, family.declaration("father"), "not-possible-now")
    stranger = family.declaration("father", signatures=[{"signer": str(uuid4()), "method": "signature"}])
    await refused(family, stranger, "not-a-member")


async def test_a_new_declaration_after_a_withdrawal_begins_a_new_attempt(world: World) -> None:
    family = await (await register(world)).declare()
    await family.withdraw()
    world.now += timedelta(days=1)
    await family.sign("mother")
    assert (await family.attempts())["mother"] == 2
    assert (await family.statuses())["mother"] == "declared"
    last = (await world.told(r.DeclarationSigned, family.id))[-1]
    assert (last.attempt, last.subject) == (2, str(family.ids["mother"]))


async def test_a_paper_from_before_the_withdrawal_brings_nobody_back(world: World) -> None:
    family = await (await register(world)).declare()
    signed_at = world.now
    world.now += timedelta(hours=5)
    await family.withdraw("father")
    world.now += timedelta(hours=1)
    late = family.declaration("father", occurred_at=signed_at.isoformat(), late_reason="paper_form")
    await refused(family, late, "older-than-withdrawal")


async def test_a_held_person_may_sign_and_a_closed_case_opens_again(world: World) -> None:
    family = await register(world)
    await family.counsel()
    await world.post(f"{family.path}/holds", {"reason": "safety"}, role=PR)
    await family.sign("father")
    await world.post(f"{family.path}/closure", {"reason": "lost_contact"}, role=RO)
    assert (await family.read())["status"] == "closed"
    await family.sign("mother")
    assert (await family.read())["status"] == "counselled"
    assert [e.type for e in (await world.told(key=family.id))[-2:]] == [r.CaseReopened.type, r.DeclarationSigned.type]


async def test_a_girl_with_her_uncle_is_declared_by_paper_and_still_waits_for_protection(world: World) -> None:
    uncle = person("uncle", "principal_applicant", "Kawa", "1979-01-02", "male")
    girl = person("girl", "other_relative", "Lana", "2010-03-04", "female")
    case = await register(world, family_body(members=[uncle, girl]))
    await case.counsel()
    await case.sign("uncle")
    await refused(case, case.declaration("girl", "uncle"), "signature-missing")
    order = {**PAPER, "paper": "court_order"}
    await world.post(f"{case.path}/declarations", case.declaration("girl", "uncle", sole_responsibility=order), role=CO)
    answer = await case.clear()
    assert answer["cleared"] == []
    reasons = {each["individual_id"]: each["reason"] for each in answer["refused"]}
    assert reasons[str(case.ids["girl"])] == "protection_pending"
    assert reasons[str(case.ids["uncle"])] == "child_would_stay_alone"
