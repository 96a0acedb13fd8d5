"""The AsyncAPI document is made from the code, is the same each time, and points at nothing that is not there."""

from pathlib import Path
from typing import Any

import pytest

from shared.asyncapi import asyncapi_of
from shared.inbox import Handler
from shared.settings import SERVICES
from shared.wiring import Wiring
from tests.contract.make_samples import every_event
from tests.shared import toy
from tests.world import World


def wired(service: str) -> Wiring:
    """A service that tells all its types and hears everybody else's."""
    mine = f"homeward.{service}."

    async def keep(*_: object) -> None: ...

    tells = [kind for kind in every_event() if kind.type.startswith(mine)]
    hears = {kind: Handler(keep) for kind in every_event() if not kind.type.startswith(mine)}
    return Wiring(service, service.title(), "s", toy.Base.metadata, Path(), [], tells, hears, [])


def references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [each for part in value.values() for each in references(part)]
    return [each for part in value for each in references(part)] if isinstance(value, list) else []


def at(document: Any, pointer: str) -> Any:
    found = document
    for part in pointer.removeprefix("#/").split("/"):
        found = found[part.replace("~1", "/").replace("~0", "~")]
    return found


@pytest.mark.parametrize("service", SERVICES)
def test_every_reference_leads_somewhere(service: str) -> None:
    document = asyncapi_of(wired(service))
    found = references(document)
    assert found
    for each in found:
        assert each.startswith("#/"), each
        assert at(document, each) is not None, each


@pytest.mark.parametrize("service", SERVICES)
def test_the_document_has_the_form_of_asyncapi_3(service: str) -> None:
    document = asyncapi_of(wired(service))
    assert document["asyncapi"] == "3.0.0"
    assert set(document) <= {
        "asyncapi",
        "id",
        "info",
        "servers",
        "defaultContentType",
        "channels",
        "operations",
        "components",
    }
    assert {"title", "version"} <= set(document["info"])
    assert {channel["address"] for channel in document["channels"].values()} == {f"homeward.{s}" for s in SERVICES}
    actions = [each["action"] for each in document["operations"].values()]
    assert sorted(actions) == ["receive"] * 3 + ["send"]
    for channel in document["channels"].values():
        for name, message in channel["messages"].items():
            assert name.startswith(channel["address"] + ".")
            assert set(at(document, message["$ref"])) == {"name", "summary", "headers", "payload"}
    assert set(document["components"]["messages"]) == {kind.type for kind in every_event()}


def test_the_document_is_the_same_each_time() -> None:
    documents = [list(asyncapi_of(wired("travel"))["components"]["messages"]) for _ in range(2)]
    wiring = wired("travel")
    assert documents[0] == documents[1] == [kind.type for kind in (*wiring.tells, *wiring.handlers)]


async def test_a_running_service_gives_its_document(world: World) -> None:
    document = await world.get("/asyncapi.json")
    assert document["operations"]["tell"]["channel"]["$ref"] == "#/channels/homeward_travel"
