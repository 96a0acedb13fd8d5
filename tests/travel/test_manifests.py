"""The manifest: names in one question a flight, at the moment of need, and not kept."""

import csv
import io
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from services.travel.manifests.rules import Sheet, SheetRow, as_csv, as_html, parties
from shared.auth import Role
from shared.database import new_id
from tests.travel.registration import Registration
from tests.travel.story import AD, FI, TO, Family, one_adult, schedule, seat
from tests.travel.test_allowances import money
from tests.travel.test_parties_that_grow import seated_apart
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


async def printed(world: World, flight: UUID, form: str) -> Any:
    answer = await world.call("GET", f"/flights/{flight}/manifest.{form}", role=AD)
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store", "a page of names is kept nowhere"
    return answer


async def test_the_manifest_is_printed_before_as_one_page_and_as_a_table_with_room_for_marks(
    world: World, registration: Registration
) -> None:
    family = await Family(world).ready()
    flight = await schedule(world)
    await family.book(flight)
    registration.names = dict.fromkeys(family.ids, NAME)
    await world.post(f"{seat(flight, family.ids[0])}/allowance", money(f"pocket_money:{family.ids[0]}"), role=FI)
    page = await printed(world, flight, "html")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.text.count("Quickbrownfox") == 4
    assert page.text.count("asked&nbsp;alone") == 2, "each adult is asked alone, and no child"
    for word in ("yes", "no", "not&nbsp;sure", "pressed", "Boarded", "signature", "MSQ - IST - EBL"):
        assert word in page.text, word
    assert not [each for each in ("<script", "http://", "https://", "<link", "<img") if each in page.text]
    table = await printed(world, flight, "csv")
    rows = list(csv.DictReader(io.StringIO(table.text)))
    assert {UUID(each["individual_id"]) for each in rows} == set(family.ids)
    assert {each["family_name"] for each in rows} == {"Quickbrownfox"}
    due = {UUID(each["individual_id"]): each["pocket_money"] for each in rows}
    assert due == {family.ids[0]: "", **dict.fromkeys(family.ids[1:], "50.00 EUR")}
    assert [len(each[1]["individuals"]) for each in registration.asked] == [4, 4], "one question for each sheet"
    assert "Quickbrownfox" not in repr(await snapshot(world))


async def test_without_registration_the_sheet_is_printed_without_names_and_says_so(
    world: World, registration: Registration
) -> None:
    family = await Family(world).bookable()
    flight = await schedule(world)
    await family.book(flight)
    registration.away = True
    assert "Names: not_available" in (await printed(world, flight, "html")).text
    for role in (Role.AUDITOR, Role.FINANCE, Role.COUNSELLOR):
        for form in ("html", "csv"):
            await world.get(f"/flights/{flight}/manifest.{form}", role=role, expect=403)


async def test_who_joined_by_a_booking_of_their_own_stands_on_the_sheet_with_their_party(
    world: World, registration: Registration
) -> None:
    flight = await schedule(world)
    await seated_apart(world, flight)
    alone = await Family(world, members=one_adult()).bookable()
    await alone.book(flight)
    rows = csv.DictReader(io.StringIO((await printed(world, flight, "csv")).text))
    assert sorted(row["party"] for row in rows) == ["1", "1", "1", "1", "1", "2"]


@pytest.fixture
def strange() -> Sheet:
    row = SheetRow(
        individual=new_id(),
        party=1,
        family_name="=cmd()<b>",
        given_name="@x",
        birth_date="1989-03-21",
        nationality="IRQ",
        document="IRQ 1",
        adult=True,
        status="booked",
        bags=2,
        pocket_money={"EUR": Decimal("50.00"), "USD": Decimal("5")},
    )
    noon = datetime(2021, 12, 14, 12, tzinfo=UTC)
    return Sheet(new_id(), "TK 284", "MSQ - EBL", noon, noon, "complete", [row])


def test_a_name_is_neither_a_formula_in_a_table_nor_a_tag_on_a_page(strange: Sheet) -> None:
    (row,) = csv.DictReader(io.StringIO(as_csv(strange)))
    assert (row["family_name"], row["given_name"]) == ("'=cmd()<b>", "'@x")
    assert (row["bags"], row["pocket_money"]) == ("2", "50.00 EUR + 5 USD")
    assert "<b>" not in as_html(strange)
    assert "=cmd()&lt;b&gt;" in as_html(strange)


def test_those_of_one_party_share_a_small_number() -> None:
    one, two = new_id(), new_id()
    assert parties([two, one, two]) == {two: 1, one: 2}
