"""A decision that is good no more is noticed, once, and the case is decided again."""

from datetime import UTC, datetime, timedelta

from services.eligibility.expiries import actions
from services.eligibility.expiries.actions import NOTICE_EXPIRIES
from shared.contracts.eligibility import EligibilityDecided
from tests.eligibility.story import PO, YES, Family, found, version
from tests.world import World, contents

LATER = datetime(2021, 12, 20, 9, 0, tzinfo=UTC)


async def decided_for_ten_days(world: World) -> Family:
    await found(world, version(decision_valid_days=10, valid_until=None))
    family = await Family(world).register()
    await family.answer(YES)
    assert (await family.standing())["decision"]["good_until"] == "2021-12-19"
    return family


async def test_a_decision_past_its_last_day_is_made_again_and_told(world: World) -> None:
    family = await decided_for_ten_days(world)
    world.now = LATER - timedelta(days=1)
    assert (await world.post("/coming-changes/reviews", role=PO))["expired"] == 0, "its last day is still good"
    world.now = LATER
    assert (await world.post("/coming-changes/reviews", role=PO))["expired"] == 1
    decision = (await family.standing())["decision"]
    assert (decision["because"], decision["good_until"]) == ("decision_expired", "2021-12-30")
    told = await world.told(EligibilityDecided, family.case)
    assert [each.data["good_until"] for each in told[-2:]] == ["2021-12-19", "2021-12-30"]
    assert (await world.post("/coming-changes/reviews", role=PO))["expired"] == 0


async def test_a_decision_under_which_somebody_left_stands_and_is_looked_at_once(world: World) -> None:
    family = await decided_for_ten_days(world)
    await family.depart(family.father)
    made = len(await family.decisions())
    world.now = LATER
    for expired in (1, 0):
        assert (await world.post("/coming-changes/reviews", role=PO))["expired"] == expired
    assert len(await family.decisions()) == made


async def test_the_errand_notices_by_the_machines_date_and_twice_does_no_more(world: World) -> None:
    family = await decided_for_ten_days(world)
    assert NOTICE_EXPIRIES.production_only, "in development a story has days of its own"
    async with world.runtime.database.reading() as session:
        (found_,) = await actions.cases_to_notice(session)
    assert found_.case_id == family.case
    for _ in range(2):
        async with world.runtime.database.transaction() as session:
            await actions.settle_case(session, found_.act(), found_, None)
    decisions = await family.decisions()
    assert [each["because"] for each in decisions][-1:] == ["decision_expired"]
    assert decisions[-1]["evaluated_on"] == found_.now.date().isoformat()
    before = await contents(world)
    async with world.runtime.database.reading() as session:
        assert await actions.cases_to_notice(session) == []
    assert await contents(world) == before
