"""`homeward demo`: what it prints, what it exits with, and that it leaves nothing behind."""

import json
import os
import re
import signal
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import psutil
import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

from services.cli import app
from services.demo.chapters import CHAPTERS
from services.demo.figures import compare_found
from services.demo.operation import whole
from services.demo.pages import HAPPENED, telling
from services.demo.play import EXPECTED
from services.demo.scenario import SCENARIOS, read_json
from shared.folder import is_owned, where
from tests.journey.hosting import Hosted

TABLE = {
    "as of 13 December: returned in 2021": "141",
    "as of 13 December: since 1 September, share": "61.0",
    "as of 31 December: returned in 2021": "381",
    "as of 31 December: in December, share": "72.4",
    "as of 13 December, as known then: returned in 2021": "141",
    "as of 13 December, as known now: returned in 2021": "142",
    "as of 31 December, as known then: returned in 2021": "381",
    "planned on 13 December for seven days, flights": "5",
    "relief, second attempts refused": "1",
    "a child alone, items missing as protection records them": "8 7 6 5 4 3 2 1 0",
    "a child alone, in the end": "arrived",
    "a hold, the desk is told, and never why": "held",
    "a cancelled flight, people seated on the next": "6",
    "a suspended country, people held": "4",
    "to the donor, REINT-KIND delivered, EUR": "1500.00",
}
"""Some of the story's table; the demo itself compares all of it."""
LEAST_MB, MOST_MB = 50, 600
"""Less than the least no process of the services can be: then it was not measured."""


def command(*options: str) -> list[str]:
    return [sys.executable, "-m", "services.cli", "demo", *options]


def surroundings(temporary: Path, **more: str) -> dict[str, str]:
    """An environment as of somebody who set something else for their own services."""
    return {**os.environ, "TMPDIR": str(temporary), "TERM": "dumb", "HOMEWARD_DATABASE_URL": "sqlite:///gone", **more}


def against(services: Hosted, *options: str) -> Result:
    """The demo played to services that run already."""
    data = str(services.settings.data_dir)
    return CliRunner().invoke(app, ["demo", "--against", services.url, "--data", data, *options])


def expectation(folder: Path, **figures: Any) -> str:
    """The story's own expectation with some figures changed."""
    expected = read_json(SCENARIOS / EXPECTED)
    expected["figures"] |= figures
    path = folder / "expect.json"
    path.write_text(json.dumps(expected))
    return str(path)


@pytest.mark.slow
@pytest.mark.timeout(540)  # a busy machine must not fail it; what it took is said by the demo itself
def test_the_demo_tells_the_story_prints_the_55_days_and_leaves_nothing_behind(tmp_path: Path) -> None:
    done = subprocess.run(
        command(), env=surroundings(tmp_path), capture_output=True, text=True, timeout=500, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    took = re.search(r"^Played in \d+ s, largest process (\d+) MB\.$", done.stdout, re.MULTILINE)
    assert took is not None
    assert LEAST_MB < int(took[1]) < MOST_MB
    assert "after 55 days in the country" in done.stdout
    assert "Slept in a forest, 22 of the days" in done.stdout
    chapters = whole()
    for place, chapter in enumerate(chapters, 1):
        bar = "#" * place + "." * (len(chapters) - place)
        assert f"[{bar}] {place}/{len(chapters)}  {chapter.title} (" in done.stdout
    for figure, found in TABLE.items():
        assert " ".join([figure, found, found]) in " ".join(done.stdout.split()), figure
    for event in ("case_registered", "passenger_departed", "instalment_paid", "case_closed"):
        assert HAPPENED[event] in done.stdout
    for event in ("case.registered.v1", "passenger.departed.v1 ×4", "instalment.paid.v1", "case.closed.v1"):
        assert event in done.stdout
    for service in ("registration", "eligibility", "travel", "reintegration"):
        assert f" {service} " in done.stdout
    assert "\x1b" not in done.stdout, "no colours where nobody looks at a terminal"
    assert list(tmp_path.iterdir()) == []


def test_every_figure_of_the_operation_that_differs_is_named() -> None:
    expected = read_json(SCENARIOS / EXPECTED)["operation"]
    assert all(each.alike for each in compare_found(expected, {"operation": expected}))
    for name in expected:
        compared = compare_found({**expected, name: "other"}, {"operation": expected})
        (differs,) = [each for each in compared if not each.alike]
        assert differs.sentence == f"{name}: expected {expected[name]}, found other"


def test_a_figure_that_differs_is_named_and_the_demo_fails(services: Hosted, tmp_path: Path) -> None:
    played = against(services, "--expect", expectation(tmp_path, delivered="1400.00"))
    assert played.exit_code == 1
    assert "delivered: expected 1400.00, found 1500.00" in played.stdout
    assert "as the story says" not in played.stdout


def test_an_arrival_three_days_later_gives_52_days_and_differs(services: Hosted) -> None:
    played = against(services, "--arrived", "2021-10-23")
    assert played.exit_code == 1
    assert "days_in_host_country: expected 55, found 52" in played.stdout


def test_the_moved_arrival_is_as_expected_where_52_days_are_expected(services: Hosted, tmp_path: Path) -> None:
    expected = expectation(tmp_path, days_in_host_country=52)
    played = against(services, "--arrived", "2021-10-23", "--expect", expected)
    assert played.exit_code == 0, played.stdout
    assert "after 52 days in the country" in played.stdout


def test_a_step_that_goes_otherwise_is_named(services: Hosted) -> None:
    played = against(services, "--arrived", "2021-12-25")
    assert played.exit_code == 1
    assert "The story differs at this step. the family was registered at the warehouse" in played.stdout


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{}", "names no figure"),
        ("not json", "is not JSON"),
        ("[]", "holds no JSON object"),
        ('{"figures": 55}', "are objects"),
        (None, "cannot be read"),
    ],
)
def test_an_expectation_that_cannot_be_used_is_refused_in_a_sentence(
    services: Hosted, tmp_path: Path, text: str | None, said: str
) -> None:
    path = tmp_path / "expect.json"
    if text is not None:
        path.write_text(text)
    played = against(services, "--expect", str(path))
    assert played.exit_code == 1
    assert said in " ".join(played.stderr.split())


def test_a_figure_nobody_knows_differs(services: Hosted, tmp_path: Path) -> None:
    played = against(services, "--expect", expectation(tmp_path, elephants=1))
    assert played.exit_code == 1
    assert "elephants: expected 1, found None" in played.stdout


def test_services_that_do_not_answer_are_named(tmp_path: Path, services: Hosted) -> None:
    data = str(services.settings.data_dir)
    played = CliRunner().invoke(app, ["demo", "--against", f"{services.url}/nowhere", "--data", data])
    assert played.exit_code == 1
    assert "names the four services" in played.stderr
    played = CliRunner().invoke(app, ["demo", "--against", services.url, "--data", str(tmp_path / "empty")])
    assert played.exit_code == 1
    assert "holds no keys" in played.stderr
    assert not (tmp_path / "empty").exists(), "no key is made that no service knows"


def test_a_demo_that_is_stopped_stops_what_it_started(tmp_path: Path) -> None:
    with subprocess.Popen(command(), env=surroundings(tmp_path), stdout=subprocess.PIPE, text=True) as demo:
        assert demo.stdout is not None
        told = demo.stdout.readline()
        started = psutil.Process(demo.pid).children(recursive=True)
        assert "The four services are up" in told
        assert started
        demo.send_signal(signal.SIGTERM)
        demo.stdout.read()
        assert demo.wait(30) == 130
    assert [child for child in started if child.is_running()] == []
    assert list(tmp_path.iterdir()) == []


def test_what_is_to_be_kept_is_kept_and_stopped_all_the_same(tmp_path: Path) -> None:
    data = tmp_path / "data"
    options = ("--family", "--data", str(data), "--arrived", "2021-12-25")  # ends early
    done = subprocess.run(
        command(*options), env=surroundings(tmp_path), capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == 1
    assert {"registration.db", "events.db", "log.jsonl"} <= {path.name for path in data.iterdir()}
    assert not is_owned(data)
    assert where(data) is None


def test_the_bar_names_chapter_and_step_where_a_terminal_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    shown = StringIO()
    with telling(Console(file=shown, force_terminal=True, width=120), len(CHAPTERS)) as so_far:
        for chapter in CHAPTERS:
            with so_far.chapter(chapter):
                so_far.step(f"the last step of {chapter.title}")
    assert f"{len(CHAPTERS)}/{len(CHAPTERS)}" in shown.getvalue()
    assert CHAPTERS[-1].title in shown.getvalue()
    assert f"the last step of {CHAPTERS[-1].title}" in shown.getvalue()
