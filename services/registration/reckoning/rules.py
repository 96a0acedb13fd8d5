"""Kinds of what reports count by, and positions among them. Pure."""

from enum import StrEnum

from shared.problems import Problem


class What(StrEnum):
    """What a row is about, and whose id it names: of the event, of the link, of the assessment."""

    PASSAGE = "passage"
    LINK = "link"
    UNLINK = "unlink"
    ASSESSMENT = "assessment"


class PositionUnknown(Problem):
    slug = "reckoned-position-unknown"
    status = 422
    title = "Nothing was known at that position yet"
    remedy = "Leave `as_known_at` out for what is known now, or give the position that an earlier report named."


def check_position(asked: int | None, last: int) -> int:
    """The position to count at: the last one unless another is asked. Raises `PositionUnknown`."""
    if asked is not None and asked > last:
        raise PositionUnknown()
    return last if asked is None else asked
