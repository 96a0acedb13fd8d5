"""Whatever is done in whatever order: no failure inside, and what must always be so stays so."""

import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import col, select

from services.registration.cases.queries import Case as CaseRow
from services.registration.cases.queries import lock_files
from services.registration.declarations.queries import live_declarations
from services.registration.passages.actions import look_again
from shared.act import Act
from shared.contracts import travel
from tests.registration.story import CO, DOORS, ME, PR, RO, SV, Case, assistance_closed, register
from tests.world import World

ADULTS = ("father", "mother")
TAKEN = (200, 201, 409, 422)


class Walk:
    """One family, and a random next thing that happens to it; the same seed happens again."""

    def __init__(self, case: Case, seed: int) -> None:
        self.case = case
        self.world = case.world
        self.dice = random.Random(seed)
        self.holds: list[str] = []
        self.flights: list[tuple[UUID, UUID]] = [(uuid4(), uuid4())]

    async def step(self) -> None:
        acts: list[Callable[[str], Awaitable[None]]] = [
            *(self.counsel, self.sign, self.sign, self.sign, self.withdraw, self.hold, self.release),
            *(self.clear, self.clear, self.hear, self.hear, self.hear, self.close, self.reopen, self.correct),
        ]
        self.world.now += timedelta(minutes=1)
        await self.dice.choice(acts)(self.dice.choice(list(self.case.ids)))

    async def post(self, path: str, body: dict[str, Any], role: Any) -> Any:
        answer = await self.world.call("POST", path, body, role=role)
        assert answer.status_code in TAKEN, f"{path}: {answer.text}"
        return answer.json()

    async def counsel(self, _ref: str) -> None:
        await self.post(f"{self.case.path}/counselling-sessions", self.case.counselling(), CO)

    async def sign(self, ref: str) -> None:
        signers = (ref,) if ref in ADULTS else ADULTS
        await self.post(f"{self.case.path}/declarations", self.case.declaration(ref, *signers), CO)

    async def withdraw(self, ref: str) -> None:
        body = {"individuals": [str(self.case.ids[ref])], "channel": "phone"}
        answer = await self.world.call("POST", f"{self.case.path}/withdrawal", body, role=CO)
        assert answer.status_code == 200, "a withdrawal is always taken"

    async def hold(self, ref: str) -> None:
        body = {"individuals": [str(self.case.ids[ref])], "reason": "other"}
        made = await self.post(f"{self.case.path}/holds", body, PR)
        self.holds += [made["id"]] if "id" in made else []

    async def release(self, _ref: str) -> None:
        if self.holds:
            await self.post(f"{self.case.path}/holds/{self.holds.pop()}/release", {}, ME)

    async def clear(self, _ref: str) -> None:
        self.case.flight, self.case.clearance = uuid4(), uuid4()
        self.flights.append((self.case.flight, self.case.clearance))
        attempts = await self.case.attempts()
        who = [
            {
                "individual_id": str(one),
                "case_id": str(self.case.id),
                "attempt": attempts[ref],
                "willing": self.dice.choice(["yes", "yes", "yes", "no"]),
            }
            for ref, one in self.case.ids.items()
            if self.dice.random() < 0.9
        ]
        if who:
            body = {**self.case.clearance_body(who), "closing_at": self.world.now.isoformat()}
            answer = await self.post("/clearances", body, SV)
            assert len(answer["cleared"]) + len(answer["refused"]) == len(who)

    async def hear(self, ref: str) -> None:
        self.case.flight, self.case.clearance = self.dice.choice(self.flights[-2:])
        given: dict[str, Any] = {"clearance": self.case.clearance}
        fact = self.dice.choice(
            [
                self.case.passage(travel.PassengerOffloaded, ref, **given),
                self.case.passage(travel.PassengerNoShow, ref, **given),
                self.case.departed(ref),
                self.case.departed(ref, on_paper=True),
                self.case.passage(travel.PassengerNotAdmitted, ref, country="IRQ", kind="detained"),
                assistance_closed(self.world.now),
            ]
        )
        attempt = (await self.case.attempts())[ref]
        await self.case.hear(fact, subject=self.case.ids[ref], attempt=attempt, now=self.world.now)

    async def close(self, _ref: str) -> None:
        if self.dice.random() < 0.3:
            await self.post(f"{self.case.path}/closure", {"reason": "lost_contact"}, RO)

    async def reopen(self, _ref: str) -> None:
        await self.post(f"{self.case.path}/reopening", {}, RO)

    async def correct(self, _ref: str) -> None:
        change = {"reason": "typing_error", "means": self.dice.choice(["none", "some"])}
        answer = await self.world.call("PATCH", self.case.path, change, role=RO, etag=await self.case.etag())
        assert answer.status_code in TAKEN

    async def check(self) -> None:
        """What must be so at every moment, read from the rows themselves."""
        async with self.world.runtime.database.transaction() as session:  # `lock_files` locks
            row = (await session.exec(select(CaseRow).where(col(CaseRow.id) == self.case.id))).one()
            file = (await lock_files(session, [row.id]))[row.id]
            live = await live_declarations(session, [row.id])
        assert row.status == file.shown_status
        for each in file.members.values():
            status = each.member.status
            declared = (row.id, each.id) in live
            assert declared or status not in ("declared", "cleared"), f"{status} without a declaration"
            assert not declared or status in ("declared", "cleared", "departed"), f"a live declaration while {status}"


@pytest.mark.parametrize("seed", [1, 12, 123, 1234])
async def test_no_order_of_acts_fails_inside_or_breaks_what_must_be_so(world: World, seed: int) -> None:
    world.now = DOORS
    case = await (await register(world)).declare()
    walk = Walk(case, seed)
    for _ in range(50):
        await walk.step()
        await walk.check()
    before = await world.count_told()
    async with world.runtime.database.transaction() as session:
        file = (await lock_files(session, [case.id]))[case.id]
        act = Act("test", frozenset(), world.now, uuid4(), uuid4(), "registration")
        await look_again(session, act, file)
    assert await world.count_told() == before, "looking again with nothing new tells nothing"
