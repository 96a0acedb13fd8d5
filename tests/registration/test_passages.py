"""What follows here from what travel tells, in whatever order it comes and however often."""

import itertools
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.registration.facts.models import PassageFact
from services.registration.handlers import HANDLERS
from services.registration.passages.rules import Follow, Where, next_step
from shared.contracts import registration as r
from shared.contracts import travel
from shared.events import Event
from tests.registration.story import CO, DOORS, PR, RO, TOOK_OFF, Case, assistance_closed, register
from tests.world import World


def willing(case: Case, ref: str, answer: str) -> Event:
    given = travel.WillingnessAnswer(answer)
    return travel.WillingnessStated(individual=case.ids[ref], flight=case.flight, answer=given, stated_at=DOORS)


def booking(case: Case, kind: type[travel.BookingFacts], *refs: str, **more: Any) -> Event:
    who = tuple(case.ids[ref] for ref in refs or case.ids)
    return kind(booking=case.booking, flight=case.flight, individuals=who, attempts=dict.fromkeys(who, 1), **more)


def booked(case: Case) -> Event:
    where = {"destination_country": "IRQ", "destination_airport": "EBL"}
    return booking(case, travel.BookingMade, departs=TOOK_OFF, arrives=TOOK_OFF + timedelta(hours=9), **where)


async def tell(case: Case, fact: Event, ref: str | None = None, **options: Any) -> None:
    subject = case.ids[ref] if ref else case.booking
    await case.hear(fact, subject=subject, **{"attempt": 1 if ref else None, **options})


async def incidents(world: World) -> list[tuple[str, str]]:
    found = (await world.get("/incidents", role=PR))["items"]
    return [(each["kind"], each["individual_id"]) for each in found]


async def test_a_no_at_the_desk_is_a_withdrawal(world: World) -> None:
    family = await (await register(world)).declare()
    await tell(family, willing(family, "mother", "no"), "mother")
    assert (await family.statuses())["mother"] == "withdrawn"
    assert (await family.statuses())["son"] == "counselled"
    assert len(await world.told(r.MemberWithdrawn, family.id)) == 1
    await tell(family, willing(family, "father", "yes"), "father")
    assert (await family.statuses())["father"] == "declared"


@pytest.mark.parametrize(("answer", "kind"), [("not_sure", "not_sure_at_desk"), ("pressed", "pressed_at_desk")])
async def test_who_is_not_sure_or_pressed_is_held_and_protection_is_told(world: World, answer: str, kind: str) -> None:
    family = await (await register(world)).declare()
    await tell(family, willing(family, "mother", answer), "mother")
    assert await incidents(world) == [(kind, str(family.ids["mother"]))]
    assert (await family.statuses())["mother"] == "declared", "nobody is punished for it"
    (held,) = await world.told(r.CaseHeld, family.id)
    assert held.data["individuals"] == [str(family.ids["mother"])]
    assert answer not in str(held.data)
    (hold,) = (await world.get(f"{family.path}/holds", role=PR))["items"]
    await world.post(f"{family.path}/holds/{hold['id']}/release", role=PR)
    await tell(family, willing(family, "father", "yes"), "father")
    assert len(await world.told(r.CaseHeld, family.id)) == 1, "looking again does not hold again"


async def test_a_no_of_an_earlier_attempt_is_kept_and_never_acts(world: World) -> None:
    family = await (await register(world)).declare()
    await family.withdraw()
    world.now += timedelta(hours=1)
    await family.sign("mother")
    await tell(family, willing(family, "mother", "no"), "mother", attempt=1)
    assert (await family.statuses())["mother"] == "declared"
    assert ("travel", "willingness_stated") in [
        (line["service"], line["summary"]) for line in (await world.get(f"{family.path}/journey", role=CO))["lines"]
    ]


@pytest.mark.parametrize("kind", [travel.PassengerNoShow, travel.PassengerOffloaded])
async def test_who_did_not_leave_is_released_and_stands_as_declared(world: World, kind: type[Event]) -> None:
    family = await (await register(world)).declare()
    await family.clear()
    await tell(family, family.passage(kind, "father", clearance=family.clearance), "father")
    assert (await family.statuses())["father"] == "declared"
    (released,) = await world.told(r.ClearanceReleased, family.id)
    assert released.data["clearance"] == str(family.clearance)
    assert (await family.statuses())["mother"] == "cleared"
    family.clearance, family.flight = uuid4(), uuid4()
    assert (await family.clear("father"))["cleared"] == [str(family.ids["father"])], "rebooked, and cleared again"


async def test_another_clearances_offload_releases_nobody(world: World) -> None:
    family = await (await register(world)).declare()
    await family.clear()
    await tell(family, family.passage(travel.PassengerOffloaded, "father", clearance=uuid4()), "father")
    assert (await family.statuses())["father"] == "cleared"


async def test_a_cancelled_booking_after_the_doors_releases_everyone_on_it(world: World) -> None:
    family = await (await register(world)).declare()
    await tell(family, booked(family), now=DOORS - timedelta(days=2))
    await family.clear()
    cancelled = booking(family, travel.BookingCancelled, reason=travel.BookingReason.FLIGHT_CANCELLED)
    await tell(family, cancelled)
    assert set((await family.statuses()).values()) == {"declared"}
    assert len(await world.told(r.ClearanceReleased, family.id)) == 4


async def test_a_cancellation_from_before_the_doors_that_comes_late_releases_nobody(world: World) -> None:
    family = await (await register(world)).declare()
    await family.clear()
    early = DOORS - timedelta(days=1)
    cancelled = booking(family, travel.BookingCancelled, reason=travel.BookingReason.BY_OFFICER)
    await tell(family, cancelled, now=early)
    await tell(family, booked(family), now=early)
    assert set((await family.statuses()).values()) == {"cleared"}


async def test_a_departure_that_nobody_cleared_is_an_incident_and_changes_no_status(world: World) -> None:
    family = await (await register(world)).declare()
    await tell(family, family.departed("father"), "father")
    assert await incidents(world) == [("departed_uncleared", str(family.ids["father"]))]
    assert (await family.statuses())["father"] == "declared"


async def test_a_departure_after_the_release_is_an_incident_and_never_silent(world: World) -> None:
    family = await (await register(world)).declare()
    await family.clear()
    await tell(family, family.passage(travel.PassengerOffloaded, "father", clearance=family.clearance), "father")
    await tell(family, family.departed("father"), "father")
    assert await incidents(world) == [("departed_uncleared", str(family.ids["father"]))]
    assert (await family.statuses())["father"] == "declared"


async def test_the_case_stands_where_the_others_do_once_a_no_after_the_doors_has_become_a_withdrawal(
    world: World,
) -> None:
    family = await (await register(world)).declare()
    await family.clear()
    await family.withdraw("father")
    await tell(family, family.passage(travel.PassengerNoShow, "father", clearance=family.clearance), "father")
    assert await family.statuses() == {**dict.fromkeys(family.ids, "cleared"), "father": "withdrawn"}
    assert (await family.read())["status"] == "cleared"


async def test_a_departure_of_an_attempt_that_was_withdrawn_is_an_incident_too(world: World) -> None:
    family = await (await register(world)).declare()
    await family.withdraw()
    world.now += timedelta(hours=1)
    await family.sign("father")
    await tell(family, family.departed("father"), "father", attempt=1)
    assert await incidents(world) == [("departed_uncleared", str(family.ids["father"]))]
    assert (await family.statuses())["father"] == "declared"


async def test_a_flight_worked_on_paper_is_entered_afterwards_where_everything_was_in_order(world: World) -> None:
    family = await (await register(world)).declare()
    await family.withdraw("mother")
    for ref in ("father", "mother"):
        await tell(family, family.departed(ref, on_paper=True), ref)
    statuses = await family.statuses()
    assert (statuses["father"], statuses["mother"]) == ("departed", "withdrawn")
    assert await incidents(world) == [("departed_uncleared", str(family.ids["mother"]))]


async def test_who_left_on_a_paper_that_shows_something_amiss_is_an_incident(world: World) -> None:
    family = await (await register(world)).declare()
    await tell(family, family.departed("father", on_paper=True, in_order=False), "father")
    assert await incidents(world) == [("departed_uncleared", str(family.ids["father"]))]
    assert (await family.statuses())["father"] == "declared"


@pytest.mark.parametrize(
    ("amiss", "follows"),
    [
        ({}, Follow.DEPART_ON_PAPER),
        ({"status": "withdrawn"}, Follow.INCIDENT),
        ({"held": True}, Follow.INCIDENT),
        ({"case_closed": True}, Follow.INCIDENT),
        ({"protection_pending": True}, Follow.INCIDENT),
        ({"attempt": 2}, Follow.INCIDENT),
    ],
)
def test_a_departure_on_paper_counts_only_where_nothing_stood_against_it(
    amiss: dict[str, Any], follows: Follow
) -> None:
    stands = {"status": "declared", "attempt": 1, "held": False, "case_closed": False, "protection_pending": False}
    nothing: dict[str, Any] = {"clearance_id": None, "flight_id": None, "closing_at": None, "left": {}}
    where = Where(**{**stands, **nothing, "heard": (), "incidents": (), **amiss})
    fact = PassageFact(
        event_id=uuid4(),
        individual_id=uuid4(),
        case_id=uuid4(),
        flight_id=uuid4(),
        kind="departed",
        attempt=1,
        clearance_id=uuid4(),
        on_paper=True,
        at=TOOK_OFF,
        recorded_at=TOOK_OFF,
        sequence=1,
    )
    assert next_step([fact], where) == (follows, fact)


async def test_a_person_confirms_an_uncleared_departure_and_what_came_since_follows(world: World) -> None:
    family = await (await register(world)).declare()
    await tell(family, family.departed("father"), "father")
    back = family.passage(travel.PassengerNotAdmitted, "father", country="IRQ", kind="refused_entry")
    await tell(family, back, "father", now=TOOK_OFF + timedelta(hours=9))
    assert (await family.statuses())["father"] == "declared"
    (incident,) = (await world.get("/incidents", role=PR))["items"]
    path = f"/incidents/{incident['id']}/resolution"
    await world.post(path, {"resolution": "unfounded"}, role=PR, expect=422)
    answer = await world.post(path, {"resolution": "departure_confirmed", "note": "seen on board"}, role=PR)
    assert answer["individual_status"] == "not_admitted"
    assert [kind for kind, _ in await incidents(world)] == ["not_admitted"]
    again = await world.post(path, {"resolution": "departure_wrong"}, role=PR, expect=409)
    assert again["type"].endswith("incident-resolved-already")


async def test_who_was_not_admitted_may_declare_again_and_the_old_facts_stay_old(world: World) -> None:
    family = await (await register(world)).declare()
    await family.clear()
    await family.depart()
    back = family.passage(travel.PassengerNotAdmitted, "father", country="IRQ", kind="refused_entry")
    await tell(family, back, "father")
    assert (await family.statuses())["father"] == "not_admitted"
    assert [kind for kind, _ in await incidents(world)] == ["not_admitted"]
    world.now = TOOK_OFF + timedelta(days=3)
    await family.sign("father")
    assert (await family.attempts())["father"] == 2
    await family.hear(assistance_closed(world.now), now=world.now)
    assert (await family.statuses())["father"] == "declared"
    assert len(await incidents(world)) == 1


async def test_assistance_that_ended_before_departure_does_not_close_the_case(world: World) -> None:
    family = await (await register(world)).declare()
    await family.withdraw()
    await family.hear(assistance_closed(DOORS, "withdrawn_before_departure"))
    assert (await family.read())["status"] == "withdrawn"


async def test_a_reopened_case_is_not_closed_again_by_the_same_fact(world: World) -> None:
    family = await (await register(world)).declare()
    await family.clear()
    await family.depart()
    await family.hear(assistance_closed(TOOK_OFF))
    await world.post(f"{family.path}/reopening", role=RO)
    await tell(family, willing(family, "father", "yes"), "father")
    assert (await family.read())["status"] == "departed"
    await family.hear(assistance_closed(TOOK_OFF + timedelta(days=40)))
    assert (await family.read())["status"] == "closed"


async def test_facts_about_a_case_nobody_knows_here_are_kept_and_follow_to_nothing(world: World) -> None:
    stranger = Case(world, uuid4(), {"father": uuid4()})
    await tell(stranger, willing(stranger, "father", "no"), "father")
    assert await world.count_told() == 0


async def test_facts_of_different_services_in_every_order_lead_to_the_same_case(world: World) -> None:
    """Travel's own facts come in travel's order; the end of assistance, and what people say here, come at any time."""
    outcomes = set()
    for order in sorted(set(itertools.permutations("TTAS"))):
        family = await (await register(world)).declare()
        await family.clear("father")
        flow = _flow(family, world)
        for source in order:
            await next(flow[source])()
        statuses = tuple(sorted((await family.statuses()).items()))
        kinds = sorted(k for k, who in await incidents(world) if who in {str(i) for i in family.ids.values()})
        outcomes.add((statuses, tuple(kinds), (await family.read())["closed_reason"]))
    assert outcomes == {
        (
            (("daughter", "closed"), ("father", "closed"), ("mother", "closed"), ("son", "closed")),
            ("paper_contradicts_departure",),
            "assistance_closed",
        )
    }


def _flow(family: Case, world: World) -> dict[str, Any]:
    late = TOOK_OFF + timedelta(minutes=30)
    early: dict[str, Any] = {
        "occurred_at": (DOORS + timedelta(minutes=1)).isoformat(),
        "late_reason": "told_later",
        "now": late,
    }

    async def said() -> None:
        await family.withdraw("father", **early)
        await family.withdraw("mother", "daughter", "son", now=late)

    def heard(fact: Event, ref: str | None) -> Callable[[], Awaitable[None]]:
        return lambda: tell(family, fact, ref)

    return {
        "T": iter([heard(booked(family), None), heard(family.departed("father"), "father")]),
        "A": iter([lambda: family.hear(assistance_closed(TOOK_OFF + timedelta(days=9)))]),
        "S": iter([said]),
    }


def test_every_fact_about_a_case_that_the_others_tell_is_heard() -> None:
    others = {
        kind
        for kind in Event.registry.values()
        if kind.key_noun == "case" and not kind.type.startswith("homeward.registration.")
    }
    flights = {travel.FlightScheduled, travel.FlightChanged}  # what those who are booked must be told of
    assert set(HANDLERS) == others | flights
