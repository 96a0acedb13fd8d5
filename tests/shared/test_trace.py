"""One trace leads from a request to what follows from it, through facts, calls and errands, and through the logs."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as some

from shared import trace as traces
from shared.auth import Role
from shared.brokers import Delivery
from shared.contracts.registration import CaseClosed, CaseClosureReason
from shared.database import core, outbox
from shared.events import Envelope, event_id, topic_of
from shared.inbox import act_of, ids_of
from shared.logs import configure
from shared.trace import Trace, begin, follow, of_correlation, resumed, span_of
from tests.contract.make_samples import SAMPLES
from tests.shared import toy
from tests.world import World

PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
CLOSED = CaseClosed(reason=CaseClosureReason.DIED)


@pytest.fixture
def every_line() -> Iterator[None]:
    configure("test", "INFO")
    yield
    configure("test", "WARNING")


def lines(capfd: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in capfd.readouterr().err.splitlines() if line.startswith("{")]


@pytest.mark.parametrize(
    "said",
    [
        "",
        PARENT.upper(),
        PARENT.replace("00-", "ff-", 1),
        PARENT + "-more",
        PARENT.replace(TRACE, "0" * 32),
        PARENT.replace(SPAN, "0" * 16),
        PARENT[:-1],
        PARENT.replace("-", "_"),
        "Shilan Karim",
        PARENT.replace("4bf92f", "４bf92f"),
    ],
)
def test_a_malformed_parent_is_no_parent(said: str) -> None:
    assert follow([said]) is None


def test_two_parents_are_none_at_all() -> None:
    assert follow([PARENT, PARENT]) is None
    assert follow([]) is None


def test_what_a_later_version_adds_is_passed_over() -> None:
    assert follow(["cc-" + PARENT[3:] + "-what-the-future-will-be-like"]) == Trace(TRACE, SPAN)
    assert follow([PARENT[:-2] + "00"]) == Trace(TRACE, SPAN, flags=0)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (["rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"], "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"),
        (["rojo=1", "congo=2"], "rojo=1,congo=2"),
        (["rojo=1, ,congo=2"], "rojo=1,congo=2"),
        (["fw529a3039@dt=FfAA"], "fw529a3039@dt=FfAA"),
        (["rojo=1,rojo=2"], None),
        (["Rojo=1"], None),
        (["rojo"], None),
        (["rojo=ایلا"], None),
        ([",".join(f"k{n}=1" for n in range(33))], None),
        ([",".join(f"k{n}={'v' * 60}" for n in range(20))], ",".join(f"k{n}={'v' * 60}" for n in range(8))),
        ([""], None),
    ],
)
def test_only_a_state_that_can_be_read_is_carried_on(said: list[str], kept: str | None) -> None:
    found = follow([PARENT], said)
    assert found is not None
    assert found.state == kept


@given(some.text(max_size=80), some.text(max_size=600))
def test_whatever_is_sent_is_taken_or_left(parent: str, state: str) -> None:
    assert follow([parent], [state]) is None
    found = follow([PARENT], [state])
    assert found is not None
    assert found.state is None or len(found.state) <= traces.LONGEST_STATE


def test_each_trace_and_span_has_an_id_of_its_own() -> None:
    one, other = begin(), begin()
    assert follow([one.traceparent]) == one
    assert one.trace_id != other.trace_id
    assert one.child().trace_id == one.trace_id
    assert len({one.span_id, one.child().span_id, one.child().span_id}) == 3


def test_a_fact_is_handled_in_the_same_span_each_time() -> None:
    fact = uuid4()
    assert span_of(fact, "travel") == span_of(fact, "travel")
    assert span_of(fact, "travel") != span_of(fact, "eligibility")
    assert of_correlation(fact, fact) == of_correlation(fact, fact)
    assert resumed(PARENT, fact) == resumed(PARENT, fact) != resumed(PARENT, uuid4())
    assert resumed(None, fact) is None


async def test_what_a_request_tells_carries_the_requests_trace(world: World) -> None:
    headers = {"traceparent": PARENT, "tracestate": "rojo=1"}
    answer = await world.call("POST", "/notes", {"text": "a"}, role=toy.ROLE, headers=headers)
    assert answer.status_code == 201
    [told] = await world.told()
    assert told.trace is not None
    assert told.trace.trace_id == TRACE
    assert told.trace.span_id != SPAN  # the span of this service, under the caller's


async def test_what_another_tracer_wrote_stands_in_no_fact(world: World) -> None:
    headers = {"traceparent": PARENT, "tracestate": "rojo=Shilan Karim 1984"}
    await world.call("POST", "/notes", {"text": "a"}, role=toy.ROLE, headers=headers)
    heard = world.delivery(CLOSED, key=uuid4())
    with_trace = orjson.loads(heard.value) | headers
    await world.runtime.consumer.take([changed(heard, with_trace)])
    async with world.runtime.database.reading() as session:
        bodies = [bytes(row.body) for row in (await core(session, outbox.select())).all()]
    assert len(bodies) == 2
    assert all(TRACE.encode() in body for body in bodies)
    assert not any(word in body for body in bodies for word in (b"tracestate", b"rojo", b"Shilan"))


async def test_a_request_without_a_trace_begins_one(world: World) -> None:
    for headers in ({}, {"traceparent": "Shilan Karim", "tracestate": "rojo=1"}):
        await world.call("POST", "/notes", {"text": "a"}, role=toy.ROLE, headers=headers)
    one, other = await world.told()
    assert one.trace is not None
    assert other.trace is not None
    assert one.trace.trace_id != other.trace.trace_id
    assert other.trace.state is None


async def test_what_follows_from_a_fact_is_of_its_trace(world: World) -> None:
    heard = world.delivery(CLOSED, key=uuid4())
    first = Envelope.parse(heard.value)
    with_trace = orjson.loads(heard.value) | {"traceparent": PARENT, "tracestate": "rojo=1"}
    await world.runtime.consumer.take([changed(heard, with_trace)])
    [told] = await world.told()
    assert told.trace == Trace(TRACE, span_of(first.id, "travel"))


async def test_a_fact_of_older_days_leads_on_by_its_correlation(world: World) -> None:
    heard = await world.hear(CLOSED, key=uuid4())
    [told] = await world.told()
    assert told.trace is not None
    assert UUID(told.trace.trace_id) == Envelope.parse(heard.value).correlation


@pytest.mark.parametrize("trace", [17, "", "Shilan Karim", None, PARENT.upper()])
async def test_a_fact_with_a_broken_trace_is_a_fact_all_the_same(world: World, trace: Any) -> None:
    heard = world.delivery(CLOSED, key=uuid4())
    broken = orjson.loads(heard.value) | {"traceparent": trace, "tracestate": [1]}
    await world.runtime.consumer.take([changed(heard, broken)])
    assert await world.parked() == []
    assert len(await toy.heard(world)) == 1


async def test_the_trace_is_stored_once_with_the_fact(world: World) -> None:
    await world.call(
        "POST", "/notes", {"text": "a"}, role=toy.ROLE, headers={"traceparent": PARENT}, key="the-same-one"
    )
    await world.call("POST", "/notes", {"text": "a"}, role=toy.ROLE, key="the-same-one")
    async with world.runtime.database.reading() as session:
        [row] = (await core(session, outbox.select())).all()
    document = orjson.loads(bytes(row.body))
    assert document["traceparent"].startswith(f"00-{TRACE}-")
    assert document["id"] == str(event_id(UUID(document["causationid"]), row.type, f"{row.key}|"))


def test_every_sample_without_a_trace_still_parses() -> None:
    samples = sorted(SAMPLES.glob("*.json"))
    assert samples
    for file in samples:
        envelope = Envelope.parse(file.read_bytes())
        act = act_of("travel", envelope)
        assert act.trace is not None
        assert ids_of("travel", envelope)["correlation"] == str(envelope.correlation)


async def test_a_worker_says_which_fact_of_which_case_and_request_it_handled(
    world: World, every_line: None, capfd: pytest.CaptureFixture[str]
) -> None:
    key = uuid4()
    heard = world.delivery(CLOSED, key=key)
    document = orjson.loads(heard.value) | {"traceparent": PARENT}
    await world.runtime.consumer.take([changed(heard, document)])
    [line] = [line for line in lines(capfd) if line["event"] == "handled"]
    assert {
        "service": "travel",
        "case": str(key),
        "fact": document["id"],
        "fact_type": CaseClosed.type,
        "correlation": document["correlationid"],
        "trace_id": TRACE,
        "parent_id": SPAN,
        "span_id": span_of(UUID(document["id"]), "travel"),
    }.items() <= line.items()


async def test_a_fact_that_is_parked_is_told_with_its_case_and_trace(
    world: World, every_line: None, capfd: pytest.CaptureFixture[str]
) -> None:
    key = uuid4()
    toy.POISON.add(str(key))
    heard = world.delivery(CLOSED, key=key)
    document = orjson.loads(heard.value) | {"traceparent": PARENT}
    await world.runtime.consumer.take([changed(heard, document)])
    [line] = [line for line in lines(capfd) if line["event"] == "parked"]
    assert (line["case"], line["fact"], line["trace_id"]) == (str(key), document["id"], TRACE)


async def test_catching_up_is_told_in_one_line(
    world: World, every_line: None, capfd: pytest.CaptureFixture[str]
) -> None:
    await world.runtime.consumer.take([world.delivery(CLOSED, key=uuid4()) for _ in range(30)])
    assert [line["count"] for line in lines(capfd) if line["event"] == "handled"] == [30]


async def test_one_request_can_be_followed_through_the_logs_of_two_services(
    tmp_path: Path, every_line: None, capfd: pytest.CaptureFixture[str]
) -> None:
    """The toy tells registration's fact here by hand: what it needs is the line of each on both sides."""
    async with toy.playing(tmp_path) as world:
        answer = await world.call("POST", "/notes", {"text": "a"}, role=toy.ROLE, headers={"traceparent": PARENT})
        [told] = await world.told()
        # the same envelope, as another service would hear it
        heard = orjson.loads(told.body()) | {"source": "homeward/registration", "type": CaseClosed.type}
        heard |= {"data": CLOSED.data(), "position": 1}
        value = orjson.dumps(heard)
        header = {"ce_type": CaseClosed.type.encode()}
        await world.runtime.consumer.take([Delivery(topic_of("registration"), 0, 0, told.key, value, header)])
    said = lines(capfd)
    [asked] = [line for line in said if line["event"] == "answered"]
    [handled] = [line for line in said if line["event"] == "handled"]
    assert asked["request"] == answer.headers["x-request-id"]
    assert asked["trace_id"] == handled["trace_id"] == TRACE
    assert (asked["parent_id"], handled["parent_id"]) == (SPAN, asked["span_id"])
    assert asked["ms"] > 0


async def test_a_probe_needs_no_trace_and_gets_one(
    world: World, every_line: None, capfd: pytest.CaptureFixture[str]
) -> None:
    await world.call("GET", "/notes", role=Role.AUDITOR)
    [line] = [line for line in lines(capfd) if line["event"] == "answered"]
    assert len(line["trace_id"]) == 32
    assert "parent_id" not in line


def changed(delivery: Delivery, document: dict[str, Any]) -> Delivery:
    value = orjson.dumps(document)
    return Delivery(delivery.topic, delivery.partition, delivery.offset, delivery.key, value, delivery.headers)
