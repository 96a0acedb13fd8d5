"""The auditor of the embedded default: holds the journal against rows, events and effects. Trusts nobody's word.

It reads a folder whose services are quiet or gone, by the rules of tests/auditor, and gives every finding as a
sentence; none means that nothing was lost and nothing was done twice.
"""

from tests.auditor.every_rule import CHECKS
from tests.auditor.evidence import Findings, found_by
from tests.auditor.facts import HEARD, LEFT_AND_ARRIVED
from tests.kills.files import Folder, rows

__all__ = ["HEARD", "audit", "is_quiet"]


def audit(folder: Folder) -> list[str]:
    """Everything that is not as it must be. The services must be quiet."""
    return [*the_files_are_whole(folder), *found_by(CHECKS, folder)]


def is_quiet(folder: Folder) -> bool:
    """Whether nothing waits to leave or to arrive."""
    return not found_by(LEFT_AND_ARRIVED, folder)


def the_files_are_whole(folder: Folder) -> Findings:
    for path in [*map(folder.database, folder.services), folder.log_path]:
        for row in rows(path, "PRAGMA integrity_check"):
            if row["integrity_check"] != "ok":
                yield f"{path.name}: {row['integrity_check']}"
