"""Papers asked of embassies: dated, reminded of, overdue in a list, and collected when registration has them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.travel.requests.actions import REMIND_DAILY
from services.travel.requests.rules import first_reminder, is_overdue, next_reminder
from shared.auth import Role
from shared.contracts.registration import DocumentKind
from shared.database import new_id
from tests.travel.story import TO, Family, document, one_adult
from tests.travel.watch import refused
from tests.world import World

RO = Role.REGISTRATION_OFFICER
DUE = date(2021, 12, 20)


def asked(family: Family, **changes: Any) -> dict[str, Any]:
    body: dict[str, Any] = {
        "case_id": str(family.case),
        "individual_id": str(family.ids[0]),
        "document": "laissez_passer",
        "asked_of": "IRQ",
        "office": "Consular section, Moscow",
        "requested_on": "2021-12-09",
        "due_on": DUE.isoformat(),
        "remind_before_days": 3,
        "remind_every_days": 7,
    }
    return {**body, **changes}


async def test_a_paper_is_asked_for_appointed_and_collected_when_registration_has_it(world: World) -> None:
    family = await Family(world, members=one_adult()).register()
    numbered = await world.post("/paper-requests", asked(family, number="N-1"), role=TO, expect=422)
    assert "number" in str(numbered["errors"]), "a document's number is registration's alone"
    made = await world.post("/paper-requests", asked(family), role=TO)
    assert (made["status"], made["remind_on"], made["overdue"]) == ("requested", "2021-12-17", False)
    at = {"appointment_at": "2021-12-15T09:00:00Z"}
    assert (await world.post(f"/paper-requests/{made['id']}/appointment", at, role=RO))["status"] == "appointed"
    who = family.ids[0]
    await family.tell(document(who, DocumentKind.LAISSEZ_PASSER, issuing_country="TUR"), who)
    assert (await world.get(f"/paper-requests/{made['id']}", role=TO))["status"] == "appointed", "of another country"
    paper = document(who, DocumentKind.LAISSEZ_PASSER, single_journey=True)
    await family.tell(paper, who)
    shown = await world.get(f"/paper-requests/{made['id']}", role=TO)
    assert (shown["status"], shown["document_id"], shown["actions"]) == ("collected", str(paper.document), [])
    assert shown["settled_on"] == "2021-12-09"


async def test_an_exit_permit_and_a_visa_are_two_requests_and_each_is_one(world: World) -> None:
    family = await Family(world, members=one_adult()).register()
    permit = asked(family, document="exit_permit", asked_of="BLR", for_country="BLR")
    visa = asked(family, document="visa", asked_of="IRQ", for_country="IRQ")
    first = await world.post("/paper-requests", permit, role=TO)
    await world.post("/paper-requests", visa, role=TO)
    problem = await refused(world, "/paper-requests", permit, "requested-already", 409, role=TO)
    assert problem["request"] == first["id"]
    await world.post(f"/paper-requests/{first['id']}/refusal", {"on": "2021-12-09"}, role=TO)
    await world.post("/paper-requests", permit, role=TO)
    listed = (await world.get(f"/paper-requests?case_id={family.case}", role=RO))["items"]
    assert sorted((each["document"], each["status"]) for each in listed) == [
        ("exit_permit", "refused"),
        ("exit_permit", "requested"),
        ("visa", "requested"),
    ]


async def test_what_is_overdue_is_listed_and_reminded_of_once_a_day_and_no_more(world: World) -> None:
    families = [await Family(world, members=one_adult()).register() for _ in range(3)]
    made = [
        await world.post("/paper-requests", asked(family, due_on=str(DUE + timedelta(days=day))), role=TO)
        for family, day in zip(families, (0, 1, 30), strict=True)
    ]
    assert (await world.post("/paper-reminders", {}, role=TO))["reminded"] == []
    world.now = datetime(2021, 12, 22, 8, 0, tzinfo=UTC)
    path = "/paper-requests?overdue=true&limit=1"
    page = await world.get(path, role=Role.AUDITOR)
    assert [each["id"] for each in page["items"]] == [made[0]["id"]]
    rest = await world.get(f"{path}&cursor={page['next']}", role=Role.AUDITOR)
    assert ([each["id"] for each in rest["items"]], rest["next"]) == ([made[1]["id"]], None)
    await world.get(f"{path}&cursor=made-up", role=Role.AUDITOR, expect=400)
    to_remind = await world.get("/paper-requests?remind_due=true", role=TO)
    assert [each["id"] for each in to_remind["items"]] == [each["id"] for each in made[:2]]
    swept = await world.post("/paper-reminders", {"most": 1}, role=Role.ADMINISTRATOR)
    assert (swept["reminded"], swept["more"]) == ([made[0]["id"]], True)
    assert (await world.post("/paper-reminders", {}, role=TO))["reminded"] == [made[1]["id"]]
    assert (await world.post("/paper-reminders", {}, role=TO))["reminded"] == []
    shown = await world.get(f"/paper-requests/{made[0]['id']}", role=TO)
    assert (shown["reminders_sent"], shown["remind_on"]) == (1, "2021-12-24")
    assert [(each["number"], each["on"], each["overdue"]) for each in shown["reminders"]] == [(1, "2021-12-22", True)]
    due = {"due_on": "2022-01-31", "remind_before_days": 5}
    later = await world.post(f"/paper-requests/{made[0]['id']}/due", due, role=TO)
    assert (later["overdue"], later["remind_on"]) == (False, "2022-01-26")


async def test_the_worker_reminds_by_its_own_clock_and_a_second_one_finds_nothing(world: World) -> None:
    family = await Family(world, members=one_adult()).register()
    made = await world.post("/paper-requests", asked(family), role=TO)
    database = world.runtime.database
    async with database.reading() as session:
        (day,) = await REMIND_DAILY.take(session)
    for _ in range(2):
        async with database.transaction() as session:
            await REMIND_DAILY.settle(session, REMIND_DAILY.act(day), day, None)
    assert (await world.get(f"/paper-requests/{made['id']}", role=TO))["reminders_sent"] == 1
    async with database.reading() as session:
        assert not await REMIND_DAILY.take(session)


async def test_a_request_that_does_not_hold_together_is_refused(world: World) -> None:
    family = await Family(world, members=one_adult()).register()
    wrong: list[tuple[dict[str, Any], str, int]] = [
        ({"due_on": "2021-12-08"}, "request-dates", 422),
        ({"requested_on": "2021-12-10"}, "request-dates", 422),
        ({"individual_id": str(new_id())}, "not-of-this-case", 422),
        ({"case_id": str(new_id())}, "case-not-known-yet", 409),
        ({"document": "visa"}, "invalid-body", 422),
        ({"office": "a\x00b"}, "invalid-body", 422),
        ({"document_number": "A1234567"}, "invalid-body", 422),
    ]
    for changes, slug, status in wrong:
        await refused(world, "/paper-requests", asked(family, **changes), slug, status, role=TO)
    made = await world.post("/paper-requests", asked(family), role=TO)
    path = f"/paper-requests/{made['id']}/collection"
    for on in ("2021-12-08", "2021-12-10"):
        await refused(world, path, {"on": on}, "request-dates", 422, role=TO)
    await world.post(path, {"on": "2021-12-09"}, role=TO)
    await refused(world, path, {"on": "2021-12-09"}, "not-possible-now", 409, role=TO)


def test_what_is_due_today_is_in_time_and_what_has_ended_is_never_overdue() -> None:
    assert not is_overdue("requested", DUE, DUE)
    assert is_overdue("appointed", DUE, DUE + timedelta(days=1))
    assert not is_overdue("collected", DUE, DUE + timedelta(days=1))
    assert first_reminder(DUE, 30, date(2021, 12, 9)) == date(2021, 12, 9)


@given(st.integers(1, 90), st.integers(0, 400))
def test_the_next_reminder_keeps_its_rhythm_and_lies_after_today_whatever_was_missed(every: int, missed: int) -> None:
    today = DUE + timedelta(days=missed)
    found = next_reminder(DUE, every, today)
    assert today < found <= today + timedelta(days=every)
    assert (found - DUE).days % every == 0
