"""Many stories told at once: so many requests under way, and keys made as the teller makes them."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic
from typing import Any
from uuid import uuid5

import httpx

from services.demo.teller import STORIES, StoryDiffers, Teller
from shared.clock import rfc3339

AT_ONCE = 12
PARTIES_AT_ONCE = 8
"""Who waits for what another service tells asks again and again: too many at once keep the services from telling it."""


@dataclass
class Crowd:
    """The teller's addresses, tokens and keys, for many requests at once. `parties`: taken by a party on its way."""

    teller: Teller
    client: httpx.AsyncClient
    parties: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(PARTIES_AT_ONCE))

    async def do(
        self,
        step: str,
        service: str,
        path: str,
        body: Any = None,
        *,
        role: str,
        at: datetime,
    ) -> Any:
        """One step; see `Teller.do`. Raises `StoryDiffers`."""
        self.teller.on_step(step)
        headers = self._headers(role, at) | {"Idempotency-Key": str(uuid5(STORIES, f"{self.teller.run}|{step}"))}
        sent = {} if body is None else body
        answer = await self._sent("POST", self.teller.addresses[service] + path, sent, headers, step)
        if answer.status_code not in (200, 201, 202):
            raise StoryDiffers(f"{step}: {service} answered {answer.status_code} {answer.text[:600]}")
        return answer.json()

    async def until(
        self,
        step: str,
        service: str,
        path: str,
        good: Callable[[Any], bool],
        *,
        role: str,
        at: datetime,
        not_before: float = 0.0,
    ) -> Any:
        """Reads until what another service told has arrived; first after `not_before` seconds, where an answer at once
        would be in vain. Raises `StoryDiffers` when it does not in time."""
        deadline, pause = monotonic() + self.teller.patience, 0.15
        await asyncio.sleep(not_before)
        url = self.teller.addresses[service] + path
        while True:
            answer = await self._sent("GET", url, None, self._headers(role, at), step)
            if answer.status_code == 200 and good(found := answer.json()):
                return found
            if answer.status_code not in (200, 404) or monotonic() > deadline:
                raise StoryDiffers(f"{step}: {service}{path} still says {json.dumps(answer.json())[:600]}")
            await asyncio.sleep(pause)
            pause = min(pause * 2, 0.6)

    def _headers(self, role: str, at: datetime) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.teller.token(role)}", "Business-Time": rfc3339(at)}

    async def _sent(self, method: str, url: str, body: Any, headers: dict[str, str], step: str) -> httpx.Response:
        deadline = monotonic() + self.teller.patience
        while True:
            try:
                answer = await self.client.request(method, url, json=body, headers=headers)
            except httpx.TransportError as error:
                if monotonic() > deadline:
                    raise StoryDiffers(f"{step}: no answer from {url} ({type(error).__name__})") from error
                await asyncio.sleep(0.05)
                continue
            if answer.status_code != 503 or monotonic() > deadline:
                return answer
            await asyncio.sleep(0.1)


@asynccontextmanager
async def crowd(teller: Teller) -> AsyncIterator[Crowd]:
    limits = httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE)
    async with httpx.AsyncClient(timeout=60, trust_env=False, limits=limits) as client:
        yield Crowd(teller, client)


async def together(stories: Iterable[Coroutine[Any, Any, Any]]) -> list[Any]:
    """All of them side by side. The first that differs ends the others and is raised as it is."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(story) for story in stories]
    except* StoryDiffers as error:
        raise error.exceptions[0] from None
    return [task.result() for task in tasks]
