"""Watches a run of the tests, and ends its servers where the run could not: `python -m tests.servers.watch DIR`."""

import sys
import time
from pathlib import Path

from tests.servers.processes import noted
from tests.servers.session import close_session


def watch(folder: Path, pause: float = 0.5) -> None:
    """Returns when the run's folder is gone; removes it when the run is."""
    try:
        owner, _ = noted(folder / "owner")
        while folder.exists() and owner.is_alive():
            time.sleep(pause)
    except FileNotFoundError:
        return
    close_session(folder)


if __name__ == "__main__":
    watch(Path(sys.argv[1]))
