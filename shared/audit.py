"""Who did what: one row for each write that succeeded, in its transaction. Ids only; the body is not kept here."""

from collections.abc import Mapping
from typing import Any

from shared.act import Act
from shared.clock import machine_now
from shared.database import Session, audit
from shared.joined import later


async def record(session: Session, act: Act, action: str, ids: Mapping[str, Any], status: int) -> None:
    """`action` is the route's name, which is the action's; `ids` are the ids in its path."""
    row = {
        "at": act.now,
        "machine": machine_now(),
        "by": act.by,
        "roles": ",".join(sorted(act.roles)),
        "action": action,
        "ids": {name: str(value) for name, value in ids.items()},
        "status": status,
        "cause": act.cause,
        "correlation": act.correlation,
    }
    later(session, audit, row)
