"""Reading and listing cases write their answers from rows: what is written is what the declared models write."""

import pytest

from services.registration.cases.schemas import CaseAnswer, ListedCase
from shared.auth import Role
from shared.pagination import Page
from tests.registration.story import register
from tests.world import World

READERS = (Role.REGISTRATION_OFFICER, Role.AIRPORT_DESK, Role.AUDITOR)


@pytest.mark.parametrize("role", READERS)
async def test_a_read_case_is_written_as_its_model_writes_it(world: World, role: Role) -> None:
    case = await register(world)
    hold = {"individuals": [str(each) for each in case.ids.values()][:1], "reason": "safety"}
    await world.post(f"{case.path}/holds", hold, role=Role.PROTECTION)
    answer = await world.call("GET", case.path, role=role)
    assert answer.content == CaseAnswer.model_validate_json(answer.content).model_dump_json().encode()
    shown = answer.json()
    assert [each["held"] for each in shown["members"]] == [True] + [False] * (len(case.ids) - 1)
    assert (shown["contact"] is None) == (role is not Role.REGISTRATION_OFFICER)


@pytest.mark.parametrize("role", READERS)
async def test_a_page_of_cases_is_written_as_its_model_writes_it(world: World, role: Role) -> None:
    for _ in range(2):
        await register(world)
    answer = await world.call("GET", "/cases?limit=1", role=role)
    assert answer.content == Page[ListedCase].model_validate_json(answer.content).model_dump_json().encode()
    assert answer.json()["next"] is not None
