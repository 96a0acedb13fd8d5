"""`homeward demo`: starts the services, plays the operation, shows what became of it, and stops everything."""

import resource
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from rich.console import Console

from services.command.run import CannotStart
from services.demo.chapters import CHAPTERS, Chapter
from services.demo.family import Family
from services.demo.figures import (
    Answers,
    Compared,
    ask_the_services,
    compare,
    compare_found,
    days_in_host_country,
)
from services.demo.hosting import names_four, services_up
from services.demo.operation import whole
from services.demo.pages import beside, make_console, standing, telling, timeline
from services.demo.scenario import SCENARIOS, Scenario, read_json, read_scenario
from services.demo.teller import StoryDiffers, Teller
from shared.auth import Keys, Role, issue_token, load_keys
from shared.clock import machine_now
from shared.settings import SERVICES, Settings

STORY = "family.json"
EXPECTED = "family.expect.json"
TOKEN_SECONDS = 3_600


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the demo is asked for. `against`: services that run already, whose keys lie in `data`."""

    expect: Path | None = None
    against: str | None = None
    arrived: date | None = None
    keep: bool = False
    data: Path | None = None
    family_only: bool = False
    whole: bool = False

    @property
    def chapters(self) -> tuple[Chapter, ...]:
        """The whole operation; of services that run already the family's part, for what they hold is not known, unless
        the whole is asked for by who knows that they hold nothing."""
        everything = self.whole or (self.against is None and not self.family_only)
        return whole() if everything else CHAPTERS


def play(wanted: Wanted, console: Console | None = None) -> int:
    """Tells the story. 0 when everything is as expected, else 1, having said which figure or step is not.

    Raises `CannotStart`, and `ScenarioMissing` for a file that cannot be used.
    """
    console = console or make_console()
    expected = read_json(wanted.expect or SCENARIOS / EXPECTED)
    story = arranged(read_scenario(STORY), wanted.arrived)
    began = time.monotonic()
    with ExitStack() as stack:
        stack.enter_context(_stopped_by_sigterm())
        url, data = _stage(stack, wanted, console)
        addresses = names_four(url)
        if addresses is None or not set(SERVICES) <= set(addresses):
            raise CannotStart(f"Nothing at {url} names the four services. Give the address that `homeward up` prints.")
        client = stack.enter_context(httpx.Client(timeout=30, trust_env=False))
        teller = Teller(addresses, tokens_for(_keys(wanted, data)), uuid4().hex, client=client)
        family = Family(teller, story)
        try:
            said = _told(family, console, wanted.chapters)
            figures = compare(said, expected)
            if wanted.chapters is not CHAPTERS:
                figures += compare_found(family.found, expected)
        except StoryDiffers as error:
            console.print(f"The story differs at this step. {error}", style="bold red", markup=False)
            return 1
        finally:
            stack.close()  # a process tells how large it was once it has ended
        took = time.monotonic() - began
        status = _shown(console, family, said, figures)
        _say_what_it_took(console, took, here=wanted.against is None)
        return status


def arranged(story: Scenario, arrived: date | None) -> Scenario:
    """The story with another day of arrival in the host country."""
    if arrived is None:
        return story
    return {**story, "case": {**story["case"], "arrived_in_host_country": arrived.isoformat()}}


def tokens_for(keys: Keys) -> Callable[[str], str]:
    """A bearer token by role; each role is somebody else, so that nobody approves or pays their own."""
    made: dict[str, str] = {}

    def token(role: str) -> str:
        if role not in made:
            made[role] = issue_token(keys, f"demo-{role}", [Role(role)], TOKEN_SECONDS, machine_now())
        return made[role]

    return token


def _stage(stack: ExitStack, wanted: Wanted, console: Console) -> tuple[str, Path | None]:
    """Where the services answer, and the folder their keys lie in."""
    if wanted.against is not None:
        return wanted.against.rstrip("/"), wanted.data
    if wanted.data is None:
        folder = Path(tempfile.mkdtemp(prefix="homeward-demo-"))
        if not wanted.keep:
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
    else:
        folder = wanted.data
        folder.mkdir(parents=True, exist_ok=True)
    url = stack.enter_context(services_up(folder))
    kept = wanted.keep or wanted.data is not None
    console.print(f"The four services are up at {url}, on {'' if kept else 'the temporary folder '}{folder}.")
    return url, folder


def _keys(wanted: Wanted, data: Path | None) -> Keys:
    """Those of the services we started, whatever the environment says; else those that the settings name."""
    if wanted.against is None and data is not None:
        return Keys.development(data / "keys")
    settings = Settings() if data is None else Settings(data_dir=data)
    if not settings.development:
        raise PermissionError("Only development mode makes tokens, and only there may a request set the business time.")
    if not (settings.data_dir / "keys").exists():
        raise CannotStart(f"{settings.data_dir} holds no keys. Name with --data the folder that {wanted.against} uses.")
    return load_keys(settings)


def _told(family: Family, console: Console, chapters: tuple[Chapter, ...]) -> Answers:
    with telling(console, len(chapters)) as so_far:
        family.teller.on_step = so_far.step
        for chapter in chapters:
            with so_far.chapter(chapter):
                chapter.tell(family)
        return ask_the_services(family)


def _say_what_it_took(console: Console, seconds: float, *, here: bool) -> None:
    """`here`: the services were started by us, and what they took in memory is known."""
    size = f", largest process {largest_process()} MB" if here else ""
    console.print(f"\nPlayed in {seconds:.0f} s{size}.", markup=False)


def largest_process() -> int:
    """The most memory (MB) that this process, or one that it started and that has ended, ever held."""
    unit = 1 if sys.platform == "darwin" else 1024  # what getrusage counts in
    ever = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return ever * unit // 1_000_000


def _shown(console: Console, family: Family, said: Answers, figures: list[Compared]) -> int:
    for table in (timeline(family, said), standing(family, said), beside(figures)):
        console.print()
        console.print(table)
    days = days_in_host_country(said)
    console.print(f"\nThe family left after {days} days in the country, and is home.")
    differing = [each for each in figures if not each.alike]
    if not differing:
        console.print(f"All {len(figures)} figures are as the story says.", style="bold green")
        return 0
    for each in differing:
        console.print(each.sentence, style="bold red", markup=False)
    return 1


@contextmanager
def _stopped_by_sigterm() -> Iterator[None]:
    """Whoever ends the demo ends what it started: SIGTERM leaves through the same door as Ctrl-C."""

    def leave(*_: Any) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
