"""Facts that travel could not handle for a while, replayed."""

from collections.abc import Sequence
from pathlib import Path

from services.travel.app import create_app
from shared.brokers import Delivery
from shared.contracts.registration import CaseClosed, CaseClosureReason, CaseCorrected, MemberWithdrawn
from shared.database import new_id
from tests.replays import Fault, replay_makes_up_for
from tests.travel.story import Family, document, four_people, schedule
from tests.world import World


async def test_a_replay_makes_up_for_a_withdrawal_that_could_not_be_handled(tmp_path: Path) -> None:
    cases = [(four_people(), new_id()) for _ in range(2)]

    async def prepare(world: World) -> None:
        flight = await schedule(world)
        for members, case in cases:
            family = await Family(world, members, case).bookable()
            await family.book(flight)

    def facts(world: World) -> Sequence[Delivery]:
        heard = []
        for members, case in cases:
            family = Family(world, members, case)
            father, mother, *_ = family.ids
            left = MemberWithdrawn(individual=mother, withdrawn_at=world.now)
            heard += [
                world.delivery(document(father), key=case, subject=father),
                world.delivery(left, key=case, subject=mother, attempt=1),
                world.delivery(family.case_fact(CaseCorrected), key=case),
                world.delivery(family.decision_fact(), key=case),
                world.delivery(CaseClosed(reason=CaseClosureReason.WITHDRAWN), key=case),
            ]
        return heard

    await replay_makes_up_for(Fault(MemberWithdrawn, cases[0][1]), create_app, tmp_path, prepare, facts)
