"""The family's whole path, over HTTP, through all four services: what each says after every chapter."""

import pytest

from services.demo import chapters
from services.demo.chapters import Chapter
from services.demo.family import Family
from services.demo.figures import ask_the_services, compare
from services.demo.scenario import SCENARIOS, read_json
from services.demo.teller import Teller
from tests.journey.hosting import Hosted
from tests.journey.looking import at_home, eligibility, facts, flight, in_travel, registered, registration_says, seats


def everyone(family: Family, status: str) -> dict[str, str]:
    return dict.fromkeys(family.everyone, status)


def test_a_family_finds_its_way_home_through_all_four_services(services: Hosted) -> None:
    family = services.family()

    def tell(chapter: Chapter) -> None:
        chapter.tell(family)

    tell(chapters.GROUND)
    assert seats(family) == {"held": 6, "taken": 0, "lost": 0, "left": 6}

    tell(chapters.MET)
    assert registered(family) == {"father": "counselled", "mother": "counselled", "daughter": "open", "son": "open"}
    assert at_home(family) is None

    tell(chapters.DECIDED)
    assert registered(family) == everyone(family, "declared")
    assert eligibility(family)["status"] == "eligible"

    tell(chapters.BOOKED)
    assert in_travel(family) == everyone(family, "booked")
    assert seats(family) == {"held": 6, "taken": 4, "lost": 0, "left": 2}
    assert at_home(family)["status"] == "expected"

    tell(chapters.CHECKED)
    tell(chapters.AT_THE_DESK)
    assert in_travel(family) == everyone(family, "checked_in")

    tell(chapters.ASKED)
    tell(chapters.LEFT)
    assert in_travel(family) == everyone(family, "departed")
    registration_says(family, **everyone(family, "departed"))
    assert flight(family)["status"] == "departed"

    tell(chapters.ARRIVED)
    assert in_travel(family) == everyone(family, "arrived")
    assert at_home(family)["status"] == "arrived"

    tell(chapters.PLANNED)
    home = at_home(family)
    assert (home["status"], home["money"]["committed"], home["money"]["left"]) == ("approved", "2400.00", "0.00")

    tell(chapters.HELPED)
    assert at_home(family)["status"] == "in_delivery"

    tell(chapters.SETTLED)
    assert at_home(family)["status"] == "closed"
    assert registered(family) == everyone(family, "closed")
    assert facts(family)[0] == "case_registered"
    assert facts(family)[-1] == "case_closed"

    said = ask_the_services(family)
    expected = read_json(SCENARIOS / "family.expect.json")
    assert [each.sentence for each in compare(said, expected) if not each.alike] == []


CUT_BEFORE = (
    "both parents signed for the son",
    "the officer answered what the programme asked",
    "the family was booked together",
    "the mother was checked in",
    "the doors were closed",
    "registration cleared those on board",
    "the daughter changed planes",
    "the plan was made clearer",
    "the plan was approved, by someone else than its author",
    "rent was paid, instalment 3",
    "registration closed the case",
)


class CutOffError(Exception):
    """The story stops here."""


def test_a_story_that_was_cut_off_is_told_again_from_the_start_and_comes_out_the_same(services: Hosted) -> None:
    family = services.family()
    teller, story = family.teller, family.story
    for step in CUT_BEFORE:
        family = Family(teller, story)
        with pytest.raises(CutOffError):
            chapters.tell(family, cut_before(teller, step))
    teller.on_step = lambda _step: None
    whole = chapters.tell(Family(teller, story))
    assert whole.people == family.people
    said = ask_the_services(whole)
    expected = read_json(SCENARIOS / "family.expect.json")
    assert [each.sentence for each in compare(said, expected) if not each.alike] == []
    again = chapters.tell(Family(teller, story))
    assert (again.people, again.ids) == (whole.people, whole.ids)
    assert ask_the_services(again) == said


def cut_before(teller: Teller, last: str) -> tuple[Chapter, ...]:
    def on_step(step: str) -> None:
        if step == last:
            raise CutOffError(step)

    teller.on_step = on_step
    return chapters.CHAPTERS


def test_two_families_of_one_time_do_not_mix(services: Hosted) -> None:
    first, second = services.family(), services.family()
    for chapter in chapters.up_to(chapters.BOOKED):
        chapter.tell(first)
        chapter.tell(second)
    assert first.ids["site"] == second.ids["site"]
    assert set(first.people.values()).isdisjoint(second.people.values())
    assert (seats(first)["taken"], seats(second)["taken"]) == (4, 4)
    assert facts(first).count("declaration_signed") == facts(second).count("declaration_signed") == 4
