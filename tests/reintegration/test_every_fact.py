"""Every fact that reintegration hears, each twice."""

from services.reintegration.handlers import HANDLERS
from shared.contracts.registration import CaseCorrected, Joined, Left, MemberJoined, MemberLeft, ReturnKind
from shared.contracts.travel import BookingReason, PassengerInTransit, PassengerOffloaded
from shared.database import new_id
from tests.reintegration.family import ARRIVED, BOOKED, DEPARTED
from tests.reintegration.story import RE, Family, Told, hear
from tests.world import World


def corrected(family: Family) -> Told:
    registered, about = family.registered()
    facts = {name: getattr(registered, name) for name in type(registered).model_fields}
    return CaseCorrected(**{**facts, "destination_area": "Duhok"}), about


def went_away(family: Family) -> Told:
    registered, _ = family.registered()
    facts = {name: getattr(registered, name) for name in type(registered).model_fields}
    (her,) = [each for each in facts["members"] if each.individual == family.mother]
    facts["members"] = tuple(each for each in facts["members"] if each is not her)
    fact = MemberLeft(**facts, individual=family.mother, member=her, how=Left.GONE, left_at=BOOKED)
    return fact, {"subject": family.mother, "attempt": 1}


def came_back(family: Family) -> Told:
    registered, _ = family.registered()
    facts = {name: getattr(registered, name) for name in type(registered).model_fields}
    fact = MemberJoined(**facts, individual=family.mother, how=Joined.CAME_BACK, joined_at=BOOKED)
    return fact, {"subject": family.mother, "attempt": 1}


def offloaded(family: Family) -> Told:
    who = family.mother
    fact = PassengerOffloaded(individual=who, booking=family.booking, flight=family.flight, at=DEPARTED)
    return fact, {"subject": who, "attempt": 1}


def in_transit(family: Family) -> Told:
    who = family.father
    fact = PassengerInTransit(
        individual=who, booking=family.booking, flight=family.flight, at=ARRIVED, airport="IST", country="TUR"
    )
    return fact, {"subject": who, "attempt": 1}


def everything_told(family: Family) -> list[Told]:
    """One of each."""
    father, mother, daughter, son = family.everyone
    other = (new_id(), new_id(), new_id())
    return [
        family.registered(),
        corrected(family),
        went_away(family),
        came_back(family),
        family.decided(),
        *(family.declared(each, 1) for each in (father, mother)),
        family.booked(),
        family.allowance(father),
        offloaded(family),
        family.missed(daughter),
        family.departed(father),
        in_transit(family),
        family.arrived(father),
        family.not_admitted(son),
        family.cancelled(BookingReason.OFFLOADED, who=(mother,)),
        family.stated_late(father),
        family.member_withdrawn(mother),
        family.withdrawn(who=(mother, daughter)),
        family.closed_there(),
        family.reopened_there(),
        family.went_home(ReturnKind.OWN_GOVERNMENT),
        family.not_home(who=family.everyone[:1]),
        family.linked(*other),
        family.unlinked(*other),
    ]


async def test_every_fact_that_is_heard_changes_nothing_the_second_time(world: World) -> None:
    family = Family()
    told = everything_told(family)
    await hear(world, family, *told)
    assert {type(fact) for fact, _ in told} == set(HANDLERS)
    case = await world.get(f"/cases/{family.case}", role=RE)
    standings = {each["individual_id"]: each["position"] for each in case["individuals"]}
    assert standings[str(family.father)] == "arrived"


async def test_who_is_in_transit_is_under_way_and_who_was_taken_off_has_missed_the_flight(world: World) -> None:
    family = Family()
    await hear(world, family, family.registered(), family.booked(), family.departed(family.father))
    await hear(world, family, in_transit(family), offloaded(family))
    case = await world.get(f"/cases/{family.case}", role=RE)
    standings = {each["individual_id"]: each["position"] for each in case["individuals"]}
    assert (standings[str(family.father)], standings[str(family.mother)]) == ("under_way", "missed")
