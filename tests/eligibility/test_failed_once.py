"""Every write of eligibility, failed once between its change and its commit."""

from datetime import date, timedelta

from shared.auth import Role
from shared.contracts.eligibility import EligibilityDecided, RestrictionLifted, RestrictionSet
from shared.contracts.registration import AgeBand, Relation
from tests.eligibility.story import PO, RO, YES, Family, found, member, scenario, version
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
    await exceptions(tried)
    world.now += timedelta(days=1)
    await tried.once("review_changes", {}, role=PO)
    await tried.once("decide_case", None, EligibilityDecided, role=RO, **this)
    tried.all_of_them()


async def exceptions(tried: Tried) -> None:
    """Asked, approved, withdrawn; and refused."""
    world = tried.world
    content = version(valid_from="2021-06-01")
    for rule in content["rules"]:
        rule["overridable"] = True
    programme = await found(world, content, code="lenient", host_countries=["LTU"])
    assert programme
    people = (member(AgeBand.ADULT, Relation.PRINCIPAL, last_assisted_return=date(2020, 1, 1)),)
    family = await Family(world, members=people).register(host_country="LTU")
    await family.answer(YES)
    body = {"rule": "not_assisted_lately", "reason": "humanitarian", "valid_until": "2021-12-30"}
    for verb, more, tells in (
        ("approve_exception", None, (EligibilityDecided,)),
        ("refuse_exception", {"reason": "not_justified"}, ()),
    ):
        asked = await tried.once("ask_exception", body, role=RO, case_id=family.case)
        this_one = {"exception_id": asked["exception_id"]}
        await tried.once(verb, more, *tells, role=Role.APPROVER, **this_one)
        if verb == "approve_exception":
            await tried.once("withdraw_exception", None, EligibilityDecided, role=RO, **this_one)
