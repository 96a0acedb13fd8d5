"""What the demo prints: the chapters as they are told, the timeline, where they stand, and the figures."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn
from rich.table import Table

from services.demo.chapters import Chapter
from services.demo.family import Family
from services.demo.figures import FACTS, Answers, Compared, days_in_host_country

NARROWEST = 130
HAPPENED = {
    "case_registered": "Registered at the warehouse",
    "case_corrected": "Something was corrected",
    "member_joined": "Joined the case",
    "member_left": "Left the case",
    "declaration_signed": "Declared their wish to return",
    "declaration_lapsed": "A declaration lapsed",
    "document_recorded": "A paper for the journey was recorded",
    "fitness_assessed": "Checked by a doctor before the flight",
    "booking_made": "Seats were booked for all of them",
    "booking_cancelled": "Seats were given back",
    "allowance_paid": "Got pocket money against a receipt",
    "willingness_stated": "Asked once more, each alone",
    "departure_cleared": "Cleared to leave as the doors closed",
    "departure_refused": "Not cleared to leave",
    "passenger_departed": "Departed",
    "passenger_in_transit": "Changed planes",
    "passenger_arrived": "Arrived, and was met",
    "passenger_offloaded": "Taken off the flight",
    "member_withdrawn": "Withdrew from the return",
    "case_withdrawn": "All withdrew from the return",
    "plan_approved": "The plan for a restaurant was approved",
    "delivery_confirmed": "The equipment was handed over",
    "instalment_paid": "An instalment of the rent was paid",
    "visit_made": "Visited",
    "counselling_held": "Talked about the time at home",
    "help_given": "Helped right after the arrival",
    "survey_scored": "Asked how it goes",
    "assistance_closed": "The assistance was closed",
    "case_closed": "The case was closed",
}
"""In plain words, by noun and verb of the event."""


def make_console() -> Console:
    """A console that is wide enough for the tables where nobody looks at a terminal."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=max(console.width, NARROWEST))


@dataclass
class Telling:
    """How far the story has been told: a bar that moves on a terminal, a line for each chapter elsewhere."""

    console: Console
    chapters: int
    told: int = 0
    steps: int = 0
    _bar: Progress | None = None
    _task: TaskID = field(default_factory=lambda: TaskID(0))

    def step(self, sentence: str) -> None:
        self.steps += 1
        if self._bar is not None:
            self._bar.update(self._task, step=sentence)

    @contextmanager
    def chapter(self, chapter: Chapter) -> Iterator[None]:
        before = self.steps
        if self._bar is not None:
            self._bar.update(self._task, description=chapter.title)
        yield
        self.told += 1
        if self._bar is not None:
            self._bar.advance(self._task)
        else:
            bar = "#" * self.told + "." * (self.chapters - self.told)
            self.console.print(
                f"[{bar}] {self.told}/{self.chapters}  {chapter.title} ({self.steps - before} steps)", markup=False
            )


@contextmanager
def telling(console: Console, chapters: int) -> Iterator[Telling]:
    """The progress of the story, until the block ends."""
    if not console.is_terminal or console.is_dumb_terminal:
        yield Telling(console, chapters)
        return
    columns = (
        TextColumn("{task.description:<24}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[step]}"),
    )
    with Progress(*columns, console=console) as bar:
        yield Telling(console, chapters, _bar=bar, _task=bar.add_task("", total=chapters, step=""))


def timeline(family: Family, said: Answers) -> Table:
    """One row for each thing that happened; what happened to several at once stands in one row."""
    days = days_in_host_country(said)
    table = _table("When", "What happened", "To whom", "Service", "Event", title=f"The family's timeline: {days} days")
    table.add_row(
        said.registration["arrived_in_host_country"],
        f"Came into the country ({said.registration['host_country']})",
        "everyone",
        "registration",
        "case.registered.v1",
    )
    table.add_row(
        "", f"Slept in a forest, {family.story['published']['days_in_forest']} of the days", "everyone", "(published)"
    )
    here = family.at("registered").tzinfo
    decisions = iter(said.decisions)
    for (at, service, event), lines in groupby(said.journey, _same_thing):
        group = list(lines)
        summary = group[0]["summary"]
        happened = HAPPENED.get(summary, summary.replace("_", " "))
        if summary == "eligibility_decided":
            happened = f"The programme decided: {next(decisions, {'outcome': 'unknown'})['outcome'].replace('_', ' ')}"
        table.add_row(
            f"{datetime.fromisoformat(at).astimezone(here):%Y-%m-%d %H:%M}",
            happened,
            _to_whom(family, group),
            service,
            event.removeprefix(f"homeward.{service}.") + (f" ×{len(group)}" if len(group) > 1 else ""),
        )
    return table


def _same_thing(line: Any) -> tuple[str, str, str]:
    return line["at"], line["service"], line["type"]


def _to_whom(family: Family, lines: Iterable[Any]) -> str:
    who = {label: None for line in lines if (label := family.label(line["individual_id"]))}
    return "everyone" if len(who) in (0, len(family.people)) else ", ".join(who)


def standing(family: Family, said: Answers) -> Table:
    """Where they stand in each of the four services."""
    table = _table("Service", "There", title="Where they stand")
    decision, money = said.eligibility["decision"], said.reintegration["money"]
    currency = decision["currency"]
    table.add_row(
        "registration",
        f"case {said.registration['status']} ({said.registration['closed_reason']}), "
        f"{len(said.registration['members'])} people, {len(said.journey)} facts in the journey",
    )
    table.add_row(
        "eligibility",
        f"{said.eligibility['status']} by {decision['programme']} version {decision['programme_version']}, package "
        f"{decision['total']} {currency}",
    )
    table.add_row("travel", "; ".join(f"{label} {each['status']}" for label, each in said.passengers.items()))
    table.add_row(
        "reintegration",
        f"{said.reintegration['status']}; plan {said.plan['total']} {currency}: delivered {money['delivered']}, paid "
        f"{money['paid']}, left {money['left']}",
    )
    return table


def beside(figures: Iterable[Compared]) -> Table:
    """The figures as found, beside what was expected; counts of facts that are as expected, in one row."""
    table = _table("Figure", "Expected", "Found", "", title="The figures")
    table.columns[0].no_wrap = True
    counted = 0
    for each in figures:
        if each.alike and each.name.startswith(FACTS):
            counted += 1
            continue
        table.add_row(each.name, str(each.expected), str(each.found), "" if each.alike else "differs")
    if counted:
        table.add_row(f"{counted} kinds of facts", "counted", "as expected", "")
    return table


def _table(*columns: str, title: str) -> Table:
    return Table(*columns, title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
