"""Of every list it is counted how often it asks its database, or said why not."""

import re
from pathlib import Path

import pytest

from services.together import CREATE
from shared.settings import Settings
from tests.benchmarks.desks import LISTS
from tests.lists import COUNTED, UNCOUNTED


def unnamed(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path.partition("?")[0])


@pytest.mark.parametrize("service", CREATE)
def test_every_list_of_items_is_counted_or_named_with_the_reason(service: str, tmp_path: Path) -> None:
    page = CREATE[service](Settings(data_dir=tmp_path)).openapi()
    lists = set()
    for path, methods in page["paths"].items():
        answer = methods.get("get", {}).get("responses", {}).get("200", {}).get("content", {})
        schema = answer.get("application/json", {}).get("schema", {})
        made_of = page["components"]["schemas"].get(schema.get("$ref", "").rpartition("/")[2], {})
        if schema.get("type") == "array" or "items" in made_of.get("properties", {}):
            lists.add(unnamed(path))
    at_a_desk = {unnamed(path) for of, path, _ in LISTS if of == service}
    known = {unnamed(path) for path in (*COUNTED[service], *UNCOUNTED[service])}
    assert lists, "every service has lists"
    assert sorted(lists - at_a_desk - known) == [], "neither in tests/benchmarks/desks.py nor in tests/lists.py"
    assert sorted(known - lists) == [], "no list of this service any more"
    assert sorted(known & at_a_desk) == []
