"""Every write of eligibility, failed once between its change and its commit."""

from datetime import timedelta

from shared.contracts.eligibility import EligibilityDecided, RestrictionLifted, RestrictionSet
from tests.eligibility.story import PO, RO, YES, Family, scenario, version
from tests.faults import Tried
from tests.world import World


async def test_every_write_that_fails_at_its_commit_leaves_nothing_and_is_taken_when_repeated(world: World) -> None:
    tried = Tried(world)
    family = await Family(world).register()
    this = {"case_id": family.case}
    programme = (await tried.once("found_programme", scenario("programme"), role=PO))["programme_id"]
    await tried.once("add_version", version(), EligibilityDecided, role=PO, programme_id=programme)
    await tried.once("answer_questions", YES, EligibilityDecided, role=RO, **this)
    ban = {"country": "IRQ", "area": None, "valid_from": "2021-12-01", "valid_until": None, "source": "ours"}
    made = await tried.once("set_restriction", ban, RestrictionSet, EligibilityDecided, role=PO)
    this_one = {"restriction_id": made["restriction_id"], "role": PO}
    lifting = {"lifted_on": "2021-12-09"}
    await tried.once("lift_restriction", lifting, RestrictionLifted, EligibilityDecided, **this_one)
    world.now += timedelta(days=1)
    await tried.once("decide_case", None, EligibilityDecided, role=RO, **this)
    tried.all_of_them()
