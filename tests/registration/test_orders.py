"""Facts of travel and of reintegration in every order that can be: the same rows in the end."""

import itertools
from typing import Any

import pytest

from shared.contracts import travel
from tests.registration.story import TOOK_OFF, Case, assistance_closed, register
from tests.registration.test_passages import booking, willing
from tests.registration.test_replays import outcome
from tests.world import World

TRAVEL = ("says_no", "taken_off", "cancelled")


async def ready(world: World) -> Case:
    """Everyone is cleared, and the father has left."""
    family = await (await register(world)).declare()
    await family.clear()
    await family.depart("father")
    return family


async def tell(case: Case, step: str) -> None:
    if step == "says_no":
        await case.hear(willing(case, "mother", "no"), subject=case.ids["mother"], attempt=1)
    elif step == "taken_off":
        off = case.passage(travel.PassengerOffloaded, "mother", clearance=case.clearance)
        await case.hear(off, subject=case.ids["mother"], attempt=1)
    elif step == "cancelled":
        gone = booking(case, travel.BookingCancelled, "daughter", "son", reason=travel.BookingReason.BY_OFFICER)
        await case.hear(gone, subject=case.booking)
    else:
        await case.hear(assistance_closed(TOOK_OFF))


@pytest.mark.parametrize("told", list(itertools.permutations(TRAVEL)), ids="-".join)
async def test_the_end_of_assistance_may_be_told_anywhere_among_what_travel_tells(
    world: World, told: tuple[str, ...]
) -> None:
    """Travel's own facts come in the order in which it told them, whatever that is; the other source's anywhere."""
    first: Any = None
    for place in range(len(told) + 1):
        family = await ready(world)
        for step in (*told[:place], "assistance", *told[place:]):
            await tell(family, step)
        rows, facts = await outcome(world, family)
        found = rows, sorted((kind, attempt, subject, data) for kind, _, attempt, subject, data in facts)
        first = first or found
        assert found == first, f"the end of assistance at place {place}"
        # A child whom her word reached while cleared has withdrawn by the release, and nobody is on the way; one whom
        # it reached before or after that needs a new declaration, which the father may still sign.
        ended = told[-1] == "cancelled"
        assert (await family.read())["status"] == ("closed" if ended else "counselled")
