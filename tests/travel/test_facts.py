"""Foreign facts: each twice, those of different services in every order, and made again from the topics alone."""

from datetime import date
from itertools import permutations
from pathlib import Path
from typing import Any
from uuid import UUID

from services.travel.app import create_app
from services.travel.handlers import HANDLERS
from shared.brokers import Message
from shared.contracts import eligibility as e
from shared.contracts import registration as r
from shared.database import new_id
from shared.recovery import rebuild
from tests.travel.story import TO, Family, check, document, four_people, one_adult, schedule, statuses
from tests.travel.watch import snapshot
from tests.world import World, start


def everything_told(family: Family, flight: UUID) -> list[tuple[Any, UUID | None, int | None]]:
    """One of each fact that travel hears about a case, in the order registration tells them."""
    father, mother, *children = family.ids
    hold, clearance, declared = new_id(), new_id(), new_id()
    attempts = dict.fromkeys(family.ids, 1)
    refused = r.RefusedIndividual(individual=mother, attempt=1, reason=r.ClearanceRefusal.HELD)
    at = family.world.now
    link = {"link": new_id(), "duplicate": father, "stands": new_id(), "standing_case": new_id()}
    return [
        *family.first_facts(),
        (family.case_fact(r.CaseCorrected), None, None),
        (away(family, mother), mother, 1),
        (back(family, mother), mother, 1),
        (r.CaseHeld(hold=hold, individuals=tuple(family.ids)), None, None),
        (r.CaseReleased(hold=hold, individuals=(father,)), None, None),
        (r.PriorityAssigned(level=1), None, None),
        (r.PeopleLinked(**link), None, None),
        (r.PeopleUnlinked(**link), None, None),
        (r.ProtectionPending(individual=children[0]), children[0], None),
        (r.ProtectionCleared(individual=children[0]), children[0], None),
        (document(father), father, None),
        (check(father), father, None),
        (r.DepartureCleared(clearance=clearance, flight=flight, individuals=(father,), attempts=attempts), None, None),
        (r.DepartureRefused(clearance=clearance, flight=flight, refused=(refused,)), None, None),
        (r.WithdrawalStatedLate(individual=father, statement=new_id(), stated_at=at, entered_at=at), father, 1),
        (r.ClearanceReleased(clearance=clearance, flight=flight, individual=father), father, 1),
        (r.DeclarationLapsed(individual=children[1], declaration=declared), children[1], 1),
        (r.MemberWithdrawn(individual=father, withdrawn_at=at), father, 1),
        (r.CaseWithdrawn(individuals=tuple(family.ids), attempts=attempts, withdrawn_at=at), None, None),
        (
            r.ReturnRecorded(
                individuals=(father, mother),
                attempts=attempts,
                kind=r.ReturnKind.OWN_GOVERNMENT,
                country="IRQ",
                returned_on=at.date(),
                entered_at=at,
            ),
            None,
            None,
        ),
        (r.ReturnReversed(individuals=(father,), attempts=attempts), None, None),
        (r.CaseClosed(reason=r.CaseClosureReason.WITHDRAWN), None, None),
        (r.CaseReopened(), None, None),
    ]


def away(family: Family, individual: UUID) -> r.MemberLeft:
    whole = dict(family.case_fact())
    (gone,) = [each for each in whole["members"] if each.individual == individual]
    rest = {**whole, "members": tuple(each for each in whole["members"] if each is not gone)}
    return r.MemberLeft(**rest, individual=individual, member=gone, how=r.Left.GONE, left_at=family.world.now)


def back(family: Family, individual: UUID) -> r.MemberJoined:
    whole = dict(family.case_fact())
    return r.MemberJoined(**whole, individual=individual, how=r.Joined.CAME_BACK, joined_at=family.world.now)


RESTRICTION: dict[str, Any] = {"restriction": new_id(), "country": "IRQ", "area": "Erbil"}
RESTRICTION_SET = e.RestrictionSet(
    **RESTRICTION, valid_from=date(2022, 1, 1), valid_until=None, source="Decision of the programme"
)
RESTRICTION_LIFTED = e.RestrictionLifted(**RESTRICTION, lifted_on=date(2022, 2, 1))


async def test_every_fact_that_is_heard_changes_nothing_the_second_time(world: World) -> None:
    family = Family(world)
    flight = await schedule(world)
    told = everything_told(family, flight)
    for fact, individual, attempt in told:
        delivery = await world.hear(fact, key=family.case, subject=individual, attempt=attempt)
        before = await snapshot(world)
        await world.runtime.consumer.take([delivery])
        assert await snapshot(world) == before, type(fact).__name__
    for fact in (RESTRICTION_SET, RESTRICTION_LIFTED):
        await world.hear(fact, key="IRQ")
    assert {type(fact) for fact, _, _ in told} | {e.RestrictionSet, e.RestrictionLifted} == set(HANDLERS)


async def rows_after(world: World, order: tuple[str, ...]) -> dict[str, Any]:
    """The folded rows after these sources told what they know, in this order; and that the gates say the same."""
    people = enumerate(one_adult() + one_adult(), start=1)
    members = tuple(each.model_copy(update={"individual": UUID(int=number)}) for number, each in people)
    family = Family(world, members=members, case=UUID(int=10), twice=True)
    for source in order:
        if source == "decision":
            await family.tell(family.decision_fact().model_copy(update={"decision": UUID(int=77)}))
        elif source == "restriction":
            await world.hear(RESTRICTION_SET, key="IRQ")
        else:
            await family.tell(family.case_fact())
            await family.withdraw(members[0].individual)
            await family.tell(r.CaseClosed(reason=r.CaseClosureReason.WITHDRAWN))
    shown = await world.get(f"/cases/{family.case}/readiness", role=TO)
    assert [[item["code"] for item in each["at_booking"]["missing"]] for each in shown["individuals"]] == [
        ["case_closed", "withdrawn"],
        ["case_closed", "not_declared"],
    ]
    return {name: found for name, found in (await snapshot(world)).items() if name.endswith("_fact")}


async def test_facts_of_different_services_give_the_same_rows_in_every_order(tmp_path: Path) -> None:
    found = []
    for number, order in enumerate(permutations(["decision", "case", "restriction"])):
        async with start(create_app, tmp_path / str(number)) as world:
            found.append(await rows_after(world, order))
    assert len(found) == 6
    assert all(each == found[0] for each in found)


async def test_a_withdrawal_and_a_booking_end_the_same_whichever_comes_first(world: World) -> None:
    flight = await schedule(world)
    first, second = await Family(world, members=one_adult()).bookable(), await Family(world).bookable()
    await first.withdraw()
    answer = await world.call(
        "POST",
        "/bookings",
        {"case_id": str(first.case), "flight_id": str(flight), "individuals": []},
        role=TO,
    )
    assert answer.status_code == 409
    await second.book(flight)
    await second.withdraw()
    assert set((await statuses(world, flight)).values()) == {"cancelled"}
    assert (await world.get(f"/flights/{flight}", role=TO))["seats"]["taken"] == 0


async def test_a_rebuild_makes_the_same_facts_again_and_tells_nothing(world: World) -> None:
    family, leaving = Family(world), Family(world, members=four_people())
    flight = await schedule(world)
    told: list[tuple[Any, UUID | str, UUID | None, int | None]] = [
        *((fact, family.case, who, attempt) for fact, who, attempt in everything_told(family, flight)),
        *((fact, leaving.case, who, attempt) for fact, who, attempt in leaving.first_facts()),
        (RESTRICTION_SET, "IRQ", None, None),
    ]
    deliveries = [world.delivery(fact, key=key, subject=who, attempt=attempt) for fact, key, who, attempt in told]
    messages = [Message(each.topic, each.key, each.value, each.headers) for each in deliveries]
    assert await world.runtime.broker.publish(messages) == [None] * len(messages)
    await world.runtime.consumer.take(deliveries)
    await leaving.book(flight)
    before = await snapshot(world)
    assert before["member_fact"], "there is something to rebuild"
    folded = await rebuild(world.runtime.consumer, world.runtime.wiring.facts)
    assert folded == len(deliveries)
    assert await snapshot(world) == before


async def test_a_fact_of_an_earlier_attempt_is_kept_and_never_acts(world: World) -> None:
    family = await Family(world, members=one_adult()).bookable()
    (who,) = family.ids
    await family.withdraw()
    await family.declare(attempt=2)
    await family.decide({who: 2})
    flight = await schedule(world)
    await family.book(flight)
    await family.withdraw(who, attempt=1)
    await family.tell(r.DeclarationLapsed(individual=who, declaration=new_id()), who, 1)
    await family.decide({who: 1})
    assert await statuses(world, flight) == {who: "booked"}
    shown = await world.get(f"/cases/{family.case}/readiness", role=TO)
    (person,) = shown["individuals"]
    assert person["attempt"] == 2
    assert [item["code"] for item in person["at_booking"]["missing"]] == ["decision_for_another_attempt"]


async def test_who_is_corrected_out_of_a_case_loses_the_seat(world: World) -> None:
    family = await Family(world, members=one_adult() + one_adult()).bookable()
    flight = await schedule(world)
    await family.book(flight)
    stays, goes = family.ids
    family.members = family.members[:1]
    await family.tell(family.case_fact(r.CaseCorrected))
    assert await statuses(world, flight) == {stays: "booked", goes: "cancelled"}
