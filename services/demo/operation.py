"""The year around the family: what was reported on two days, and what is said of them when asked again."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from services.demo.cancelled import cancel_and_seat_again
from services.demo.chapters import ARRIVED, CHAPTERS, CHECKED, GROUND, Chapter
from services.demo.child_alone import see_a_child_home
from services.demo.crowd import crowd, together
from services.demo.donor import report_to_the_donor
from services.demo.family import Family
from services.demo.ground import add_sites
from services.demo.on_hold import hold_and_release
from services.demo.paper import enter_a_flight_from_paper
from services.demo.returns import hold_seats_on, play_returns
from services.demo.site import count_the_people, hand_out_relief
from services.demo.suspended import suspend_overnight
from services.demo.teller import Teller
from services.demo.voices import answer_and_explain, ask_for_return
from services.demo.year import Flight, flight_otherwise, flights_of_the_year, year

FIRST, LAST = date(2021, 12, 13), date(2021, 12, 31)
"""The two rows of the story's table."""
COLUMNS: dict[str, dict[str, Any]] = {
    "returned in 2021": {"since": "2021-01-01"},
    "since 1 September": {"since": "2021-09-01"},
    "since 4 December from Minsk airport": {"since": "2021-12-04", "from_airport": "MSQ"},
    "in December": {"since": "2021-12-01"},
}
SHARES = ("since 1 September", "in December")


def play_until_the_first_report(family: Family) -> None:
    play_returns(family, date(2021, 1, 1), FIRST)
    family.ids["known on the first day"] = str(report(family, FIRST, "as of 13 December"))


def look_ahead(family: Family) -> None:
    """On 13 December: the flights on which seats are held by then, and who has one. None of it is a return."""
    noon = _noon(family, FIRST)
    ahead = flights_of_the_year(date(2021, 12, 14), LAST)
    asyncio.run(_hold(family.teller, [each for each in ahead if each.calendar.at("ground") <= noon]))
    said = family.look("travel", "/reports/planned?days=7", role="auditor", at=noon)
    family.found["planned on 13 December for seven days, flights"] = len(said["flights"])
    family.found["planned on 13 December for seven days, seats held"] = sum(each["seats"] for each in said["flights"])
    family.found["planned on 13 December for seven days, people with a seat"] = said["persons"]


async def _hold(teller: Teller, flights: Sequence[Flight]) -> None:
    async with crowd(teller) as many:
        await together(hold_seats_on(many, flight) for flight in flights)


def play_until_the_end_of_the_year(family: Family) -> None:
    played = {flight_otherwise(part).name for part in year()["otherwise"]}
    play_returns(family, date(2021, 12, 14), LAST, but=played)
    family.ids["known on the last day"] = str(report(family, LAST, "as of 31 December"))
    for by in ("nationality", "flight_kind"):
        said = ask(family, LAST, since="2021-01-01", by=by)
        family.found |= {f"returned in 2021, {cell['key']}": cell["count"] for cell in said["cells"]}


def ask_for_both_reports_again(family: Family) -> None:
    """With a flight entered since that left on 12 December: as it was known then, and as it is known now."""
    for day, row, known in (
        (FIRST, "as of 13 December", "known on the first day"),
        (LAST, "as of 31 December", "known on the last day"),
    ):
        report(family, day, f"{row}, as known then", int(family.ids[known]))
        report(family, day, f"{row}, as known now")


def ask_by_vulnerability(family: Family) -> None:
    """Registration's part of the same answer, for the month and from the first edition that knows all of it."""
    new_year = datetime(2022, 1, 20, 12, tzinfo=UTC)
    family.do("an edition was made", "registration", "/report-editions", {}, role="programme_officer", at=new_year)
    path = "/reports/returns-by-vulnerability?since=2021-12-01&as_of=2021-12-31"
    said = family.look("registration", path, role="auditor", at=new_year)
    family.found["in December, as registration counts them"] = said["people"]


def report(family: Family, as_of: date, row: str, known_at: int | None = None) -> int:
    """One row of the table, as travel answers it. Gives the position to ask with again."""
    if known_at is None:
        family.until_all_is_told("travel")
    for column, question in COLUMNS.items():
        said = ask(family, as_of, known_at, **question)
        family.found[f"{row}: {column}"] = said["count"]
        if column in SHARES:
            family.found[f"{row}: {column}, share"] = said["share"]
        known_at = said["as_known_at"]
    assert known_at is not None
    return known_at


def ask(family: Family, as_of: date, known_at: int | None = None, **question: str) -> Any:
    asked = {"as_of": as_of.isoformat(), **question} | ({} if known_at is None else {"as_known_at": str(known_at)})
    path = "/reports/returns?" + "&".join(f"{name}={value}" for name, value in asked.items())
    return family.look("travel", path, role="auditor", at=_noon(family, as_of))


def _noon(family: Family, day: date) -> datetime:
    return datetime.combine(day, family.at("looked").timetz())


OFFICES = Chapter("Offices and airport desk", (add_sites,))
UP_TO_THE_REPORT = Chapter("Returns up to 13 December", (play_until_the_first_report,))
COMING_DAYS = Chapter("The coming days", (look_ahead,))
CHILD_ALONE = Chapter("A child alone", (see_a_child_home,))
ON_HOLD = Chapter("Held, and released", (hold_and_release,))
CANCELLED = Chapter("A flight is cancelled", (cancel_and_seat_again,))
SUSPENDED = Chapter("Suspended overnight", (suspend_overnight,))
REST_OF_THE_YEAR = Chapter("Returns up to 31 December", (play_until_the_end_of_the_year,))
FROM_PAPER = Chapter("A flight entered late", (enter_a_flight_from_paper,))
ASKED_AGAIN = Chapter("The reports asked again", (ask_for_both_reports_again, ask_by_vulnerability))
ASKED = Chapter("Those who ask", (ask_for_return, answer_and_explain))
WAREHOUSE = Chapter("The warehouse, counted", (count_the_people,))
RELIEF = Chapter("Relief", (hand_out_relief,))
DONOR = Chapter("The donor's report", (report_to_the_donor,))


def whole() -> tuple[Chapter, ...]:
    """The family's chapters, and the year's where they fall into it."""
    checked, arrived = (CHAPTERS.index(each) + 1 for each in (CHECKED, ARRIVED))
    return (
        GROUND,
        OFFICES,
        ASKED,
        UP_TO_THE_REPORT,
        *CHAPTERS[1:checked],
        COMING_DAYS,
        *CHAPTERS[checked:arrived],
        CHILD_ALONE,
        ON_HOLD,
        CANCELLED,
        SUSPENDED,
        REST_OF_THE_YEAR,
        WAREHOUSE,
        RELIEF,
        FROM_PAPER,
        *CHAPTERS[arrived:],
        ASKED_AGAIN,
        DONOR,
    )
