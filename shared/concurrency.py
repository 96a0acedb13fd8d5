"""Two writers: every mutable table has a `version`; it is the ETag; a change names the version it was made from."""

import re
from typing import Any, Protocol

from shared.problems import PreconditionMissing, StaleVersion

ETAG = re.compile(r'(?:W/)?"?(\d{1,18})"?')


class Versioned(Protocol):
    version: int


def expected_version(header: str | None, *, needed: bool) -> int | None:
    """The version in If-Match. Raises `PreconditionMissing` when it is needed, `StaleVersion` when it is no version of
    ours (`*` stands for any)."""
    if header is None:
        if needed:
            raise PreconditionMissing()
        return None
    if header.strip() == "*":
        return None
    form = ETAG.fullmatch(header.strip())
    if form is None:
        raise StaleVersion("If-Match holds no version that was given out here")
    return int(form.group(1))


def etag(version: int) -> str:
    return f'"{version}"'


def is_known(header: str | None, version: int) -> bool:
    """Whether If-None-Match names this version: a list of ETags, weak or strong, or `*` (RFC 9110)."""
    if header is None:
        return False
    given = [part.strip().removeprefix("W/") for part in header.split(",")]
    return "*" in given or etag(version) in given


def touch(row: Any) -> None:
    """Marks a loaded row as changed: its version goes up, and the UPDATE asks for the version that was read."""
    row.version += 1
