"""Projects of a community that several cases share. A share never passes what the project costs, nor what the line of
the plan that it comes from gives. Source: domain.md, section 2, the community level."""

from decimal import Decimal
from uuid import UUID

from shared.problems import Problem


class ProjectCodeTaken(Problem):
    slug = "community-project-code-taken"
    status = 409
    title = "There is a community project with that code"
    remedy = "Take a share in that project, or choose another code."


class ProjectFull(Problem):
    slug = "community-project-full"
    status = 409
    title = "The project needs less than this share"
    remedy = "`left` is what it still needs: take at most that, or another project."


class ShareDoesNotFit(Problem):
    slug = "share-does-not-fit"
    status = 409
    title = "That line cannot give such a share"
    remedy = "`left` is what the line can still give: take no more, in its currency, from goods, services or vouchers."


class SharedAlready(Problem):
    slug = "line-shared-already"
    status = 409
    title = "That line has its share in a community project"
    remedy = "`share` names it: release it first, or take another line."


class ShareReleased(Problem):
    slug = "share-released"
    status = 409
    title = "That share was released already"
    remedy = "Nothing is left of it. Take a new share if one is wanted."


class ProjectEnded(Problem):
    slug = "community-project-ended"
    status = 409
    title = "That project takes no more shares"
    remedy = "Take a share in a project that is open."


def check_not_shared(share: UUID | None) -> None:
    """Raises `SharedAlready` for a line that still gives to a project."""
    if share is not None:
        raise SharedAlready(share=share)


def shared_after(amount: Decimal, shared: Decimal, more: Decimal) -> Decimal:
    """What the project has with this share. Raises `ProjectFull`."""
    if shared + more > amount:
        raise ProjectFull(left=amount - shared)
    return shared + more


def check_share(amount: Decimal, left: Decimal, *, same_currency: bool, cash: bool) -> None:
    """Raises `ShareDoesNotFit`: money that is handed to somebody is nobody else's."""
    if cash or not same_currency or amount > left:
        raise ShareDoesNotFit(left=Decimal("0.00") if cash or not same_currency else left)
