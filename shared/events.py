"""The event: a fact in the past tense that one service publishes, in an envelope of CloudEvents 1.0.

It carries ids, codes, dates and decisions; never a name, a birth date, a document number, contact data, or a finding
on health or vulnerability. The classes are in `shared/contracts/`; this module gives them their envelope.
"""

import builtins
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Self
from uuid import UUID, uuid5

import orjson
from pydantic import BaseModel, ConfigDict, ValidationError

from shared.clock import rfc3339
from shared.trace import Trace, follow

LONGEST_KEY = 80
"""Characters of a key or source; what is longer has no place in the outbox or inbox."""
LONGEST_NAME = 120
"""Characters of a type or subject."""
LARGEST_COUNT = 2**63 - 1
"""What a database can count to."""

MAX_EVENT_BYTES = 256_000
"""Well under Kafka's default of 1 MiB a message; checked when the row is staged, so that the relay never meets one."""

EVENT_NAMESPACE = UUID("8a1d2f5e-0a52-4c1c-9d0b-2c6f6a1e7b11")
TYPE_PATTERN = re.compile(r"homeward\.(registration|eligibility|travel|reintegration)\.([a-z_]+)\.([a-z_]+)\.v(\d+)")


class Event(BaseModel):
    """One kind of fact. A subclass sets `type` and `key_noun`; its fields are the CloudEvents `data`.

    Fields are only ever added, and then with a default: what was published once must parse for ever, and a reader
    skips fields it does not know.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    type: ClassVar[str]
    key_noun: ClassVar[str] = "case"
    registry: ClassVar[dict[str, builtins.type["Event"]]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "type" in cls.__dict__:
            if not TYPE_PATTERN.fullmatch(cls.type):
                raise TypeError(f"{cls.__name__}: {cls.type} is not homeward.<service>.<noun>.<past>.v<n>")
            if cls.type in Event.registry:
                raise TypeError(f"{cls.type} is declared twice")
            Event.registry[cls.type] = cls

    def data(self) -> dict[str, Any]:
        return self.model_dump(mode="json")


@dataclass(frozen=True, slots=True)
class Envelope:
    """An event with everything CloudEvents and the house say about it.

    `key`: what the fact is about (a case; else a country or a flight), the unit of order. `sequence`: counted per
    source and key. `position`: gapless per service, given by the relay. `time`: when it happened (business);
    `recorded`: when this system learnt of it (business); `machine`: the clock on the wall. `trace`: the span that told
    it; facts of older days carry none.
    """

    id: UUID
    source: str
    type: str
    key: str
    subject: str | None
    sequence: int
    time: datetime
    recorded: datetime
    machine: datetime
    cause: UUID
    correlation: UUID
    attempt: int | None
    data: Mapping[str, Any]
    position: int | None = None
    trace: Trace | None = None

    def body(self) -> bytes:
        """CloudEvents JSON, without the position, which is added when the relay gives one."""
        document: dict[str, Any] = {
            "specversion": "1.0",
            "id": str(self.id),
            "source": self.source,
            "type": self.type,
            "time": rfc3339(self.time),
            "datacontenttype": "application/json",
            "partitionkey": self.key,
            "sequence": self.sequence,
            "recordedtime": rfc3339(self.recorded),
            "machinetime": rfc3339(self.machine),
            "causationid": str(self.cause),
            "correlationid": str(self.correlation),
        }
        if self.subject is not None:
            document["subject"] = self.subject
        if self.attempt is not None:
            document["attempt"] = self.attempt
        if self.trace is not None:
            # Without its `tracestate`: that is what somebody else wrote, and a fact is kept for ever.
            document["traceparent"] = self.trace.traceparent
        document["data"] = self.data
        return orjson.dumps(document, option=orjson.OPT_SORT_KEYS)

    def event(self) -> Event:
        """The fact itself, parsed. Raises `EventUnreadable` for a type or a shape nobody here knows."""
        kind = Event.registry.get(self.type)
        if kind is None:
            raise EventUnreadable(f"nobody here knows the type {self.type}")
        try:
            return kind.model_validate(self.data)
        except ValidationError as error:
            fields = ", ".join(".".join(map(str, e["loc"])) + ": " + e["type"] for e in error.errors())
            raise EventUnreadable(f"{self.type} does not have its shape ({fields})") from None

    @classmethod
    def parse(cls, body: bytes) -> Self:
        """The envelope in a message. Raises `EventUnreadable`."""
        try:
            document = orjson.loads(body)
            if document["specversion"] != "1.0":
                raise ValueError("specversion")
            position, subject = document.get("position"), document.get("subject")
            return cls(
                id=UUID(document["id"]),
                source=_text(document["source"], LONGEST_KEY),
                type=_text(document["type"], LONGEST_NAME),
                key=_text(document["partitionkey"], LONGEST_KEY),
                subject=None if subject is None else _text(subject, LONGEST_NAME),
                sequence=_count(document["sequence"], least=1),
                time=_moment(document["time"]),
                recorded=_moment(document["recordedtime"]),
                machine=_moment(document["machinetime"]),
                cause=UUID(document["causationid"]),
                correlation=UUID(document["correlationid"]),
                attempt=None if document.get("attempt") is None else _count(document["attempt"]),
                data=_object(document["data"]),
                position=None if position is None else _count(position),
                trace=_trace(document.get("traceparent")),
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise EventUnreadable(f"not a CloudEvent of this house ({type(error).__name__})") from None


class EventUnreadable(Exception):
    """A message that is not an event of this house. Says what is wrong without repeating what it carries."""


def source_of(service: str) -> str:
    return f"homeward/{service}"


def topic_of(service: str) -> str:
    """One topic a service."""
    return f"homeward.{service}"


def service_of(event_type: str) -> str:
    """Which service publishes that type."""
    match = TYPE_PATTERN.fullmatch(event_type)
    if match is None:
        raise EventUnreadable("a type outside this house")
    return match.group(1)


def event_id(cause: UUID, event_type: str, subject: str) -> UUID:
    """The same cause, type and subject give the same id, so that a repeated reaction makes the same event."""
    return uuid5(EVENT_NAMESPACE, f"{cause}|{event_type}|{subject}")


def with_position(body: bytes, position: int) -> bytes:
    """The stored body with its position, without parsing it again."""
    return b'{"position":' + str(position).encode() + b"," + body[1:]


def _text(value: Any, longest: int) -> str:
    # What no column could keep would fail again where it is parked, and so stop everything behind it.
    if not isinstance(value, str) or not 1 <= len(value) <= longest or "\0" in value:
        raise TypeError("text")
    return value


def _count(value: Any, least: int = 0) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= LARGEST_COUNT:
        raise TypeError("count")
    return value


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError("offset")
    return moment


def _trace(parent: Any) -> Trace | None:
    # What cannot be read is left out: nobody's fact waits for a tracer's mistake.
    if not isinstance(parent, str):
        return None
    return follow([parent])


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError("object")
    return value
