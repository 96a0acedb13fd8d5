"""No list asks its database more often when it is longer."""

from shared.auth import Role
from tests.eligibility.story import NO, PO, RO, YES, found, version
from tests.eligibility.test_exceptions import ASKED, assisted_before
from tests.lists import asked, check
from tests.world import World


async def test_no_list_of_eligibility_asks_more_queries_for_more_rows(world: World) -> None:
    family = await assisted_before(world)
    case = f"/cases/{family.case}"
    (programme,) = (await world.get("/programmes", role=RO))["items"]
    lists = {
        "/cases/{case_id}/answers": (f"{case}/answers", Role.AUDITOR),
        "/cases/{case_id}/decisions": (f"{case}/decisions", RO),
        "/cases/{case_id}/exceptions": (f"{case}/exceptions", PO),
        "/programmes": ("/programmes", RO),
        "/programmes/{programme_id}/versions": (f"/programmes/{programme['programme_id']}/versions", PO),
    }

    async def more() -> None:
        made = await world.post(f"{case}/exceptions", ASKED, role=PO)
        await world.post(f"/exceptions/{made['exception_id']}/withdrawal", role=PO)

    await more()
    few = await asked(world, lists)
    for number in (2, 3):
        await more()
        await found(world, code=f"other_{number}", host_countries=["LTU"])
        for each in (NO, YES):
            await family.answer(each)
        path = lists["/programmes/{programme_id}/versions"][0]
        await world.post(path, version(decision_valid_days=80 + number), role=PO)
    check("eligibility", few, await asked(world, lists))
