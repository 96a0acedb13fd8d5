"""The approval chain of a plan: its states, and who may not do what."""

from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

from shared.problems import Problem
from shared.states import StateTable, move

PLANS: Final = StateTable(
    "plan",
    ("draft", "submitted", "sent_back", "approved", "closed", "cancelled"),
    "draft",
    (
        move("revise_plan", "draft", "sent_back"),
        move("submit_plan", "draft", "sent_back", to="submitted"),
        move("return_plan", "submitted", to="sent_back"),
        move("approve_plan", "submitted", to="approved"),
        move("place_order", "approved"),
        move("confirm_delivery", "approved"),
        move("pay_instalment", "approved"),
        move("reverse_payment", "approved"),
        move("release_line", "approved"),
        move("take_share", "approved"),
        move("propose_amendment", "approved"),
        move("approve_amendment", "approved"),
        move("return_amendment", "approved"),
        move("close_plan", "approved", to="closed"),
        move("reopen_plan", "closed", to="approved"),
        move("cancel_plan", "draft", "submitted", "sent_back", to="cancelled"),
    ),
)

AUTHORING: Final = frozenset({"draft_plan", "revise_plan", "propose_amendment"})
"""Steps that make someone an author of the plan."""


class PlanExists(Problem):
    slug = "plan-exists"
    status = 409
    title = "This case already has a plan"
    remedy = "Revise the plan that `plan` names, while it is a draft or sent back."


class OwnPlan(Problem):
    slug = "own-plan"
    status = 403
    title = "Nobody decides on a plan of their own"
    remedy = "Let someone decide who neither wrote nor submitted it."


class DecisionOfAnotherTry(Problem):
    slug = "decision-of-another-try"
    status = 409
    title = "The decision was made for another try to return than the one in which they came"
    remedy = "Ask eligibility to decide for this try; the plan can then be approved as it stands."


def check_somebody_else(by: str, hands: Collection[str]) -> None:
    """Four eyes. Raises `OwnPlan` when `by` had a hand in the plan."""
    if by in hands:
        raise OwnPlan()


def is_void(attempts: Mapping[UUID, int], withdrawals: Collection[tuple[UUID, int]]) -> bool:
    """Whether everyone a plan was drawn up for has withdrawn in the try it was drawn up in. A later try of theirs gets
    a plan of its own, so that the order in which the facts come makes no difference."""
    return bool(attempts) and all((who, attempt) in withdrawals for who, attempt in attempts.items())
