"""The catalogue of problems: complete, because it is what Python knows of them."""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from uuid import uuid4

import orjson
import pytest

import shared
from shared.problems import PROBLEM_JSON, Problem, catalogue
from tests.world import World

for file in Path(shared.__path__[0]).glob("*.py"):
    import_module(f"shared.{file.stem}")


def kinds(of: type[Problem] = Problem) -> Iterator[type[Problem]]:
    for kind in of.__subclasses__():
        yield kind
        yield from kinds(kind)


KINDS = sorted(
    {kind for kind in kinds() if kind.__module__.startswith(("shared.", "services."))}, key=lambda k: k.__name__
)


@pytest.mark.parametrize("kind", KINDS, ids=[kind.__name__ for kind in KINDS])
def test_every_problem_says_what_it_is_and_what_to_do(kind: type[Problem]) -> None:
    if not kind.slug:
        assert kind.__subclasses__(), f"{kind.__name__} has no slug, and nothing stands under it"
        return
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", kind.slug)
    assert kind.status in range(400, 600)
    assert kind.title
    assert kind.title[-1] not in ".!"
    assert len(kind.remedy) > 15
    assert kind.remedy.endswith((".", "?"))
    assert catalogue()[kind.slug] is kind


def test_two_problems_do_not_share_a_slug() -> None:
    class Twin(Problem):
        slug = "not-found"

    with pytest.raises(TypeError, match="not-found"):
        catalogue()
    Twin.slug = ""


def test_a_problem_is_a_document_of_rfc_9457() -> None:
    request = str(uuid4())
    answer = catalogue()["forbidden"]("not this one", case="7").response(request)
    assert answer.headers["content-type"] == PROBLEM_JSON
    assert orjson.loads(answer.body) == {
        "type": "/problems/forbidden",
        "title": "Your role may not do this",
        "status": 403,
        "detail": "not this one",
        "remedy": catalogue()["forbidden"].remedy,
        "instance": f"urn:uuid:{request}",
        "case": "7",
    }


async def test_every_type_can_be_looked_up_where_it_points(world: World) -> None:
    listed = (await world.get("/problems"))["problems"]
    assert [each["type"] for each in listed] == [f"/problems/{slug}" for slug in catalogue()]
    for each in listed:
        assert await world.get(each["type"]) == each
        assert set(each) == {"type", "status", "title", "remedy"}
