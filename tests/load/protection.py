"""What a child alone needs before anybody may book a flight for it."""

from collections.abc import Awaitable, Callable
from typing import Any

AGAIN = "consent_of_guardian"
PROTECTION = {
    "best_interests_assessment": "done",
    "best_interests_determination": "return",
    "family_tracing": "found",
    "family_assessment": "suitable",
    "consent_of_guardian": "given",
    "consent_of_child": "given",
    "consent_of_family": "given",
    "named_reception": "named",
}
"""Each item that a child alone needs, and how it comes out."""


def _body(individual: str, item: str) -> dict[str, Any]:
    named = {"receiver": "Rezan Barzinji", "place": "Erbil, Ankawa"} if item == "named_reception" else {}
    return {"individual_id": individual, "item": item, "finding": PROTECTION[item], **named}


async def protect(do: Callable[..., Awaitable[Any]], child: str) -> None:
    """Every item, one of them taken back and recorded anew. `do(step, noun, body, role, moment, part)`: a write of the
    child's case. Raises `Refused`, `GaveUp`."""
    made = {}
    for item in PROTECTION:
        made[item] = await do("protection", "/protection-items", _body(child, item), "protection", "papers", item)
    await do("taken-back", f"/protection-items/{made[AGAIN]['id']}/taking-back", {}, "protection", "papers")
    await do("protection", "/protection-items", _body(child, AGAIN), "protection", "papers", "once-more")
