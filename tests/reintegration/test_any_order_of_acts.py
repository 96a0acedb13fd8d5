"""Whatever is planned, approved, changed, bought, paid, taken back and closed, in whatever order: the money adds up."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import event
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule
from sqlmodel import SQLModel, select

from services.reintegration.amendments.models import PlanAmendment
from services.reintegration.app import create_app
from services.reintegration.attempts.models import LostContact
from services.reintegration.budgets.models import Budget
from services.reintegration.closures.models import Reopening
from services.reintegration.community.models import CommunityProject, ProjectShare
from services.reintegration.lines.models import Instalment, PlanLine
from services.reintegration.payments.models import Payment, PaymentReversal
from services.reintegration.plans.models import Plan, PlanStep
from services.reintegration.procurement.models import PurchaseOrder, Quotation
from shared.contracts.reintegration import ContactLost, ContactRegained, InstalmentPaid, PaymentReversed
from shared.contracts.travel import BookingReason
from tests.any_order import AnyOrder, in_any_order
from tests.reintegration.adding_up import check_four_eyes, check_money, check_what_is_bought
from tests.reintegration.story import (
    AP,
    FI,
    PO,
    RE,
    Family,
    at_home,
    closure_body,
    delivery_body,
    etag_of,
    feasibility_body,
    line_of,
    payment_body,
    plan_body,
    project_body,
)

ACCOUNT = {"project_code": "RT.0123", "budget_line": "2.1", "currency": "EUR"}
FEBRUARY = datetime(2022, 2, 1, 9, 0, tzinfo=UTC)
PEOPLE = st.sampled_from(["ann", "ben", "eve"])
EUROS = st.integers(1, 1600)
LINES = st.sampled_from(["rent", "equipment"])
WHICH = st.integers(0, 3)
OF_A_CHANGE = st.sampled_from(["approval", "approval", "return", "taking-back"])
COUNSELLED = {"language": "ckb", "topics": ["housing"]}
REACHED = st.sampled_from(["reached", "no_answer", "wants_no_contact"])
ARRIVED, WINDOW_ENDS = date(2021, 12, 14), date(2022, 1, 3)


class Office(AnyOrder):
    """One family at home, its plan, one budget, one community project; ann, ben and eve do everything there is to do,
    each in every role, as nobody would be allowed to."""

    def __init__(self) -> None:
        super().__init__(create_app)
        self.family = Family()
        self.plan: Any = None
        self.budget = self.project = ""
        self.made: dict[str, list[str]] = defaultdict(list)
        self.papers = 0

    @initialize(holds=st.sampled_from(["2400.00", "2450.00", "5000.00"]), how_far=st.integers(0, 3))
    def begin(self, holds: str, how_far: int) -> None:
        self.family = self.run(at_home(self.world))
        self.world.now = FEBRUARY
        held = self.taken("/budgets", {**ACCOUNT, "donor": "ours", "amount": holds}, role=PO)
        self.budget = held["budget_id"]
        self.project = self.taken("/community-projects", project_body(amount="1000.00"), role=PO)["project_id"]
        self.taken("/providers", {"code": "ETTC", "name": "A firm", "kind": "supplier", "country": "IRQ"}, role=FI)
        if how_far:
            self.draft("ann")
            self.submit("ann")
            self.decide_on_the_plan("approval", "ben")

    @property
    def path(self) -> str:
        return f"/plans/{self.plan['plan_id']}" if self.plan else "/plans/01a211df-b3cf-71c6-bb85-b1b4da634b94"

    def line(self, code: str) -> str:
        """That of the plan, or an id that nothing has: a plan may be without that line, or not be written yet."""
        return line_of(self.plan, code) if self.has(code) else "01a211df-b3cf-71c6-bb85-b1b4da634b94"

    def has(self, code: str) -> bool:
        return self.plan is not None and any(each["code"] == code for each in self.plan["lines"])

    def fresh(self) -> Any:
        return self.run(self.world.get(self.path, role=RE)) if self.plan else {"version": 1}

    def keep(self, kind: str, made: Any, name: str) -> None:
        if made:
            event(f"taken: {kind}")
            self.made[kind].append(made[name])

    def one(self, kind: str, which: int) -> str | None:
        """One of the latest."""
        known = self.made[kind]
        return known[-1 - which % len(known)] if known else None

    @rule(who=PEOPLE)
    def draft(self, who: str) -> None:
        made = self.taken(f"/cases/{self.family.case}/plans", plan_body(), role=RE, subject=who)
        self.plan = made or self.plan

    @rule(who=PEOPLE, dearer=st.booleans())
    def revise(self, who: str, dearer: bool) -> None:
        lines = plan_body()["lines"][: 2 if dearer else 1]
        shown = self.send(self.path, {"lines": lines}, method="PATCH", role=RE, subject=who, etag=etag_of(self.fresh()))
        self.plan = shown[1] if shown[0] < 300 else self.plan

    @rule(who=PEOPLE)
    def submit(self, who: str) -> None:
        self.send(f"{self.path}/submission", role=RE, subject=who)

    @rule(verb=st.sampled_from(["approval", "approval", "return"]), who=PEOPLE)
    def decide_on_the_plan(self, verb: str, who: str) -> None:
        body = {"reason": "Say more"} if verb == "return" else {}
        self.send(f"{self.path}/{verb}", body, role=AP, subject=who, etag=etag_of(self.fresh()))

    @rule(amount=EUROS, who=PEOPLE, decides=PEOPLE, verb=OF_A_CHANGE)
    def propose_a_change(self, amount: int, who: str, decides: str, verb: str) -> None:
        line = plan_body()["lines"][0] | {"amount": f"{amount}.00"}
        line["instalments"] = [line["instalments"][0] | {"amount": f"{amount}.00"}]
        wish = {"reason": "Other prices", "lines": [line]}
        self.keep("amendments", self.taken(f"{self.path}/amendments", wish, role=RE, subject=who), "amendment_id")
        self.decide_on_a_change(0, verb, decides)

    @rule(which=WHICH, verb=OF_A_CHANGE, who=PEOPLE)
    def decide_on_a_change(self, which: int, verb: str, who: str) -> None:
        if one := self.one("amendments", which):
            seen = self.run(self.world.get(f"/amendments/{one}", role=RE))
            body = {"reason": "Say more"} if verb == "return" else {}
            role = RE if verb == "taking-back" else AP
            self.send(f"/amendments/{one}/{verb}", body, role=role, subject=who, etag=etag_of(seen))

    @rule(code=LINES, number=st.integers(1, 3), amount=EUROS, who=PEOPLE, old_paper=st.booleans())
    def pay(self, code: str, number: int, amount: int, who: str, old_paper: bool) -> None:
        self.papers += not old_paper
        evidence = {"kind": "signed_receipt", "reference": f"R-{self.papers}"}
        body = {"line_id": self.line(code), "instalment": number, "amount": f"{amount}.00", "currency": "EUR"}
        body |= {"rate_date": "2022-01-20", "paid_on": "2022-01-20", "evidence": evidence, "late_reason": "bank_delay"}
        self.keep("payments", self.taken(f"{self.path}/payments", body, role=FI, subject=who), "payment_id")

    @rule(number=st.integers(1, 3))
    def pay_an_instalment_of_the_rent(self, number: int) -> None:
        if self.has("rent"):
            self.papers += 1
            evidence = {"kind": "signed_receipt", "reference": f"R-{self.papers}"}
            body = payment_body(self.plan, number, evidence=evidence, late_reason="bank_delay")
            body |= {"rate_date": "2022-02-01", "paid_on": "2022-02-01"} if number == 2 else {}
            self.keep("payments", self.taken(f"{self.path}/payments", body, role=FI, subject="eve"), "payment_id")

    @rule(which=WHICH, who=PEOPLE)
    def reverse(self, which: int, who: str) -> None:
        if one := self.one("payments", which):
            self.send(f"/payments/{one}/reversal", {"reason": "wrong_amount"}, role=FI, subject=who)

    @rule(amount=EUROS)
    def deliver(self, amount: int) -> None:
        self.papers += 1
        paper = {"number": f"HC-{self.papers}", "signed_on": "2022-01-03"}
        if self.has("equipment"):
            self.send(f"{self.path}/deliveries", delivery_body(self.plan, f"{amount}.00", certificate=paper), role=RE)

    @rule(amount=st.integers(1, 990), who=PEOPLE, orders=PEOPLE, cancel=st.booleans())
    def quote_and_order(self, amount: int, who: str, orders: str, cancel: bool) -> None:
        self.papers += 1
        line = f"{self.path}/lines/{self.line('equipment')}"
        paper = {"provider": "ETTC", "reference": f"Q-{self.papers}", "quoted_on": "2022-01-03"}
        made = self.taken(f"{line}/quotations", paper | {"amount": f"{amount}.00"}, role=RE, subject=who)
        if made:
            wish = {"quotation_id": made["quotation_id"], "why_not_cheapest": "delivers_sooner"}
            self.keep("orders", self.taken(f"{line}/orders", wish, role=RE, subject=orders), "order_id")
            self.charge_or_cancel(0, amount, cancel)

    @rule(which=WHICH, amount=st.integers(1, 990), cancel=st.booleans())
    def charge_or_cancel(self, which: int, amount: int, cancel: bool) -> None:
        if one := self.one("orders", which):
            self.papers += 1
            bill = {"number": f"INV-{self.papers}", "amount": f"{amount}.00"}
            bill["invoiced_on"] = self.world.now.date().isoformat()
            verb, body = ("cancellation", {}) if cancel else ("invoices", bill)
            self.send(f"/orders/{one}/{verb}", body, role=FI)

    @rule(amount=EUROS, code=LINES)
    def share(self, amount: int, code: str) -> None:
        body = {"plan_id": self.path.split("/")[-1], "line_id": self.line(code), "amount": f"{amount}.00"}
        made = self.taken(f"/community-projects/{self.project}/shares", body, role=RE)
        self.keep("shares", made, "share_id")
        self.what_must_always_be_so()
        if made and amount % 2:
            self.release_a_share_or_end_the_project(0, end=False)

    @rule(which=WHICH, end=st.booleans())
    def release_a_share_or_end_the_project(self, which: int, end: bool) -> None:
        if end:
            self.send(f"/community-projects/{self.project}/end", role=PO)
        elif one := self.one("shares", which):
            self.send(f"/shares/{one}/release", role=RE)

    @rule(code=LINES)
    def release_a_line(self, code: str) -> None:
        self.send(f"{self.path}/lines/{self.line(code)}/release", {"reason": "not_available"}, role=RE)

    @rule(amount=st.integers(100, 5000))
    def change_the_budget(self, amount: int) -> None:
        one = f"/budgets/{self.budget}"
        etag = etag_of(self.run(self.world.get(one, role=PO)))
        self.send(one, {"amount": f"{amount}.00"}, method="PATCH", role=PO, etag=etag)

    @rule(which=WHICH, option=st.sampled_from(["cash", "in_kind"]), safe=st.sampled_from(["met", "not_met"]))
    def follow_up(self, which: int, option: str, safe: str) -> None:
        case = f"/cases/{self.family.case}"
        planned = self.run(self.world.get(f"{case}/follow-ups", role=RE))["items"]
        if planned and 0 < which < 3:
            one = planned[which % len(planned)]["follow_up_id"]
            self.send(f"/follow-ups/{one}/loss", {"reason": "declined"}, role=RE)
        elif which:
            self.send(f"{case}/feasibility-checks", feasibility_body(option, safe_delivery_channel=safe), role=RE)
        else:
            visit = {"made_on": "2022-02-01", "kind": "by_phone", "individuals": [str(self.family.father)]}
            self.send(f"{case}/visits", visit | {"findings": "Well."}, role=RE)

    @rule(way=st.sampled_from(["phone", "message"]), outcome=REACHED, days=st.sampled_from([7, 1]))
    def try_in_vain(self, way: str, outcome: str, days: int) -> None:
        """Three times in two ways, and then somebody answers or not: lost once, and found once."""
        case = f"/cases/{self.family.case}"
        for each in (way, "through_family", way):
            self.send(f"{case}/contact-attempts", {"way": each, "outcome": "no_answer"}, role=RE)
            self.world.now += timedelta(days=days)
        lost = [self.send(f"{case}/lost-contact", role=RE)[0] for _ in range(2)]
        assert lost[1] == 409, "contact was lost twice"
        self.send(f"{case}/contact-attempts", {"way": way, "outcome": outcome}, role=RE)

    @rule(away=st.integers(0, 60), who=PEOPLE)
    def help_after_the_arrival(self, away: int, who: str) -> None:
        """They came on 14 December; what is given later than the window is refused."""
        case, day = f"/cases/{self.family.case}", ARRIVED + timedelta(days=away)
        body = {"individual_id": str(self.family.mother), "help": "onward_transport", "given_on": day.isoformat()}
        status, _ = self.send(
            f"{case}/post-arrival-help", body | {"late_reason": "told_later", "evidence": "F-1"}, role=RE
        )
        assert status != 201 or day <= WINDOW_ENDS, "help after its window"

    @rule(skill=st.sampled_from(["cooking", "Mr. Smith"]))
    def counsel_and_assess(self, skill: str) -> None:
        case, today = f"/cases/{self.family.case}", self.world.now.date().isoformat()
        self.send(f"{case}/counselling-sessions", COUNSELLED | {"held_on": today}, role=RE)
        found = {"skills": [{"code": skill, "level": "basic"}], "needs": [], "assessed_on": today}
        status, _ = self.send(f"{case}/assessments", found | {"individual_id": str(self.family.father)}, role=RE)
        assert status != 201 or skill == "cooking", "a name among the codes"

    @rule(reason=st.sampled_from(["completed", "died", "budget_expired"]), who=PEOPLE, opens=PEOPLE)
    def close_and_reopen(self, reason: str, who: str, opens: str) -> None:
        case = f"/cases/{self.family.case}"
        closed = self.taken(f"{case}/closure", closure_body(reason, closed_on="2022-02-01"), role=RE, subject=who)
        self.what_must_always_be_so()
        if closed:
            status, _ = self.send(f"{case}/reopening", {"reason": "still_owed"}, role=AP, subject=opens)
            event(f"closed, and opened again: {status}")

    @rule(what=st.integers(0, 5))
    def hear_a_fact(self, what: int) -> None:
        family = self.family
        facts = [
            family.decided(rent="600.00"), family.decided(), family.closed_there(), family.reopened_there(),
            family.stated_late(family.father), family.cancelled(BookingReason.WITHDRAWN),
        ]  # fmt: skip
        fact, about = facts[what]
        self.run(self.world.hear(fact, key=family.case, twice=False, **about))

    @rule(days=st.integers(1, 40))
    def days_go_by(self, days: int) -> None:
        self.world.now += timedelta(days=days)

    @invariant()
    def what_must_always_be_so(self) -> None:
        if self.budget:
            self.run(self.check())

    async def check(self) -> None:
        assert await self.world.parked() == []
        found: dict[Any, Sequence[Any]] = {}
        kinds: list[type[SQLModel]] = [
            Plan, PlanStep, PlanLine, Instalment, PlanAmendment, Payment, PaymentReversal, Budget, Quotation,
            PurchaseOrder, CommunityProject, ProjectShare, Reopening, LostContact,
        ]  # fmt: skip
        async with self.world.runtime.database.reading() as session:
            for kind in kinds:
                found[kind] = (await session.exec(select(kind))).all()
        back = {each.payment_id: each for each in found[PaymentReversal]}
        stands = [each for each in found[Payment] if each.id not in back]
        told = len(await self.world.told(InstalmentPaid)), len(await self.world.told(PaymentReversed))
        assert told == (len(found[Payment]), len(back)), "every payment and reversal is told, once"
        lost, again = [len(await self.world.told(kind)) for kind in (ContactLost, ContactRegained)]
        assert lost - again == len(found[LostContact]) <= 1, "contact is lost, found, and lost again"
        check_four_eyes(found, back)
        check_money(found, stands)
        check_what_is_bought(found)


def test_the_money_adds_up_whatever_is_done() -> None:
    in_any_order(Office, examples=5, steps=24)
