"""Changes to a plan that is approved: proposed, approved by others like the plan itself, or returned."""

from typing import Final

from shared.problems import Problem
from shared.states import StateTable, move

AMENDMENTS: Final = StateTable(
    "amendment",
    ("proposed", "approved", "returned", "taken_back"),
    "proposed",
    (
        move("approve_amendment", "proposed", to="approved"),
        move("return_amendment", "proposed", to="returned"),
        move("take_back_amendment", "proposed", to="taken_back"),
    ),
)


class AmendmentWaiting(Problem):
    slug = "amendment-waiting"
    status = 409
    title = "A change to this plan waits for its approval"
    remedy = "`amendment` names it: have it decided or take it back, and then propose the next."


class NotYourAmendment(Problem):
    slug = "not-your-amendment"
    status = 403
    title = "Only who proposed a change takes it back"
    remedy = "Ask whoever proposed it, or let an approver return it with a reason."


def check_takes_back(by: str, proposed_by: str) -> None:
    """Raises `NotYourAmendment`."""
    if by != proposed_by:
        raise NotYourAmendment()
