"""Files by which outages tell a running process what to suffer: no hook in the services' code, a patch in the child.

A switch is on while its file is there. The harness writes it, the process reads it, or takes it away where it strikes
once.
"""

import os
from dataclasses import dataclass
from pathlib import Path

PLACE = "switches"
NAMED = "OUTAGES_PART"
"""In the environment of every process of a stack under outages: which part it is."""


@dataclass(frozen=True)
class Switches:
    """Those of one part, or, by a service's name, those that its processes share."""

    folder: Path
    part: str

    def path(self, name: str) -> Path:
        return self.folder / PLACE / f"{self.part}.{name}"

    def on(self, name: str, told: str = "") -> None:
        path = self.path(name)
        path.parent.mkdir(exist_ok=True)
        draft = path.with_suffix(".draft")
        draft.write_text(told)
        draft.rename(path)

    def off(self, name: str) -> bool:
        """Whether it was on."""
        try:
            self.path(name).unlink()
        except FileNotFoundError:
            return False
        return True

    def told(self, name: str) -> str | None:
        """What was written there; None where it is off."""
        try:
            return self.path(name).read_text()
        except FileNotFoundError:
            return None

    def is_on(self, name: str) -> bool:
        return self.path(name).exists()


def of_this_process(folder: Path) -> Switches:
    return Switches(folder, os.environ[NAMED])


def all_off(folder: Path) -> None:
    for path in (folder / PLACE).glob("*"):
        path.unlink(missing_ok=True)
