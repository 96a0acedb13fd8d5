"""No list asks its database more often when it is longer."""

from typing import Any

from tests.lists import asked, check
from tests.registration.story import AU, CO, ME, PR, RO, TO, register
from tests.registration.test_children_alone import boy_alone, item
from tests.registration.test_consents import consent
from tests.registration.test_corrections import correct
from tests.registration.test_memberships import join, newborn
from tests.registration.test_papers_and_health import check as fitness
from tests.registration.test_protection_of_persons import doubt, vulnerable
from tests.registration.test_relief import RL, STORY, card
from tests.registration.test_sites import WAREHOUSE
from tests.world import World

RELIEF = list(STORY)


async def announced(world: World, site: str, items: list[str]) -> str:
    share = {"planned": "1", "per_person": "0.001"}
    place = {"takes_place_at": "2022-01-05T10:00:00+03:00", "place": "Hall 2", "to_bring": "The card"}
    body = {"site_id": site, "items": [{"item": each, **share} for each in items], **place}
    return str((await world.post("/distributions", body, role=RL))["distribution_id"])


async def test_no_list_of_registration_asks_more_queries_for_more_rows(world: World) -> None:
    family, boy = await register(world), await boy_alone(world)
    site = str((await world.post("/sites", WAREHOUSE, role=RO))["id"])
    code = await card(world, site)

    def lists(distribution: str) -> dict[str, tuple[str, Any]]:
        case, child = family.path, boy.path
        return {
            "/cases/{case_id}/capacity-doubts": (f"{case}/capacity-doubts", PR),
            "/cases/{case_id}/consents": (f"{case}/consents", CO),
            "/cases/{case_id}/consents/standing": (f"{case}/consents/standing", CO),
            "/cases/{case_id}/corrections": (f"{case}/corrections", RO),
            "/cases/{case_id}/counselling-sessions": (f"{case}/counselling-sessions", CO),
            "/cases/{case_id}/declarations": (f"{case}/declarations", RO),
            "/cases/{case_id}/fitness-checks": (f"{case}/fitness-checks", ME),
            "/cases/{case_id}/guardians": (f"{case}/guardians", PR),
            "/cases/{case_id}/holds": (f"{case}/holds", PR),
            "/cases/{case_id}/membership": (f"{case}/membership", RO),
            "/cases/{case_id}/priorities": (f"{case}/priorities", TO),
            "/cases/{case_id}/protection-items": (f"{child}/protection-items", PR),
            "/cases/{case_id}/screenings": (f"{case}/screenings", PR),
            "/cases/{case_id}/vulnerability-assessments": (f"{case}/vulnerability-assessments", PR),
            "/cases/{case_id}/withdrawals": (f"{case}/withdrawals", PR),
            "/distributions/{distribution_id}": (f"/distributions/{distribution}", RL),
            "/distributions/{distribution_id}/entitlements/{code}": (
                f"/distributions/{distribution}/entitlements/{code}",
                RL,
            ),
            "/relief-cards/{code}/changes": (f"/relief-cards/{code}/changes", RL),
            "/relief-items": ("/relief-items", RL),
            "/sites/{site_id}/stock": (f"/sites/{site}/stock", AU),
        }

    async def more(number: int, ref: str, kind: str) -> None:
        """One row more in each list, of somebody who had none."""
        case, who = family.path, {"individual_id": str(family.ids[ref])}
        await world.post(f"{case}/consents", consent(family, ref, recipient=f"Agency {number}"), role=CO)
        await correct(family, None, {"means": ("some", "none")[number % 2]})
        await family.counsel()
        if ref in ("father", "mother"):
            await family.sign(ref)
            parent = {"individual_id": str(family.ids["son"]), "guardian_id": str(family.ids[ref])}
            shown = {"showing": "birth_certificate", "reference": f"G-{number}"}
            await world.post(f"{case}/guardians", {**parent, **shown}, role=PR)
        await doubt(family, ref)
        await world.post(f"{case}/fitness-checks", fitness(family, **who), role=ME)
        await world.post(f"{case}/holds", {"reason": "other", "individuals": [str(family.ids[ref])]}, role=PR)
        await join(family, newborn(family, given_name=f"Child {'abc'[number]}"), ref=f"born {number}")
        seen = {"level": "household", "outcome": "no_concern"}
        await world.post(f"{case}/screenings", {**who, **seen}, role=PR)
        await world.post(f"{case}/vulnerability-assessments", vulnerable(family, ref), role=PR)
        await family.withdraw(ref)
        await world.post(f"{boy.path}/protection-items", item(boy, "boy", kind), role=PR)
        await world.post(f"/relief-cards/{code}/people", {"adults": 2, "children": number, "reason": "joined"}, role=RL)
        one = RELIEF[number]
        await world.post("/relief-items", {"code": one, "name": one, "unit": "piece"}, role=RL)
        came = {"item": one, "move": "received", "quantity": "9", "paper": "WB-1"}
        await world.post(f"/sites/{site}/stock-movements", came, role=RL)

    await more(0, "father", "best_interests_assessment")
    few = await asked(world, lists(await announced(world, site, RELIEF[:1])))
    await more(1, "mother", "consent_of_child")
    many = await asked(world, lists(await announced(world, site, RELIEF[:2])))
    check("registration", few, many)
