"""AsyncAPI 3, made from the event classes: what a service tells on its topic, and what it hears on the others'."""

from typing import Any

from shared.consumer import topics_heard
from shared.events import Event, topic_of
from shared.wiring import Wiring

ENVELOPE_HEADERS = {
    "type": "object",
    "properties": {
        "content-type": {"type": "string", "const": "application/cloudevents+json"},
        "ce_type": {"type": "string", "description": "the event's type, so that others are skipped unread"},
        "ce_id": {"type": "string", "format": "uuid"},
    },
}

REQUIRED = [
    *("specversion", "id", "source", "type", "time", "recordedtime", "machinetime", "partitionkey", "sequence"),
    *("position", "causationid", "correlationid", "data"),
]


def asyncapi_of(wiring: Wiring) -> dict[str, Any]:
    """The document of one service."""
    told = list(wiring.tells)
    heard = list(wiring.handlers)
    channels = {topic_of(wiring.name): _channel(topic_of(wiring.name), told)}
    for topic in topics_heard(wiring.handlers):
        channels[topic] = _channel(topic, [kind for kind in heard if kind.type.startswith(topic + ".")])
    operations: dict[str, Any] = {
        "tell": {"action": "send", "channel": {"$ref": f"#/channels/{_ref(topic_of(wiring.name))}"}}
    }
    for topic in topics_heard(wiring.handlers):
        operations[f"hear_{_ref(topic)}"] = {"action": "receive", "channel": {"$ref": f"#/channels/{_ref(topic)}"}}
    return {
        "asyncapi": "3.0.0",
        "info": {"title": f"Homeward {wiring.title}", "version": "1", "description": wiring.summary},
        "defaultContentType": "application/cloudevents+json",
        "channels": {_ref(topic): channel for topic, channel in channels.items()},
        "operations": operations,
        "components": {"messages": {kind.type: message_of(kind) for kind in dict.fromkeys([*told, *heard])}},
    }


def _ref(topic: str) -> str:
    return topic.replace(".", "_")


def _channel(topic: str, kinds: list[type[Event]]) -> dict[str, Any]:
    return {
        "address": topic,
        "messages": {kind.type: {"$ref": f"#/components/messages/{kind.type}"} for kind in kinds},
    }


def message_of(kind: type[Event], defs_at: str | None = None) -> dict[str, Any]:
    """One type's message. `defs_at`: where its payload's definitions will lie; in a service's document unless said."""
    place = defs_at or f"#/components/messages/{kind.type}/payload/$defs/"
    data = kind.model_json_schema(ref_template=place + "{model}")
    defs = data.pop("$defs", {})
    text = {"type": "string"}
    moment = {"type": "string", "format": "date-time"}
    count = {"type": "integer", "minimum": 0}
    payload = {
        "type": "object",
        "required": REQUIRED,
        "properties": {
            "specversion": {"const": "1.0"},
            "id": {"type": "string", "format": "uuid"},
            "source": text,
            "type": {"const": kind.type},
            "datacontenttype": {"const": "application/json"},
            "subject": text,
            "time": {**moment, "description": "when it happened (business time)"},
            "recordedtime": {**moment, "description": "when this system learnt of it (business time)"},
            "machinetime": moment,
            "partitionkey": {**text, "description": f"the {kind.key_noun}'s id"},
            "sequence": {**count, "description": "counted per source and key"},
            "position": {**count, "description": "gapless per service"},
            "causationid": {"type": "string", "format": "uuid"},
            "correlationid": {"type": "string", "format": "uuid"},
            "attempt": {**count, "description": "the individual's try to return"},
            "traceparent": {**text, "description": "W3C Trace Context: the span that told it"},
            "data": data,
        },
        "$defs": defs,
    }
    return {
        "name": kind.type,
        "summary": (kind.__doc__ or kind.__name__).strip().splitlines()[0],
        "headers": ENVELOPE_HEADERS,
        "payload": payload,
    }
