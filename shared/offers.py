"""Which actions are offered next: what the state allows, filtered by what the route says this caller may do.

An action's name is its route's name, so who may do it is written once, on the route.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pydantic import BaseModel

from shared.permissions import Allowed, Principal


class OfferedAction(BaseModel):
    """An action the caller can take now. `href` is a path under this service."""

    action: str
    method: str
    href: str


@dataclass(frozen=True, slots=True)
class Offer:
    """Where an action is taken, and who may."""

    method: str
    path: str
    allowed: Allowed


def offered(
    known: Mapping[str, Offer], verbs: Iterable[str], principal: Principal, **ids: object
) -> list[dict[str, str]]:
    """The verbs as actions of this caller, in the given order. Raises KeyError for a verb without a route: a state
    table must not promise what nobody can do."""
    found = []
    for verb in verbs:
        offer = known[verb]
        if offer.allowed.permits(principal):
            found.append({"action": verb, "method": offer.method, "href": offer.path.format(**ids)})
    return found


def offers(
    known: Mapping[str, Offer], verbs: Iterable[str], principal: Principal, **ids: object
) -> list[OfferedAction]:
    """The same as objects of the model."""
    return [OfferedAction(**each) for each in offered(known, verbs, principal, **ids)]
