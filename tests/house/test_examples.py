"""Every write that takes a body shows one in its API page, as `model_config = shown({...})` of the body, and each body
that is shown is taken."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError

from services.together import CREATE
from shared.fields import Body, field_errors, shown
from shared.settings import Settings


def written(app: FastAPI) -> Iterator[tuple[str, type[BaseModel]]]:
    """Each write with the body that it takes."""
    for route in app.routes:
        if isinstance(route, APIRoute) and (body := route.body_field) is not None:
            assert isinstance(body.field_info.annotation, type), route.path
            yield f"{'/'.join(sorted(route.methods or ()))} {route.path}", body.field_info.annotation


def examples_of(body: type[BaseModel]) -> list[dict[str, Any]]:
    extra = body.model_config.get("json_schema_extra")
    return extra.get("examples", []) if isinstance(extra, dict) else []  # type: ignore[return-value]  # as shown() made it


def fault_of(body: type[BaseModel]) -> str | None:
    """What is wrong with what a body shows; None: nothing."""
    if not (examples := examples_of(body)):
        return f"{body.__name__} shows no example: give it model_config = shown({{...}}), see shared/fields.py"
    for parent in body.__mro__[1:]:
        if not issubclass(parent, BaseModel) or examples_of(parent) is not examples:
            continue
        if set(parent.model_fields) != set(body.model_fields):
            return f"{body.__name__} shows the example of {parent.__name__}, which has other fields"
    for example in examples:
        try:
            taken = body.model_validate_json(orjson.dumps(example))
        except ValidationError as refused:
            return f"{body.__name__} refuses its own example: {field_errors(refused.errors())}"
        if not example.keys() <= taken.model_fields_set:
            return f"{body.__name__} does not read all of its own example"
    return None


@pytest.mark.parametrize("service", CREATE)
def test_every_write_shows_bodies_that_are_taken(service: str, tmp_path: Path) -> None:
    app = CREATE[service](Settings(data_dir=tmp_path))
    writes = list(written(app))
    assert len(writes) > 10
    assert [f"{write}: {fault}" for write, body in writes if (fault := fault_of(body))] == []
    schemas = app.openapi()["components"]["schemas"].values()
    on_the_page = [schema["examples"] for schema in schemas if "examples" in schema]
    cut = [write for write, body in writes if examples_of(body) not in on_the_page]
    assert cut == [], "the page leaves a null out of an example: show a body without one"


class Bare(Body):
    people: int


class Shown(Body):
    model_config = shown({"people": 4})

    people: int


class More(Shown):
    place: str | None = None


class Refused(Body):
    model_config = shown({"people": 4}, {"people": "four"})

    people: int


@pytest.mark.parametrize(
    ("body", "fault"),
    [(Bare, "shows no example"), (More, "the example of Shown"), (Refused, "refuses its own example")],
)
def test_a_write_without_an_example_of_its_own_is_named(body: type[BaseModel], fault: str) -> None:
    assert fault in (fault_of(body) or "")
    assert fault_of(Shown) is None
