"""Projects that several cases share: never more than they cost, never more than a line gives."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from services.reintegration.community.models import CommunityProject
from services.reintegration.community.rules import ProjectFull, shared_after
from shared.database import core
from tests.reintegration.refusals import refused
from tests.reintegration.story import FI, PO, RE, approved, at_home, closure_body, drafted, line_of, project_body
from tests.world import World

AMOUNTS = st.decimals(min_value=Decimal("0.01"), max_value=Decimal("900.00"), places=2)


@given(amount=AMOUNTS, steps=st.lists(st.tuples(st.booleans(), AMOUNTS), max_size=30))
def test_shares_never_pass_what_the_project_costs(amount: Decimal, steps: list[tuple[bool, Decimal]]) -> None:
    shared, taken = Decimal("0.00"), []
    for takes, share in steps:
        if takes:
            if share > amount - shared:
                with pytest.raises(ProjectFull) as refusal:
                    shared_after(amount, shared, share)
                assert refusal.value.members["left"] == amount - shared
                continue
            shared = shared_after(amount, shared, share)
            taken.append(share)
        elif taken:
            shared -= taken.pop()
        assert shared == sum(taken, Decimal(0)) <= amount


async def test_several_cases_share_a_project_until_it_has_what_it_costs(world: World) -> None:
    project = await world.post("/community-projects", project_body(amount="2000.00"), role=PO)
    path = f"/community-projects/{project['project_id']}"
    shares = []
    for amount in ("1200.00", "800.00"):
        plan = await approved(world, await at_home(world))
        part = {"plan_id": plan["plan_id"], "line_id": line_of(plan, "equipment"), "amount": amount}
        shares.append(await world.post(f"{path}/shares", part, role=RE))
    plan = await approved(world, await at_home(world))
    part = {"plan_id": plan["plan_id"], "line_id": line_of(plan, "equipment"), "amount": "0.01"}
    await refused(world, f"{path}/shares", part, 409, "community-project-full", role=RE)
    shown = await world.get(path, role=FI)
    assert (shown["shared"], shown["left"]) == ("2000.00", "0.00")
    released = await world.post(f"/shares/{shares[1]['share_id']}/release", role=RE)
    assert released["status"] == "released"
    await refused(world, f"/shares/{shares[1]['share_id']}/release", {}, 409, "share-released", role=RE)
    await world.post(f"{path}/shares", part | {"amount": "800.00"}, role=RE)
    assert len((await world.get(f"{path}/shares", role=RE))["items"]) == 3
    ended = await world.post(f"{path}/end", role=PO)
    assert ended["status"] == "ended"
    await refused(world, f"{path}/end", {}, 409, "not-possible-now", role=PO)


async def test_a_share_that_a_line_cannot_give_is_refused(world: World) -> None:
    project = await world.post("/community-projects", project_body(), role=PO)
    path = f"/community-projects/{project['project_id']}"
    await refused(world, "/community-projects", project_body(), 409, "community-project-code-taken", role=PO)
    await refused(world, "/community-projects", project_body(code="Z", amount="0"), 422, "invalid-body", role=PO)
    family = await at_home(world)
    plan = await approved(world, family)
    one = {"plan_id": plan["plan_id"], "line_id": line_of(plan, "equipment"), "amount": "1500.01"}
    document = await refused(world, f"{path}/shares", one, 409, "share-does-not-fit", role=RE)
    assert document["left"] == "1500.00"
    cash = one | {"line_id": line_of(plan, "rent"), "amount": "10.00"}
    await refused(world, f"{path}/shares", cash, 409, "share-does-not-fit", role=RE)
    share = await world.post(f"{path}/shares", one | {"amount": "10.00"}, role=RE)
    document = await refused(world, f"{path}/shares", one | {"amount": "10.00"}, 409, "line-shared-already", role=RE)
    assert document["share"] == share["share_id"]
    dollars = await world.post("/community-projects", project_body(code="USD-1", currency="USD"), role=PO)
    other = f"/community-projects/{dollars['project_id']}"
    await world.post(f"/shares/{share['share_id']}/release", role=RE)
    await refused(world, f"{other}/shares", one | {"amount": "10.00"}, 409, "share-does-not-fit", role=RE)
    await world.post(f"{path}/end", role=PO)
    await refused(world, f"{path}/shares", one | {"amount": "10.00"}, 409, "community-project-ended", role=RE)
    waiting = await drafted(world, await at_home(world))
    draft = {"plan_id": waiting["plan_id"], "line_id": line_of(waiting, "equipment"), "amount": "10.00"}
    await refused(world, f"{other}/shares", draft, 409, "not-possible-now", role=RE)


async def test_what_a_line_gives_is_not_given_up_and_not_left_open_at_the_end(world: World) -> None:
    project = await world.post("/community-projects", project_body(), role=PO)
    family = await at_home(world)
    plan = await approved(world, family)
    line = line_of(plan, "equipment")
    part = {"plan_id": plan["plan_id"], "line_id": line, "amount": "200.00"}
    share = await world.post(f"/community-projects/{project['project_id']}/shares", part, role=RE)
    release = f"/plans/{plan['plan_id']}/lines/{line}/release"
    why = {"reason": "not_available"}
    await refused(world, release, why, 409, "line-shared-already", role=RE)
    world.now = world.now.replace(year=2022, month=1, day=3)
    path, closure = f"/cases/{family.case}/closure", closure_body("died")
    document = await refused(world, path, closure, 409, "closure-incomplete", role=RE)
    assert document["missing"] == [{"code": "share_not_spent", "line": "equipment"}]
    await world.post(f"/shares/{share['share_id']}/release", role=RE)
    await world.post(release, why, role=RE)
    await world.post(path, closure, role=RE)


async def test_the_database_itself_refuses_a_project_with_more_than_it_costs(world: World) -> None:
    await world.post("/community-projects", project_body(), role=PO)
    with pytest.raises(IntegrityError):
        async with world.runtime.database.transaction() as session:
            await core(session, update(CommunityProject).values(shared=Decimal("3000.01")))
