"""Tells the story to the services: one HTTP request a step, in the story's own time, safe to repeat.

Each step has a key of its own, made from the run and the step's name. So a story that was cut off is simply told again
from the start: what was done is answered as before, and what was not done is done.
"""

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import httpx

from shared.clock import rfc3339

STORIES = UUID("7b1c7d0a-0f3e-4a52-9a55-1f0a3d6f2c11")


OTHER_KEYS = "(these services know other keys: name their folder with --data) "


class StoryDiffers(Exception):
    """A step did not go as the story says; the message names the step, and what came instead."""


@dataclass
class Teller:
    """`addresses` by service; `token(role)` gives a bearer token for somebody in that role, another person each.

    `journal`, if given, gets a line for every write that was acknowledged, before the next step: what was acknowledged
    must be found later, whatever was killed in between. `patience`: seconds to wait for what another service tells.
    """

    addresses: Mapping[str, str]
    token: Callable[[str], str]
    run: str
    patience: float = 30.0
    journal: Path | None = None
    on_step: Callable[[str], None] = lambda _step: None
    client: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=30, trust_env=False))

    def do(
        self,
        step: str,
        service: str,
        path: str,
        body: Any = None,
        *,
        role: str,
        at: datetime,
        method: str = "POST",
        expect: int | None = None,
        etag: str | None = None,
    ) -> Any:
        """One step. Raises `StoryDiffers` when it is refused, or answered otherwise than `expect` says."""
        self.on_step(step)
        key = str(uuid5(STORIES, f"{self.run}|{step}"))
        headers = {"Authorization": f"Bearer {self.token(role)}", "Business-Time": rfc3339(at)}
        if method == "POST":
            headers["Idempotency-Key"] = key
        if etag is not None:
            headers["If-Match"] = etag
        answer = self._sent(method, self.addresses[service] + path, body, headers, step)
        good = answer.status_code in (200, 201, 202) if expect is None else answer.status_code == expect
        if not good:
            known = "" if answer.status_code != 401 else OTHER_KEYS
            raise StoryDiffers(f"{step}: {service} answered {answer.status_code} {known}{answer.text[:600]}")
        self._note(step, service, method, path, key, answer)
        return answer.json()

    def look(self, service: str, path: str, *, role: str, at: datetime) -> Any:
        """Reads something; None where it is not there."""
        headers = {"Authorization": f"Bearer {self.token(role)}", "Business-Time": rfc3339(at)}
        answer = self._sent("GET", self.addresses[service] + path, None, headers, path)
        if answer.status_code not in (200, 404):
            raise StoryDiffers(f"reading {service}{path}: {answer.status_code} {answer.text[:600]}")
        return answer.json() if answer.status_code == 200 else None

    def listed(self, service: str, path: str, *, role: str, at: datetime) -> Iterator[Any]:
        """Every item of a list, page by page."""
        joint = "&" if "?" in path else "?"
        cursor = ""
        while True:
            found = self.look(service, path + cursor, role=role, at=at) or {"items": []}
            yield from found["items"]
            if not found.get("next"):
                return
            cursor = f"{joint}cursor={found['next']}"

    def until(self, step: str, service: str, path: str, good: Callable[[Any], bool], *, role: str, at: datetime) -> Any:
        """Reads until what another service told has arrived. Raises `StoryDiffers` when it does not in time."""
        self.on_step(step)
        deadline = time.monotonic() + self.patience
        pause = 0.002
        while True:
            found = self.look(service, path, role=role, at=at)
            if found is not None and good(found):
                return found
            if time.monotonic() > deadline:
                raise StoryDiffers(f"{step}: {service}{path} still says {json.dumps(found)[:600]}")
            time.sleep(pause)
            pause = min(pause * 1.5, 0.05)

    def _sent(self, method: str, url: str, body: Any, headers: dict[str, str], step: str) -> httpx.Response:
        deadline = time.monotonic() + self.patience
        while True:
            try:
                answer = self.client.request(method, url, json=body, headers=headers)
            except httpx.TransportError as error:
                if time.monotonic() > deadline:
                    raise StoryDiffers(f"{step}: no answer from {url} ({type(error).__name__})") from error
                time.sleep(0.05)
                continue
            if answer.status_code == 503 and time.monotonic() < deadline:
                time.sleep(0.1)
                continue
            return answer

    def _note(self, step: str, service: str, method: str, path: str, key: str, answer: httpx.Response) -> None:
        if self.journal is None or method != "POST" or not answer.is_success:
            return
        line = {
            "step": step,
            "service": service,
            "path": path,
            "key": key,
            "status": answer.status_code,
            "body": hashlib.sha256(answer.content).hexdigest(),
        }
        with self.journal.open("a") as file:
            file.write(json.dumps(line) + "\n")
            file.flush()
            os.fsync(file.fileno())
