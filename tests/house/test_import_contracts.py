"""The import contracts of pyproject.toml hold here, and break on a tree that breaks them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.source import ROOT, SERVICES

NOUN = "services/travel/flights/"
WHOLE = {
    "shared/__init__.py": "",
    **{f"shared/{room}.py": "" for room in ("web", "text", "outbox", "inbox")},
    "shared/http.py": "import httpx",
    "shared/database.py": "import sqlalchemy",
    "shared/brokers/__init__.py": "",
    "shared/brokers/kafka.py": "import aiokafka",
    "shared/consumer.py": "def start():\n    import shared.brokers.kafka",
    "services/__init__.py": "",
    "services/cli.py": "import services.together",
    "services/together.py": "import services.travel.app",
    **{f"services/{service}/__init__.py": "" for service in SERVICES},
    "services/travel/app.py": "import services.travel.handlers, services.travel.flights.routes",
    "services/travel/handlers.py": "import services.travel.flights.actions",
    NOUN + "__init__.py": "",
    NOUN + "routes.py": "import fastapi, shared.web, services.travel.flights.actions",
    NOUN + "schemas.py": "import pydantic",
    NOUN + "actions.py": "import services.travel.flights.queries, services.travel.flights.rules, shared.database",
    NOUN + "queries.py": "import services.travel.flights.models",
    NOUN + "models.py": "import sqlmodel, services.travel.flights.rules",
    NOUN + "rules.py": "import shared.text",
}


def lint_imports(root: Path, files: dict[str, str]) -> tuple[int, str]:
    for place, text in files.items():
        path = root / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    ran = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache", "--no-logo", ROOT / "pyproject.toml"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return ran.returncode, ran.stdout + ran.stderr


def test_the_contracts_hold_on_a_tree_as_it_should_be(tmp_path: Path) -> None:
    status, said = lint_imports(tmp_path, WHOLE)
    assert status == 0, said


@pytest.mark.parametrize(
    ("place", "line", "contract"),
    [
        ("services/registration/__init__.py", "import services.travel.flights.rules", "services are independent"),
        ("shared/web.py", "import services.travel", "shared imports no service"),
        (NOUN + "rules.py", "import services.travel.flights.models", "rules are pure"),
        (NOUN + "rules.py", "import sqlalchemy", "rules are pure"),
        (NOUN + "models.py", "import services.travel.flights.actions", "models and queries rest on rules"),
        (NOUN + "queries.py", "import fastapi", "models and queries rest on rules"),
        (NOUN + "actions.py", "import services.travel.flights.routes", "actions know neither"),
        (NOUN + "actions.py", "import fastapi", "actions know neither"),
        (NOUN + "routes.py", "import services.travel.app", "routes know neither"),
        ("services/travel/handlers.py", "import services.travel.flights.routes", "handlers know neither"),
        ("shared/consumer.py", "import aiokafka", "only shared/brokers/kafka*.py"),
    ],
)
def test_a_contract_breaks_where_an_import_breaks_it(tmp_path: Path, place: str, line: str, contract: str) -> None:
    status, said = lint_imports(tmp_path, WHOLE | {place: line})
    broken = [row for row in said.splitlines() if " BROKEN" in row]
    assert status == 1, said
    assert any(row.startswith(contract) for row in broken), said
