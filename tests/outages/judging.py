"""What judges a run."""

from pathlib import Path

from tests.outages.auditor import audit
from tests.stack import Stack


def judged(stack: Stack, journal: Path) -> list[str]:
    """Everything that is not as it must be."""
    return audit(stack, journal)
