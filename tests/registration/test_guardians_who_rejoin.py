"""A guardianship rests while child or guardian is out of the case: it comes back with who rejoins, unless it was ended
by hand, and past protection it comes back to nobody."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, text, update
from sqlmodel import select

from services.registration.app import WIRING
from services.registration.guardians.models import Guardianship
from services.registration.guardians.rules import guardianship_status
from shared.contracts import registration as r
from shared.migrations import config_of
from tests.registration.story import CO, PR, RO, Case, person, register
from tests.registration.test_children_alone import girl_with_uncle
from tests.registration.test_guardians import shown
from tests.registration.test_memberships import join, leave, membership, rejoin
from tests.registration.test_who_left_and_rejoins import responsible
from tests.world import World, contents

AUNT = person("", "spouse", "Rêzan", "1981-01-02", "female", how="found")
del AUNT["ref"]


async def girl_with_guardian(world: World) -> tuple[Case, str]:
    """A girl, her uncle who is her guardian, and his wife. Gives the guardianship besides."""
    girl = await girl_with_uncle(world)
    made = await world.post(f"{girl.path}/guardians", shown(girl), role=PR)
    await join(girl, AUNT, ref="aunt")
    return girl, made["id"]


async def uncle_leaves(girl: Case, **changes: Any) -> Any:
    hers = [{"individual_id": str(girl.ids["aunt"]), "relation": "principal_applicant"}]
    return await leave(girl, "uncle", role=PR, relations=hers, **changes)


async def standing(girl: Case) -> list[str]:
    return [each["status"] for each in (await girl.world.get(f"{girl.path}/guardians", role=PR))["items"]]


async def aunt_is_shown(girl: Case) -> Any:
    return await girl.world.post(f"{girl.path}/guardians", shown(girl, guardian_id=str(girl.ids["aunt"])), role=PR)


def test_a_guardianship_rests_while_one_of_the_two_is_out_of_the_case_and_ends_by_hand() -> None:
    assert guardianship_status(ended=False, both_here=True) == "stands"
    assert guardianship_status(ended=False, both_here=False) == "rests"
    assert {guardianship_status(ended=True, both_here=both) for both in (True, False)} == {"ended"}


@pytest.mark.parametrize("who", ["girl", "uncle"])
async def test_a_guardian_is_so_again_with_who_rejoins(world: World, who: str) -> None:
    girl, _ = await girl_with_guardian(world)
    if who == "girl":
        await leave(girl, "girl", role=PR)
    else:
        assert (await uncle_leaves(girl))["protection_pending"] == [str(girl.ids["girl"])]
    assert await standing(girl) == ["rests"]
    back = await rejoin(girl, who, "other_relative")
    assert not back["protection_pending"]
    assert await responsible(girl) == {"girl": ["uncle"]}
    assert await standing(girl) == ["stands"]
    told = (await world.told(r.MemberJoined, girl.id))[-1].data["members"]
    assert [each["responsible"] for each in told if each["responsible"]] == [[str(girl.ids["uncle"])]]
    pending, cleared = await world.told(r.ProtectionPending, girl.id), await world.told(r.ProtectionCleared, girl.id)
    assert len(pending) == len(cleared), "the child is not alone"


@pytest.mark.parametrize("who", ["girl", "uncle"])
async def test_what_protection_ended_while_one_was_out_of_the_case_does_not_come_back(world: World, who: str) -> None:
    girl, guardianship = await girl_with_guardian(world)
    await (leave(girl, "girl", role=PR) if who == "girl" else uncle_leaves(girl))
    ended = await world.post(f"{girl.path}/guardians/{guardianship}/end", role=PR)
    assert ended["status"] == "ended"
    await rejoin(girl, who, "other_relative", role=PR)
    assert await responsible(girl) == {}
    assert await standing(girl) == ["ended"]
    assert (await girl.read())["members"][1]["protection_pending"]


async def test_what_was_ended_by_hand_before_the_leaving_does_not_come_back(world: World) -> None:
    girl, guardianship = await girl_with_guardian(world)
    await aunt_is_shown(girl)
    await world.post(f"{girl.path}/guardians/{guardianship}/end", role=PR)
    await leave(girl, "girl", role=PR)
    await rejoin(girl, "girl", "other_relative")
    assert await responsible(girl) == {"girl": ["aunt"]}


@pytest.mark.parametrize("first", ["uncle", "girl"])
async def test_both_left_and_rejoin_in_whatever_order(world: World, first: str) -> None:
    girl, _ = await girl_with_guardian(world)
    await uncle_leaves(girl)
    await leave(girl, "girl", role=PR)
    for who in sorted(("uncle", "girl"), reverse=first == "uncle"):
        await rejoin(girl, who, "other_relative")
    assert await responsible(girl) == {"girl": ["uncle"]}


async def test_one_of_two_guardians_who_comes_back_alone_is_shown_to_protection(world: World) -> None:
    girl, _ = await girl_with_guardian(world)
    await aunt_is_shown(girl)
    await leave(girl, "girl", role=PR)
    hers = [{"individual_id": str(girl.ids["aunt"]), "relation": "principal_applicant"}]
    await leave(girl, "uncle", relations=hers)
    before = await contents(world)
    named = {"responsible": [str(girl.ids["aunt"])]}
    refused = await rejoin(girl, "girl", "other_relative", expect=422, **named)
    assert refused["type"].endswith("responsibility-not-shown"), "the aunt alone would sign"
    assert await contents(world) == before
    assert (await rejoin(girl, "girl", "other_relative"))["protection_pending"]
    await rejoin(girl, "uncle", "other_relative")
    assert await responsible(girl) == {}, "nor he alone, at the desk"
    await leave(girl, "uncle")
    await rejoin(girl, "uncle", "other_relative", role=PR)
    assert await responsible(girl) == {}, "she was alone when he left"
    again = await world.post(f"{girl.path}/guardians", shown(girl), role=PR)
    assert again["status"] == "stands", "what is shown now takes the place of what was shown before"
    assert await responsible(girl) == {"girl": ["uncle"]}
    assert sorted(await standing(girl)) == ["ended", "stands", "stands"]
    await aunt_is_shown(girl)
    assert await responsible(girl) == {"girl": ["aunt", "uncle"]}


async def test_one_of_two_guardians_who_comes_back_first_after_both_left_is_shown_to_protection(world: World) -> None:
    girl, _ = await girl_with_guardian(world)
    await aunt_is_shown(girl)
    granny = person("", "parent", "Zîn", "1950-01-02", "female", how="found")
    del granny["ref"]
    await join(girl, granny, ref="granny")
    await uncle_leaves(girl)
    hers = [{"individual_id": str(girl.ids["granny"]), "relation": "principal_applicant"}]
    await leave(girl, "aunt", role=PR, relations=hers)
    await rejoin(girl, "uncle", "other_relative")
    assert await responsible(girl) == {}
    await rejoin(girl, "aunt", "other_relative", role=PR)
    assert await responsible(girl) == {"girl": ["aunt"]}


async def test_a_mother_who_rejoins_while_her_child_is_away_is_its_mother_when_it_is_back(world: World) -> None:
    family = await register(world)
    await leave(family, "mother", role=PR)
    await leave(family, "son", role=PR)
    await rejoin(family, "mother", "spouse", role=CO)
    await rejoin(family, "son", "child", role=RO)
    assert (await responsible(family))["son"] == ["father", "mother"]


async def test_a_mother_who_left_after_her_child_is_its_mother_again_whoever_comes_back_first(world: World) -> None:
    family = await register(world)
    for child in ("daughter", "son"):
        await leave(family, child, role=PR)
    await leave(family, "mother")
    await rejoin(family, "son", "child", role=PR)
    assert await responsible(family) == {"son": ["father"]}
    await rejoin(family, "mother", "spouse")
    assert await responsible(family) == {"son": ["father", "mother"]}


async def test_what_the_leaving_of_a_child_had_ended_rests_after_the_migration(world: World) -> None:
    girl, _ = await girl_with_guardian(world)
    await leave(girl, "girl", role=PR)
    (left,) = [each for each in await membership(girl) if each["change"] == "left"]

    def again(connection: Connection) -> None:
        at = datetime.fromisoformat(left["recorded_at"])
        connection.execute(update(Guardianship).values(ended_at=at, ended_by="a"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0020'"))
        config = config_of(WIRING)
        config.attributes["connection"] = connection
        command.upgrade(config, "0021")
        assert connection.execute(select(Guardianship.ended_at, Guardianship.ended_by)).one() == (None, None)
        connection.execute(update(Guardianship).values(ended_at=at + timedelta(seconds=1), ended_by="a"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0020'"))
        command.upgrade(config, "0021")
        assert connection.execute(select(Guardianship.ended_by)).scalar_one() == "a", "by hand"

    async with world.runtime.database.schema_connection() as connection:
        await connection.run_sync(again)
