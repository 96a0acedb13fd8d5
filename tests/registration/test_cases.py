"""Registering and reading cases, over HTTP."""

from typing import Any

import orjson
import pytest
from sqlalchemy import event

from shared.auth import Role
from shared.contracts import registration as r
from shared.logs import configure
from tests.registration.story import AD, AU, CO, ME, PR, RE, RO, TO, family_body, person, register
from tests.world import World


async def test_a_registered_case_is_told_without_a_name(world: World) -> None:
    family = await register(world)
    told = await world.told(key=family.id)
    assert [e.type for e in told] == [r.CaseRegistered.type, r.DocumentRecorded.type]
    case = told[0].data
    assert case["destination_area"] == "IQ-AR"
    assert [member["age_band"] for member in case["members"]] == ["adult", "adult", "2_11", "2_11"]
    assert case["members"][3]["responsible"] == [str(family.ids["father"]), str(family.ids["mother"])]
    assert told[1].data["kind"] == "passport"
    assert "number" not in told[1].data


async def test_the_answer_names_the_ids_by_the_callers_labels_and_where_to_read_on(world: World) -> None:
    answer = await world.call("POST", "/cases", family_body(), role=CO)
    assert answer.status_code == 201
    made = answer.json()
    assert answer.headers["location"] == f"/cases/{made['id']}"
    assert [each["ref"] for each in made["members"]] == ["father", "mother", "daughter", "son"]
    assert len(made["members"][0]["documents"]) == 1
    offered = {each["action"] for each in made["actions"]}
    assert {"record_counselling", "withdraw"} <= offered
    assert "sign_declaration" not in offered, "nobody has been counselled yet"
    assert "assess_fitness" not in offered, "only medical may, and so only medical is offered it"


async def test_signing_and_withdrawing_are_offered_only_while_they_can_be_done(world: World) -> None:
    family = await register(world)

    async def offered() -> set[str]:
        found = {each["action"] for each in (await family.read(RO))["actions"]}
        return found & {"record_counselling", "sign_declaration", "withdraw"}

    assert await offered() == {"record_counselling", "withdraw"}
    await family.counsel("father", "mother")
    assert await offered() == {"record_counselling", "sign_declaration", "withdraw"}
    await family.declare()
    assert await offered() == {"record_counselling", "withdraw"}, "all have signed"
    left = await family.withdraw()
    assert [each["action"] for each in left["actions"]] == ["sign_declaration"], "nobody is left to withdraw"
    assert await offered() == {"record_counselling", "sign_declaration"}
    await world.post(f"{family.path}/closure", {"reason": "withdrawn"}, role=RO)
    assert await offered() == {"sign_declaration"}, "a new declaration opens a closed case again"


async def test_the_line_of_an_answer_calls_a_case_as_a_workers_does_from_the_request_that_made_it(
    world: World, capfd: pytest.CaptureFixture[str]
) -> None:
    configure("test", "INFO")
    try:
        family = await register(world)
        await world.call("GET", f"/cases/{family.id}", role=CO)
        await world.call("GET", "/cases", role=CO)
    finally:
        configure("test", "WARNING")
    said = [orjson.loads(line) for line in capfd.readouterr().err.splitlines() if line.startswith("{")]
    lines = [
        (line["method"], line["route"], line.get("case"), "case_id" in line)
        for line in said
        if line["event"] == "answered"
    ]
    assert lines == [
        ("POST", "/cases", str(family.id), False),
        ("GET", "/cases/{case_id}", str(family.id), False),
        ("GET", "/cases", None, False),
    ]


async def test_a_boy_alone_waits_for_protection(world: World) -> None:
    boy = person("boy", "principal_applicant", "Aram", "2005-06-01", "male")
    case = await register(world, family_body(members=[boy]))
    (pending,) = await world.told(r.ProtectionPending, case.id)
    assert pending.subject == str(case.ids["boy"])
    assert (await case.read())["members"][0]["protection_pending"] is True


@pytest.mark.parametrize(
    ("change", "slug"),
    [
        ({"arrived_in_host_country": "2021-12-10"}, "dates-impossible"),
        ({"host_country": "XXX"}, "invalid-body"),
        ({"host_country": "IRQ"}, "invalid-body"),
        ({"surprise": 1}, "invalid-body"),
        ({"means": "plenty"}, "invalid-body"),
        ({"members": []}, "invalid-body"),
        ({"members": [person("a", "spouse", "Aram", "1990-01-01", "male")]}, "members-unclear"),
        ({"members": [person("a", "principal_applicant", "Aram", "2022-01-01", "male")]}, "dates-impossible"),
        ({"members": [person("a", "principal_applicant", "\u0000", "1990-01-01", "male")]}, "invalid-body"),
        (
            {"members": [person("a", "principal_applicant", "Aram", "1990-01-01", "male", languages=["xx-bad"])]},
            "invalid-body",
        ),
        ({"site_id": "0189d7d2-6f9c-7000-8000-000000000000"}, "site-unknown"),
        (
            {
                "members": [
                    person(
                        "a",
                        "principal_applicant",
                        "Aram",
                        "1990-01-01",
                        "male",
                        documents=[{"kind": "visa", "number": "V1", "issuing_country": "BLR"}],
                    )
                ]
            },
            "document-unclear",
        ),
    ],
)
async def test_a_case_that_cannot_be_is_refused_and_nothing_is_kept(
    world: World, change: dict[str, Any], slug: str
) -> None:
    answer = await world.call("POST", "/cases", family_body(**change), role=RO)
    assert answer.status_code in (409, 422), answer.text
    assert answer.json()["type"].endswith(slug)
    assert await world.count_told() == 0
    assert (await world.get("/cases", role=RO))["items"] == []


async def test_a_repeat_with_the_same_key_makes_one_case(world: World) -> None:
    key = "register-the-family-once"
    first = await world.call("POST", "/cases", family_body(), role=RO, key=key)
    again = await world.call("POST", "/cases", family_body(), role=RO, key=key)
    assert (first.status_code, first.content) == (again.status_code, again.content)
    other = await world.call("POST", "/cases", family_body(means="some"), role=RO, key=key)
    assert other.json()["type"].endswith("idempotency-key-reused")
    assert len((await world.get("/cases", role=RO))["items"]) == 1


async def test_names_in_any_script_come_back_as_they_were_sent(world: World) -> None:
    names = ["Hêmin", "شیلان", "Tavge 🌸", "می\u200cخواهم", "\u2067نور\u2069", "O’Brien-Ñíguez", "李"]
    members = [person("m0", "principal_applicant", names[0], "1980-01-01", "other", family_name=None)]
    members += [person(f"m{n}", "not_related", name, "1990-01-01", "unknown") for n, name in enumerate(names[1:], 1)]
    case = await register(world, family_body(members=members))
    shown = await case.read()
    assert [each["personal"]["given_name"] for each in shown["members"]] == names
    assert shown["members"][0]["personal"]["family_name"] is None


@pytest.mark.parametrize("role", [RO, CO, PR, TO, ME])
async def test_who_works_with_the_people_sees_who_they_are(world: World, role: Role) -> None:
    shown = await (await register(world)).read(role)
    assert shown["contact"]["phone"] == "+375 29 555 01 77"
    father = shown["members"][0]
    assert father["personal"]["birth_date"] == "1984-02-29"
    assert father["documents"][0]["number"] == "A15830247"


@pytest.mark.parametrize("role", [AU, RE, Role.APPROVER, Role.FINANCE, Role.PROGRAMME_OFFICER, Role.ADMINISTRATOR])
async def test_everyone_else_sees_pseudonymous_facts_alone(world: World, role: Role) -> None:
    case = await register(world)
    text = (await world.call("GET", case.path, role=role)).text
    for secret in ("Hêmin", "Barzinjî", "1984-02-29", "A15830247", "555 01 77", "Bruzgi"):
        assert secret not in text
    assert (await case.read(role))["members"][0]["nationality"] == "IRQ"


async def test_the_list_goes_page_by_page_newest_first(world: World) -> None:
    cases = [(await register(world)).id for _ in range(5)]
    first = await world.get("/cases?limit=2", role=RO)
    second = await world.get(f"/cases?limit=2&cursor={first['next']}", role=RO)
    third = await world.get(f"/cases?limit=2&cursor={second['next']}", role=RO)
    listed = [case["id"] for page in (first, second, third) for case in page["items"]]
    assert listed == [str(case) for case in reversed(cases)]
    assert third["next"] is None


async def test_the_list_is_filtered_by_status_and_site_and_shows_names_to_few(world: World) -> None:
    site = await world.post(
        "/sites",
        {
            "code": "BLR-BRUZGI",
            "name": "Warehouse near Bruzgi",
            "kind": "shelter",
            "country": "BLR",
            "area": "Hrodna",
            "managing_agency": "Red Cross",
        },
        role=RO,
    )
    there = await register(world, family_body(site_id=site["id"]))
    elsewhere = await register(world)
    await elsewhere.counsel()
    listed = await world.get(f"/cases?site_id={site['id']}", role=RO)
    assert [case["id"] for case in listed["items"]] == [str(there.id)]
    assert listed["items"][0]["members"][0]["given_name"] == "Hêmin"
    counselled = await world.get("/cases?status=counselled", role=AD)
    assert [case["id"] for case in counselled["items"]] == [str(elsewhere.id)]
    assert counselled["items"][0]["members"][0]["given_name"] is None
    await world.get("/cases?status=lost", role=RO, expect=422)


async def test_reading_and_listing_take_as_many_queries_for_many_people_as_for_few(world: World) -> None:
    async def counted(path: str) -> int:
        seen: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if statement.startswith("SELECT"):
                seen.append(statement)

        engine = world.runtime.database._reader.sync_engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            await world.get(path, role=RO)
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return len(seen)

    alone = await register(
        world, family_body(members=[person("m", "principal_applicant", "Aram", "1990-01-01", "male")])
    )
    few = await counted("/cases")
    small = await counted(alone.path)
    family = await register(world)
    await register(world)
    assert (await counted("/cases"), await counted(family.path)) == (few, small)
    assert few <= 1  # on the driver itself none is seen
    assert small <= 5


async def test_what_does_not_exist_is_not_found(world: World) -> None:
    for path in ("", "/journey", "/holds", "/consents", "/declarations", "/corrections"):
        await world.get(f"/cases/0189d7d2-6f9c-7000-8000-000000000000{path}", role=RO, expect=404)


@pytest.mark.parametrize("area", ["Erbil", "iq-ar", "IQ", "IQ-ARBIL", ""])
async def test_a_destinations_area_is_a_code_and_no_free_text(world: World, area: str) -> None:
    body = family_body(destination={"country": "IRQ", "area": area})
    answer = await world.post("/cases", body, role=RO, expect=422)
    assert answer["type"] == "/problems/invalid-body"
    family = await register(world)
    change = {"reason": "typing_error", "destination_area": area}
    refused = await world.call("PATCH", family.path, change, role=RO, etag=await family.etag())
    assert refused.status_code == 422
