"""The data folder of the embedded default: one process owns it at a time, and says there where it answers."""

import fcntl
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any


class FolderInUse(Exception):
    """The folder cannot be had: another process works on it, or it is none. A sentence for who started this one."""


REPLACE_IT = "Put a copy that was kept elsewhere in its place, or give another folder with --data."


@contextmanager
def owned(folder: Path) -> Iterator[None]:
    """Holds the folder until the block ends, or the process dies. Raises `FolderInUse`."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(folder / "owner.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise FolderInUse(f"{folder} cannot be the data folder ({why}). Give another with --data.") from None
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise FolderInUse(
                f"Another Homeward process works on {folder}. Stop it, or give this one another folder with --data."
            ) from None
        yield
    finally:
        os.close(handle)


def check_files(folder: Path) -> None:
    """Whether the folder's database files, where there are any, are such. Raises `FolderInUse`."""
    for file in sorted(folder.glob("*.db")):
        if (trouble := damage_in(file)) is not None:
            raise FolderInUse(f"{trouble} Nothing was changed. {REPLACE_IT}")


def damage_in(file: Path) -> str | None:
    """Why the file is no database, in a sentence; None where it is one. It must be there: looking would make it."""
    try:
        with closing(sqlite3.connect(file)) as opened:
            opened.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.DatabaseError as error:
        return f"{file} cannot be read as a database ({error})."
    return None


def is_owned(folder: Path) -> bool:
    """Whether a process works on the folder just now."""
    try:
        with owned(folder):
            return False
    except FolderInUse:
        return True


def say_where(folder: Path, url: str) -> None:
    """Writes down where the process that owns the folder answers."""
    draft = folder / ".running.json"
    draft.write_text(json.dumps({"url": url, "pid": os.getpid()}))
    draft.replace(folder / "running.json")


def where(folder: Path) -> str | None:
    """Where the process that owns the folder answers, if one does."""
    if not is_owned(folder):
        return None
    try:
        told: Any = json.loads((folder / "running.json").read_text())
    except (OSError, ValueError):
        return None
    return str(told["url"])
