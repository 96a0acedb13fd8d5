"""Two clocks. Machine time runs tokens, leases, retries and timeouts; business time is what guards and reports use.

Nothing outside this module asks the operating system for the time.
"""

import time
from datetime import UTC, datetime


def machine_now() -> datetime:
    """Now, aware, in UTC: for tokens, leases, retries."""
    return datetime.now(UTC)


def monotonic() -> float:
    """Seconds that never run backwards, for durations."""
    return time.monotonic()


def parse_business_time(text: str) -> datetime:
    """The moment in a Business-Time header (RFC 3339 with offset), in UTC. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("needs an offset")
    if not 1900 < moment.year < 2199:  # what is reckoned from it, in UTC too, must stay inside the calendar
        raise ValueError("lies outside the years 1901 to 2198")
    return moment.astimezone(UTC)


def rfc3339(moment: datetime) -> str:
    """`2021-12-14T09:30:00.000000Z`: fixed width, so that text sorts as time does."""
    if moment.tzinfo is None:
        raise ValueError("a moment without an offset")
    if moment.tzinfo is UTC:  # as nearly all come
        return f"{moment.isoformat(timespec='microseconds')[:26]}Z"
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"
