"""One person with two records gets one package; people who came home otherwise are followed or not, by how."""

from typing import Any
from uuid import UUID

import pytest

from shared.contracts.registration import ReturnKind
from shared.contracts.travel import BookingReason
from shared.database import new_id
from tests.reintegration.family import Family
from tests.reintegration.refusals import refused
from tests.reintegration.story import AP, RE, approved, at_home, drafted, etag_of, hear, plan_body, submitted
from tests.world import World


async def linked(world: World, duplicate: Family, stands: Family, link: UUID) -> None:
    await hear(world, duplicate, duplicate.linked(stands.father, stands.case, link))


async def test_a_second_plan_for_the_same_person_is_refused_in_both_cases(world: World) -> None:
    stands, duplicate, link = await at_home(world), await at_home(world), new_id()
    plan = await approved(world, stands)
    await linked(world, duplicate, stands, link)
    path = f"/cases/{duplicate.case}/plans"
    document = await refused(world, path, plan_body(), 409, "package-in-another-case", role=RE)
    assert (document["case"], document["plan"]) == (str(stands.case), plan["plan_id"])
    case = await world.get(f"/cases/{duplicate.case}", role=RE)
    assert "has_a_record_in_another_case" in [each["code"] for each in case["marks"]]
    await hear(world, duplicate, duplicate.unlinked(stands.father, stands.case, link))
    assert (await drafted(world, duplicate))["status"] == "draft"


async def test_the_case_that_stands_gets_no_plan_beside_that_of_the_duplicate(world: World) -> None:
    stands, duplicate = await at_home(world), await at_home(world)
    await drafted(world, duplicate)
    await linked(world, duplicate, stands, new_id())
    await refused(world, f"/cases/{stands.case}/plans", plan_body(), 409, "package-in-another-case", role=RE)


async def test_of_two_plans_that_were_there_before_the_link_one_is_approved(world: World) -> None:
    first, second = await at_home(world), await at_home(world)
    plan = await submitted(world, second)
    other = await submitted(world, first)
    await linked(world, second, first, new_id())
    for each, slug in ((other, None), (plan, "package-in-another-case")):
        path = f"/plans/{each['plan_id']}/approval"
        if slug is None:
            await world.post(path, role=AP, subject="approver", etag=etag_of(each))
        else:
            await refused(world, path, {}, 409, slug, role=AP, subject="approver", etag=etag_of(each))


async def people(world: World, family: Family) -> list[Any]:
    case = await world.get(f"/cases/{family.case}", role=RE)
    return [each for each in case["individuals"] if each["individual_id"] == str(family.father)]


async def test_a_retroactive_case_enters_at_the_arrival_without_a_flight_of_ours(world: World) -> None:
    family = Family()
    await hear(world, family, family.registered(), family.went_home(ReturnKind.RETROACTIVE), family.decided())
    case = await world.get(f"/cases/{family.case}", role=RE)
    assert case["status"] == "arrived"
    assert {each["home_by"] for each in case["individuals"]} == {"retroactive"}
    assert (await approved(world, family))["status"] == "approved"


async def test_a_case_that_opened_with_a_return_recorded_by_mistake_waits_for_nobody(world: World) -> None:
    family, away = Family(), Family()
    await hear(world, family, family.registered(), family.went_home(ReturnKind.RETROACTIVE), family.not_home())
    assert (await world.get(f"/cases/{family.case}", role=RE))["status"] == "cancelled"
    await hear(world, family, family.booked())
    assert (await world.get(f"/cases/{family.case}", role=RE))["status"] == "expected"
    await hear(world, away, away.registered(), away.went_home(ReturnKind.ON_THEIR_OWN), away.not_home())
    await world.get(f"/cases/{away.case}", role=RE, expect=404)


@pytest.mark.parametrize("kind", [ReturnKind.OWN_GOVERNMENT, ReturnKind.ON_THEIR_OWN])
async def test_whoever_went_home_otherwise_is_no_case_here(world: World, kind: ReturnKind) -> None:
    family = Family()
    await hear(world, family, family.registered(), family.went_home(kind))
    await world.get(f"/cases/{family.case}", role=RE, expect=404)
    booked = Family()
    await hear(world, booked, booked.registered(), booked.booked(), booked.went_home(kind))
    assert (await world.get(f"/cases/{booked.case}", role=RE))["status"] == "cancelled"
    (father,) = await people(world, booked)
    assert (father["position"], father["home_by"]) == ("home_otherwise", kind.value)


async def test_whoever_missed_a_flight_and_was_booked_again_counts_once(world: World) -> None:
    family, again = Family(), new_id()
    one = (family.father,)
    await hear(world, family, family.registered(), family.booked(who=one), family.missed(family.father))
    await hear(world, family, family.cancelled(BookingReason.NO_SHOW, who=one))
    (father,) = await people(world, family)
    assert (father["position"], father["missed"]) == ("missed", 1)
    assert (await world.get(f"/cases/{family.case}", role=RE))["status"] == "expected"
    await hear(world, family, family.booked(who=one, booking=again))
    await hear(world, family, family.departed(family.father, booking=again))
    await hear(world, family, family.arrived(family.father, booking=again))
    (father,) = await people(world, family)
    assert (father["position"], father["missed"]) == ("arrived", 1)
