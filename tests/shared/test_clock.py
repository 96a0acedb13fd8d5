"""Business time as it comes in a header: always in UTC, and with room before and after it in the calendar."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.clock import parse_business_time


@pytest.mark.parametrize(
    "said",
    [
        "1800-12-31T23:59:59Z",
        "1900-01-01T00:00:00+14:00",
        "2199-12-31T23:59:59-14:00",
        "2200-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59Z",
    ],
)
def test_a_time_outside_the_years_is_none_wherever_it_is_said(said: str) -> None:
    with pytest.raises(ValueError, match="years"):
        parse_business_time(said)


@given(
    st.datetimes(datetime(1901, 1, 1), datetime(2198, 12, 31)),
    st.integers(-24 * 60 + 1, 24 * 60 - 1).map(lambda minutes: timedelta(minutes=minutes)),
)
def test_a_time_that_is_taken_leaves_room_for_what_is_reckoned_from_it(local: datetime, offset: timedelta) -> None:
    sign, minutes = ("-" if offset < timedelta(0) else "+"), abs(offset) // timedelta(minutes=1)
    moment = parse_business_time(f"{local.isoformat()}{sign}{minutes // 60:02}:{minutes % 60:02}")
    assert moment.tzinfo is UTC
    assert moment == local.replace(tzinfo=UTC) - offset
    assert 1900 <= moment.year < 2200
