"""The published language only grows: what was published once parses for ever, and nothing of it is lost."""

from typing import Any

import jsonschema
import orjson
import pytest

from shared.asyncapi import message_of
from shared.events import Envelope, Event
from tests.contract.make_samples import SAMPLES, every_event, sample_of

KINDS = every_event()
NAMES = [kind.type for kind in KINDS]
FORBIDDEN = ("name", "birth", "phone", "email", "address", "document_number", "diagnosis", "vulnerab", "reason_text")


def kept(kind: type[Event]) -> Any:
    return orjson.loads((SAMPLES / f"{kind.type}.json").read_bytes())


def paths(value: Any, at: str = "") -> dict[str, Any]:
    """Every leaf of a JSON value by its place."""
    if isinstance(value, dict):
        parts = {f"{at}/{name}": part for name, part in value.items()}
    elif isinstance(value, list):
        parts = {f"{at}/{number}": part for number, part in enumerate(value)}
    else:
        return {at: value}
    return {place: leaf for name, part in parts.items() for place, leaf in paths(part, name).items()}


def test_every_event_has_its_sample_and_every_sample_its_event() -> None:
    assert sorted(file.stem for file in SAMPLES.glob("*.json")) == NAMES


@pytest.mark.parametrize("kind", KINDS, ids=NAMES)
def test_a_sample_parses_and_nothing_of_it_is_lost(kind: type[Event]) -> None:
    sample = kept(kind)
    envelope = Envelope.parse(orjson.dumps(sample))
    fact = envelope.event()
    assert type(fact) is kind
    again = paths(fact.data())
    missing = {place: leaf for place, leaf in paths(sample["data"]).items() if again.get(place) != leaf}
    assert missing == {}, "a field was renamed, removed or retyped: that needs a new type"
    assert paths(orjson.loads(envelope.body())) == paths({k: v for k, v in sample.items() if k != "position"})


@pytest.mark.parametrize("kind", KINDS, ids=NAMES)
def test_fields_that_came_after_the_sample_have_a_default(kind: type[Event]) -> None:
    later = set(kind.model_fields) - set(kept(kind)["data"])
    assert [name for name in later if kind.model_fields[name].is_required()] == []


@pytest.mark.parametrize("kind", KINDS, ids=NAMES)
def test_a_reader_passes_over_fields_it_does_not_know(kind: type[Event]) -> None:
    sample = kept(kind)
    sample["data"]["something_new"] = {"of": ["later"]}
    sample["anextension"] = 1
    assert Envelope.parse(orjson.dumps(sample)).event() == Envelope.parse(orjson.dumps(kept(kind))).event()


@pytest.mark.parametrize("kind", KINDS, ids=NAMES)
def test_a_sample_fits_what_is_documented(kind: type[Event]) -> None:
    payload = message_of(kind, defs_at="#/$defs/")["payload"]
    jsonschema.Draft202012Validator.check_schema(payload)
    jsonschema.validate(kept(kind), payload)
    for gone in ("causationid", "sequence", "recordedtime"):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({k: v for k, v in kept(kind).items() if k != gone}, payload)


@pytest.mark.parametrize("kind", KINDS, ids=NAMES)
def test_no_field_is_one_for_personal_data(kind: type[Event]) -> None:
    places = [place for place in paths(kept(kind)["data"]) if any(word in place.lower() for word in FORBIDDEN)]
    assert places == []


def test_samples_are_made_the_same_each_time() -> None:
    assert [sample_of(kind) for kind in KINDS] == [sample_of(kind) for kind in KINDS]
    assert all(orjson.loads(sample_of(kind))["type"] == kind.type for kind in KINDS)
