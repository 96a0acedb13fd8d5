"""Facts that reintegration could not handle for a while, replayed."""

from collections.abc import Sequence
from pathlib import Path

from services.reintegration.app import create_app
from shared.brokers import Delivery
from shared.contracts.registration import CaseWithdrawn
from shared.contracts.travel import BookingReason
from tests.reintegration.story import Family, drafted, hear_at_once
from tests.replays import Fault, replay_makes_up_for
from tests.world import World


async def test_a_replay_makes_up_for_a_withdrawal_that_could_not_be_handled(tmp_path: Path) -> None:
    families = [Family(), Family()]

    async def prepare(world: World) -> None:
        for family in families:
            await hear_at_once(world, family, family.registered(), family.decided(), family.booked())
            await drafted(world, family)

    def facts(world: World) -> Sequence[Delivery]:
        told = []
        for family in families:
            gone = family.cancelled(BookingReason.WITHDRAWN)
            told += [(family, fact) for fact in (family.withdrawn(), family.closed_there(), gone)]
            told.append((family, family.allowance(family.father)))
        return [world.delivery(fact, key=family.case, **about) for family, (fact, about) in told]

    await replay_makes_up_for(Fault(CaseWithdrawn, families[0].case), create_app, tmp_path, prepare, facts)
