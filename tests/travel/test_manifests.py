"""The manifest: names in one question a flight, at the moment of need, and not kept."""

from uuid import UUID

from shared.auth import Role
from tests.travel.registration import Registration
from tests.travel.story import AD, TO, Family, schedule
from tests.travel.watch import snapshot
from tests.world import World

NAME = {
    "given_name": "Şîrîn",
    "family_name": "Quickbrownfox",
    "birth_date": "1989-03-21",
    "nationality": "IRQ",
    "document": {"kind": "passport", "number": "X1234567", "issuing_country": "IRQ", "valid_until": "2026-01-01"},
}


async def test_names_come_in_one_question_and_are_not_kept(world: World, registration: Registration) -> None:
    family, other = await Family(world).bookable(), await Family(world).bookable()
    flight = await schedule(world)
    await family.book(flight)
    await other.book(flight)
    registration.names = dict.fromkeys([*family.ids, *other.ids], NAME)
    shown = await world.get(f"/flights/{flight}/manifest", role=TO)
    assert (shown["names"], len(shown["lines"])) == ("complete", 8)
    assert {each["given_name"] for each in shown["lines"]} == {"Şîrîn"}
    assert {each["document"]["number"] for each in shown["lines"]} == {"X1234567"}
    ((path, asked, _),) = registration.asked
    assert path == "/passenger-names"
    assert {UUID(each) for each in asked["individuals"]} == {*family.ids, *other.ids}
    kept = repr(await snapshot(world))
    assert not [each for each in ("Quickbrownfox", "X1234567", "1989-03-21") if each in kept]
    assert str(family.ids[0]) in repr(await snapshot(world)), "the search would find what is there"


async def test_without_registration_the_list_still_comes_and_says_so(world: World, registration: Registration) -> None:
    family = await Family(world).bookable()
    flight = await schedule(world)
    await family.book(flight)
    registration.away = True
    shown = await world.get(f"/flights/{flight}/manifest", role=AD)
    assert (shown["names"], len(shown["lines"])) == ("not_available", 4)
    assert {each["family_name"] for each in shown["lines"]} == {None}


async def test_a_name_that_registration_does_not_give_is_left_open(world: World, registration: Registration) -> None:
    family = await Family(world).bookable()
    flight = await schedule(world)
    await family.book(flight)
    registration.names = {family.ids[0]: NAME}
    shown = await world.get(f"/flights/{flight}/manifest", role=AD)
    assert shown["names"] == "incomplete"
    assert sum(each["given_name"] is None for each in shown["lines"]) == 3


async def test_an_empty_flight_asks_nobody_for_names(world: World, registration: Registration) -> None:
    flight = await schedule(world)
    shown = await world.get(f"/flights/{flight}/manifest", role=AD)
    assert (shown["lines"], registration.asked) == ([], [])
    for role in (Role.AUDITOR, Role.FINANCE, Role.REINTEGRATION_OFFICER):
        await world.get(f"/flights/{flight}/manifest", role=role, expect=403)
