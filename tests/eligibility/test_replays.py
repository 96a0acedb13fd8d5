"""Facts that eligibility could not handle for a while, replayed."""

from collections.abc import Sequence
from pathlib import Path

from services.eligibility.app import create_app
from shared.brokers import Delivery
from shared.contracts.registration import CaseCorrected, CaseRegistered, DeclarationSigned, Means, MemberWithdrawn
from shared.database import new_id
from tests.eligibility.story import Family, departed, found, four_people, signed
from tests.replays import Fault, replay_makes_up_for
from tests.world import World


async def test_a_replay_makes_up_for_a_declaration_that_could_not_be_handled(tmp_path: Path) -> None:
    first, second = (new_id(), four_people()), (new_id(), four_people())

    async def prepare(world: World) -> None:
        await found(world)

    def facts(world: World) -> Sequence[Delivery]:
        heard = []
        for case, members in (first, second):
            family = Family(world, case, members)
            father, mother = family.father, family.mother
            left = MemberWithdrawn(individual=mother, withdrawn_at=world.now)
            heard += [
                world.delivery(CaseRegistered(**family.told()), key=case),
                world.delivery(left, key=case, subject=mother, attempt=1),
                world.delivery(signed(mother), key=case, subject=mother, attempt=2),
                world.delivery(CaseCorrected(**family.told(means=Means.SOME)), key=case),
                world.delivery(departed(father), key=case, subject=father, attempt=1),
            ]
        return heard

    await replay_makes_up_for(Fault(DeclarationSigned, first[0]), create_app, tmp_path, prepare, facts)
