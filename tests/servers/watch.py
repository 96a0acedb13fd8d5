"""Watches a run of the tests, and ends its servers where the run could not."""

import sys
import time
from pathlib import Path

from tests.servers.processes import ServerProcess
from tests.servers.session import close_session


def watch(folder: Path, owner: ServerProcess, pause: float = 0.5) -> None:
    """Returns when the run's folder is gone; removes it when the run is."""
    while folder.exists() and owner.is_alive():
        time.sleep(pause)
    close_session(folder)


if __name__ == "__main__":
    pid, started = sys.argv[2].split(":")
    watch(Path(sys.argv[1]), ServerProcess(int(pid), float(started)))
