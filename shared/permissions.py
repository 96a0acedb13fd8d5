"""The roles of the field, and which of them a route is for: declared on the route, closed by default."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from fastapi import params


class Role(StrEnum):
    """What someone does in the field; each route says which of them it is for."""

    REGISTRATION_OFFICER = "registration_officer"
    COUNSELLOR = "counsellor"
    MEDICAL = "medical"
    PROTECTION = "protection"
    TRAVEL_OFFICER = "travel_officer"
    AIRPORT_DESK = "airport_desk"
    REINTEGRATION_OFFICER = "reintegration_officer"
    APPROVER = "approver"
    FINANCE = "finance"
    PROGRAMME_OFFICER = "programme_officer"
    RELIEF_OFFICER = "relief_officer"
    PSEA_FOCAL_POINT = "psea_focal_point"
    """Reads what is said of exploitation and abuse (PSEA: protection from sexual exploitation and abuse)."""
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Principal:
    """Who sent a request: an opaque id of a person or service, their roles, and the client they came through."""

    subject: str
    roles: frozenset[Role]
    client: str


ANONYMOUS = Principal("anonymous", frozenset(), "anonymous")


@dataclass(frozen=True, slots=True)
class Allowed:
    """Who may use a route. It does nothing by itself: the route class reads it and asks, before anything else."""

    roles: frozenset[Role]
    public: bool = False

    async def __call__(self) -> None:
        return None

    def permits(self, principal: Principal) -> bool:
        """Whether the principal has one of the roles."""
        return self.public or not self.roles.isdisjoint(principal.roles)


def allow(*roles: Role) -> params.Depends:
    """Opens a route to whoever has one of `roles`: `dependencies=[allow(Role.COUNSELLOR)]`."""
    if not roles:
        raise TypeError("allow() needs a role; a route for everyone says public()")
    return params.Depends(Allowed(frozenset(roles)))


def public() -> params.Depends:
    """Opens a route to everyone, with or without a token: `dependencies=[public()]`."""
    return params.Depends(Allowed(frozenset(), public=True))


def allowed_on(dependencies: Collection[params.Depends]) -> Allowed | None:
    """The one permission a route declares, or None. Raises TypeError for more than one."""
    found = [each.dependency for each in dependencies if isinstance(each.dependency, Allowed)]
    if len(found) > 1:
        raise TypeError("a route declares one permission: allow(...) or public()")
    return found[0] if found else None


def describe(allowed: Allowed) -> str:
    """For the API page: `Open to everyone.` or `For: airport desk, travel officer.`"""
    if allowed.public:
        return "Open to everyone."
    return f"For: {', '.join(sorted(role.replace('_', ' ') for role in allowed.roles))}."
