"""The same on PostgreSQL, where writers really run side by side."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from services.eligibility.app import create_app
from shared.contracts.eligibility import EligibilityDecided
from shared.contracts.registration import CaseRegistered
from tests.eligibility.story import PO, RO, YES, Family, found, suspend, version
from tests.eligibility.test_exceptions import AP, ASKED, assisted_before
from tests.servers.databases import Databases
from tests.world import World, start


@pytest_asyncio.fixture
async def real(databases: Databases, tmp_path: Path) -> AsyncIterator[World]:
    async with databases.of(create_app) as url, start(create_app, tmp_path, database_url=url) as running:
        yield running


async def test_the_family_goes_the_same_way_on_postgresql(real: World) -> None:
    await found(real)
    family = await Family(real).register()
    assert (await family.standing())["status"] == "needs_information"
    assert (await family.answer(YES))["decision"]["total"] == "2600.00"
    made = await suspend(real)
    assert (await family.standing())["status"] == "ineligible"
    await real.post(f"/restrictions/{made['restriction_id']}/lifting", {"lifted_on": "2021-12-09"}, role=PO)
    assert (await family.standing())["status"] == "eligible"
    decision = (await family.standing())["decision"]["decision_id"]
    derived = await real.get(f"/decisions/{decision}/derivation", role=PO)
    assert derived["identical"] is True


async def test_no_decision_misses_a_restriction_set_while_it_was_made(real: World) -> None:
    """Twenty-four cases arrive while their destination is suspended: each is decided after it, or again because of
    it."""
    await found(real)
    families = [Family(real) for _ in range(24)]

    async def arrive(family: Family, wait: float) -> None:
        await asyncio.sleep(wait)
        await real.runtime.consumer.take([real.delivery(CaseRegistered(**family.told()), key=family.case)])

    async def suspended() -> None:
        await asyncio.sleep(0.03)
        await suspend(real)

    await asyncio.gather(suspended(), *(arrive(family, 0.003 * n) for n, family in enumerate(families)))
    assert await real.parked() == []
    assert [(await family.standing())["status"] for family in families] == ["ineligible"] * 24
    for family in families:
        told = await real.told(EligibilityDecided, family.case)
        assert [envelope.sequence for envelope in told] == list(range(1, len(told) + 1))


async def test_officers_who_answer_at_once_leave_one_chain_of_decisions(real: World) -> None:
    await found(real)
    family = await Family(real).register()
    said = [{"answers": {"pending_procedure_withdrawn": n % 2 == 0}} for n in range(8)]
    await asyncio.gather(*(family.answer(body) for body in said))
    decisions = await family.decisions()
    assert [d["replaces"] for d in decisions] == [None, *(d["decision_id"] for d in decisions[:-1])]
    answers = (await real.get(f"{family.path}/answers", role=PO))["items"]
    latest = answers[-1]["value"]
    assert (await family.standing())["status"] == ("eligible" if latest else "ineligible")


async def test_a_new_version_and_answers_at_once_end_under_the_new_version(real: World) -> None:
    programme = await found(real)
    families = [await Family(real).register() for _ in range(8)]
    dearer = version()
    dearer["package"][0]["amount"] = "60.00"
    path = f"/programmes/{programme}/versions"
    await asyncio.gather(
        *(family.answer(YES) for family in families[:4]),
        real.post(path, dearer, role=PO),
        *(family.answer(YES) for family in families[4:]),
    )
    totals = {(await family.standing())["decision"]["total"] for family in families}
    assert totals == {"2640.00"}


async def test_officers_who_ask_and_approve_an_exception_at_once_leave_one(real: World) -> None:
    family = await assisted_before(real)
    path = f"{family.path}/exceptions"
    answers = await asyncio.gather(*(real.call("POST", path, ASKED, role=RO) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    asked = next(answer.json() for answer in answers if answer.status_code == 201)
    approval = f"/exceptions/{asked['exception_id']}/approval"
    who = ("ann", "ben", "eve")
    said = await asyncio.gather(*(real.call("POST", approval, {}, role=AP, subject=each) for each in who))
    assert sorted(answer.status_code for answer in said) == [201, 409, 409]
    assert [d["because"] for d in await family.decisions()][-1] == "exception_changed"
    assert (await family.standing())["status"] == "eligible"
