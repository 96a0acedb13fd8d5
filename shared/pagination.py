"""Pages by opaque cursor: stable under inserts, no total count."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel
from sqlalchemy import ColumnElement

from shared.problems import Problem

Item = TypeVar("Item")
Place = TypeVar("Place")
DEFAULT_LIMIT = 50
MAX_LIMIT = 200

Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT, description="How many at most")]
Cursor = Annotated[str | None, Query(max_length=200, description="`next` of the page before; opaque")]


class CursorUnusable(Problem):
    slug = "cursor-unusable"
    status = 400
    title = "That cursor was not given out here"
    remedy = "Take `next` of the page before as it is, or leave the cursor out to begin at the start."


class Page(BaseModel, Generic[Item]):
    """One page. `next` is null on the last one."""

    items: list[Item]
    next: str | None


def after(cursor: str | None) -> UUID | None:
    """The id after which the page begins. Raises `CursorUnusable`."""
    if cursor is None:
        return None
    try:
        raw = base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4))
        found = UUID(bytes=raw[1:])
        if raw[:1] != b"\x01" or cursor_of(found) != cursor:  # the decoder passes over what is not base64
            raise ValueError("shape")
        return found
    except (ValueError, binascii.Error, UnicodeEncodeError):
        raise CursorUnusable() from None


def cursor_of(last: UUID) -> str:
    return base64.urlsafe_b64encode(b"\x01" + last.bytes).decode().rstrip("=")


def cursor_at(*place: object) -> str:
    """The cursor of a list whose order is more than an id: the parts of the last row's place, in their order."""
    return base64.urlsafe_b64encode("|".join(str(part) for part in place).encode()).decode().rstrip("=")


def place_after(cursor: str | None, read: Callable[..., Place]) -> Place | None:
    """What `read` makes of the parts that `cursor_at` was given, as text. Raises `CursorUnusable`."""
    if cursor is None:
        return None
    try:
        return read(*base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().split("|"))
    except (binascii.Error, ValueError, TypeError):
        raise CursorUnusable() from None


def exactly(column: Any, value: Any) -> ColumnElement[bool]:
    """That the column has this value, said so that a list in the order of (column, id) is read from the index of both.

    With a plain `=` the planner knows the column for a constant, finds the order by id alone as good, and may walk the
    whole table by its key until it has met a page of that value: with a million closed files that is most of them.
    """
    found: ColumnElement[bool] = column.between(value, value)
    return found


def page(rows: Sequence[Any], limit: int, show: Callable[[Any], Item]) -> Page[Item]:
    """A page of at most `limit` of the rows, of which the caller read one more than that to see whether more follow."""
    return Page(items=[show(row) for row in rows[:limit]], next=next_after(rows, limit))


def next_after(rows: Sequence[Any], limit: int) -> str | None:
    """The cursor of the page after these rows, of which the caller read one more than `limit` if there were more."""
    return cursor_of(rows[limit - 1].id) if len(rows) > limit else None
