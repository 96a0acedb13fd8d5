"""What bad input gets: a stable problem, no change of state, and never a word of what was sent."""

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import orjson
import pytest

from shared.auth import Role
from shared.clock import parse_business_time
from shared.database import StoreAway
from shared.logs import configure
from tests.faults import contents
from tests.shared import toy
from tests.world import World

SECRET = "Zohreh"


@pytest.fixture
def every_line() -> Iterator[None]:
    configure("test", "DEBUG")
    yield
    configure("test", "WARNING")


async def sent(
    world: World, content: bytes | AsyncIterator[bytes], kind: str | None = "application/json", **headers: str
) -> httpx.Response:
    known = {"Authorization": f"Bearer {world.token(toy.ROLE)}", "Idempotency-Key": str(uuid4()), **headers}
    if kind is not None:
        known["Content-Type"] = kind
    return await world.client.post("/notes", content=content, headers=known)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'{"text": ', id="cut short"),
        pytest.param(b'{"text": "\xff\xfe"}', id="not UTF-8"),
        pytest.param('{"text": "a"}'.encode("utf-16"), id="UTF-16"),
        pytest.param(b'\xef\xbb\xbf{"text": "a"}', id="a byte order mark"),
        pytest.param(b'{"text": "a", "text": "b"}', id="a name twice"),
        pytest.param(b'{"inner": {"text": "a", "text": "b"}}', id="a name twice, inside"),
        pytest.param(b'{"text": NaN}', id="NaN"),
        pytest.param(b'{"text": -Infinity}', id="infinity"),
        pytest.param(b'{"text": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", id="deeply nested"),
        pytest.param(b'{"text": ' + b'{"a":' * 20_000 + b"1" + b"}" * 20_000 + b"}", id="deeply nested objects"),
        pytest.param(b'{"text": ' + b"9" * 100_000 + b"}", id="a number without measure"),
        pytest.param(b"{'text': 'a'}", id="Python, not JSON"),
    ],
)
async def test_what_is_not_json_is_refused(world: World, body: bytes) -> None:
    before = await contents(world)
    answer = await sent(world, body)
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/malformed-json")
    assert await contents(world) == before


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "nonsense", None]
)
async def test_a_body_that_is_not_said_to_be_json_is_refused(world: World, kind: str | None) -> None:
    answer = await sent(world, b'{"text": "a"}', kind)
    assert (answer.status_code, answer.json()["type"]) == (415, "/problems/unsupported-media-type")
    assert await toy.notes(world) == []


@pytest.mark.parametrize("kind", ["application/json", "application/json; charset=utf-8", "application/vnd.x+json"])
async def test_json_by_any_of_its_names_is_taken(world: World, kind: str) -> None:
    assert (await sent(world, b'{"text": "a"}', kind)).status_code == 201


@pytest.mark.parametrize("body", [b"[]", b'"a"', b"null", b"7", b"{}", b'{"text": null}', b'{"text": 7}', b""])
async def test_json_of_another_form_is_refused_with_its_fields(world: World, body: bytes) -> None:
    answer = await sent(world, body)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-body")
    assert answer.json()["errors"]
    assert await toy.notes(world) == []


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/notes", {"text": f"{SECRET}\0"}),
        ("POST", "/notes", {"text": "a", f"{SECRET} of Kabul": 1}),
        ("POST", "/notes", {"text": {SECRET: SECRET}}),
        ("POST", "/notes", {"text": SECRET * 100}),
        ("PATCH", f"/notes/{UUID(int=7)}", {"inner": {"text": [SECRET]}}),
        ("GET", f"/notes/{SECRET}", None),
        ("GET", f"/notes?{SECRET}={SECRET}", None),
        ("GET", f"/notes?limit={SECRET}", None),
        ("GET", f"/notes?cursor={SECRET}", None),
        ("GET", f"/{SECRET}/{SECRET}", None),
        (SECRET.upper(), "/notes", None),
        ("POST", "/failures", {"text": SECRET}),
        ("GET", f"/problems/{SECRET}", None),
        ("GET", f"/docs/{SECRET}", None),
    ],
)
async def test_neither_answer_nor_log_nor_metrics_repeat_what_was_sent(
    world: World, every_line: None, capfd: pytest.CaptureFixture[str], method: str, path: str, body: Any
) -> None:
    answer = await world.call(method, path, body, role=toy.ROLE, etag='"1"')
    logged = "".join(capfd.readouterr())
    assert '"event":"answered"' in logged
    told = (answer.text + str(answer.headers) + logged).lower()
    assert answer.status_code >= 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert SECRET.lower() not in told
    metrics = await world.client.get("/metrics")
    assert SECRET.lower() not in metrics.text.lower()


async def test_an_unforeseen_failure_says_an_id_that_the_log_has(
    world: World, capfd: pytest.CaptureFixture[str]
) -> None:
    request = uuid4()
    before = await contents(world)
    answer = await world.call(
        "POST", "/failures", {"text": SECRET}, role=toy.ROLE, headers={"X-Request-Id": str(request)}
    )
    assert answer.status_code == 500
    assert set(answer.json()) == {"type", "title", "status", "remedy", "instance"}
    assert answer.json()["instance"] == f"urn:uuid:{request}"
    assert await contents(world) == before
    lines = [orjson.loads(line) for line in capfd.readouterr().err.splitlines() if line.startswith("{")]
    [told] = [line for line in lines if line["event"] == "unforeseen failure"]
    assert told["request"] == str(request)
    assert told["error"]["type"] == "builtins.ValueError"


async def test_a_request_keeps_the_id_it_came_with(world: World) -> None:
    request = str(uuid4())
    answer = await world.call("GET", "/notes", role=toy.ROLE, headers={"X-Request-Id": request})
    assert answer.headers.get_list("x-request-id") == [request]
    refused = await world.call("GET", "/nothing", headers={"X-Request-Id": request})
    assert refused.headers.get_list("x-request-id") == [request]
    assert refused.json()["instance"] == f"urn:uuid:{request}"


async def test_an_id_that_is_no_uuid_is_replaced(world: World) -> None:
    answer = await world.call("GET", "/notes", role=toy.ROLE, headers={"X-Request-Id": SECRET})
    assert UUID(answer.headers["x-request-id"]).version == 7


async def test_an_unknown_parameter_is_refused_and_the_known_ones_are_named(world: World) -> None:
    answer = await world.call("GET", "/notes?name=x", role=toy.ROLE)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/unknown-parameter")
    assert answer.json()["takes"] == ["cursor", "limit"]
    assert (await world.call("POST", "/notes?name=x", {"text": "a"}, role=toy.ROLE)).status_code == 422
    assert (await world.call("GET", "/health/live?name=x")).status_code == 422
    assert await toy.notes(world) == []


@pytest.mark.parametrize("said", ["%00", "a%00b", "%0A"])
async def test_a_parameter_with_a_control_character_is_refused(world: World, said: str) -> None:
    answer = await world.call("GET", f"/notes?cursor={said}", role=toy.ROLE)
    refused = answer.json()
    assert (answer.status_code, refused["type"]) == (422, "/problems/invalid-body")
    assert [(each["field"], each["kind"]) for each in refused["errors"]] == [("/query/cursor", "control_character")]


@pytest.mark.parametrize(
    "said", ["yesterday", "2021-12-09", "2021-12-09T09:00:00", "0001-01-01T00:00:00+10:00", "9999-12-31T23:00:00-10:00"]
)
async def test_a_business_time_that_is_none_is_refused(world: World, said: str) -> None:
    answer = await world.call("POST", "/notes", {"text": "a"}, role=toy.ROLE, headers={"Business-Time": said})
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/business-time-refused")
    with pytest.raises(ValueError, match=r".+"):
        parse_business_time(said)


async def test_production_takes_no_business_time(world: World) -> None:
    runtime = world.runtime
    runtime.settings = runtime.settings.model_copy(update={"mode": "production"})
    for method in ("GET", "POST"):
        answer = await world.call(method, "/notes", {"text": "a"}, role=toy.ROLE)
        assert (answer.status_code, answer.json()["type"]) == (400, "/problems/business-time-refused")
    assert await toy.notes(world) == []


@pytest.mark.parametrize(("method", "path"), [("POST", "/notes"), ("GET", "/notes")])
async def test_a_database_that_is_away_is_said_so(
    world: World, monkeypatch: pytest.MonkeyPatch, method: str, path: str
) -> None:
    def away(*_: object) -> None:
        raise StoreAway("gone")

    monkeypatch.setattr(world.runtime.database, "reading_if_asked", away)
    monkeypatch.setattr(world.runtime.database, "transaction", away)
    answer = await world.call(method, path, {"text": "a"}, role=toy.ROLE)
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/store-unavailable")


async def test_a_body_that_is_too_large_is_refused_whatever_it_says_of_itself(world: World) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(200):
            yield b"x" * 50_000

    before = await contents(world)
    for answer in (
        await sent(world, b"x" * 10_000_000),
        await sent(world, chunks()),
        await world.client.post(
            "/operations/replays",
            content=b"x" * 10_000_000,
            headers={"Authorization": f"Bearer {world.token(Role.ADMINISTRATOR)}", "Idempotency-Key": "abcdefgh"},
        ),
    ):
        assert (answer.status_code, answer.json()["type"]) == (413, "/problems/body-too-large")
        assert answer.json()["limit"] == world.runtime.settings.max_body_bytes
        assert answer.headers["connection"] == "close"
    assert await contents(world) == before


async def test_a_body_that_says_it_is_too_large_is_not_read_at_all(world: World) -> None:
    taken: list[bytes] = []

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(200):
            taken.append(b"x" * 50_000)
            yield taken[-1]

    answer = await sent(world, chunks(), **{"Content-Length": "10000000"})
    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/body-too-large")
    assert taken == []


async def test_names_in_any_script_come_back_as_they_were_sent(world: World) -> None:
    for words in ("Ömer Ağa", "فاطمة‌بنت", "\u2067ایلا\u2069", "李小龙", "👩🏽‍👧 Ada", "e\u0301", "é", "O'Brien"):
        made = await world.call("POST", "/notes", {"text": words}, role=toy.ROLE)
        read = await world.call("GET", made.headers["location"], role=toy.ROLE)
        assert json.loads(read.content)["text"] == words
