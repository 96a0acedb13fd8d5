"""What is done for those who came home, from the first talk to the closure: a plan, its approval within budgets that
are short, a share in a project, goods that are bought, money that is paid, taken back and paid again, visits, a
survey."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from services.demo.scenario import read_scenario
from services.demo.year import Calendar, story
from tests.load.community import Community
from tests.load.desk import Desk, GaveUp, Refused
from tests.load.people import Traveller
from tests.load.visits import follow_up

KIND, CASH = "900.00", "300.00"
"""What a plan gives in goods, below what three quotations are asked for, and what it pays."""
RAISE = 3_000
"""What a budget begins with, and what it is raised by: soon too little for the next approval."""
STALE = "stale-version"
EXCEEDED = "budget-exceeded"
OFFICER, FINANCE = "reintegration_officer", "finance"


@dataclass
class Home:
    """`run`: part of every key and of every paper's number."""

    desk: Desk
    run: str
    community: Community = field(init=False)

    def __post_init__(self) -> None:
        self.community = Community(self.desk, self.run)

    async def open_books(self, calendar: Calendar) -> None:
        """The budgets of both lines, a provider and the survey's scheme, where they are not there yet."""
        at = calendar.at("ground")
        lines = story()["plan"]["lines"]
        bodies = [
            ("budget", "/budgets", {**_account(each), "donor": "ours", "amount": f"{RAISE}.00"}, "budget-exists")
            for each in lines
        ]
        provider = {"code": "LOAD-SUP", "name": "A firm in Erbil", "kind": "supplier", "country": "IRQ"}
        bodies.append(("provider", "/providers", provider, "provider-code-taken"))
        scheme = read_scenario("survey_scheme_provisional.json")
        bodies.append(("scheme", "/survey-schemes", scheme, "scheme-known"))
        for number, (step, path, body, there) in enumerate(bodies):
            role = OFFICER if step == "provider" else "programme_officer"
            key = f"{self.run}-ground-{step}-{number}"
            try:
                await self.desk.do(step, "reintegration", path, body, role=role, at=at, key=key)
            except Refused as refused:
                if refused.problem != there and refused.status != 409:
                    raise

    async def help(self, who: Traveller, case: str, one: str, calendar: Calendar) -> None:
        """All of it, for a case whose people have arrived. `one` of them is visited and asked. Raises `Refused`,
        `GaveUp`."""
        await _Assistance(self.desk, self.run, who, case, one, calendar, self.community).give()
        self.desk.tally.beside["helped at home"] += 1


@dataclass
class _Assistance:
    desk: Desk
    run: str
    who: Traveller
    case: str
    one: str
    calendar: Calendar
    community: Community

    async def give(self) -> None:
        path = f"/cases/{self.case}"

        wanted = {line["package_line"] for line in story()["plan"]["lines"]}

        def at_home(case: Any) -> bool:  # what eligibility decided is told by another, and may come later
            money = case["money"] or {"lines": []}
            return bool(case["status"] == "arrived" and wanted <= {each["code"] for each in money["lines"]})

        known = await self._until("at-home", path, at_home, "talk")
        await self._until("contacts", f"{path}/contacts", lambda found: bool(found["available"]), "talk")
        talk = {**story()["talk_at_home"], "held_on": self._day("talk")}
        await self._do("talk-at-home", f"{path}/counselling-sessions", talk, OFFICER, "talk")
        plan = await self._plan(known)
        kind, cash = (each["line_id"] for each in plan["lines"])
        path = f"/plans/{plan['plan_id']}"
        if self.who.number % 2:
            await self._change(path)
        await self.community.share(self._do, self.who.number, plan["plan_id"], kind)
        await self._buy(path, kind)
        await self._pay(path, cash)
        await self._close()
        if self.who.number % 3 == 0:  # closed too soon: what is paid and delivered stays as it is
            reopened = {"reason": "closed_by_mistake"}
            await self._do("reopening", f"/cases/{self.case}/reopening", reopened, "approver", "visited")
            await self._do("closure", f"/cases/{self.case}/closure", self._closure(), OFFICER, "visited", "again")

    async def _plan(self, known: Any) -> Any:
        """Drawn up, submitted, and approved by somebody else as soon as the budgets hold it."""
        package = {each["code"]: each["package_line"] for each in known["money"]["lines"]}
        asked = zip(story()["plan"]["lines"], (KIND, CASH), strict=True)
        lines = [self._line(line, amount, package) for line, amount in asked]
        body = {name: story()["plan"][name] for name in ("goals", "activities")} | {"lines": lines}
        plan = await self._do("plan", f"/cases/{self.case}/plans", body, OFFICER, "drafted")
        path = f"/plans/{plan['plan_id']}"
        await self._do("submission", f"{path}/submission", {}, OFFICER, "drafted")
        for round_ in range(20):
            read = await self._until(
                "plan", path, lambda each: bool(each["status"] == "submitted"), "approved", "approver"
            )
            etag = f'"{read["version"]}"'
            try:
                await self._do("approval", f"{path}/approval", {}, "approver", "approved", f"{round_}", etag=etag)
                return plan
            except Refused as refused:
                if refused.problem != EXCEEDED:
                    raise
            await self._raise_budgets(round_)
        raise GaveUp(f"approval: the budgets never held the plan of {self.case}")

    def _line(self, line: Any, amount: str, package: dict[str, str]) -> dict[str, Any]:
        since = self.calendar.at("approved").date()
        window = {"due_from": since.isoformat(), "due_until": (since + timedelta(days=90)).isoformat()}
        spends = package[line["package_line"]]
        return {**line, "package_line": spends, "amount": amount, "instalments": [{"amount": amount, **window}]}

    async def _raise_budgets(self, round_: int) -> None:
        """Of whichever has too little left. Another may have raised it meanwhile: then that is enough."""
        at, role = self.calendar.at("approved"), "programme_officer"
        project = story()["plan"]["lines"][0]["project_code"]
        found = await self._until("budgets", f"/budgets?project={project}", lambda _page: True, "approved", role)
        for budget in found["items"]:
            if float(budget["left"]) >= float(KIND):
                continue
            path, etag = f"/budgets/{budget['budget_id']}", f'"{budget["version"]}"'
            body = {"amount": f"{float(budget['amount']) + RAISE:.2f}"}
            key = self._key("budget", f"{round_}-{budget['budget_line']}")
            try:
                await self.desk.do(
                    "budget", "reintegration", path, body, role=role, at=at, key=key, method="PATCH", etag=etag
                )
                self.desk.tally.beside["budgets raised"] += 1
            except Refused as refused:
                if refused.problem != STALE:
                    raise

    async def _change(self, path: str) -> None:
        """What an approved plan aims at is changed, and approved by somebody else again; its money is not."""
        wish = {"reason": "Another trade.", "goals": ["A shop of their own"]}
        made = await self._do("amendment", f"{path}/amendments", wish, OFFICER, "approved")
        one = f"/amendments/{made['amendment_id']}"
        read = await self._until("amendment", one, lambda _found: True, "approved", "approver")
        etag = f'"{read["version"]}"'
        await self._do("amendment-approval", f"{one}/approval", {}, "approver", "approved", etag=etag)

    async def _buy(self, path: str, line: str) -> None:
        """Quoted by one and ordered by another, handed over against a certificate, and charged."""
        number, on = f"{self.run}-{self.who.number}", self._day("delivered")
        quoted = {
            "provider": "LOAD-SUP",
            "reference": f"Q-{number}",
            "amount": KIND,
            "quoted_on": self._day("approved"),
        }
        quotation = await self._do("quotation", f"{path}/lines/{line}/quotations", quoted, OFFICER, "approved")
        chosen = {"quotation_id": quotation["quotation_id"]}
        order = await self._do("order", f"{path}/lines/{line}/orders", chosen, f"{OFFICER}#2", "approved")
        delivery = {
            "line_id": line,
            "amount": KIND,
            "certificate": {"number": f"HC-{number}", "signed_on": on},
            "delivered_on": on,
            "provider_code": "LOAD-SUP",
        }
        await self._do("delivery", f"{path}/deliveries", delivery, OFFICER, "delivered")
        invoice = {"number": f"INV-{number}", "amount": KIND, "invoiced_on": on}
        await self._do("invoice", f"/orders/{order['order_id']}/invoices", invoice, f"{FINANCE}#2", "delivered")
        paper = {"kind": "supplier_invoice", "reference": f"INV-{number}"}
        await self._do("payment", f"{path}/payments", self._paid(line, KIND, paper), FINANCE, "delivered", "goods")

    async def _pay(self, path: str, line: str) -> None:
        """In cash; every other time the payment is taken back by somebody else, and made anew."""
        for again in range(1 + self.who.number % 4 // 2):
            paper = {"kind": "signed_receipt", "reference": f"R-{self.run}-{self.who.number}-{again}"}
            body = self._paid(line, CASH, paper)
            paid = await self._do("payment", f"{path}/payments", body, FINANCE, "delivered", f"cash-{again}")
            if not again and self.who.number % 4 // 2:
                noun, reason = f"/payments/{paid['payment_id']}/reversal", {"reason": "returned_by_bank"}
                await self._do("reversal", noun, reason, f"{FINANCE}#2", "delivered")

    def _paid(self, line: str, amount: str, paper: dict[str, str]) -> dict[str, Any]:
        on = self._day("delivered")
        return {
            "line_id": line,
            "instalment": 1,
            "amount": amount,
            "currency": "EUR",
            "rate_date": on,
            "paid_on": on,
            "evidence": paper,
        }

    async def _close(self) -> None:
        on, cases = self._day("visited"), f"/cases/{self.case}"
        await follow_up(self._do, self._until, self.case, self.one, self._day)
        scheme = read_scenario("survey_scheme_provisional.json")
        survey = {name: value for name, value in story()["surveys"][0].items() if name != "of"}
        survey |= {"scheme": scheme["scheme"], "scheme_version": scheme["version"], "interviewed_on": on}
        await self._do("survey", f"{cases}/surveys", {**survey, "individual_id": self.one}, OFFICER, "visited")
        await self._do("closure", f"{cases}/closure", self._closure(), OFFICER, "visited")

    def _closure(self) -> dict[str, Any]:
        report = "Everything was delivered and paid."
        return {"reason": "completed", "final_report": report, "closed_on": self._day("visited")}

    def _day(self, moment: str) -> str:
        return self.calendar.at(moment).date().isoformat()

    def _key(self, step: str, part: str = "") -> str:
        return "-".join(each for each in (self.who.name, "home", step, part) if each)

    async def _until(self, step: str, path: str, good: Any, moment: str, role: str = OFFICER) -> Any:
        return await self.desk.until(step, "reintegration", path, good, role=role, at=self.calendar.at(moment))

    async def _do(
        self, step: str, path: str, body: Any, role: str, moment: str, part: str = "", etag: str | None = None
    ) -> Any:
        at, key = self.calendar.at(moment), self._key(step, part)
        return await self.desk.do(step, "reintegration", path, body, role=role, at=at, key=key, etag=etag)


def _account(line: dict[str, Any]) -> dict[str, Any]:
    return {name: line[name] for name in ("project_code", "budget_line", "currency")}
