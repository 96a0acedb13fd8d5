"""The family's way home through processes of their own, on real PostgreSQL and Kafka: as in one process on files.

Told once as it should go, and once more with Kafka away three times: from the first talk until they have decided; while
they are checked and come to the desk; and from the boarding until they are home, with registration gone too as the
doors close. Each service goes on with its own work, and what waits for another says so.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from services.demo.chapters import tell
from services.demo.family import Family, all_of
from services.demo.figures import Answers, Figure, ask_the_services, compare, figures_of
from services.demo.hosting import names_four
from services.demo.play import EXPECTED, STORY
from services.demo.scenario import SCENARIOS, read_json, read_scenario
from services.demo.teller import Teller
from shared.settings import SERVICES
from tests.kills.files import Folder
from tests.kills.nest import nest
from tests.kills.telling import family_at, names_of
from tests.kills.telling import until_quiet as until_files_are_quiet
from tests.kills.timeline import timeline
from tests.servers.kafka import Kafka
from tests.servers.postgres import Postgres
from tests.servers.processes import free_port
from tests.stack import Stack, stack
from tests.stack.fronts import front
from tests.stack.reading import Left, until_quiet

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

Figures = dict[str, Figure]
Timeline = dict[tuple[str, str], list[Any]]


@dataclass(frozen=True)
class Embedded:
    """The story in one process on files: what was told, and the figures that the services gave."""

    told: Timeline
    figures: Figures


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Embedded:
    folder: Path = tmp_path_factory.mktemp("embedded")
    with nest(folder, free_port()) as running, family_at(running.url, folder) as family:
        running.start()
        tell(family)
        said = ask_the_services(family)
        until_files_are_quiet(folder)
        running.kill()
    return Embedded(timeline(Folder(folder), names_of(family)), figures_of(said))


@contextmanager
def family_of(running: Stack) -> Iterator[Family]:
    with front(running) as page:
        addresses = names_four(page)
    assert addresses is not None
    with httpx.Client(timeout=30, trust_env=False) as client:
        teller = Teller(addresses, running.token, uuid4().hex, patience=60, client=client)
        yield Family(teller, read_scenario(STORY))


def differing(said: Answers) -> list[str]:
    return [each.sentence for each in compare(said, read_json(SCENARIOS / EXPECTED)) if not each.alike]


def test_the_story_is_the_same_over_separate_processes(
    embedded: Embedded, tmp_path: Path, postgres: Postgres, kafka: Kafka
) -> None:
    with stack(tmp_path, postgres, kafka) as running, family_of(running) as family:
        tell(family)
        said = ask_the_services(family)
        until_quiet(running)
        assert differing(said) == []
        assert figures_of(said) == embedded.figures
        assert timeline(Left(running), names_of(family)) == embedded.told


@dataclass
class Outages:
    """Stops Kafka as a step begins, and starts it as a later one does, once `meanwhile` has looked. `also`: what else
    is done as a step begins."""

    kafka: Kafka
    plan: dict[str, tuple[str, Callable[[], None]]]
    also: dict[str, Callable[[], None]]
    begun: list[str] = field(default_factory=list)
    over: list[str] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)

    def on_step(self, step: str) -> None:
        if step in self.also:
            self.also[step]()
        if len(self.begun) > len(self.over):
            until, meanwhile = self.plan[self.begun[-1]]
            if step != until:
                self.taken.append(step)
                return
            meanwhile()
            self.kafka.start()
            self.over.append(step)
        elif step in self.plan and step not in self.begun:
            self.kafka.stop()
            self.begun.append(step)
            self.taken.append(step)


def waiting(family: Family, service: str) -> Any:
    return family.look(service, "/operations/outbox", role="administrator", at="looked")


def told_lines(family: Family) -> dict[str, list[bool]]:
    """By what each line of the journey says: whether it was told to the others."""
    found: dict[str, list[bool]] = {}
    lines = family.look("registration", f"{family.case}/journey", role="auditor", at="looked")["lines"]
    for line in lines:
        found.setdefault(line["summary"], []).append(line["told"])
    return found


@dataclass
class Watched:
    """What must be so while Kafka is away: each service takes its own work, and what waits for another says so."""

    running: Stack
    family: Family

    @property
    def checked(self) -> list[str]:
        """Those who are checked in time."""
        return [label for label in self.family.everyone if label != self.family.story["late_check"]]

    def everybody_answers(self) -> None:
        for part in self.running.parts.values():
            assert part.alive(), part.name
            assert part.is_ready(), part.name

    def waits(self, service: str) -> int:
        """How much waits to leave; whoever asks is told since when."""
        found = waiting(self.family, service)
        assert found["oldest"] is not None, found
        return int(found["waiting"])

    def the_decision_waits(self) -> None:
        """Registration took the family and their declarations, and its journey says that nobody was told; eligibility
        does not know them."""
        self.everybody_answers()
        people = len(self.family.people)
        assert self.waits("registration") > people
        told = told_lines(self.family)
        assert (told["case_registered"], told["declaration_signed"]) == ([False], [False] * people)
        assert self.family.look("eligibility", self.family.case, role="counsellor", at="declared") is None

    def the_checks_wait(self) -> None:
        """Registration took them; the desk lacks them, and says which."""
        self.everybody_answers()
        assert self.waits("registration") == len(self.checked)
        assert told_lines(self.family)["fitness_assessed"] == [False] * len(self.checked)
        for label, passenger in self.family.passengers("check_in").items():
            gate = passenger["gates"]["at_check_in"]
            assert not gate["passed"], label
            assert [item["code"] for item in gate["missing"]] == ["check_missing"], label

    def those_at_home_wait(self) -> None:
        """Travel brought everybody home; those at home still expect them."""
        self.everybody_answers()
        assert self.waits("travel") >= 3 * len(self.family.people)
        at_home = self.family.look("reintegration", self.family.case, role="reintegration_officer", at="arrived")
        assert at_home["status"] == "expected"

    def registration_is_gone(self) -> None:
        self.running.parts["registration-api-0"].kill()

    def the_hand_over_waits(self) -> None:
        """The doors are closed, nobody is cleared, and travel says for whom it waits."""
        doors = self.family.look("travel", f"{self.family.flight}/doors", role="airport_desk", at="doors")
        assert (doors["status"], doors["waiting_for"]) == ("closing", "registration")
        self.running.parts["registration-api-0"].start()


def test_the_story_is_the_same_when_kafka_and_then_registration_are_away_in_the_middle(
    embedded: Embedded, tmp_path: Path, postgres: Postgres, own_kafka: Kafka
) -> None:
    with stack(tmp_path, postgres, own_kafka) as running, family_of(running) as family:
        watched = Watched(running, family)
        checked, everyone = watched.checked, family.everyone
        plan = {
            "the family was registered at the warehouse": (
                "the programme looked at the case and asked for what it does not know",
                watched.the_decision_waits,
            ),
            f"the {checked[0]} was found fit to travel": (
                f"the desk knew what it asks of {all_of(checked)}",
                watched.the_checks_wait,
            ),
            f"the {everyone[0]} boarded": ("those at home knew that they had arrived", watched.those_at_home_wait),
        }
        also = {
            "the doors were closed": watched.registration_is_gone,
            "registration cleared those on board": watched.the_hand_over_waits,
        }
        outages = Outages(own_kafka, plan, also)
        family.teller.on_step = outages.on_step
        tell(family)
        said = ask_the_services(family)
        until_quiet(running)
        assert len(outages.over) == len(plan), outages
        assert {"the doors were closed", "registration cleared those on board", "the aircraft left"} <= {*outages.taken}
        assert differing(said) == []
        assert figures_of(said) == embedded.figures
        assert timeline(Left(running), names_of(family)) == embedded.told
        for service in SERVICES:
            assert waiting(family, service) == {"waiting": 0, "oldest": None}
