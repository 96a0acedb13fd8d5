"""Asking another service: with our own token, in time, with the thread kept, and never inside a transaction."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

import httpx
import orjson
import pytest
import pytest_asyncio

from shared import http
from shared.auth import Role, verify
from shared.clock import machine_now, rfc3339
from shared.http import AnswerUnexpected, OtherServices
from shared.problems import OtherServiceUnavailable, StaleVersion
from shared.trace import begin, follow
from tests.shared.test_outbox import an_act
from tests.world import World

Answers = Callable[[httpx.Request], Any]


@pytest_asyncio.fixture
async def others() -> AsyncIterator[OtherServices]:
    made = OtherServices({"registration": "http://registration"}, lambda: "our-token", dev_time=True)
    yield made
    await made.close()


def answering(others: OtherServices, answer: Answers) -> list[httpx.Request]:
    asked: list[httpx.Request] = []

    async def handle(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        found = answer(request)
        response: httpx.Response = await found if asyncio.iscoroutine(found) else found
        return response

    others._client = httpx.AsyncClient(transport=httpx.MockTransport(handle), timeout=5)
    return asked


async def ask(others: OtherServices, **options: Any) -> Any:
    return await others.ask("registration", "/clearances", {"a": 1}, **{"act": None, "key": uuid4(), **options})


async def test_a_call_carries_token_key_correlation_and_business_time(others: OtherServices) -> None:
    asked = answering(others, lambda _: httpx.Response(201, json={"fine": True}))
    act, key = an_act(), uuid4()
    assert await ask(others, act=act, key=key) == {"fine": True}
    [request] = asked
    assert (request.method, str(request.url)) == ("POST", "http://registration/clearances")
    assert orjson.loads(request.content) == {"a": 1}
    assert request.headers["authorization"] == "Bearer our-token"
    assert request.headers["idempotency-key"] == str(key)
    assert request.headers["x-correlation-id"] == str(act.correlation)
    assert request.headers["business-time"] == rfc3339(act.now)


async def test_a_call_goes_on_in_the_trace_of_what_it_is_for(others: OtherServices) -> None:
    asked = answering(others, lambda _: httpx.Response(201, json={}))
    trace = replace(begin(), state="rojo=1")
    await ask(others, act=an_act(trace=trace))
    await ask(others, act=an_act())  # a wish of older days: its correlation is its trace
    await ask(others)
    assert asked[0].headers["traceparent"] == trace.traceparent
    assert asked[0].headers["tracestate"] == "rojo=1"
    assert follow([asked[1].headers["traceparent"]]) is not None
    assert "traceparent" not in asked[2].headers


async def test_production_sends_no_business_time() -> None:
    made = OtherServices({"registration": "http://registration"}, lambda: "t", dev_time=False)
    asked = answering(made, lambda _: httpx.Response(200, json={}))
    await ask(made, act=an_act())
    assert "business-time" not in asked[0].headers
    await made.close()


async def test_nothing_is_asked_while_a_transaction_is_open(world: World, others: OtherServices) -> None:
    asked = answering(others, lambda _: httpx.Response(200, json={}))
    async with world.runtime.database.transaction():
        with pytest.raises(RuntimeError, match="transaction"):
            await ask(others)
    async with world.runtime.database.reading():
        with pytest.raises(RuntimeError, match="transaction"):
            await ask(others)
    assert asked == []
    await ask(others)


@pytest.mark.parametrize("status", [500, 502, 503, 408, 425, 429])
async def test_a_service_that_is_not_ready_is_unavailable(others: OtherServices, status: int) -> None:
    answering(others, lambda _: httpx.Response(status))
    with pytest.raises(OtherServiceUnavailable) as caught:
        await ask(others)
    assert caught.value.members == {"service": "registration"}


async def test_a_service_that_cannot_be_reached_is_unavailable(others: OtherServices) -> None:
    def refuse(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    answering(others, refuse)
    with pytest.raises(OtherServiceUnavailable):
        await ask(others)


async def test_a_service_that_answers_for_ever_is_unavailable(
    others: OtherServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def trickle() -> AsyncIterator[bytes]:
        while True:
            yield b" "
            await asyncio.sleep(0.01)

    monkeypatch.setattr(http, "DEADLINE_SECONDS", 0.1)
    answering(others, lambda _: httpx.Response(200, content=trickle()))
    async with asyncio.timeout(2):
        with pytest.raises(OtherServiceUnavailable):
            await ask(others)


@pytest.mark.parametrize("status", [300, 302, 400, 403, 404, 409, 412, 422])
async def test_a_refusal_names_its_problem(others: OtherServices, status: int) -> None:
    answering(others, lambda _: httpx.Response(status, json=StaleVersion().document()))
    with pytest.raises(AnswerUnexpected) as caught:
        await ask(others)
    assert caught.value.members == {"service": "registration", "problem": "stale-version"}


@pytest.mark.parametrize(("status", "body"), [(200, b"<html>"), (404, b"<html>"), (404, b"[]"), (404, b"{}")])
async def test_an_answer_that_cannot_be_read_is_no_success(others: OtherServices, status: int, body: bytes) -> None:
    answering(others, lambda _: httpx.Response(status, content=body))
    with pytest.raises(AnswerUnexpected) as caught:
        await ask(others)
    assert caught.value.members["problem"] == "unreadable"


async def test_an_answer_without_a_body_is_none(others: OtherServices) -> None:
    answering(others, lambda _: httpx.Response(204))
    assert await ask(others) is None


async def test_the_token_is_the_services_own(world: World) -> None:
    runtime = world.runtime
    asked = answering(runtime.others, lambda _: httpx.Response(200, json={}))
    await ask(runtime.others)

    principal = verify(asked[0].headers["authorization"].removeprefix("Bearer "), runtime.keys, machine_now())
    assert (principal.subject, principal.roles) == ("travel", frozenset({Role.SERVICE}))
