"""Who must be told what has become of their journey, and how each was told."""

from datetime import timedelta
from typing import Any

import pytest

from shared.clock import rfc3339
from shared.contracts import travel
from shared.events import Event
from tests.registration.story import AU, RO, TO, TOOK_OFF, Case, family_body, person, register
from tests.world import World

DAY = timedelta(days=1)


def fact(case: Case, kind: type[Event], *refs: str, **more: Any) -> Event:
    ids = tuple(case.ids[ref] for ref in refs or case.ids)
    return kind(
        **{
            "booking": case.booking,
            "flight": case.flight,
            "individuals": ids,
            "attempts": dict.fromkeys(ids, 1),
            **more,
        }
    )


async def notices(world: World, status: str = "open") -> list[Any]:
    return list((await world.get(f"/notices?status={status}", role=RO))["items"])


async def test_a_cancelled_flight_with_24_people_on_it_makes_a_notice_for_each(world: World) -> None:
    cases = []
    for number in range(24):
        one = person("man", "principal_applicant", f"Aram{number}", "1990-06-01", "male")
        cases.append(await register(world, family_body(members=[one])))
    for case in cases:
        await case.hear(fact(case, travel.BookingCancelled, reason="flight_cancelled"), subject=case.booking)
    found = await notices(world)
    assert {each["individual_id"] for each in found} == {str(case.ids["man"]) for case in cases}
    assert {(each["about"], each["reason"]) for each in found} == {("booking_cancelled", "flight_cancelled")}
    assert found[0]["person"]["phone"] == "+375 29 555 01 77"


async def test_for_children_those_responsible_are_told_each_once(world: World) -> None:
    family = await register(world)
    await family.hear(fact(family, travel.BookingOnHold, reason="restriction"), subject=family.booking)
    assert {each["individual_id"] for each in await notices(world)} == {
        str(family.ids["father"]),
        str(family.ids["mother"]),
    }


async def test_nobody_is_told_what_they_did_themselves(world: World) -> None:
    family = await register(world)
    for reason in ("withdrawn", "no_show", "offloaded", "case_closed"):
        await family.hear(fact(family, travel.BookingCancelled, reason=reason), subject=family.booking)
    assert await notices(world) == []


async def test_only_who_was_reached_has_been_told(world: World) -> None:
    family = await register(world)
    waits = travel.BookingWaiting(
        entry=family.booking,
        individuals=(family.ids["father"],),
        attempts={family.ids["father"]: 1},
        destination_country="IRQ",
        since=TOOK_OFF,
        lost_flight=family.flight,
    )
    await family.hear(waits, subject=family.booking)
    (notice,) = await notices(world)
    path = f"/notices/{notice['id']}/telling"
    answer = await world.post(path, {"channel": "phone", "reached": False}, role=RO, now=TOOK_OFF)
    assert (answer["status"], answer["attempts"]) == ("open", 1)
    answer = await world.post(path, {"channel": "in_person", "reached": True}, role=TO, now=TOOK_OFF)
    assert (answer["status"], [each["channel"] for each in answer["tellings"]]) == ("told", ["phone", "in_person"])
    assert answer["person"] is None
    await world.post(path, {"channel": "phone", "reached": True}, role=RO, expect=409, now=TOOK_OFF)
    assert await notices(world) == []
    assert len((await notices(world, "told"))[0]["tellings"]) == 2
    await world.get("/notices", role=AU, expect=403)


async def test_something_newer_about_a_booking_overtakes_what_was_not_told(world: World) -> None:
    family = await register(world)
    await family.hear(fact(family, travel.BookingOnHold, "father", reason="restriction"), subject=family.booking)
    await family.hear(fact(family, travel.BookingResumed, "father"), subject=family.booking)
    assert [each["about"] for each in await notices(world)] == ["booking_resumed"]
    assert [each["about"] for each in await notices(world, "overtaken")] == ["booking_on_hold"]
    lines = (await world.get(f"{family.path}/journey", role=RO))["lines"]
    assert {"booking_on_hold", "booking_resumed"} <= {line["summary"] for line in lines}


async def offered(world: World, reached: bool) -> tuple[Case, dict[str, Any]]:
    """Seats held for a family until a day before the flight leaves, of which the mother was told or not."""
    family = await register(world)
    about: dict[str, Any] = {"offer": family.booking, "flight": family.flight}
    about["individuals"] = tuple(family.ids.values())
    made = travel.OfferMade(**about, departs=TOOK_OFF, expires_at=TOOK_OFF - DAY)
    await family.hear(made, subject=family.booking)
    if reached:
        (hers,) = [each for each in await notices(world) if each["individual_id"] == str(family.ids["mother"])]
        await world.post(f"/notices/{hers['id']}/telling", {"channel": "phone", "reached": True}, role=RO)
    return family, about


async def test_for_whom_seats_are_held_is_told_on_which_flight_and_until_when(world: World) -> None:
    family, _ = await offered(world, reached=False)
    found = await notices(world)
    assert {each["individual_id"] for each in found} == {str(family.ids["father"]), str(family.ids["mother"])}
    first = found[0]
    assert (first["about"], first["booking_id"]) == ("seats_offered", str(family.booking))
    assert (first["departs_at"], first["answer_by"]) == (rfc3339(TOOK_OFF), rfc3339(TOOK_OFF - DAY))


@pytest.mark.parametrize(
    ("how", "reached", "left"),
    [
        ("expired", True, {"mother": "offer_ended"}),  # the father never heard of it: nothing is left to tell him
        ("flight_cancelled", True, {"mother": "offer_ended"}),
        ("expired", False, {}),
        ("taken", True, {}),
        ("declined", True, {}),
        ("nobody_left", True, {}),
    ],
)
async def test_that_an_offer_is_over_is_told_to_who_knew_of_it_and_did_nothing(
    world: World, how: str, reached: bool, left: dict[str, str]
) -> None:
    family, about = await offered(world, reached)
    await family.hear(travel.OfferEnded(**about, how=travel.OfferEnd(how)), subject=family.booking)
    names = {str(family.ids[ref]): ref for ref in family.ids}
    found = await notices(world)
    assert {names[each["individual_id"]]: each["about"] for each in found} == left
    assert {each["reason"] for each in found} <= {how}
    assert len(await notices(world, "overtaken")) == (1 if reached else 2)


async def test_how_people_come_to_the_airport_is_told_and_that_it_is_not_so_any_more(world: World) -> None:
    family = await register(world)
    about: dict[str, Any] = {"arrangement": family.booking, "flight": family.flight}
    about |= {"kind": travel.GroundKind.TRANSPORT, "individuals": (family.ids["father"], family.ids["son"])}
    await family.hear(travel.GroundArranged(**about, begins=TOOK_OFF - DAY), subject=family.booking)
    first = await notices(world)
    assert {each["individual_id"] for each in first} == {str(family.ids["father"]), str(family.ids["mother"])}
    assert {(each["about"], each["reason"], each["departs_at"]) for each in first} == {
        ("ground_arranged", "transport", rfc3339(TOOK_OFF - DAY))
    }
    await family.hear(travel.GroundCancelled(**about), subject=family.booking)
    assert {each["about"] for each in await notices(world)} == {"ground_cancelled"}
    assert len(await notices(world)) == len(await notices(world, "overtaken")) == 2


def fetched(family: Case, *refs: str, hours: int = 5) -> travel.GroundArranged:
    return travel.GroundArranged(
        arrangement=family.clearance,
        kind=travel.GroundKind.TRANSPORT,
        flight=family.flight,
        individuals=tuple(family.ids[one] for one in refs or family.ids),
        begins=TOOK_OFF - timedelta(hours=hours),
    )


def made(family: Case, *refs: str) -> Event:
    to = {"departs": TOOK_OFF, "arrives": TOOK_OFF + DAY, "destination_country": "IRQ", "destination_airport": "EBL"}
    return fact(family, travel.BookingMade, *refs, **to)


async def to_tell(family: Case, status: str = "open") -> set[tuple[str, str]]:
    refs = {str(one): ref for ref, one in family.ids.items()}
    return {(refs[each["individual_id"]], each["about"]) for each in await notices(family.world, status)}


async def test_another_pick_up_is_told_anew_and_takes_the_place_of_what_was_not_told_yet(world: World) -> None:
    family = await register(world)
    await family.hear(fetched(family), subject=family.clearance)
    first = {each["individual_id"]: each["id"] for each in await notices(world)}
    reached = {"channel": "phone", "reached": True}
    await world.post(f"/notices/{first[str(family.ids['father'])]}/telling", reached, role=RO)
    await family.hear(fetched(family, hours=6), subject=family.clearance)
    found = await notices(world)
    assert await to_tell(family) == {("father", "ground_arranged"), ("mother", "ground_arranged")}
    assert {each["departs_at"] for each in found} == {rfc3339(TOOK_OFF - timedelta(hours=6))}
    assert await to_tell(family, "overtaken") == {("mother", "ground_arranged")}, "he was told, and is told again"
    assert await to_tell(family, "told") == {("father", "ground_arranged")}


@pytest.mark.parametrize("reason", ["withdrawn", "by_officer"])
async def test_how_they_come_to_a_flight_is_told_to_nobody_whose_booking_on_it_was_cancelled(
    world: World, reason: str
) -> None:
    family = await register(world)
    await family.hear(made(family), subject=family.booking)
    await family.hear(fetched(family), subject=family.clearance)
    elsewhere = fetched(family).model_copy(update={"flight": family.id, "arrangement": family.id})
    await family.hear(elsewhere, subject=family.id)
    assert len(await notices(world)) == 4
    await family.hear(fact(family, travel.BookingCancelled, reason=reason), subject=family.booking)
    left = [each for each in await notices(world) if each["about"] == "ground_arranged"]
    assert {each["flight_id"] for each in left} == {str(family.id)}, "of another flight it is still to be told"
    assert len(left) == len(await notices(world, "overtaken")) == 2


async def test_who_stays_booked_or_speaks_for_a_child_who_does_is_told_how_they_come_to_the_flight(
    world: World,
) -> None:
    family = await register(world)
    await family.hear(made(family), subject=family.booking)
    await family.hear(fetched(family), subject=family.clearance)
    gone = fact(family, travel.BookingCancelled, "father", "daughter", reason="by_officer")
    await family.hear(gone, subject=family.booking)
    told = {("father", "ground_arranged"), ("mother", "ground_arranged")}
    assert {each for each in await to_tell(family) if each[1] == "ground_arranged"} == told, "the son rides"
    await family.hear(fact(family, travel.BookingCancelled, "son", reason="by_officer"), subject=family.booking)
    assert {each for each in await to_tell(family) if each[1] == "ground_arranged"} == {("mother", "ground_arranged")}
