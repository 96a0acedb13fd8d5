"""The family's way home through processes of their own, on real PostgreSQL and Kafka: as in one process on files.

Told once as it should go, and once more with Kafka away twice: while the family is checked and comes to the desk, and
again from the boarding until they are home. Each service goes on with its own work; what waits for another says so.
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
from services.demo.family import Family
from services.demo.figures import Answers, Figure, ask_the_services, compare, figures_of
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
    addresses = {service: urls[0] for service, urls in running.addresses.items()}
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
    """Stops Kafka as a step begins, and starts it as a later one does, once `meanwhile` has looked."""

    kafka: Kafka
    plan: dict[str, tuple[str, Callable[[], None]]]
    begun: list[str] = field(default_factory=list)
    over: list[str] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)

    def on_step(self, step: str) -> None:
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


def test_the_story_is_the_same_when_kafka_is_away_twice_in_the_middle(
    embedded: Embedded, tmp_path: Path, postgres: Postgres, own_kafka: Kafka
) -> None:
    with stack(tmp_path, postgres, own_kafka) as running, family_of(running) as family:
        late = family.story["late_check"]
        checked = [label for label in family.everyone if label != late]

        def everybody_answers() -> None:
            for part in running.parts.values():
                assert part.alive(), part.name
            for service, urls in running.addresses.items():
                assert httpx.get(f"{urls[0]}/health/ready", trust_env=False).status_code == 200, service

        def the_checks_wait() -> None:
            """Registration took them; the desk lacks them, and says which."""
            everybody_answers()
            assert waiting(family, "registration")["waiting"] == len(checked)
            assert waiting(family, "registration")["oldest"] is not None
            assert told_lines(family)["fitness_assessed"] == [False] * len(checked)
            for label, passenger in family.passengers("check_in").items():
                gate = passenger["gates"]["at_check_in"]
                assert not gate["passed"], label
                assert [item["code"] for item in gate["missing"]] == ["check_missing"], label

        def those_at_home_wait() -> None:
            """Travel brought everybody home; those at home still expect them, and registration says who flies."""
            everybody_answers()
            assert waiting(family, "travel")["waiting"] >= 3 * len(family.people)
            at_home = family.look("reintegration", family.case, role="reintegration_officer", at="arrived")
            assert at_home["status"] == "expected"

        outages = Outages(
            own_kafka,
            {
                f"the {checked[0]} was found fit to travel": (
                    f"the desk knew what it asks of {_all_of(checked)}",
                    the_checks_wait,
                ),
                f"the {family.everyone[0]} boarded": (
                    "those at home knew that they had arrived",
                    those_at_home_wait,
                ),
            },
        )
        family.teller.on_step = outages.on_step
        tell(family)
        said = ask_the_services(family)
        until_quiet(running)
        assert len(outages.over) == 2, outages
        assert {"the doors were closed", "registration cleared those on board", "the aircraft left"} <= {*outages.taken}
        assert differing(said) == []
        assert figures_of(said) == embedded.figures
        assert timeline(Left(running), names_of(family)) == embedded.told
        for service in SERVICES:
            assert waiting(family, service) == {"waiting": 0, "oldest": None}


def _all_of(labels: list[str]) -> str:
    from services.demo.family import all_of

    return all_of(labels)
