"""The chapters of the family's story, in order."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from services.demo.departure import (
    ask_each_alone,
    board_and_leave,
    book,
    check_health,
    check_in,
    gather_papers,
    hand_out_allowance,
    travel_home,
)
from services.demo.family import Family
from services.demo.ground import lay_the_ground
from services.demo.home import give_what_was_promised, make_a_plan, see_how_they_are
from services.demo.warehouse import decide_freely, meet_the_family


@dataclass(frozen=True, slots=True)
class Chapter:
    title: str
    parts: tuple[Callable[[Family], object], ...]

    def tell(self, family: Family) -> None:
        for part in self.parts:
            part(family)


GROUND = Chapter("The ground is laid", (lay_the_ground,))
MET = Chapter("Met at the warehouse", (meet_the_family,))
DECIDED = Chapter("Their own decision", (decide_freely,))
BOOKED = Chapter("Papers and seats", (gather_papers, book))
CHECKED = Chapter("Fit to travel", (check_health,))
AT_THE_DESK = Chapter("At the airport desk", (check_in, hand_out_allowance))
ASKED = Chapter("Asked once more", (ask_each_alone,))
LEFT = Chapter("The doors close", (board_and_leave,))
ARRIVED = Chapter("The way home", (travel_home,))
PLANNED = Chapter("A plan", (make_a_plan,))
HELPED = Chapter("What was promised", (give_what_was_promised,))
SETTLED = Chapter("A restaurant", (see_how_they_are,))

CHAPTERS = (
    GROUND,
    MET,
    DECIDED,
    BOOKED,
    CHECKED,
    AT_THE_DESK,
    ASKED,
    LEFT,
    ARRIVED,
    PLANNED,
    HELPED,
    SETTLED,
)


def tell(family: Family, chapters: Iterable[Chapter] = CHAPTERS) -> Family:
    """Tells the chapters. Raises `StoryDiffers`."""
    for chapter in chapters:
        chapter.tell(family)
    return family


def up_to(last: Chapter) -> tuple[Chapter, ...]:
    """Every chapter up to and with this one."""
    return CHAPTERS[: CHAPTERS.index(last) + 1]
