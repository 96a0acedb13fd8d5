"""A load generator: several connections kept open, one request at a time on each, ready bytes, and little else."""

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import cast

Make = Callable[[], bytes]

PATIENCE = 20.0
"""Seconds for the last answers."""


@dataclass(slots=True)
class Volley:
    """What came of it. `waits`: milliseconds, each request's."""

    seconds: float
    waits: list[float]
    refused: list[bytes] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return len(self.waits) / self.seconds

    @property
    def p50(self) -> float:
        return median(self.waits)

    @property
    def p99(self) -> float:
        return quantiles(self.waits, n=100)[98]


class _Connection(asyncio.Protocol):
    def __init__(self, make: Make, until: float, expect: bytes, volley: Volley) -> None:
        self.make, self.until, self.expect, self.volley = make, until, expect, volley
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.got = bytearray()
        self.wanted = 0
        self.began = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.WriteTransport, transport)  # uvloop's is one in all but its class
        self._ask()

    def _ask(self) -> None:
        self.got.clear()
        self.wanted = 0
        self.began = time.perf_counter()
        if self.began >= self.until:
            self.transport.close()
            return
        self.transport.write(self.make())

    def data_received(self, data: bytes) -> None:
        self.got += data
        if not self.wanted:
            end = self.got.find(b"\r\n\r\n")
            if end < 0:
                return
            head = bytes(self.got[:end]).lower()
            place = head.index(b"content-length: ") + 16
            self.wanted = end + 4 + int(head[place:].split(b"\r\n", 1)[0])
        if len(self.got) >= self.wanted:
            self.volley.waits.append((time.perf_counter() - self.began) * 1_000)
            if self.got[9:12] != self.expect:
                self.volley.refused.append(bytes(self.got))
            self._ask()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.ended.done():
            self.ended.set_result(None)


async def fire(port: int, make: Make, seconds: float, *, connections: int = 8, expect: int = 200) -> Volley:
    """Asks for so long. Raises `RuntimeError` where an answer was not as expected."""
    volley = Volley(seconds, [])
    begun = time.perf_counter()
    loop = asyncio.get_running_loop()
    status = str(expect).encode()
    opened = []
    for _ in range(connections):
        _, protocol = await loop.create_connection(
            lambda: _Connection(make, begun + seconds, status, volley), "127.0.0.1", port
        )
        opened.append(protocol.ended)
    async with asyncio.timeout(seconds + PATIENCE):
        await asyncio.gather(*opened)
    volley.seconds = time.perf_counter() - begun
    if volley.refused:
        raise RuntimeError(f"{len(volley.refused)} were not answered by {expect}: {volley.refused[0][-500:]!r}")
    return volley


def counted(make: Callable[[int], bytes]) -> Make:
    """Requests by number, from 0."""
    numbers: Iterator[int] = iter(range(1 << 62))
    return lambda: make(next(numbers))
