"""Cases as reintegration sees them: who is expected, who has arrived, and what became of the money."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from fastapi import APIRouter

from services.reintegration.cases.models import AssistedCase
from services.reintegration.cases.queries import case_of, cases_after
from services.reintegration.cases.rules import CASES
from services.reintegration.cases.schemas import (
    CaseAnswer,
    CaseLineAnswer,
    CaseStatus,
    MarkAnswer,
    MoneyAnswer,
    PackageLineAnswer,
    SpentBeforeAnswer,
    TravellerAnswer,
)
from services.reintegration.closures.queries import closure_of
from services.reintegration.facts.queries import Picture, Position, Traveller, has_link, read_picture
from services.reintegration.lines.queries import LineState, budget_of, entitlements, line_states
from services.reintegration.plans.queries import Plan, live_plan
from shared.auth import Role, allow
from shared.call import Call, CallState
from shared.offers import OfferedAction
from shared.pagination import Cursor, Limit, Page, after, page
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["cases"])
READERS = allow(Role.REINTEGRATION_OFFICER, Role.APPROVER, Role.FINANCE, Role.COUNSELLOR, Role.AUDITOR)
ON_THE_CASE = (
    "record_counselling_session",
    "record_assessment",
    "check_feasibility",
    "give_help",
    "record_contact_attempt",
    "declare_contact_lost",
    "draft_plan",
    "record_visit",
    "record_survey",
    "close_assistance",
    "reopen_assistance",
)
ZERO = Decimal("0.00")


@router.get("/cases", dependencies=[READERS])
async def list_cases(
    call: Call, status: CaseStatus | None = None, limit: Limit = 50, cursor: Cursor = None
) -> Page[CaseLineAnswer]:
    """Cases in one status, or all, in the order of their ids."""
    rows = await cases_after(call.session, status, after(cursor), limit)
    return page(rows, limit, lambda c: CaseLineAnswer(case_id=c.id, status=c.status, opened_at=c.opened_at))


@router.get("/cases/{case_id}", dependencies=[READERS])
async def show_case(case_id: UUID, call: Call) -> CaseAnswer:
    """Where the case stands, who of it is where, the money line by line, what to look at, and what can be done next."""
    case = await case_of(call.session, case_id)
    picture = await read_picture(call.session, case_id)
    plan = await live_plan(call.session, case_id)
    closure = await closure_of(call.session, case_id)
    lines = await line_states(call.session, plan.id if plan else None)
    return CaseAnswer(
        case_id=case.id,
        status=case.status,
        opened_at=case.opened_at,
        individuals=[_traveller(each) for each in picture.travellers.values()],
        eligible=picture.eligible,
        decision_id=picture.decision.decision if picture.decision else None,
        money=_money(picture, plan, lines),
        spent_before_departure=[
            SpentBeforeAnswer(currency=currency, amount=amount)
            for currency, amount in sorted(picture.paid_before_departure.items())
        ],
        plan_id=plan.id if plan else None,
        marks=_marks(picture, plan, linked=await has_link(call.session, case_id)),
        closed_reason=closure.reason if closure else None,
        closed_on=closure.closed_on if closure else None,
        version=case.version,
        actions=_offers(call, case, picture, plan),
    )


def _traveller(who: Traveller) -> TravellerAnswer:
    return TravellerAnswer(
        individual_id=who.individual,
        adult=who.adult,
        attempt=who.attempt,
        position=who.position,
        since=who.since,
        expected_at=who.expected_at,
        met_by=who.met_by,
        missed=who.missed,
        home_by=who.home_by,
    )


def _money(picture: Picture, plan: Plan | None, lines: Sequence[LineState]) -> MoneyAnswer | None:
    if picture.decision is None:
        return None
    approved = plan is not None and plan.status in ("approved", "closed")
    if plan is not None and plan.status == "closed":
        # The budgets were given back what it had not spent, as they are when a line is released.
        lines = [replace(each, released=True) for each in lines]
    budget = budget_of(entitlements(picture.decision, picture.arrived), lines, approved=approved)
    codes = {each.line: each.code for each in picture.decision.after_return}
    ceiling = sum((each.entitled.amount for each in budget), ZERO)
    committed = sum((line.committed for line in lines), ZERO) if approved else ZERO
    spent = sum((line.spent for line in lines), ZERO)
    return MoneyAnswer(
        currency=picture.decision.currency,
        ceiling=ceiling,
        planned=sum((line.planned for line in lines), ZERO),
        committed=committed,
        paid=sum((line.paid for line in lines), ZERO),
        delivered=sum((line.delivered for line in lines), ZERO),
        spent=spent,
        left=ceiling - committed - spent,
        lines=[
            PackageLineAnswer(
                package_line=each.package_line,
                code=codes[each.package_line],
                modality=each.entitled.modality,
                individual_id=each.entitled.individual,
                amount=each.entitled.amount,
                planned=each.planned,
                committed=each.committed,
                spent=each.spent,
                left=each.left,
                payable_from=each.entitled.days.first,
                payable_until=each.entitled.days.last,
                expires_on=each.entitled.days.expires,
            )
            for each in budget
        ],
    )


def _marks(picture: Picture, plan: Plan | None, *, linked: bool) -> list[MarkAnswer]:
    marks = [
        MarkAnswer(
            code="late_withdrawal_statement",
            individual_id=each.individual,
            stated_at=each.stated_at,
            entered_at=each.entered_at,
            open=(each.individual, each.attempt) not in picture.withdrawals,
        )
        for each in picture.statements
    ]
    marks += [
        MarkAnswer(code="not_admitted", individual_id=each.individual)
        for each in picture.travellers.values()
        if each.position is Position.NOT_ADMITTED
    ]
    if linked:
        marks.append(MarkAnswer(code="has_a_record_in_another_case"))
    if picture.closed_reason is not None:
        marks.append(MarkAnswer(code=f"registration_closed_{picture.closed_reason}"))
    if plan and picture.decision and plan.decision_id != picture.decision.decision:
        marks.append(MarkAnswer(code="decided_again_since_the_plan"))
    return marks


def _offers(call: CallState, case: AssistedCase, picture: Picture, plan: Plan | None) -> list[OfferedAction]:
    verbs = [verb for verb in CASES.verbs(case.status) if verb in ON_THE_CASE]
    if plan is not None or picture.decision is None or picture.decision.outcome != "eligible":
        verbs = [verb for verb in verbs if verb != "draft_plan"]
    if picture.closed_reason is not None:
        verbs = [verb for verb in verbs if verb in ("close_assistance", "reopen_assistance")]
    return call.offers(verbs, case_id=case.id)
