"""Contacts are asked of registration at the moment of need, and never kept."""

from typing import Any
from uuid import UUID

import pytest

from shared.act import Act
from shared.auth import Role
from shared.database import transaction_is_open
from shared.problems import OtherServiceUnavailable
from tests.reintegration.refusals import nothing_changes
from tests.reintegration.story import RE, expected
from tests.world import World


async def test_contacts_come_from_registration_and_stay_there(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    family = await expected(world)
    fact, about = family.member_withdrawn(family.mother)
    await world.hear(fact, key=family.case, **about)
    contact = {"individual_id": str(family.father), "phone": "+9647500000000", "email": None, "address": None}
    asked: list[Any] = []

    async def ask(service: str, path: str, body: Any, *, act: Act | None, key: UUID) -> Any:
        assert not transaction_is_open()
        asked.append((service, path, body))
        rest = [each for each in body["individuals"] if each != str(family.father)]
        return {"contacts": [contact | {"language": "ckb"}], "not_covered": rest}

    monkeypatch.setattr(world.runtime.others, "ask", ask)
    async with nothing_changes(world):
        answer = await world.get(f"/cases/{family.case}/contacts", role=RE)
    assert answer["available"] is True
    assert answer["contacts"] == [contact | {"language": "ckb"}]
    assert str(family.mother) not in asked[0][2]["individuals"]
    assert set(answer["not_covered"]) == {str(family.daughter), str(family.son)}
    await world.get(f"/cases/{family.case}/contacts", role=Role.AUDITOR, expect=403)


async def test_the_answer_says_when_registration_cannot_be_asked(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    family = await expected(world)

    async def away(*_: Any, **__: Any) -> Any:
        raise OtherServiceUnavailable(service="registration")

    monkeypatch.setattr(world.runtime.others, "ask", away)
    answer = await world.get(f"/cases/{family.case}/contacts", role=RE)
    assert (answer["available"], answer["contacts"], answer["not_covered"]) == (False, [], [])
