"""The journal: what was asked, kept before it is sent, and what became of it, kept before anything else is done.

Two JSON lines a write: its intent and its end. An intent without an end was under way when the load was stopped.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import time
from typing import IO, Any

import orjson

NAMED = (
    *("id", "case_id", "flight_id", "individual_id", "status", "outcome"),
    *("restriction_id", "movement_id", "distribution_id", "receipt_id", "issued", "seated"),
    *("booking_id", "persons", "link_id", "exception_id", "project_id", "share_id", "follow_up_id"),
    *("plan_id", "amendment_id", "quotation_id", "order_id", "delivery_id", "payment_id", "visit_id", "survey_id"),
)
"""What is kept of an answer, beside the hash of its bytes."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A write as the journal tells it. `lost`: attempts whose end nobody knows: cut, timed out, or answered with a 5xx,
    which says that it may have been done. `status`: of the last answer, 0 where none came."""

    client: str
    method: str
    service: str
    path: str
    key: str
    sent: str
    status: int
    attempts: int
    lost: int
    answer: str
    ids: dict[str, Any]
    problem: str | None

    @property
    def acknowledged(self) -> bool:
        return 200 <= self.status < 300

    @property
    def refused(self) -> bool:
        """Answered with a no, every time it was sent: nothing of it may be there."""
        return 400 <= self.status < 500 and not self.lost

    @property
    def name(self) -> str:
        return f"{self.method} {self.service}{self.path} ({self.key})"


class Journal:
    """Written through a buffer: only the services are killed, never the load."""

    def __init__(self, path: Path | None) -> None:
        self._file: IO[bytes] | None = None if path is None else path.open("ab")
        self._number = 0

    def intends(self, client: str, method: str, service: str, path: str, key: str, body: bytes) -> int:
        """Gives the number that its end refers to."""
        self._number += 1
        self._write(
            {
                "n": self._number,
                "at": time(),
                "client": client,
                "method": method,
                "service": service,
                "path": path,
                "key": key,
                "sent": hashlib.sha256(body).hexdigest(),
            }
        )
        return self._number

    def ended(self, number: int, status: int, attempts: int, lost: int, body: bytes, document: Any) -> None:
        said = document if isinstance(document, dict) else {}
        line = {
            "n": number,
            "at": time(),
            "status": status,
            "attempts": attempts,
            "lost": lost,
            "answer": hashlib.sha256(body).hexdigest(),
            "ids": {name: said[name] for name in NAMED if name in said},
        }
        if status >= 400:
            line["problem"] = str(said.get("type", "")).rsplit("/", 1)[-1]
        self._write(line)

    def _write(self, line: dict[str, Any]) -> None:
        if self._file is not None:
            self._file.write(orjson.dumps(line) + b"\n")

    def flush(self) -> None:
        if self._file is not None:
            self._file.flush()

    def close(self) -> None:
        if self._file is not None:
            self._file.close()


def read(path: Path) -> Iterator[Asked]:
    """Every write of a journal, in the order in which they ended; then those that never did."""
    waiting: dict[int, dict[str, Any]] = {}
    for text in path.read_bytes().splitlines():
        line = orjson.loads(text)
        if "status" not in line:
            waiting[line["n"]] = line
        else:
            yield _asked(waiting.pop(line["n"]), line)
    for line in waiting.values():
        yield _asked(line, {"status": 0, "attempts": 1, "lost": 1, "answer": "", "ids": {}})


def _asked(intent: dict[str, Any], end: dict[str, Any]) -> Asked:
    return Asked(
        intent["client"],
        intent["method"],
        intent["service"],
        intent["path"],
        intent["key"],
        intent["sent"],
        end["status"],
        end["attempts"],
        end["lost"],
        end["answer"],
        end["ids"],
        end.get("problem"),
    )
