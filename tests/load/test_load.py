"""What the load may be trusted with: it repeats with the same key, and its journal says what is known of each write."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import orjson
import pytest

from tests.load.desk import Desk, GaveUp, Refused, Tally
from tests.load.journal import Asked, Journal, read
from tests.load.people import HOUSEHOLDS, MINDS, traveller

NOW = datetime(2021, 12, 9, tzinfo=UTC)
Said = tuple[int, bytes] | None
"""A status and a body; None: the connection is cut without a word."""


@asynccontextmanager
async def saying(*answers: Said) -> AsyncIterator[tuple[str, list[bytes]]]:
    """A server that says these one after the other; its address, and the requests it got."""
    got: list[bytes] = []
    waiting = list(answers)
    open_: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        open_.append(writer)
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = next((line.split(b":")[1] for line in head.split(b"\r\n") if b"Content-Length" in line), b"0")
                got.append(head + await reader.readexactly(int(length)))
                said = waiting.pop(0)
                if said is None:
                    writer.transport.abort()
                    return
                status, body = said
                writer.write(f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
        except (asyncio.IncompleteReadError, ConnectionError):
            return

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", got
    finally:
        for writer in open_:
            writer.transport.abort()
        server.close()
        await server.wait_closed()
        await asyncio.sleep(0)  # the transports close when the loop turns


async def written(path: Path, *answers: Said, patience: float = 20.0) -> tuple[Asked, list[bytes], Exception | None]:
    """One write to a server that says so, as the journal has it."""
    journal = Journal(path)
    async with saying(*answers) as (url, got):
        desk = Desk({"travel": [url]}, lambda _: ("t", "load"), journal, Tally(), Random(1), patience=patience)
        failure: Exception | None = None
        try:
            await desk.do("booking", "travel", "/bookings", {"x": 1}, role="travel_officer", at=NOW, key="key-00001")
        except (Refused, GaveUp) as error:
            failure = error
        desk.client.close()
    journal.close()
    (asked,) = read(path)
    return asked, got, failure


async def test_a_write_is_repeated_with_its_key_until_its_end_is_known(tmp_path: Path) -> None:
    made = (201, orjson.dumps({"id": "an-id", "secret": "no"}))
    asked, got, failure = await written(tmp_path / "journal", None, (503, b"{}"), (401, b"{}"), made)
    assert failure is None
    assert len(got) == 4
    assert {request.split(b"Idempotency-Key: ")[1].split(b"\r\n")[0] for request in got} == {b"key-00001"}
    assert (asked.status, asked.attempts, asked.lost) == (201, 4, 2)
    assert asked.acknowledged
    assert asked.ids == {"id": "an-id"}


async def test_a_refusal_that_was_certain_each_time_may_leave_nothing(tmp_path: Path) -> None:
    no = (409, orjson.dumps({"type": "/problems/not-enough-seats"}))
    asked, _, failure = await written(tmp_path / "journal", no)
    assert isinstance(failure, Refused)
    assert asked.refused
    assert asked.problem == "not-enough-seats"


async def test_of_a_refusal_after_a_cut_nobody_knows_what_the_first_attempt_did(tmp_path: Path) -> None:
    asked, _, failure = await written(tmp_path / "journal", None, (409, b"{}"))
    assert isinstance(failure, Refused)
    assert not asked.refused
    assert not asked.acknowledged


async def test_a_write_without_a_certain_end_is_given_up_in_time(tmp_path: Path) -> None:
    asked, got, failure = await written(tmp_path / "journal", *[(500, b"{}")] * 20, patience=0.2)
    assert isinstance(failure, GaveUp)
    assert 1 <= len(got) < 20
    assert (asked.status, asked.refused, asked.acknowledged) == (500, False, False)


def test_an_intent_without_an_end_stands_in_the_journal_as_lost(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal")
    journal.intends("load", "POST", "travel", "/bookings", "key-00001", b"{}")
    journal.close()
    (asked,) = read(tmp_path / "journal")
    assert (asked.status, asked.lost, asked.acknowledged, asked.refused) == (0, 1, False, False)


def test_the_same_seed_gives_the_same_people_and_minds() -> None:
    def drawn(seed: int) -> list[Any]:
        random = Random(seed)
        return [traveller(random, "run", number) for number in range(300)]

    assert drawn(7) == drawn(7) != drawn(8)
    met: list[tuple[Callable[[Any], Any], Any]] = [(lambda w: w.mind, MINDS), (lambda w: w.household, HOUSEHOLDS)]
    for part, share in met:
        assert {part(who) for who in drawn(7)} == set(share)
        assert sum(share.values()) == pytest.approx(100)
