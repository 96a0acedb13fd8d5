"""`homeward doctor` on what it is for: a deployment in which something is not as it should be."""

import asyncio
import json
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from secrets import token_hex
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from typer.testing import CliRunner

from services.cli import app
from services.command.doctor import line_of, others
from services.command.doctor.database import _of_the_clocks as clocks_found
from services.command.doctor.database import _of_the_server as server_found
from services.command.doctor.findings import Finding, State, certificate
from shared.clock import machine_now
from shared.keys import Keys
from tests.deploy.commands import found_by_doctor, homeward, said
from tests.servers.databases import Databases
from tests.servers.processes import free_port


@contextmanager
def travel_on(databases: Databases, role: str) -> Iterator[dict[str, str]]:
    """Settings for a migrated database of travel, as seen by a role."""
    name = f"looked_at_{token_hex(4)}"  # two workers look at the same time
    asyncio.run(databases.ask(f"CREATE DATABASE {name} OWNER travel"))
    settings = {
        "HOMEWARD_DATABASE_URL": databases.server.url(name, role),
        "HOMEWARD_BROKER_URL": f"kafka://127.0.0.1:{free_port()}",
    }
    asyncio.run(_migrated(databases.server.url(name, "travel")))
    yield settings
    asyncio.run(databases.ask(f"DROP DATABASE {name} WITH (FORCE)"))


async def _migrated(url: str) -> None:
    from services.command.chosen import wiring_of
    from shared.database import Database
    from shared.migrations import upgrade

    database = Database(url)
    await upgrade(wiring_of("travel"), database)
    await database.close()


def test_the_doctor_sees_a_role_that_may_too_much_and_a_server_that_forgets(databases: Databases) -> None:
    with travel_on(databases, "postgres") as settings:
        code, findings = found_by_doctor("--service", "travel", settings=settings)
    assert code == 2
    wrong = said(findings, "wrong")
    assert "The role may do everything on that server" in wrong
    assert "loses with the power" in wrong  # the server of the tests, which cut no power
    assert "Looking failed" not in wrong


KEEPS = {"version": 17, "copy": False, "fsync": "on", "pages": "on", "synchronous": "on", "local": True, "encrypted": 0}


@pytest.mark.parametrize("name", ["fsync", "pages", "synchronous"])
def test_a_server_that_forgets_by_one_setting_alone_is_wrong(name: str) -> None:
    keeps = SimpleNamespace(**KEEPS, most=1000)
    assert not [each for each in server_found("a", keeps) if each.state is State.WRONG]
    forgets = SimpleNamespace(**{**KEEPS, name: "off"}, most=1000)
    [wrong] = [each for each in server_found("a", forgets) if each.state is State.WRONG]
    assert "loses with the power" in wrong.what


@pytest.mark.parametrize(
    ("apart", "trip", "state"),
    [(0.9, 0.0, State.OK), (1.1, 0.0, State.WARNING), (-40.0, 0.2, State.WARNING), (1.1, 0.4, State.OK)],
)
def test_clocks_are_compared_but_for_the_time_on_the_way(apart: float, trip: float, state: State) -> None:
    before = machine_now()
    there = before + timedelta(seconds=trip / 2 + apart)
    found = clocks_found("a", there, before, before + timedelta(seconds=trip))
    assert found.state is state
    assert state is State.OK or f"{abs(apart):.0f} seconds apart" in found.what


def test_the_doctor_sees_a_role_that_opens_the_database_of_another_service(databases: Databases) -> None:
    asyncio.run(databases.ask("GRANT CONNECT ON DATABASE eligibility TO travel"))
    try:
        with travel_on(databases, "travel") as settings:
            code, findings = found_by_doctor("--service", "travel", settings=settings)
    finally:
        asyncio.run(databases.ask("REVOKE CONNECT ON DATABASE eligibility FROM travel"))
    assert code == 2
    assert "The role may open the database of eligibility, too." in said(findings, "wrong")


def test_a_right_deployment_is_said_to_be_right_and_nothing_is_changed(databases: Databases) -> None:
    with travel_on(databases, "travel") as settings:
        counted = "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_user_tables"
        name = urlsplit(settings["HOMEWARD_DATABASE_URL"]).path.removeprefix("/")
        before = asyncio.run(databases.ask(counted, name))[0][0]
        _, findings = found_by_doctor("--service", "travel", settings=settings)
        assert asyncio.run(databases.ask(counted, name))[0][0] == before
    fine = said(findings, "ok")
    for sentence in ("Its schema is current", "opens no database of another", "clock and this one agree"):
        assert sentence in fine
    assert "0 facts wait to leave" in fine
    assert "Nothing is parked" in fine


def test_a_damaged_file_is_named_with_what_to_do_and_hides_no_other(tmp_path: Path) -> None:
    for name in ("travel", "events"):
        (tmp_path / f"{name}.db").touch(mode=0o600)
        (tmp_path / f"{name}.db").write_bytes(b"torn " * 1000)
    code, findings = found_by_doctor("--data", str(tmp_path))
    assert code == 2
    wrong = said(findings, "wrong").splitlines()
    assert [each.split(" cannot be read")[0] for each in wrong] == [
        f"database of travel: {tmp_path / 'travel.db'}",
        f"events: {tmp_path / 'events.db'}",
    ]
    assert all("Put a copy that was kept elsewhere in its place" in each for each in wrong)
    assert "database of eligibility: There is none yet" in said(findings, "ok")


def test_the_doctor_leaves_no_folder_behind(tmp_path: Path) -> None:
    code, findings = found_by_doctor("--data", str(tmp_path / "none"))
    assert code == 0, said(findings, "wrong")
    assert list(tmp_path.iterdir()) == []


def test_keys_that_others_may_open_or_that_do_not_fit_are_wrong(tmp_path: Path) -> None:
    Keys.development(tmp_path / "keys")
    key = tmp_path / "keys" / "development.jwk.json"
    key.chmod(0o644)
    code, findings = found_by_doctor("--data", str(tmp_path))
    assert code == 2
    assert f"chmod o= {key}" in said(findings, "wrong")
    assert stat.S_IMODE(key.stat().st_mode) == 0o644

    own = json.loads(key.read_text())
    own["kid"] = "of-this-service"
    (tmp_path / "own.jwk").write_text(json.dumps(own))
    (tmp_path / "own.jwk").chmod(0o600)
    public = {name: value for name, value in own.items() if name != "d"} | {"kid": "of-somebody-else"}
    (tmp_path / "jwks.json").write_text(json.dumps({"keys": [public]}))
    settings = {"HOMEWARD_MODE": "production", "HOMEWARD_JWKS": str(tmp_path / "jwks.json")}
    _, findings = found_by_doctor("--data", str(tmp_path), settings=settings)
    assert "HOMEWARD_SERVICE_KEY must name the file" in said(findings, "wrong")
    settings["HOMEWARD_SERVICE_KEY"] = str(tmp_path / "own.jwk")
    _, findings = found_by_doctor("--data", str(tmp_path), settings=settings)
    assert "is not believed by the public keys" in said(findings, "wrong")
    assert own["d"] not in str(findings)


async def test_another_service_where_one_should_be_is_found_out() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if "eligibility" in str(request.url):
            return httpx.Response(200, text="<html>")
        if request.url.path.endswith("asyncapi.json"):
            return httpx.Response(200, json={"info": {"title": "Homeward travel"}})
        return httpx.Response(503, json={"ready": False, "reasons": ["The database cannot be reached."]})

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
        found = [
            await others._look(client, name, f"http://{name}") for name in ("travel", "registration", "eligibility")
        ]
    assert [each.state for each in found] == [State.WARNING, State.WRONG, State.WRONG]
    assert "The database cannot be reached." in found[0].what
    assert "Where registration should be, Homeward travel answers." in found[1].what
    assert "no service of Homeward" in found[2].what


@pytest.mark.parametrize(("days", "state"), [(-1, State.WRONG), (10, State.WARNING), (100, State.OK)])
def test_a_certificate_is_judged_by_the_days_it_has_left(days: int, state: State) -> None:
    from datetime import timedelta

    found = certificate("files", "It", machine_now() + timedelta(days=days), 30)
    assert found.state is state
    assert bool(found.do) is (state is not State.OK)


def test_a_finding_reads_as_two_lines_at_most() -> None:
    assert line_of(Finding("keys", State.OK, "All is well.")) == "ok       keys: All is well."
    told: Any = line_of(Finding("keys", State.WRONG, "It is not.", "Do this."))
    assert told.splitlines() == ["wrong    keys: It is not.", "         -> Do this."]
    assert "doctor" in homeward("--help").stdout


@pytest.mark.parametrize("verb", [["parked"], ["outbox"], ["tail"], ["rebuild", "travel"]])
def test_who_looks_after_a_folder_where_nothing_started_is_told_so(verb: list[str], tmp_path: Path) -> None:
    answer = CliRunner().invoke(app, ["events", *verb, "--data", str(tmp_path / "elsewhere")])
    assert answer.exit_code == 1
    assert f"No service has started on {tmp_path / 'elsewhere'} yet. Name theirs with --data." in answer.stderr
    assert not (tmp_path / "elsewhere").exists(), "and no install is made there"
