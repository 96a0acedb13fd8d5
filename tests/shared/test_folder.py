"""The data folder: a sentence for each thing that it can be instead of one."""

import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner

from services.cli import app
from shared.folder import FolderInUse, check_files, owned, where


def started(*command: str) -> str:
    """What the command says before it gives up."""
    said = CliRunner().invoke(app, list(command))
    assert said.exit_code == 1
    assert isinstance(said.exception, SystemExit)
    assert "Traceback" not in said.output
    return said.output


def test_a_file_is_no_data_folder(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("mine")
    for folder in (file, file / "deeper"):
        with pytest.raises(FolderInUse, match="cannot be the data folder"), owned(folder):
            pass
        assert where(folder) is None
        assert str(folder) in started("up", "--port", "0", "--data", str(folder)).replace("\n", "")
    assert file.read_text() == "mine"


@pytest.mark.parametrize("name", ["registration.db", "events.db"])
def test_a_file_that_is_no_database_is_named_with_what_to_do(tmp_path: Path, name: str) -> None:
    broken = tmp_path / name
    broken.write_bytes(b"this was a database once" * 400)
    for command in (["up", "--port", "0"], ["migrate"]):
        said = started(*command, "--data", str(tmp_path))
        assert str(broken) in said
        assert "--data" in said
    assert broken.read_bytes() == b"this was a database once" * 400


def test_sound_files_and_none_at_all_are_fine(tmp_path: Path) -> None:
    check_files(tmp_path / "not there")
    with sqlite3.connect(tmp_path / "sound.db") as opened:
        opened.execute("CREATE TABLE one (id INTEGER)")
    opened.close()
    (tmp_path / "empty.db").touch()
    check_files(tmp_path)
