"""Whatever is heard and done, in whatever order: no failure, four eyes kept, a decision that was given stays given."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from hypothesis import event
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule
from sqlmodel import col, select

from services.eligibility.app import create_app
from services.eligibility.cases.models import Standing
from services.eligibility.decisions.models import Decision
from services.eligibility.decisions.queries import KeptDecision, kept
from services.eligibility.exceptions.models import RuleException
from shared.auth import Role
from shared.contracts.eligibility import EligibilityDecided
from shared.contracts.registration import (
    AgeBand,
    CaseClosed,
    CaseClosureReason,
    CaseCorrected,
    CaseRegistered,
    CaseReopened,
    CaseWithdrawn,
    Means,
    MemberWithdrawn,
    PeopleLinked,
    PeopleUnlinked,
    Relation,
    ReturnKind,
    ReturnRecorded,
)
from shared.contracts.travel import PassengerNotAdmitted
from shared.database import new_id
from shared.events import Event
from tests.any_order import AnyOrder, in_any_order
from tests.eligibility.story import PO, RO, Family, departed, member, scenario, signed, version

CASES = st.integers(0, 1)
PEOPLE = st.integers(0, 1)
OFFICERS = st.sampled_from(["ann", "ben"])
DAYS = st.integers(-3, 12)
LATEST = st.integers(0, 2)
MEANS = st.sampled_from([Means.NONE, Means.SOME, Means.UNKNOWN])
AREAS = st.sampled_from(["IQ-AR", "IQ-BA", None])
REGISTRATION = (
    "corrected", "declared", "member_withdrawn", "withdrawn", "closed", "reopened", "returned", "linked", "unlinked"
)  # fmt: skip
TRAVEL = ("departed", "not_admitted")


class Desk(AnyOrder):
    """Two cases of two people each, whose first members may be one person; two officers, ann and ben."""

    def __init__(self) -> None:
        super().__init__(create_app)
        self.families = [
            Family(
                self.world, members=tuple(member(AgeBand.ADULT, each) for each in (Relation.PRINCIPAL, Relation.SPOUSE))
            )
            for _ in range(2)
        ]
        self.programme = ""
        self.restrictions: list[str] = []
        self.exceptions: list[str] = []
        self.link = new_id()
        self.given: dict[UUID, tuple[Any, ...]] = {}
        self.fails: dict[UUID, list[str]] = {}

    @initialize(known=st.sets(CASES, min_size=1), means=MEANS, lenient=st.booleans())
    def begin(self, known: set[int], means: Means, lenient: bool) -> None:
        self.programme = self.taken("/programmes", scenario("programme"), role=PO)["programme_id"]
        self.publish_a_version(lenient, "50.00", -300)
        for number in sorted(known):
            self.hear_of_a_case(number, means, "IQ-AR")
            self.answer(number, True, False)

    def day(self, away: int) -> str:
        return (self.world.now.date() + timedelta(days=away)).isoformat()

    def hear(self, family: Family, fact: Event, who: UUID | None = None, attempt: int = 1) -> None:
        self.world.now += timedelta(seconds=1)
        self.run(self.world.hear(fact, key=family.case, subject=who, attempt=attempt if who else None, twice=False))

    def is_known(self, family: Family) -> bool:
        return ("registration", str(family.case)) in self.world.sequences

    @rule(number=CASES, means=MEANS, area=AREAS)
    def hear_of_a_case(self, number: int, means: Means, area: str | None) -> None:
        family = self.families[number]
        kind = CaseCorrected if self.is_known(family) else CaseRegistered
        self.hear(family, kind(**family.told(means=means, destination_area=area)))

    @rule(
        number=CASES, what=st.sampled_from((*REGISTRATION, *TRAVEL, *TRAVEL)), person=PEOPLE, attempt=st.integers(1, 2)
    )
    def hear_a_fact(self, number: int, what: str, person: int, attempt: int) -> None:
        family = self.families[number]
        who = family.members[person].individual
        if what in REGISTRATION and not self.is_known(family):
            return
        facts: dict[str, Event] = {
            "corrected": CaseCorrected(**family.told(arrived_in_host_country=self.world.now.date())),
            "declared": signed(who),
            "member_withdrawn": MemberWithdrawn(individual=who, withdrawn_at=self.world.now),
            "withdrawn": self.all_withdraw(family, attempt),
            "closed": CaseClosed(reason=CaseClosureReason.LOST_CONTACT),
            "reopened": CaseReopened(),
            "returned": self.came_home(who, attempt, list(ReturnKind)[person]),
            "linked": PeopleLinked(**self.same_person()),
            "unlinked": PeopleUnlinked(**self.same_person()),
            "departed": departed(who, self.world.now),
            "not_admitted": PassengerNotAdmitted(
                individual=who, booking=new_id(), flight=new_id(), at=self.world.now, country="IRQ", kind="detained"
            ),
        }  # fmt: skip
        of_one = what in ("declared", "member_withdrawn", *TRAVEL)
        home = self.families[0] if what in ("linked", "unlinked") else family
        self.hear(home, facts[what], who if of_one else None, attempt)

    def all_withdraw(self, family: Family, attempt: int) -> CaseWithdrawn:
        everyone = tuple(each.individual for each in family.members)
        return CaseWithdrawn(
            individuals=everyone, attempts=dict.fromkeys(everyone, attempt), withdrawn_at=self.world.now
        )

    def came_home(self, who: UUID, attempt: int, kind: ReturnKind) -> ReturnRecorded:
        today = self.world.now
        return ReturnRecorded(
            individuals=(who,),
            attempts={who: attempt},
            kind=kind,
            country="IRQ",
            returned_on=today.date(),
            entered_at=today,
        )

    def same_person(self) -> dict[str, UUID]:
        first, second = self.families
        return {"link": self.link, "duplicate": first.father, "stands": second.father, "standing_case": second.case}

    @rule(number=CASES, yes=st.booleans(), of_one=st.booleans())
    def answer(self, number: int, yes: bool, of_one: bool) -> None:
        family = self.families[number]
        about = {"individual_id": str(family.father)} if of_one else {}
        self.send(f"{family.path}/answers", {"answers": {"pending_procedure_withdrawn": yes}, **about}, role=RO)

    @rule(number=CASES, named=st.booleans(), away=st.none() | DAYS)
    def decide(self, number: int, named: bool, away: int | None) -> None:
        body: dict[str, Any] = {"programme_code": scenario("programme")["code"]} if named else {}
        if away is not None:
            body["evaluated_on"] = self.day(away)
        self.send(f"{self.families[number].path}/decisions", body, role=RO)

    @rule(number=CASES, which=st.integers(0, 4), away=DAYS, officer=OFFICERS, of_one=st.booleans())
    def ask_an_exception(self, number: int, which: int, away: int, officer: str, of_one: bool = False) -> None:
        fails = [*self.fails.get(self.families[number].case, ()), "nationality"]
        body = {"rule": fails[which % len(fails)], "reason": "humanitarian", "valid_until": self.day(away)}
        body |= {"individual_id": str(self.families[number].father)} if of_one else {}
        made = self.taken(f"{self.families[number].path}/exceptions", body, role=PO, subject=officer)
        if made:
            self.exceptions.append(made["exception_id"])

    @rule(which=LATEST, verb=st.sampled_from(["approval", "approval", "refusal", "withdrawal"]), officer=OFFICERS)
    def act_on_an_exception(self, which: int, verb: str, officer: str) -> None:
        if not self.exceptions:
            return
        path = f"/exceptions/{self.exceptions[-1 - which % len(self.exceptions)]}"
        asked_by = self.run(self.world.get(path, role=PO))["asked_by"]
        body = {"reason": "not_justified"} if verb == "refusal" else {}
        status, shown = self.send(f"{path}/{verb}", body, role=PO, subject=officer)
        if verb != "withdrawal" and asked_by == officer:
            assert status in (403, 409), "decided by who asked"
        elif status < 300:
            event(f"an exception: {shown['status']}")

    @rule(number=CASES, away=st.integers(0, 12))
    def except_a_family_that_has_means(self, number: int, away: int) -> None:
        self.hear_of_a_case(number, Means.SOME, "IQ-AR")
        self.ask_an_exception(number, 0, away, "ann")
        self.act_on_an_exception(0, "approval", "ben")

    @rule(away=DAYS, days=st.none() | st.integers(0, 5), area=st.sampled_from([None, "IQ-AR"]))
    def set_a_restriction(self, away: int, days: int | None, area: str | None) -> None:
        until = None if days is None else self.day(away + days)
        body = {"country": "IRQ", "area": area, "valid_from": self.day(away), "valid_until": until, "source": "ours"}
        made = self.taken("/restrictions", body, role=PO)
        if made:
            self.restrictions.append(made["restriction_id"])

    @rule(which=LATEST, away=DAYS)
    def lift_a_restriction(self, which: int, away: int) -> None:
        if self.restrictions:
            one = self.restrictions[-1 - which % len(self.restrictions)]
            self.send(f"/restrictions/{one}/lifting", {"lifted_on": self.day(away)}, role=PO)

    @rule(lenient=st.booleans(), amount=st.sampled_from(["50.00", "60.00"]), away=DAYS)
    def publish_a_version(self, lenient: bool, amount: str, away: int) -> None:
        content = version(valid_from=self.day(away), decision_valid_days=10)
        for each in content["rules"]:
            each["overridable"] = lenient or each["code"] == "without_means"
        content["package"][0]["amount"] = amount
        assert self.taken(f"/programmes/{self.programme}/versions", content, role=PO)

    @rule(days=st.integers(1, 15))
    def days_go_by(self, days: int) -> None:
        self.world.now += timedelta(days=days)
        self.take_up_what_is_due()

    def take_up_what_is_due(self) -> None:
        while self.taken("/coming-changes/reviews", {"limit": 20}, role=Role.ADMINISTRATOR)["more"]:
            pass

    @invariant()
    def what_must_always_be_so(self) -> None:
        if self.programme:
            self.run(self.check())

    async def check(self) -> None:
        assert await self.world.parked() == []
        async with self.world.runtime.database.reading() as session:
            standings = (await session.exec(select(Standing))).all()
            rows = (await session.exec(select(Decision).order_by(col(Decision.id)))).all()
            exceptions = {each.id: each for each in (await session.exec(select(RuleException))).all()}
        for each in exceptions.values():
            assert each.decided_by != each.asked_by, "four eyes"
            assert each.status != "approved" or each.decided_by, "approved by nobody"
        self.check_what_was_given_stays(rows)
        for row in rows:
            if row.id not in self.given:
                await self.check_one(kept(row), exceptions)
        told = [each.data["decision"] for each in await self.world.told(EligibilityDecided)]
        assert sorted(told) == sorted(str(row.id) for row in rows), "each decision is told, once"
        for standing in standings:
            self.check_chain(standing, [row for row in rows if row.case_id == standing.id])

    def check_what_was_given_stays(self, rows: Sequence[Decision]) -> None:
        now = {row.id: tuple(row.model_dump().items()) for row in rows}
        for decision, as_given in self.given.items():
            assert now[decision] == as_given, "a decision that was given has changed"

    async def check_one(self, decision: KeptDecision, exceptions: dict[UUID, RuleException]) -> None:
        """A decision of which nothing was known before this step: it is given again from its record, and rests only on
        exceptions that were approved, on their days."""
        self.given[decision.row.id] = tuple(decision.row.model_dump().items())
        again = await self.world.get(f"/decisions/{decision.row.id}/derivation", role=PO)
        assert again["identical"], "decided again from its record it is another one"
        finding, on = decision.record.finding, decision.row.evaluated_on
        event(f"decided: {finding.outcome}{' on an exception' if finding.on_exception else ''}")
        for entry in finding.trace:
            for each in entry.relies_on:
                its = exceptions[each]
                assert its.approved_on is not None
                assert its.approved_on <= on <= its.valid_until
                assert finding.good_until is None or finding.good_until <= its.valid_until

    def check_chain(self, standing: Standing, rows: Sequence[Decision]) -> None:
        """Each decision replaces one, the last is the one the case stands by."""
        replaced = {row.replaces for row in rows}
        heads = [row for row in rows if row.id not in replaced]
        assert [row.id for row in heads] == ([] if standing.decision_id is None else [standing.decision_id])
        for row in heads:
            self.fails[standing.id] = [each.code for each in kept(row).record.finding.trace if each.hinders]


def test_decisions_are_in_order_whatever_is_heard_and_done() -> None:
    in_any_order(Desk, examples=6, steps=20)
