"""One HTTP write: repeats, versions, one transaction, and an answer only after its commit."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError

from shared.auth import Role
from shared.contracts.travel import FlightCancelled
from shared.database import audit, core
from tests.faults import CommitFailed, contents, fail_next_commit, failed_once
from tests.shared import toy
from tests.world import STORY_TIME, World

KEPT = ("etag", "location", "content-type", "content-length")


async def made(world: World, words: str = "a") -> str:
    answer = await world.call("POST", "/notes", {"text": words}, role=toy.ROLE)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def audits(world: World) -> list[tuple[str, int, dict[str, str]]]:
    async with world.runtime.database.reading() as session:
        rows = (await core(session, select(audit).order_by(audit.c.id))).all()
        return [(row.action, row.status, row.ids) for row in rows]


async def test_a_repeat_has_the_same_answer_byte_for_byte(world: World) -> None:
    first = await world.call("POST", "/notes", {"text": "ایلا"}, role=toy.ROLE, key="one-and-the-same")
    again = await world.call("POST", "/notes", {"text": "ایلا"}, role=toy.ROLE, key="one-and-the-same")
    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert {name: first.headers[name] for name in KEPT} == {name: again.headers[name] for name in KEPT}
    assert first.headers["etag"] == '"1"'
    assert first.headers["location"] == f"/notes/{first.json()['id']}"
    assert await toy.notes(world) == ["ایلا"]
    assert await world.count_told() == 1
    assert len(await audits(world)) == 1


async def test_a_repeat_is_answered_as_then_although_things_moved_on(world: World) -> None:
    first = await world.call("POST", "/notes", {"text": "a"}, role=toy.ROLE, key="one-and-the-same")
    await world.call("PATCH", f"/notes/{first.json()['id']}", {"text": "b"}, role=toy.ROLE, etag='"1"')
    again = await world.call("POST", "/notes", {"text": "a"}, role=toy.ROLE, key="one-and-the-same")
    assert (again.content, again.headers["etag"]) == (first.content, '"1"')


async def test_another_body_under_the_same_key_is_refused(world: World) -> None:
    await world.call("POST", "/notes", {"text": "a"}, role=toy.ROLE, key="one-and-the-same")
    for path, body in (("/notes", {"text": "b"}), ("/failures", {"text": "a"})):
        answer = await world.call("POST", path, body, role=toy.ROLE, key="one-and-the-same")
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/idempotency-key-reused")
    assert await toy.notes(world) == ["a"]


async def test_one_key_of_two_clients_is_two_requests(world: World) -> None:
    for who in ("ann", "ben"):
        answer = await world.call("POST", "/notes", {"text": who}, role=toy.ROLE, subject=who, key="the-same-key")
        assert answer.status_code == 201
    assert await toy.notes(world) == ["ann", "ben"]


async def test_a_refusal_is_not_kept(world: World) -> None:
    refused = await world.call("POST", "/notes", {"txt": "a"}, role=toy.ROLE, key="one-and-the-same")
    assert refused.status_code == 422
    mended = await world.call("POST", "/notes", {"text": "a"}, role=toy.ROLE, key="one-and-the-same")
    assert mended.status_code == 201


async def test_a_refusal_by_the_action_leaves_nothing(world: World) -> None:
    before = await contents(world)
    answer = await world.call("POST", f"/notes/{uuid4()}/events", {}, role=toy.ROLE)
    assert answer.status_code == 404
    assert await contents(world) == before


async def test_eight_at_once_with_one_key_are_one_effect_and_one_body(world: World) -> None:
    async def post() -> tuple[int, bytes]:
        answer = await world.call("POST", "/notes", {"text": "a"}, role=toy.ROLE, key="one-and-the-same")
        return answer.status_code, answer.content

    answers = await asyncio.gather(*(post() for _ in range(8)))
    assert len(set(answers)) == 1
    assert answers[0][0] == 201
    assert await toy.notes(world) == ["a"]
    assert await world.count_told() == 1


async def test_a_failed_commit_is_the_answer_and_leaves_nothing(world: World) -> None:
    before = await contents(world)
    with fail_next_commit(world):
        answer = await world.call("POST", "/notes", {"text": "a"}, role=toy.ROLE, key="one-and-the-same")
    assert (answer.status_code, answer.json()["type"]) == (500, "/problems/unforeseen-failure")
    assert await contents(world) == before
    again = await world.call("POST", "/notes", {"text": "a"}, role=toy.ROLE, key="one-and-the-same")
    assert again.status_code == 201
    assert await toy.notes(world) == ["a"]


async def test_every_write_of_the_toy_survives_a_failure_before_its_commit(world: World) -> None:
    note = await made(world)
    assert (await failed_once(world, "POST", "/notes", {"text": "b"}, role=toy.ROLE)).status_code == 201
    changed = await failed_once(world, "PATCH", f"/notes/{note}", {"text": "c"}, role=toy.ROLE, etag='"1"')
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
    assert (await failed_once(world, "POST", f"/notes/{note}/events", {}, role=toy.ROLE)).status_code == 200


async def test_an_injected_fault_that_never_came_is_noticed(world: World) -> None:
    with pytest.raises(AssertionError, match="nothing came to its commit"), fail_next_commit(world):
        await world.get("/notes", role=toy.ROLE)


async def test_a_database_that_is_away_at_the_commit_says_try_again(world: World) -> None:
    away = OperationalError("COMMIT", {}, Exception("disk I/O error"))
    with fail_next_commit(world, away):
        answer = await world.call("POST", "/notes", {"text": "a"}, role=toy.ROLE)
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/store-unavailable")
    assert answer.headers["retry-after"]
    assert await toy.notes(world) == []


class _Serialization(Exception):
    sqlstate = "40001"


async def test_a_lost_race_runs_the_whole_request_again(world: World) -> None:
    lost = OperationalError("COMMIT", {}, _Serialization())
    with fail_next_commit(world, lost):
        answer = await world.call("POST", "/notes", {"text": "a"}, role=toy.ROLE)
    assert answer.status_code == 201
    assert await toy.notes(world) == ["a"]
    assert await world.count_told() == 1


async def test_who_loses_every_race_is_told_to_try_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async def always(*_: object, **__: object) -> None:
        raise OperationalError("UPDATE", {}, _Serialization())

    monkeypatch.setattr("shared.audit.record", always)
    answer = await world.call("POST", "/notes", {"text": "a"}, role=toy.ROLE)
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/try-again")
    assert await toy.notes(world) == []


async def test_a_row_changed_by_another_is_stale_for_who_named_a_version(world: World) -> None:
    note = await made(world)
    with fail_next_commit(world, StaleDataError()):
        answer = await world.call("PATCH", f"/notes/{note}", {"text": "b"}, role=toy.ROLE, etag='"1"')
    assert (answer.status_code, answer.json()["type"]) == (412, "/problems/stale-version")


async def test_a_row_changed_by_another_is_tried_again_for_who_named_none(world: World) -> None:
    with fail_next_commit(world, StaleDataError()):
        answer = await world.call("POST", "/notes", {"text": "b"}, role=toy.ROLE)
    assert answer.status_code == 201


async def test_a_change_without_a_version_is_refused(world: World) -> None:
    note = await made(world)
    answer = await world.call("PATCH", f"/notes/{note}", {"text": "b"}, role=toy.ROLE)
    assert (answer.status_code, answer.json()["type"]) == (428, "/problems/precondition-missing")


@pytest.mark.parametrize("header", ['"7"', '"0"', "garbage", '"1", "2"', "", '"abc"', '"-1"', '"1' * 40])
async def test_a_change_from_another_version_is_refused(world: World, header: str) -> None:
    note = await made(world)
    answer = await world.call("PATCH", f"/notes/{note}", {"text": "b"}, role=toy.ROLE, etag=header)
    assert (answer.status_code, answer.json()["type"]) == (412, "/problems/stale-version")
    assert await toy.notes(world) == ["a"]


@pytest.mark.parametrize("header", ['"1"', 'W/"1"', "*"])
async def test_a_change_from_this_version_is_taken(world: World, header: str) -> None:
    note = await made(world)
    answer = await world.call("PATCH", f"/notes/{note}", {"text": "b"}, role=toy.ROLE, etag=header)
    assert (answer.status_code, answer.headers["etag"]) == (200, '"2"')


async def test_a_route_that_compares_nothing_does_not_pass_for_one_that_did(world: World) -> None:
    note = await made(world)
    answer = await world.call("PUT", f"/notes/{note}", {"text": "b"}, role=toy.ROLE, etag='"7"')
    assert answer.status_code == 500
    answer = await world.call("POST", f"/notes/{note}/events", {}, role=toy.ROLE, etag='"7"')
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/precondition-unusable")
    assert (await toy.notes(world), await world.count_told()) == (["a"], 1)


async def test_two_writers_from_one_version_are_one_change(world: World) -> None:
    note = await made(world)
    answers = await asyncio.gather(
        *(world.call("PATCH", f"/notes/{note}", {"text": f"{n}"}, role=toy.ROLE, etag='"1"') for n in range(8))
    )
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 7


@pytest.mark.parametrize("header", ['"1"', 'W/"1"', '"7", "1"', "*"])
async def test_what_the_caller_has_already_is_not_sent_again(world: World, header: str) -> None:
    note = await made(world)
    answer = await world.call("GET", f"/notes/{note}", role=toy.ROLE, headers={"If-None-Match": header})
    assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", '"1"')


async def test_what_the_caller_has_not_is_sent(world: World) -> None:
    note = await made(world)
    answer = await world.call("GET", f"/notes/{note}", role=toy.ROLE, headers={"If-None-Match": '"2"'})
    assert answer.status_code == 200


async def test_a_write_that_succeeded_has_one_audit_row(world: World) -> None:
    note = await made(world)
    await world.call("PATCH", f"/notes/{note}", {"text": "b"}, role=[toy.ROLE, Role.MEDICAL], etag='"1"')
    assert await audits(world) == [("make_note", 201, {"made": note}), ("change_note", 200, {"note_id": note})]
    async with world.runtime.database.reading() as session:
        row = (await core(session, select(audit).where(audit.c.action == "change_note"))).one()
    assert (row.by, row.roles, row.at) == ("counsellor-medical", "counsellor,medical", STORY_TIME)


async def test_what_was_refused_or_failed_has_no_audit_row(world: World) -> None:
    note = await made(world)
    await world.call("POST", "/notes", {"txt": "a"}, role=toy.ROLE)
    await world.call("POST", "/failures", {"text": "a"}, role=toy.ROLE)
    await world.call("PATCH", f"/notes/{note}", {"text": "b"}, role=toy.ROLE, etag='"7"')
    await world.call("GET", f"/notes/{note}", role=toy.ROLE)
    assert [action for action, _, _ in await audits(world)] == ["make_note"]


async def test_what_an_operator_did_outside_a_transaction_is_on_the_record_too(world: World) -> None:
    await world.post("/operations/replays", role=Role.ADMINISTRATOR)
    await world.post("/operations/rebuilds", role=Role.ADMINISTRATOR)
    assert [action for action, _, _ in await audits(world)] == ["replay_parked", "rebuild_facts"]


async def test_what_is_done_outside_a_transaction_needs_a_key_like_any_other(world: World) -> None:
    for key in ("", "short"):
        answer = await world.call(
            "POST", "/operations/replays", {}, role=Role.ADMINISTRATOR, headers={"Idempotency-Key": key}
        )
        assert (answer.status_code, answer.json()["type"]) == (400, "/problems/idempotency-key-unusable")
    assert await audits(world) == []


async def test_a_service_under_a_path_says_where_from_the_root(world: World) -> None:
    scope_path = world.client._transport
    scope_path.root_path = "/travel"  # type: ignore[attr-defined]  # ASGITransport's own attribute, not in its base
    answer = await world.call("POST", "/notes", {"text": "a"}, role=toy.ROLE)
    assert answer.headers["location"] == f"/travel/notes/{answer.json()['id']}"


async def test_the_events_of_a_request_name_it_as_their_cause(world: World) -> None:
    correlation = uuid4()
    await world.call("POST", "/notes", {"text": "a"}, role=toy.ROLE, headers={"X-Correlation-Id": str(correlation)})
    [event] = await world.told(FlightCancelled)
    async with world.runtime.database.reading() as session:
        cause = (await core(session, select(audit.c.cause))).scalar_one()
    assert (event.cause, event.correlation, event.time) == (cause, correlation, STORY_TIME)


async def test_recorded_time_of_a_key_never_runs_backwards(world: World) -> None:
    note = await made(world)
    for hours in (5, -100, 3):
        at = STORY_TIME + timedelta(hours=hours)
        await world.post(f"/notes/{note}/events", role=toy.ROLE, now=at)
    recorded = [event.recorded - STORY_TIME for event in await world.told(key=note)]
    assert recorded == [timedelta(0), timedelta(hours=5), timedelta(hours=5), timedelta(hours=5)]


async def test_ids_of_what_is_made_follow_time(world: World) -> None:
    ids = [UUID(await made(world)) for _ in range(3)]
    assert ids == sorted(ids)


async def test_the_fault_of_a_commit_is_named(world: World) -> None:
    with pytest.raises(CommitFailed), fail_next_commit(world):
        async with world.runtime.database.transaction() as session:
            await core(session, text("DELETE FROM note"))
