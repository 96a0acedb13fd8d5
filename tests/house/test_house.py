"""The house keeps its own rules, and each check is shown to find what it looks for."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.house import imports, names, places
from tests.house.source import ROOT, read

Check = Callable[[Path], list[str]]
CASES = "services/registration/cases/"

# For each check: a file that must be found, and one beside it that must not.
SHOWN: list[tuple[Check, dict[str, str], dict[str, str]]] = [
    (names.names_that_say_nothing, {"shared/utils.py": ""}, {"shared/text.py": ""}),
    (names.names_that_say_nothing, {"services/travel/common/rules.py": ""}, {"services/travel/flights/rules.py": ""}),
    (names.files_without_a_role, {CASES + "service.py": ""}, {CASES + "actions.py": ""}),
    (names.files_without_a_role, {"services/travel/tools.py": ""}, {"services/travel/app.py": ""}),
    (names.files_without_a_role, {CASES + "more/rules.py": ""}, {"services/travel/migrations/versions/a.py": ""}),
    (
        names.handlers_not_named_on,
        {"services/travel/handlers.py": "async def case_registered(): ..."},
        {"services/travel/handlers.py": "async def on_case_registered(): ...\ndef _fold(): ..."},
    ),
    (
        names.routes_not_named_as_their_action,
        {CASES + "routes.py": "@router.post('/cases')\nasync def create(): await actions.register_case()"},
        {CASES + "routes.py": "@router.post('/cases')\nasync def register_case(): await actions.register_case()"},
    ),
    (
        names.routes_not_named_as_their_action,
        {
            CASES + "routes.py": "from services.registration.cases.actions import hold_case\n"
            "@router.post('/holds')\nasync def create(): await hold_case()"
        },
        {CASES + "routes.py": "@router.get('/cases')\nasync def list_cases(): await queries.cases()"},
    ),
    (
        names.events_misnamed_or_misplaced,
        {"shared/contracts/travel.py": "class B(Event):\n type: ClassVar[str] = 'homeward.travel.booking.book.v1'"},
        {"shared/contracts/travel.py": "class B(Event):\n type: ClassVar[str] = 'homeward.travel.booking.made.v1'"},
    ),
    (
        names.events_misnamed_or_misplaced,
        {CASES + "rules.py": "class Held(Event):\n type: ClassVar[str] = 'homeward.registration.case.held.v1'"},
        {CASES + "rules.py": "class Holding:\n type: str = 'held'"},
    ),
    (
        names.tests_that_are_no_sentence,
        {"tests/test_a.py": "def test_case_held(): ..."},
        {"tests/test_a.py": "def test_a_child_never_flies_alone(): ..."},
    ),
    (
        places.commits_elsewhere,
        {CASES + "actions.py": "async def a(session): await session.commit()"},
        {"shared/consumer.py": "async def a(session): await session.commit()"},
    ),
    (
        places.commits_elsewhere,
        {CASES + "actions.py": "async def a(s):\n async with s.begin_nested(): ..."},
        {CASES + "actions.py": "async def a(s): await s.flush()"},
    ),
    (
        places.savepoints,
        {"shared/consumer.py": "async def a(s):\n async with s.begin_nested(): ..."},
        {"shared/consumer.py": "async def a(s):\n async with s.begin(): ..."},
    ),
    (places.commits_elsewhere, {"shared/outbox.py": "def a(d): d.transaction()"}, {"shared/web.py": "d.transaction()"}),
    (
        places.clocks_elsewhere,
        {CASES + "rules.py": "import datetime as d\nx = d.datetime.now()"},
        {"shared/clock.py": "x = datetime.now()"},
    ),
    (places.clocks_elsewhere, {CASES + "rules.py": "from time import time"}, {CASES + "rules.py": "x = act.now"}),
    (places.clocks_elsewhere, {CASES + "rules.py": "x = date.today()"}, {CASES + "rules.py": "x = act.today"}),
    (places.clocks_elsewhere, {CASES + "rules.py": "x = machine_now()"}, {CASES + "actions.py": "x = machine_now()"}),
    (places.clocks_elsewhere, {CASES + "rules.py": "x = time.time()"}, {CASES + "rules.py": "from time import sleep"}),
    (
        places.money_as_float,
        {"services/travel/flights/models.py": "class F:\n fare_total: float | None = None"},
        {"services/travel/flights/models.py": "class F:\n fare: Decimal\n hours: float"},
    ),
    (places.prints_elsewhere, {CASES + "rules.py": "print(1)"}, {"services/cli.py": "print(1)"}),
    (places.files_that_outgrew_their_room, {"shared/a.py": "x = 1\n" * 351}, {"shared/a.py": "x = 1\n" * 350}),
    (
        places.silenced_without_a_reason,
        {"shared/a.py": "x = 1  # type: ig" + "nore[misc]"},
        {"shared/a.py": "x = 1  # type: ig" + "nore[misc]  # aiokafka carries no types"},
    ),
    (
        places.silenced_without_a_reason,
        {"shared/a.py": "x = 1  # no" + "qa"},
        {"shared/a.py": "x = '# no" + "qa'\ny = 1  # no" + "qa: S101 - nothing else calls this"},
    ),
    (places.addresses_in_the_lock, {"requirements.lock": "a @ https" + "://x/a.whl"}, {"requirements.lock": "a==1"}),
    (
        imports.nouns_reached_past_their_door,
        {CASES + "actions.py": "from services.registration.consents.models import Consent"},
        {CASES + "actions.py": "from services.registration.consents.queries import consents_of"},
    ),
    (
        imports.nouns_reached_past_their_door,
        {CASES + "actions.py": "from ..consents import models"},
        {CASES + "actions.py": "from . import rules\nfrom services.registration.consents import actions"},
    ),
    (
        imports.together_that_knows_too_much,
        {"services/together.py": "from services.travel.flights.models import Flight"},
        {"services/together.py": "from services.travel.app import create_app\nfrom shared.web import build_app"},
    ),
]
CHECKS = sorted({check for check, _, _ in SHOWN}, key=lambda check: check.__name__)


def tree(root: Path, files: dict[str, str]) -> Path:
    for place, text in files.items():
        path = root / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def test_the_house_keeps_its_own_rules() -> None:
    found = {f"{check.__name__}: {check.__doc__}": check(ROOT) for check in CHECKS}
    read.cache_clear()
    assert {rule: places for rule, places in found.items() if places} == {}


@pytest.mark.parametrize(("check", "bad", "good"), SHOWN, ids=[f"{s[0].__name__}{n}" for n, s in enumerate(SHOWN)])
def test_each_check_finds_what_it_looks_for(
    check: Check, bad: dict[str, str], good: dict[str, str], tmp_path: Path
) -> None:
    assert len(check(tree(tmp_path / "bad", bad))) == 1
    assert check(tree(tmp_path / "good", good)) == []


def test_every_check_there_is_was_shown() -> None:
    written = {
        value
        for module in (imports, names, places)
        for name, value in vars(module).items()
        if callable(value) and getattr(value, "__module__", "") == module.__name__ and not name.startswith("_")
    }
    assert written - {imports.imported} == set(CHECKS)
