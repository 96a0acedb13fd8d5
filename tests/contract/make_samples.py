"""Writes the sample of every event class that has none yet: `python -m tests.contract.make_samples`.

A sample that is there is never written again: it is what was published once, and must parse for ever.
"""

import types
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from importlib import import_module
from pathlib import Path
from typing import Any, Union, get_args, get_origin
from uuid import UUID, uuid5

import orjson
from pydantic import BaseModel

from shared.events import Envelope, Event, event_id, source_of
from shared.settings import SERVICES

SAMPLES = Path(__file__).parent / "samples"
SAMPLE_IDS = UUID("4f0d7c7e-6a3b-5c7e-9d5e-0d3c1b2a4f60")
START = datetime(2021, 12, 9, 9, 0, tzinfo=UTC)
PLACES = {
    "country": "SYR",
    "nationality": "SYR",
    "currency": "EUR",
    "language": "ar",
    "area": "SY-HL",
    "from_airport": "WAW",
    "to_airport": "DAM",
    "airport": "DAM",
    "flight_number": "XX123",
}


def every_event() -> list[type[Event]]:
    """All classes of the published language, by type."""
    for service in SERVICES:
        import_module(f"shared.contracts.{service}")
    return [Event.registry[name] for name in sorted(Event.registry)]


def sample_of(kind: type[Event]) -> bytes:
    """One envelope with every field filled in, the same each time it is made."""
    data = _model(kind, kind.type)
    key = data.country if kind.key_noun == "country" else _id(f"{kind.type}|key")
    cause = _id(f"{kind.type}|cause")
    subject = str(_id(f"{kind.type}|subject"))
    envelope = Envelope(
        id=event_id(cause, kind.type, f"{key}|{subject}"),
        source=source_of(kind.type.split(".")[1]),
        type=kind.type,
        key=str(key),
        subject=subject,
        sequence=3,
        time=START,
        recorded=START + timedelta(minutes=5),
        machine=START + timedelta(minutes=6),
        cause=cause,
        correlation=_id("correlation"),
        attempt=1,
        data=data.data(),
        position=7,
    )
    document = {**orjson.loads(envelope.body()), "position": 7}
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS) + b"\n"


def _id(place: str) -> UUID:
    return uuid5(SAMPLE_IDS, place)


def _model(kind: type[BaseModel], place: str) -> Any:
    return kind(**{name: _value(field.annotation, f"{place}.{name}") for name, field in kind.model_fields.items()})


def _value(annotation: Any, place: str) -> Any:
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin in (Union, types.UnionType):
        return _value(next(each for each in inner if each is not types.NoneType), place)
    if origin is tuple:
        return tuple(_value(inner[0], f"{place}[{number}]") for number in range(2))
    if origin is dict:
        return {_value(inner[0], f"{place}[{n}]"): _value(inner[1], f"{place}[{n}].value") for n in range(2)}
    if issubclass(annotation, BaseModel):
        return _model(annotation, place)
    if issubclass(annotation, Enum):
        return list(annotation)[-1]
    return _plain(annotation, place)


def _plain(annotation: type, place: str) -> Any:
    name = place.rpartition(".")[2].partition("[")[0]
    known: Mapping[type, Any] = {
        UUID: _id(place),
        bool: True,
        int: 2,
        Decimal: Decimal("1250.50"),
        datetime: START + timedelta(days=1),
        date: (START + timedelta(days=1)).date(),
        str: next((value for part, value in PLACES.items() if name == part or name.endswith(f"_{part}")), name),
    }
    return known[annotation]


def main() -> None:
    SAMPLES.mkdir(exist_ok=True)
    for kind in every_event():
        file = SAMPLES / f"{kind.type}.json"
        if not file.exists():
            file.write_bytes(sample_of(kind))
            print(f"made {file.name}")


if __name__ == "__main__":
    main()
