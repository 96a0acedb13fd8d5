"""When a line of a package is paid, as data: by dates, or counted from the arrival, which is not known yet here.

Reintegration, which knows the arrival, keeps to it. Sources: domain.md, section 1 (the EU programme's and Belgium's
twelve months, StarthilfePlus's second part six to eight months after the arrival) and section 4 (due windows, expiry).
"""

import re
from collections.abc import Iterable
from typing import Annotated, Final

from pydantic import Field

from services.eligibility.vocabulary.rules import Fault
from shared.fields import Body, BusinessDate

Span = Annotated[str, Field(pattern=r"^P(?:[1-9][0-9]{0,2}|0)[MD]$", examples=["P6M", "P14D"])]
"""Whole months or days after the arrival, as an ISO 8601 duration."""

_SPAN: Final = re.compile(r"P(\d+)([MD])")


class Window(Body):
    """`from_*`: the first day on which the line is paid; `until_*`: the last one, after which a payment says why it is
    late; `expires_*`: the last one on which it is paid at all. By date, counted from the arrival of whose line it is
    (for the case's lines, of the first who arrives), or both: then the later `from`, the earlier `until`."""

    from_date: BusinessDate | None = None
    from_arrival: Span | None = None
    until_date: BusinessDate | None = None
    until_arrival: Span | None = None
    expires_on: BusinessDate | None = None
    expires_after_arrival: Span | None = None


def read_span(span: str) -> tuple[int, bool]:
    """How many, and whether they are months, else days."""
    found = _SPAN.fullmatch(span)
    assert found is not None
    return int(found.group(1)), found.group(2) == "M"


def check_window(window: Window, place: str) -> Iterable[Fault]:
    """What contradicts itself in a window, as far as it can be told before an arrival."""
    if window == Window():
        yield Fault(place, "names no day and no span: leave it out")
    for name, begins, ends in (
        ("until_date", window.from_date, window.until_date),
        ("expires_on", window.from_date, window.expires_on),
        ("expires_on", window.until_date, window.expires_on),
    ):
        if begins is not None and ends is not None and ends < begins:
            yield Fault(f"{place}/{name}", f"must not lie before {begins}")
    for name, first, last in (
        ("until_arrival", window.from_arrival, window.until_arrival),
        ("expires_after_arrival", window.from_arrival, window.expires_after_arrival),
        ("expires_after_arrival", window.until_arrival, window.expires_after_arrival),
    ):
        if first is not None and last is not None and _at_most(last) < _at_least(first):
            yield Fault(f"{place}/{name}", f"must not lie before {first} after the arrival")


def _at_most(span: str) -> int:
    number, months = read_span(span)
    return number * 31 if months else number


def _at_least(span: str) -> int:
    number, months = read_span(span)
    return number * 28 if months else number


def window_in_words(window: Window) -> str:
    """For an officer, such as `paid from 6 months after the arrival, until 8 months after the arrival`."""
    parts = (
        ("from", window.from_date, window.from_arrival),
        ("until", window.until_date, window.until_arrival),
        ("lost after", window.expires_on, window.expires_after_arrival),
    )
    said = [f"{word} {' and '.join(days)}" for word, day, span in parts if (days := _days(day, span))]
    return f"paid {', '.join(said)}"


def _days(day: object, span: str | None) -> list[str]:
    found = [] if day is None else [str(day)]
    if span is not None:
        number, months = read_span(span)
        unit = ("month" if months else "day") + ("" if number == 1 else "s")
        found.append(f"{number} {unit} after the arrival")
    return found
