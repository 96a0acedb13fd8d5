"""Whatever is paid, reversed, delivered, changed, released, closed and opened again: the budget holds what is owed."""

import random
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.reintegration.story import (
    AP,
    FI,
    PO,
    RE,
    approved,
    at_home,
    closure_body,
    delivery_body,
    etag_of,
    line_of,
    payment_body,
    plan_body,
)
from tests.world import World

FEBRUARY = datetime(2022, 2, 1, 9, 0, tzinfo=UTC)


class Course:
    """One plan under random acts, some of which are refused; none answers with a failure."""

    def __init__(self, world: World, case: str, plan: Any, budget: str, seed: int) -> None:
        self.world, self.case, self.plan, self.budget = world, case, plan, budget
        self.chance, self.paid, self.count = random.Random(seed), [""], 0
        self.done: set[str] = set()

    def amount(self, most: int) -> str:
        return f"{Decimal(self.chance.randint(1, most * 100)) / 100:.2f}"

    async def send(self, path: str, body: Any, role: Any, **more: Any) -> Any:
        self.count += 1
        answer = await self.world.call("POST", path, body, role=role, **more)
        assert answer.status_code < 500, answer.text
        if answer.is_success:
            self.done.add(path.rsplit("/", 1)[-1])
        return answer.json() if answer.is_success else None

    async def pay(self) -> None:
        line = self.chance.choice(["rent", "equipment"])
        body = payment_body(self.plan, self.chance.randint(1, 3 if line == "rent" else 1), self.amount(400))
        evidence = {"kind": "signed_receipt", "reference": f"R-{self.count}"}
        body |= {"line_id": line_of(self.plan, line), "evidence": evidence, "late_reason": "bank_delay"}
        made = await self.send(f"/plans/{self.plan['plan_id']}/payments", body, FI, subject="payer")
        if made:
            self.paid.append(made["payment_id"])

    async def reverse(self) -> None:
        which = self.chance.choice(self.paid)
        if which:
            await self.send(f"/payments/{which}/reversal", {"reason": "wrong_amount"}, FI, subject="other")

    async def deliver(self) -> None:
        paper = {"number": f"HC-{self.count}", "signed_on": "2022-01-03"}
        body = delivery_body(self.plan, self.amount(900), certificate=paper)
        await self.send(f"/plans/{self.plan['plan_id']}/deliveries", body, RE)

    async def change(self) -> None:
        amount = self.amount(1600)
        line = plan_body()["lines"][0] | {"amount": amount}
        line["instalments"] = [line["instalments"][0] | {"amount": amount}]
        wish = {"reason": "Other prices", "lines": [line]}
        made = await self.send(f"/plans/{self.plan['plan_id']}/amendments", wish, RE, subject="author")
        if made:
            one = f"/amendments/{made['amendment_id']}"
            if not await self.send(f"{one}/approval", {}, AP, subject="approver", etag=etag_of(made)):
                await self.send(f"{one}/taking-back", {}, RE, subject="author")

    async def release(self) -> None:
        line = line_of(self.plan, "rent")
        await self.send(f"/plans/{self.plan['plan_id']}/lines/{line}/release", {"reason": "not_available"}, RE)

    async def close_and_reopen(self) -> None:
        await self.send(f"/cases/{self.case}/closure", closure_body("died", closed_on="2022-02-01"), RE)
        await self.check()
        await self.send(f"/cases/{self.case}/reopening", {"reason": "still_owed"}, AP)

    async def check(self) -> None:
        """The budget has committed what the lines take, and paid what was paid and not reversed."""
        plan = await self.world.get(f"/plans/{self.plan['plan_id']}", role=RE)
        held = await self.world.get(f"/budgets/{self.budget}", role=PO)
        takes = [
            Decimal(line["spent"] if line["released_at"] or plan["status"] == "closed" else line["amount"])
            for line in plan["lines"]
        ]
        assert Decimal(held["committed"]) == sum(takes), "committed"
        assert Decimal(held["paid"]) == sum(Decimal(line["paid"]) for line in plan["lines"]), "paid"
        assert Decimal(held["committed"]) <= Decimal(held["amount"])


@pytest.mark.parametrize("seed", range(2))
async def test_a_budget_holds_what_its_plan_takes_after_every_act(world: World, seed: int) -> None:
    account = {"project_code": "RT.0123", "budget_line": "2.1", "currency": "EUR"}
    budget = await world.post("/budgets", {**account, "donor": "ours", "amount": "2450.00"}, role=PO)
    family = await at_home(world)
    plan = await approved(world, family)
    world.now = FEBRUARY
    course = Course(world, str(family.case), plan, budget["budget_id"], seed)
    acts = [course.pay, course.pay, course.reverse, course.deliver, course.change, course.close_and_reopen]
    for step in range(30):
        await (course.release if step == 22 else course.chance.choice(acts))()
        await course.check()
    assert len(course.done) >= 6, f"too little of it was taken: {course.done}"
