"""The state tables, and the one function that derives a status from facts: they must say the same."""

import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reintegration.app import create_app
from services.reintegration.cases.rules import CASES, status_of
from services.reintegration.cases.schemas import CaseStatus
from services.reintegration.plans.rules import PLANS
from shared.settings import Settings
from shared.states import NotPossibleNow

STAGES = ("nobody", "expected", "arrived")
BY_FACTS = {"confirm_arrival", "expect", "cancel"}
SPENDING = {"confirm_delivery", "pay_instalment"}
VERBS = sorted({move.verb for move in CASES.moves} - BY_FACTS)

Standing = tuple[str, str | None, bool, bool]
"""The facts' stage, the plan's status, whether anything was spent, whether the assistance is closed."""


def status(standing: Standing) -> str:
    stage, plan, spent, closed = standing
    return status_of(stage, plan, spent=spent, closed=closed)


def after(standing: Standing, verb: str) -> Standing | None:
    """Where a person's verb leads by both tables, or None where one of them refuses."""
    stage, plan, spent, closed = standing
    if not CASES.may(status(standing), verb):
        return None
    if verb == "draft_plan":
        return None if plan else (stage, "draft", spent, closed)
    if verb == "reopen_assistance":
        return stage, "approved" if plan == "closed" else plan, spent, False
    if verb == "close_assistance":
        return stage, "closed" if plan == "approved" else None, spent, True
    if any(move.verb == verb for move in PLANS.moves):
        if plan is None or not PLANS.may(plan, verb):
            return None
        plan = PLANS.after(plan, verb)
    return stage, plan, spent or verb in SPENDING, closed


@given(st.lists(st.one_of(st.sampled_from(STAGES), st.sampled_from(VERBS)), max_size=30))
def test_every_verb_leads_where_the_facts_say_the_case_stands(steps: list[str]) -> None:
    standing: Standing = ("expected", None, False, False)
    for step in steps:
        if step in STAGES:
            standing = (step, *standing[1:])
            continue
        then = after(standing, step)
        if then is not None:
            # What is opened again goes at once where facts and plan say it stands.
            assert step == "reopen_assistance" or status(then) == CASES.after(status(standing), step)
            standing = then
        assert status(standing) in CASES.states


def test_facts_move_a_case_only_along_the_table() -> None:
    plans = (None, "draft", "submitted", "sent_back", "approved")
    ends = {CASES.after(s, v) for s in CASES.states for v in BY_FACTS if CASES.may(s, v)}
    assert ends == {"expected", "arrived", "cancelled"}
    for plan, before, then in itertools.product(plans, STAGES, STAGES):
        start, end = (status((stage, plan, False, False)) for stage in (before, then))
        moves = [v for v in BY_FACTS if CASES.may(start, v)]
        reached = {CASES.after(start, v) for v in moves}
        if end in ("planning", "submitted", "sent_back"):  # the plan that was there already takes an arrival further
            end = "arrived"
        assert start == end or end in reached or start in ("planning", "submitted", "sent_back")


def test_an_approved_plan_is_owed_whatever_the_journey_says_afterwards() -> None:
    assert {status((stage, "approved", False, False)) for stage in STAGES} == {"approved"}
    assert {status((stage, "approved", True, False)) for stage in STAGES} == {"in_delivery"}


def test_only_opening_it_again_leads_out_of_a_closed_case_or_plan() -> None:
    assert CASES.verbs("closed") == ["reopen_assistance"]
    assert PLANS.verbs("closed") == ["reopen_plan"]
    assert PLANS.final == {"cancelled"}


@pytest.mark.parametrize("verb", ["approve_plan", "pay_instalment", "confirm_delivery", "close_assistance"])
def test_no_money_moves_and_nothing_is_approved_before_the_arrival(verb: str) -> None:
    for before in ("expected", "cancelled"):
        with pytest.raises(NotPossibleNow):
            CASES.after(before, verb)


def test_the_list_can_be_asked_for_every_status_there_is() -> None:
    assert {each.value for each in CaseStatus} == set(CASES.states)


def test_every_verb_of_the_tables_is_a_route_or_follows_from_facts(tmp_path: Path) -> None:
    app = create_app(Settings(data_dir=tmp_path))
    routes = set(app.state.runtime.offers)
    internal = BY_FACTS | {"close_plan", "cancel_plan", "reopen_plan"}
    assert {move.verb for move in (*CASES.moves, *PLANS.moves)} - internal <= routes
