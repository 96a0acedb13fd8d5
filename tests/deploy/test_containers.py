"""What is run in containers, as the files say it; `make containers-check` runs it."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from shared.settings import SERVICES, Settings
from tests.house.source import ROOT
from tests.servers.kafka import JARS

COMPOSE = (ROOT / "docker-compose.yml").read_text()
DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text()
STACK: dict[str, Any] = yaml.safe_load(COMPOSE)["services"]
OURS = [name for name in STACK if name.split("-")[0] in SERVICES]


def test_every_service_has_an_api_a_worker_and_a_migration() -> None:
    assert set(OURS) == {f"{name}{part}" for name in SERVICES for part in ("", "-worker", "-migrate")}
    for name in SERVICES:
        assert "command" not in STACK[name]  # the image's own: the API
        assert " ".join(STACK[f"{name}-worker"]["command"]) == f"homeward work {name} --host 0.0.0.0"
        assert STACK[f"{name}-migrate"]["command"] == ["homeward", "migrate", name]
        assert {STACK[f"{name}{part}"]["image"] for part in ("", "-worker", "-migrate")} == {f"homeward-{name}"}


def test_each_starts_when_what_it_needs_is_well() -> None:
    well, done = {"condition": "service_healthy"}, {"condition": "service_completed_successfully"}
    for name in SERVICES:
        servers = {"postgres": well, "kafka": well}
        assert STACK[f"{name}-migrate"]["depends_on"] == servers
        assert STACK[name]["depends_on"] == STACK[f"{name}-worker"]["depends_on"]
        assert STACK[name]["depends_on"] == {**servers, f"{name}-migrate": done}
    assert STACK["front"]["depends_on"] == dict.fromkeys(SERVICES, well)


def test_nothing_of_ours_runs_as_root_or_writes_to_its_image() -> None:
    for name in [*OURS, "front", "demo"]:
        assert STACK[name]["user"] == "10001:10001", name
        assert STACK[name]["read_only"] is True, name
        assert STACK[name]["cap_drop"] == ["ALL"], name
        assert STACK[name]["security_opt"] == ["no-new-privileges:true"], name
    assert re.findall(r"^USER (.+)$", DOCKERFILE, re.MULTILINE) == ["10001:10001"]


def test_every_process_that_stays_is_looked_after() -> None:
    stay = [name for name in STACK if not name.endswith("-migrate") and name != "demo"]
    for name in stay:
        assert STACK[name]["restart"] == "unless-stopped", name
        assert "mem_limit" in STACK[name], name
        # the API's is the image's own
        assert name in SERVICES or STACK[name]["healthcheck"]["test"][0] == "CMD", name
    for name in SERVICES:
        assert STACK[f"{name}-worker"]["healthcheck"]["test"][-1] == str(Settings().worker_port)
        assert STACK[name]["stop_grace_period"] == STACK[f"{name}-worker"]["stop_grace_period"] == "30s"
    assert '"/app/src/deploy/containers/healthy", "8000"]' in DOCKERFILE
    assert set(STACK["demo"]["depends_on"]) == {"front", *(f"{name}-worker" for name in SERVICES)}


def test_an_api_knows_the_path_that_the_front_lays_it_under() -> None:
    front = (ROOT / "deploy" / "front" / "nginx.conf").read_text()
    assert "/(" + "|".join(SERVICES) + ")(/.*)$" in front
    for name in SERVICES:
        assert STACK[name]["environment"]["HOMEWARD_ROOT_PATH"] == f"/{name}"


def test_each_service_opens_its_own_database_alone() -> None:
    for name in OURS:
        service = name.split("-")[0]
        at = f"postgresql+asyncpg://{service}:${{{service.upper()}_PASSWORD:-homeward}}@postgres/{service}"
        assert STACK[name]["environment"]["HOMEWARD_DATABASE_URL"] == at


def test_every_setting_in_the_stack_is_one() -> None:
    known = {f"HOMEWARD_{name.upper()}" for name in Settings.model_fields}
    for name in OURS:
        assert set(STACK[name]["environment"]) <= known


def test_only_the_front_is_reached_from_outside() -> None:
    assert [name for name, service in STACK.items() if "ports" in service] == ["front"]
    assert STACK["front"]["ports"] == ["127.0.0.1:${PORT:-8000}:8000"]


def test_what_the_stack_asks_for_is_listed_with_its_default() -> None:
    asked = dict(re.findall(r"\$\{([A-Z_]+):-([^}]*)\}", COMPOSE))
    listed = re.findall(r"^#([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert {name: default for name, default in listed if not name.startswith("HOMEWARD_")} == asked


def test_the_kafka_of_the_stack_is_the_one_that_is_tested() -> None:
    tested = re.search(r"kafka_2.13</artifactId>\s*<version>([\d.]+)<", (ROOT / "deploy/kafka/pom.xml").read_text())
    assert tested is not None
    assert f"apache/kafka:{tested[1]}}}" in COMPOSE
    assert not JARS.exists() or (JARS / f"kafka_2.13-{tested[1]}.jar").exists()


def test_an_image_holds_what_the_lock_says_and_nothing_for_working_here() -> None:
    def pinned(name: str) -> set[str]:
        return set(re.findall(r"^([a-z][\w.-]*==[^\s;]+)", (ROOT / name).read_text(), re.MULTILINE))

    assert pinned("deploy/runtime.lock") < pinned("requirements.lock")
    assert not {each.split("==")[0] for each in pinned("deploy/runtime.lock")} & {"pytest", "ruff", "mypy", "psutil"}


def test_the_files_read_as_they_should() -> None:
    hadolint = shutil.which("hadolint", path=str(ROOT / ".venv" / "bin"))
    if hadolint is not None:
        subprocess.run([hadolint, ROOT / "deploy" / "Dockerfile"], check=True)
    compose = _compose()
    if compose is None:
        pytest.skip("neither docker-compose nor `docker compose`, to read docker-compose.yml as Docker does")
    told = subprocess.run([*compose, "config", "-q"], cwd=ROOT, check=False, capture_output=True, text=True)
    assert told.returncode == 0, told.stderr


def _compose() -> list[str] | None:
    """The command of Compose, as a program of its own or as a part of Docker's."""
    if (alone := shutil.which("docker-compose")) is not None:
        return [alone]
    docker = shutil.which("docker")
    if docker is None:
        return None
    asked = subprocess.run([docker, "compose", "version"], check=False, capture_output=True)
    return [docker, "compose"] if asked.returncode == 0 else None


@pytest.mark.parametrize(
    ("programs", "found"),
    [
        ({}, None),
        ({"docker": 1}, None),
        ({"docker": 0}, ["docker", "compose"]),
        ({"docker": 0, "docker-compose": 0}, ["docker-compose"]),
    ],
)
def test_compose_is_found_either_way(
    programs: dict[str, int], found: list[str] | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, code in programs.items():
        (tmp_path / name).write_text(f"#!/bin/sh\nexit {code}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    expected = None if found is None else [str(tmp_path / found[0]), *found[1:]]
    assert _compose() == expected
