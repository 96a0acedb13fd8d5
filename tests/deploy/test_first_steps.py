"""`docs/first-steps.md`, done as it is written: a new install, the block of the page, a case that is eligible."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy.commands import as_process, environment
from tests.house.source import ROOT

PAGE = ROOT / "docs/first-steps.md"
BY_DEFAULT = "http://127.0.0.1:8000"
WAITS_LONGER = "sleep() { command sleep 3; }\n"
"""A machine full of tests needs more than the second of the page for a fact to arrive."""


def block(url: str) -> str:
    """What the page says to put into a file, of services at another address."""
    found: list[str] = re.findall(r"^```sh\n(.+?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    (only,) = found
    assert BY_DEFAULT in only
    return WAITS_LONGER + only.replace(BY_DEFAULT, url)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl, with which the page calls")
def test_the_first_steps_lead_from_an_empty_install_to_a_case_that_is_eligible(tmp_path: Path) -> None:
    for name, goal in ((".venv", Path(sys.prefix)), ("deploy", ROOT / "deploy")):
        (tmp_path / name).symlink_to(goal)
    data = {"HOMEWARD_DATA_DIR": str(tmp_path / "data"), "HOMEWARD_LOG_LEVEL": "WARNING"}
    command, told = as_process(["up", "--port", "0"], data)
    with subprocess.Popen(command, **told, stdout=subprocess.PIPE, text=True) as services:
        try:
            assert services.stdout is not None
            up = re.match(r"Homeward is up at (\S+),", services.stdout.readline())
            assert up is not None
            done = subprocess.run(
                ["sh", "-c", block(up[1])],
                cwd=tmp_path,
                env=environment({"PYTHONPATH": str(ROOT)}),
                capture_output=True,
                text=True,
                timeout=90,
                check=False,
            )
        finally:
            services.terminate()
    assert (done.returncode, done.stderr) == (0, "")
    *_, first, then, readiness, words = done.stdout.splitlines()
    assert (first, then) == ("needs_information", "eligible"), done.stdout
    (person,) = json.loads(readiness)["individuals"]
    assert person["at_booking"]["passed"], person
    assert json.loads(words)["language"] == "ckb"
