"""Finding a case again by what somebody has with them: a paper, a name, a telephone number."""

from typing import Any

import pytest
from sqlalchemy import select

from shared.auth import Role
from shared.database import audit, core, request_key
from shared.text import compared, last_digits
from tests.registration.story import AU, CO, ME, RO, TO, family_body, person, register
from tests.world import World


async def found(world: World, expect: int | None = None, **body: Any) -> Any:
    return await world.post("/searches", body, role=CO, expect=expect)


async def names(world: World, **body: Any) -> list[str]:
    return [each["given_name"] for each in (await found(world, **body))["items"]]


async def test_a_case_is_found_by_the_number_of_a_paper_however_it_is_typed(world: World) -> None:
    case = await register(world)
    for typed in ("A15830247", "a 1583-0247", "A١٥٨٣٠٢٤٧"):
        (one,) = (await found(world, document_number=typed))["items"]
        assert (one["case_id"], one["individual_id"]) == (str(case.id), str(case.ids["father"]))
    assert await names(world, document_number="A15830247", issuing_country="IRQ") == ["Hêmin"]
    assert await names(world, document_number="A15830247", issuing_country="IRN") == []
    assert await names(world, document_number="A1583024") == []
    assert await names(world, document_number="-") == []


async def test_a_name_is_found_by_its_beginning_in_either_order_and_without_its_marks(world: World) -> None:
    await register(world)
    for typed in ("Hemin", "hêmin barz", "HÊM", "barzinji hem"):
        assert await names(world, name=typed) == ["Hêmin"], typed
    assert await names(world, name="شيلان") == ["شیلان"], "the same letter, as Arabic keyboards have it"
    assert await names(world, name="Tavge") == ["Tavge 🌸"]
    assert len(await names(world, name="Barzinjî")) == 4
    assert await names(world, name="emin") == []
    assert await names(world, name="%") == []


async def test_a_birth_date_tells_people_of_one_name_apart(world: World) -> None:
    older = person("one", "principal_applicant", "Hêmin", "1970-01-01", "male")
    await register(world, family_body(members=[older]))
    await register(world)
    assert await names(world, name="Hemin") == ["Hêmin", "Hêmin"]
    (one,) = (await found(world, name="Hemin", birth_date="1970-01-01"))["items"]
    assert one["birth_date"] == "1970-01-01"
    assert await names(world, name="Hemin", birth_date="1971-01-01") == []


async def test_a_household_is_found_by_its_telephone_number_with_and_without_the_countrys_code(world: World) -> None:
    await register(world)
    await register(world, family_body(contact={"phone": "+375 29 555 01 78", "email": None, "address": None}))
    for typed in ("+375295550177", "8 (0) 29 555-01-77", "29 555 01 77"):
        assert len((await found(world, phone=typed))["items"]) == 4, typed
    assert await names(world, phone="none") == []


async def test_what_was_corrected_is_found_as_it_now_is(world: World) -> None:
    case = await register(world)
    change = {"reason": "typing_error", "given_name": "Hemn"}
    path = f"{case.path}/members/{case.ids['father']}"
    await world.call("PATCH", path, change, role=RO, etag=await case.etag())
    await world.call("PATCH", case.path, {"reason": "typing_error", "phone": None}, role=RO, etag=await case.etag())
    assert await names(world, name="Hemin") == []
    assert await names(world, name="hemn bar") == ["Hemn"]
    assert await names(world, phone="+375 29 555 01 77") == []


async def test_more_who_fit_are_said_and_not_listed(world: World) -> None:
    await register(world)
    answer = await found(world, name="barz", limit=2)
    assert (len(answer["items"]), answer["more"]) == (2, True)
    assert (await found(world, name="barz", limit=4))["more"] is False


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": "Hemin", "phone": "29 555 01 77"},
        {"document_number": "A1", "birth_date": "1984-02-29"},
        {"name": "Hemin", "issuing_country": "IRQ"},
        {"name": "Hemin", "limit": 51},
    ],
)
async def test_a_search_asks_for_one_thing(world: World, body: dict[str, Any]) -> None:
    await found(world, expect=422, **body)


async def test_only_who_meets_the_people_may_search(world: World) -> None:
    for role in (AU, Role.AIRPORT_DESK, Role.FINANCE, Role.SERVICE, Role.ADMINISTRATOR):
        await world.post("/searches", {"name": "Hemin"}, role=role, expect=403)


async def test_who_meets_one_person_searches_for_one_person(world: World) -> None:
    await register(world)
    for role in (ME, TO):
        for wide in ({"name": "Hemin"}, {"phone": "29 555 01 77"}):
            refused = await world.post("/searches", wide, role=role, expect=403)
            assert refused["type"] == "/problems/search-must-name-one"
        for close in ({"document_number": "A15830247"}, {"name": "H", "birth_date": "1984-02-29"}):
            answer = await world.post("/searches", close, role=role)
            assert [each["given_name"] for each in answer["items"]] == ["Hêmin"]


async def test_one_letter_is_too_little_of_a_name(world: World) -> None:
    await register(world)
    for wide in ("H", "ش", "h-"):
        refused = await found(world, expect=422, name=wide)
        assert (refused["type"], refused["letters"]) == ("/problems/search-too-wide", 2)
    assert await names(world, name="He") == ["Hêmin"]
    assert await names(world, name="H", birth_date="1984-02-29") == ["Hêmin"]


async def test_a_search_is_audited_and_nothing_of_it_is_kept(world: World) -> None:
    await register(world)
    async with world.runtime.database.reading() as session:
        before = len((await core(session, select(request_key.c.key))).all())
    await found(world, name="Hemin")
    async with world.runtime.database.reading() as session:
        kept = (await core(session, select(request_key.c.key))).all()
        last = (await core(session, select(audit).order_by(audit.c.id.desc()).limit(1))).one()
    assert len(kept) == before
    assert (last.action, last.by, last.status) == ("search_cases", "counsellor", 200)
    assert "hemin" not in str(tuple(last)).lower()


def test_what_is_compared_has_no_marks_no_case_and_one_kind_of_each_letter() -> None:
    assert compared("  Hêmin-ALİ ") == compared("hemin ali")
    assert compared("كريم") == compared("کریم")
    assert compared("محـمد") == compared("محمد")
    assert last_digits("+375 (29) 555-01-77") == last_digits("0 29 555 01 77") == "295550177"
