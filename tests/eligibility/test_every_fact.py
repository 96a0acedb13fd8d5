"""Every fact that eligibility hears, each twice."""

from typing import Any
from uuid import UUID

from services.eligibility.handlers import HANDLERS
from shared.contracts.registration import (
    CaseClosed,
    CaseClosureReason,
    CaseCorrected,
    CaseRegistered,
    CaseReopened,
    CaseWithdrawn,
    Joined,
    Left,
    Means,
    MemberJoined,
    MemberLeft,
    MemberWithdrawn,
    PeopleLinked,
    PeopleUnlinked,
    ReturnKind,
    ReturnRecorded,
    ReturnReversed,
)
from shared.contracts.travel import PassengerNotAdmitted
from shared.database import new_id
from shared.events import Event
from tests.eligibility.story import DEPARTURE, Family, departed, found, signed
from tests.world import World


def everything_told(family: Family) -> list[tuple[Event, dict[str, Any]]]:
    """One of each."""
    father, mother, at = family.father, family.mother, family.world.now
    of_father, of_mother = {"subject": father, "attempt": 1}, {"subject": mother, "attempt": 1}
    back = PassengerNotAdmitted(
        individual=father, booking=new_id(), flight=new_id(), at=DEPARTURE, country="IRQ", kind="refused_entry"
    )
    attempts = dict.fromkeys((father, mother), 1)
    link = {"link": new_id(), "duplicate": mother, "stands": new_id(), "standing_case": new_id()}
    return [
        (CaseRegistered(**family.told()), {}),
        (CaseCorrected(**family.told(means=Means.SOME)), {}),
        (came_back(family), of_mother),
        (went_away(family), of_mother),
        (came_back(family), of_mother),
        (signed(father), of_father),
        (MemberWithdrawn(individual=mother, withdrawn_at=at), of_mother),
        (CaseClosed(reason=CaseClosureReason.LOST_CONTACT), {}),
        (CaseReopened(), {}),
        (went_home(father), {}),
        (ReturnReversed(individuals=(father,), attempts={father: 1}), {}),
        (went_home(mother), {}),
        (PeopleLinked(**link), {}),
        (PeopleUnlinked(**link), {}),
        (departed(father), of_father),
        (back, of_father),
        (CaseWithdrawn(individuals=(father, mother), attempts=attempts, withdrawn_at=at), {}),
    ]


def went_away(family: Family) -> MemberLeft:
    told = family.told()
    (her,) = [each for each in told["members"] if each.individual == family.mother]
    told["members"] = tuple(each for each in told["members"] if each is not her)
    return MemberLeft(**told, individual=family.mother, member=her, how=Left.GONE, left_at=family.world.now)


def came_back(family: Family) -> MemberJoined:
    how = Joined.CAME_BACK
    return MemberJoined(**family.told(), individual=family.mother, how=how, joined_at=family.world.now)


def went_home(individual: UUID) -> ReturnRecorded:
    return ReturnRecorded(
        individuals=(individual,),
        attempts={individual: 1},
        kind=ReturnKind.ON_THEIR_OWN,
        country="IRQ",
        returned_on=DEPARTURE.date(),
        entered_at=DEPARTURE,
    )


async def test_every_fact_that_is_heard_changes_nothing_the_second_time(world: World) -> None:
    await found(world)
    family = Family(world)
    told = everything_told(family)
    for fact, about in told:
        await world.hear(fact, key=family.case, **about)
    assert {type(fact) for fact, _ in told} == set(HANDLERS)
    assert len(await family.decisions()) > 1, "something follows from them"
