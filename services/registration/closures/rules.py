"""When a case may be closed. Pure."""

from collections.abc import Collection

from shared.problems import Problem


class SomebodyIsCleared(Problem):
    slug = "somebody-is-cleared"
    status = 409
    title = "Somebody of this case is cleared to depart"
    remedy = "Wait until they departed, or until the airport desk took them off; then close the case."


class ReasonDoesNotFit(Problem):
    slug = "reason-does-not-fit"
    status = 409
    title = "The case does not stand where that reason would have it"
    remedy = "`why` says what the reason needs. Choose the reason that is so."


def check_closure(reason: str, statuses: Collection[str], *, duplicates: bool) -> None:
    """`statuses`: of the members; `duplicates`: whether each is linked as the duplicate of somebody.

    Raises `SomebodyIsCleared`, `ReasonDoesNotFit`.
    """
    if "cleared" in statuses:
        raise SomebodyIsCleared()
    if reason == "withdrawn" and set(statuses) != {"withdrawn"}:
        raise ReasonDoesNotFit(why="everyone of the case has withdrawn")
    if reason == "duplicate" and not duplicates:
        raise ReasonDoesNotFit(why="everyone of the case is linked as a duplicate of somebody")
    if reason == "assistance_closed" and "departed" not in statuses:
        raise ReasonDoesNotFit(why="somebody of the case departed and was assisted")


def closes_with_assistance(reason: str, statuses: Collection[str]) -> bool:
    """Whether the end of assistance closes the case: it was about people who left, and nobody is still on the way.

    Withdrawn before departure ends what was spent, not the case: who withdrew may declare again at any time.
    """
    return (
        reason != "withdrawn_before_departure" and "departed" in statuses and set(statuses) <= {"departed", "withdrawn"}
    )
