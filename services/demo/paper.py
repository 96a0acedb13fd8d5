"""A flight that was worked on paper, and is entered a month late: what was reported before stays as it was."""

import asyncio
from datetime import datetime
from typing import Any

from services.demo.crowd import crowd
from services.demo.family import Family
from services.demo.returns import book, decided_party, hold_seats_on
from services.demo.year import flight_on_paper, year


def enter_a_flight_from_paper(family: Family) -> None:
    """One person flew on 12 December while the network was down; in January the paper is found and copied."""
    paper = year()["on_paper"]
    entered = asyncio.run(_entered(family, paper))
    family.found["a flight from paper, people entered in January"] = entered["persons"]
    family.found["a flight from paper, people not in order"] = entered["not_in_order"]


async def _entered(family: Family, paper: dict[str, Any]) -> Any:
    flight = flight_on_paper()
    (case,) = flight.cases
    async with crowd(family.teller) as many:
        path = await hold_seats_on(many, flight)
        party = await decided_party(many, family.ids, flight, case)
        await book(many, flight, party, path)
        said = {"outcome": "departed", "willingness": "yes", "asked_alone": True}
        language = case.members[0]["languages"][0]
        return await many.do(
            f"the paper of {flight.name} was entered",
            "travel",
            f"{path}/paper-manifests",
            {
                **{name: paper[name] for name in ("reason", "worked_by", "evidence")},
                "departed_at": flight.calendar.at("departed").isoformat(),
                "lines": [{**said, "individual_id": one, "language": language} for one in party.people.values()],
            },
            role="airport_desk",
            at=datetime.fromisoformat(paper["entered_at"]),
        )
