"""Ten megabytes over a real connection: refused at once, whether declared or not, and the service goes on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic

import pytest
import uvicorn

from tests.faults import contents
from tests.shared import toy
from tests.world import World

TEN_MEGABYTES = 10_000_000


@asynccontextmanager
async def served(world: World) -> AsyncIterator[int]:
    config = uvicorn.Config(world.app, port=0, log_config=None, lifespan="off", access_log=False)
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  # uvicorn says it in no other way
        await asyncio.sleep(0.01)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        await running


def head(world: World, *more: str) -> bytes:
    lines = [
        "POST /notes HTTP/1.1",
        "Host: service",
        f"Authorization: Bearer {world.token(toy.ROLE)}",
        "Idempotency-Key: one-and-the-same",
        "Content-Type: application/json",
        *more,
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


async def answer_to(port: int, first: bytes, chunk: bytes, count: int) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(first)
    answering = asyncio.create_task(reader.read(4096))
    try:
        for _ in range(count):
            if answering.done():
                break
            writer.write(chunk)
            await writer.drain()
            await asyncio.sleep(0)
    except ConnectionError:  # it is closed on who goes on talking
        pass
    try:
        return await answering
    finally:
        writer.close()


@pytest.mark.parametrize("declared", [True, False])
async def test_ten_megabytes_are_refused_at_once(world: World, declared: bool) -> None:
    before = await contents(world)
    async with served(world) as port:
        started = monotonic()
        if declared:
            answer = await answer_to(port, head(world, f"Content-Length: {TEN_MEGABYTES}"), b"", 0)
            assert answer.startswith(b"HTTP/1.1 413 "), "not a byte of it is waited for"
            answer = await answer_to(port, head(world, f"Content-Length: {TEN_MEGABYTES}"), b"x" * 10_000, 1000)
        else:
            piece = b"2710\r\n" + b"x" * 10_000 + b"\r\n"
            answer = await answer_to(port, head(world, "Transfer-Encoding: chunked"), piece, 1000)
        assert answer.startswith(b"HTTP/1.1 413 ")
        assert b"/problems/body-too-large" in answer
        assert monotonic() - started < 2.0
        small = await answer_to(port, head(world, "Content-Length: 12"), b'{"text":"a"}', 1)
        assert small.startswith(b"HTTP/1.1 201 ")
    assert before["note"] == []
    assert await toy.notes(world) == ["a"]
