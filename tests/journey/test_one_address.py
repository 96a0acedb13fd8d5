"""What the address of all four answers itself: where a problem's `type` leads, and problems of its own."""

from pathlib import Path
from urllib.parse import urljoin

import httpx
import pytest
from typer.testing import CliRunner

from services.cli import app
from services.together import create_together
from shared.settings import SERVICES, Settings
from tests.journey.hosting import Hosted

PROBLEM = "application/problem+json"


@pytest.mark.parametrize("service", SERVICES)
def test_the_type_of_a_problem_leads_to_its_page(services: Hosted, service: str) -> None:
    asked = f"{services.url}/{service}/{'flights' if service == 'travel' else 'cases'}"
    refused = services.client.get(asked)
    assert (refused.status_code, refused.headers["content-type"]) == (401, PROBLEM)
    page = services.client.get(urljoin(asked, refused.json()["type"]))
    assert page.status_code == 200
    assert page.json() == {name: refused.json()[name] for name in ("type", "status", "title", "remedy")}


def test_the_kinds_of_all_four_are_listed_together(services: Hosted) -> None:
    together = {each["type"] for each in services.client.get(f"{services.url}/problems").json()["problems"]}
    assert together >= {"/problems/not-enough-seats", "/problems/own-plan", "/problems/stale-version"}
    for kind in together:
        assert services.client.get(services.url + kind).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "slug"),
    [
        ("GET", "/nobody", "not-found"),
        ("GET", "/problems/of-nobody", "not-found"),
        ("POST", "/", "method-not-allowed"),
        ("DELETE", "/problems", "method-not-allowed"),
    ],
)
def test_what_is_refused_at_the_address_of_all_four_is_a_problem(
    services: Hosted, method: str, path: str, slug: str
) -> None:
    answer = services.client.request(method, services.url + path)
    assert answer.headers["content-type"] == PROBLEM
    assert (answer.json()["type"], answer.json()["status"]) == (f"/problems/{slug}", answer.status_code)
    assert answer.json()["instance"].startswith("urn:uuid:")


async def test_a_failure_that_nobody_foresaw_is_a_problem_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_kind: object) -> object:
        raise ZeroDivisionError

    monkeypatch.setattr("services.together.page_of", fail)
    root = create_together(Settings(data_dir=tmp_path))
    transport = httpx.ASGITransport(app=root, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://all") as client:
        answer = await client.get("/problems/not-found")
    assert (answer.status_code, answer.headers["content-type"]) == (500, PROBLEM)
    assert answer.json()["type"] == "/problems/unforeseen-failure"


def test_a_token_is_signed_with_the_keys_of_the_folder_that_the_settings_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOMEWARD_DATA_DIR", str(tmp_path / "elsewhere"))
    made = CliRunner().invoke(app, ["token", "--role", "auditor"])
    assert made.exit_code == 0, made.output
    assert (tmp_path / "elsewhere" / "keys").exists()
    assert not (tmp_path / "data").exists()
    named = CliRunner().invoke(app, ["token", "--role", "auditor", "--data", str(tmp_path / "named")])
    assert named.exit_code == 0, named.output
    assert (tmp_path / "named" / "keys").exists()
    assert f"No service has started on {tmp_path / 'named'} yet" in named.stderr
    again = CliRunner().invoke(app, ["token", "--role", "auditor", "--data", str(tmp_path / "named")])
    assert again.stderr == "", "the keys are not new any more"


@pytest.mark.parametrize("command", [["up", "--port", "0"], ["token", "--role", "auditor"]])
def test_a_wrong_setting_is_named_in_a_sentence(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOMEWARD_POOL", "many")
    said = CliRunner().invoke(app, command)
    assert said.exit_code == 1
    assert said.output.startswith("HOMEWARD_POOL: ")
    assert "Traceback" not in said.output
