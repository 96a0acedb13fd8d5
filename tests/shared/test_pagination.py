"""Pages by opaque cursor."""

import base64
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.concurrency import etag, expected_version, is_known
from shared.pagination import MAX_LIMIT, CursorUnusable, after, cursor_of
from tests.shared import toy
from tests.world import World


@given(st.uuids())
def test_a_cursor_comes_back_as_its_id(given_id: UUID) -> None:
    assert after(cursor_of(given_id)) == given_id


@given(st.text(max_size=60))
def test_what_is_no_cursor_is_refused(rubbish: str) -> None:
    try:
        found = after(rubbish)
    except CursorUnusable:
        return
    assert found is not None
    assert cursor_of(found) == rubbish


@pytest.mark.parametrize(
    "change",
    [
        lambda good: good + "=",
        lambda good: good + "A",
        lambda good: good[:-1],
        lambda good: "!" + good,
        lambda good: good[:5] + "\n" + good[5:],
        lambda _: "",
        lambda _: "ü" * 24,
        lambda _: "\ud800",
        lambda _: str(uuid4()),
        lambda _: base64.urlsafe_b64encode(b"\x02" + uuid4().bytes).decode(),
    ],
)
def test_a_cursor_that_was_changed_is_refused(change: "type") -> None:
    with pytest.raises(CursorUnusable):
        after(change(cursor_of(uuid4())))


def test_no_cursor_is_the_beginning() -> None:
    assert after(None) is None


async def test_pages_hold_everything_once_also_when_rows_come_in_between(world: World) -> None:
    async def make(number: int) -> None:
        await world.post("/notes", {"text": str(number)}, role=toy.ROLE)

    for number in range(5):
        await make(number)
    seen: list[str] = []
    path = "/notes?limit=2"
    pages = 0
    while True:
        found = await world.get(path, role=toy.ROLE)
        seen += [each["text"] for each in found["items"]]
        pages += 1
        if pages == 1:
            await make(5)
        if found["next"] is None:
            break
        path = f"/notes?limit=2&cursor={found['next']}"
    assert seen == [str(number) for number in range(6)]
    assert pages == 3
    assert set(found) == {"items", "next"}, "no total count"


@pytest.mark.parametrize("query", ["cursor=garbage", "cursor=", "cursor=%00", "cursor=" + "A" * 300])
async def test_a_garbled_cursor_is_a_problem(world: World, query: str) -> None:
    answer = await world.call("GET", f"/notes?{query}", role=toy.ROLE)
    assert answer.status_code in (400, 422)
    assert answer.json()["type"] in ("/problems/cursor-unusable", "/problems/invalid-body")


@pytest.mark.parametrize("limit", ["0", "-1", str(MAX_LIMIT + 1), "many", "1.5", "9" * 30])
async def test_a_limit_has_its_limits(world: World, limit: str) -> None:
    assert (await world.call("GET", f"/notes?limit={limit}", role=toy.ROLE)).status_code == 422


@given(st.integers(0, 10**18 - 1))
def test_a_version_comes_back_from_its_etag(version: int) -> None:
    assert expected_version(etag(version), needed=True) == version
    assert is_known(etag(version), version)
    assert not is_known(etag(version), version + 1)
    assert not is_known(None, version)


async def test_parameters_that_were_read_before_say_the_same_again_and_are_refused_again(world: World) -> None:
    for text in ("one", "two", "three"):
        await world.post("/notes", {"text": text}, role=toy.ROLE)
    asked = ["limit=1", "limit=2", "limit=1", "limit=0", "limit=0", "limit=2", "limit=" + "0" * 200 + "1"]
    answers = [await world.call("GET", f"/notes?{each}", role=toy.ROLE) for each in asked]
    assert [each.status_code for each in answers] == [200, 200, 200, 422, 422, 200, 200]
    assert [len(each.json()["items"]) for each in answers if each.status_code == 200] == [1, 2, 1, 2, 1]
