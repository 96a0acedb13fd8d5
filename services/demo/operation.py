"""The year around the family: what was reported on two days, and what is said of them when asked again."""

from datetime import date, datetime
from typing import Any

from services.demo.chapters import ARRIVED, CHAPTERS, GROUND, Chapter
from services.demo.family import Family
from services.demo.ground import add_sites
from services.demo.returns import play_returns
from services.demo.site import count_the_people, hand_out_relief
from services.demo.voices import answer_and_explain, ask_for_return

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


def play_until_the_end_of_the_year(family: Family) -> None:
    play_returns(family, date(2021, 12, 14), LAST)
    report(family, LAST, "as of 31 December")
    said = ask(family, LAST, since="2021-01-01", by="nationality")
    family.found |= {f"returned in 2021, {cell['key']}": cell["count"] for cell in said["cells"]}


def ask_for_the_first_report_again(family: Family) -> None:
    """With everything entered since: as it was known then, and as it is known now."""
    known_at = int(family.ids["known on the first day"])
    report(family, FIRST, "as of 13 December, as known then", known_at)


def report(family: Family, as_of: date, row: str, known_at: int | None = None) -> int:
    """One row of the table, as travel answers it. Gives the position to ask with again."""
    family.until(
        "everything that travel knows was told",
        "travel",
        "/operations/outbox",
        lambda outbox: outbox["waiting"] == 0,
        role="administrator",
        at="looked",
    )
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
    evening = datetime.combine(as_of, family.at("looked").timetz())
    return family.look("travel", path, role="auditor", at=evening)


OFFICES = Chapter("Offices and airport desk", (add_sites,))
UP_TO_THE_REPORT = Chapter("Returns up to 13 December", (play_until_the_first_report,))
REST_OF_THE_YEAR = Chapter("Returns up to 31 December", (play_until_the_end_of_the_year,))
ASKED_AGAIN = Chapter("The report asked again", (ask_for_the_first_report_again,))


ASKED = Chapter("Those who ask", (ask_for_return, answer_and_explain))
WAREHOUSE = Chapter("The warehouse, counted", (count_the_people,))
RELIEF = Chapter("Relief", (hand_out_relief,))


def whole() -> tuple[Chapter, ...]:
    """The family's chapters, and the year's where they fall into it."""
    arrived = CHAPTERS.index(ARRIVED) + 1
    return (
        GROUND,
        OFFICES,
        ASKED,
        UP_TO_THE_REPORT,
        *CHAPTERS[1:arrived],
        REST_OF_THE_YEAR,
        WAREHOUSE,
        RELIEF,
        *CHAPTERS[arrived:],
        ASKED_AGAIN,
    )
