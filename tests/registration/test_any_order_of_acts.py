"""Whatever is done with a case in whatever order: no failure inside, and what must always be so stays so."""

from typing import Any
from uuid import UUID, uuid4

from hypothesis import event
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule
from sqlmodel import col, select

from services.registration.app import create_app
from services.registration.cases.queries import Case as CaseRow
from services.registration.cases.queries import lock_files
from services.registration.declarations.queries import live_declarations
from services.registration.passages.actions import look_again
from shared.act import Act
from shared.contracts import travel
from shared.events import Event
from tests.any_order import AnyOrder, in_any_order
from tests.registration.story import CO, DOORS, ME, PR, RO, SV, Case, assistance_closed, register

ADULTS = ("father", "mother")
FAMILY = (*ADULTS, "daughter", "son")
ANYONE = st.sampled_from(FAMILY)
LATEST = st.integers(0, 1)
WILLING = st.fixed_dictionaries({ref: st.sampled_from(["yes", "yes", "yes", "no", None]) for ref in FAMILY})
SELDOM = st.sampled_from([False, False, False, False, True])
"""What ends everything: nearly every act is refused after it."""
ENDS = st.sampled_from(
    [travel.PassengerOffloaded, travel.PassengerNoShow, travel.PassengerNotAdmitted, travel.PassengerDeparted]
)


class Lifecycle(AnyOrder):
    """One family that has declared, and whatever happens to it next."""

    def __init__(self) -> None:
        super().__init__(create_app)
        self.world.now = DOORS
        self.case: Case | None = None
        self.holds: list[str] = []
        self.flights: list[tuple[UUID, UUID]] = [(uuid4(), uuid4())]

    @initialize(at_the_doors=st.booleans())
    def begin(self, at_the_doors: bool) -> None:
        self.case = self.run(self.run(register(self.world)).declare())
        self.change_their_mind_twice("son")
        if at_the_doors:
            self.clear(dict.fromkeys(FAMILY, "yes"))

    @property
    def family(self) -> Case:
        assert self.case is not None
        return self.case

    @rule()
    def counsel(self) -> None:
        self.taken(f"{self.family.path}/counselling-sessions", self.family.counselling(), role=CO)

    @rule(ref=ANYONE)
    def sign(self, ref: str) -> None:
        signers = (ref,) if ref in ADULTS else ADULTS
        self.taken(f"{self.family.path}/declarations", self.family.declaration(ref, *signers), role=CO)

    @rule(ref=ANYONE)
    def change_their_mind_twice(self, ref: str) -> None:
        self.withdraw(ref)
        self.what_must_always_be_so()
        self.sign(ref)

    @rule(ref=ANYONE)
    def withdraw(self, ref: str) -> None:
        body = {"individuals": [str(self.family.ids[ref])], "channel": "phone"}
        status, _ = self.send(f"{self.family.path}/withdrawal", body, role=CO)
        assert status == 200, "a withdrawal is always taken"

    @rule(ref=ANYONE)
    def hold(self, ref: str) -> None:
        body = {"individuals": [str(self.family.ids[ref])], "reason": "other"}
        made = self.taken(f"{self.family.path}/holds", body, role=PR)
        self.holds += [made["id"]] if made else []

    @rule()
    def release(self) -> None:
        if self.holds:
            self.taken(f"{self.family.path}/holds/{self.holds.pop()}/release", role=ME)

    @rule(willing=WILLING)
    def clear(self, willing: dict[str, str | None]) -> None:
        """The doors of another flight close on those of whom something is said."""
        case = self.family
        case.flight, case.clearance = uuid4(), uuid4()
        self.flights.append((case.flight, case.clearance))
        attempts = self.run(case.attempts())
        who = [
            {"individual_id": str(case.ids[ref]), "case_id": str(case.id), "attempt": attempts[ref], "willing": said}
            for ref, said in willing.items()
            if said is not None
        ]
        body = {**case.clearance_body(who), "closing_at": self.world.now.isoformat()}
        before = {each["individual_id"]: each for each in self.run(case.read())["members"]}
        answer = self.taken("/clearances", body, role=SV)
        if answer is not None:
            assert len(answer["cleared"]) + len(answer["refused"]) == len(who)
            event(f"{len(answer['cleared'])} cleared")
            self.look_at_those_cleared(answer["cleared"], before)

    def look_at_those_cleared(self, cleared: list[str], before: dict[str, Any]) -> None:
        for each in (before[one] for one in cleared):
            assert not each["held"], "cleared while held"
            assert not each["protection_pending"], "cleared before protection had everything"
            grown = each["age_band"] == "adult"
            assert grown or set(each["responsible"]) & set(cleared), "a child cleared without who is responsible for it"

    @rule(ref=ANYONE, which=LATEST, on_paper=st.booleans())
    def hear_of_a_departure(self, ref: str, which: int, on_paper: bool) -> None:
        self.of_flight(which)
        self.hear(ref, self.family.departed(ref, on_paper=on_paper))

    @rule(ref=ANYONE, which=LATEST, end=ENDS)
    def hear_of_an_end(self, ref: str, which: int, end: type[Event]) -> None:
        self.of_flight(which)
        more: dict[str, Any] = {"country": "IRQ", "kind": "detained"} if end is travel.PassengerNotAdmitted else {}
        if end is travel.PassengerDeparted:
            self.hear_of_a_departure(ref, which, on_paper=False)
        else:
            self.hear(ref, self.family.passage(end, ref, clearance=self.family.clearance, **more))

    @rule(ref=ANYONE, really=SELDOM)
    def hear_that_assistance_ended(self, ref: str, really: bool) -> None:
        if really:
            self.hear(ref, assistance_closed(self.world.now))

    def of_flight(self, which: int) -> None:
        self.family.flight, self.family.clearance = self.flights[-2:][-1 - which if len(self.flights) > 1 else 0]

    def hear(self, ref: str, fact: Event) -> None:
        attempt = self.run(self.family.attempts())[ref]
        self.run(self.family.hear(fact, subject=self.family.ids[ref], attempt=attempt, now=self.world.now))

    @rule(for_good=SELDOM)
    def close(self, for_good: bool) -> None:
        self.taken(f"{self.family.path}/closure", {"reason": "lost_contact"}, role=RO)
        if not for_good:
            self.reopen()

    @rule()
    def reopen(self) -> None:
        self.taken(f"{self.family.path}/reopening", role=RO)

    @rule(means=st.sampled_from(["none", "some"]))
    def correct(self, means: str) -> None:
        etag = self.run(self.family.etag())
        self.taken(self.family.path, {"reason": "typing_error", "means": means}, method="PATCH", role=RO, etag=etag)

    @rule(ref=st.sampled_from(["daughter", "son"]))
    def go_and_come_back(self, ref: str) -> None:
        """Whoever may leave the case may come back to it, and has declared nothing then."""
        member = f"{self.family.path}/members/{self.family.ids[ref]}"
        gone = self.taken(f"{member}/leaving", {"how": "gone"}, role=PR, etag=self.run(self.family.etag()))
        if gone is not None:
            self.what_must_always_be_so()
            parents = [str(self.family.ids[one]) for one in ADULTS]
            back = {"relation": "child", "responsible": parents}
            status, _ = self.send(f"{member}/rejoining", back, role=PR, etag=self.run(self.family.etag()))
            assert status == 200, "there is a way back"
            event("went and came back")

    @invariant()
    def what_must_always_be_so(self) -> None:
        if self.case is not None:
            self.run(self._check(self.case.id))

    async def _check(self, case_id: UUID) -> None:
        """Read from the rows themselves."""
        async with self.world.runtime.database.transaction() as session:  # `lock_files` locks
            row = (await session.exec(select(CaseRow).where(col(CaseRow.id) == case_id))).one()
            file = (await lock_files(session, [row.id]))[row.id]
            live = await live_declarations(session, [row.id])
        assert row.status == file.shown_status
        for each in file.members.values():
            status = each.member.status
            declared = (row.id, each.id) in live
            assert declared or status not in ("declared", "cleared"), f"{status} without a declaration"
            assert not declared or status in ("declared", "cleared", "departed"), f"a live declaration while {status}"

    def teardown(self) -> None:
        try:
            if self.case is not None:
                self.run(self._looking_again_tells_nothing(self.case.id))
        finally:
            super().teardown()

    async def _looking_again_tells_nothing(self, case_id: UUID) -> None:
        before = await self.world.count_told()
        async with self.world.runtime.database.transaction() as session:
            file = (await lock_files(session, [case_id]))[case_id]
            act: Any = Act("test", frozenset(), self.world.now, uuid4(), uuid4(), "registration")
            await look_again(session, act, file)
        assert await self.world.count_told() == before, "looking again with nothing new tells nothing"


def test_a_case_is_in_order_whatever_is_done_with_it() -> None:
    in_any_order(Lifecycle, examples=4, steps=25)
