"""Where journeys bend is judged rightly: by the waits of writes and by the lag, and what was used up is named."""

import json
from pathlib import Path

import pytest

from tests.benchmarks.ramp import Sample, Step, Watch, bends, rows_of, used_up


def sample(lag: int = 5, wait: float = 0.02, busy: float = 0.5, disk: float = 0.0, most: float = 0.3) -> Sample:
    took = {"APIs": 2.0, "workers": 1.0, "PostgreSQL": 1.0}
    return Sample(0.0, 1_200.0, lag, took, ("travel-api-0", most), busy, disk, [wait] * 100)


def step(*samples: Sample, rate: float = 3.0) -> Step:
    return Step(rate, list(samples))


def test_a_step_with_short_waits_and_level_lag_holds() -> None:
    assert bends(step(*[sample(lag=lag) for lag in (0, 40, 3, 60, 9, 50, 4, 41, 7)])) is None


def test_a_step_whose_writes_wait_too_long_bends() -> None:
    assert bends(step(*[sample(wait=0.11)] * 10)) == "p99 of a write 110 ms"


def test_the_first_flights_of_a_step_are_left_out() -> None:
    assert bends(step(*[sample(wait=0.5)] * 4, *[sample()] * 6)) is None


def test_a_step_whose_lag_grows_bends() -> None:
    why = bends(step(*[sample(lag=lag) for lag in range(0, 2_000, 200)]))
    assert why is not None
    assert why.startswith("lag grows")


@pytest.mark.parametrize(
    ("seen", "named"),
    [
        (sample(busy=0.97), "the processor: 97% of all cores, APIs 50%"),
        (sample(disk=0.4), "the disk"),
        (sample(most=0.95), "one core by one process: travel-api-0"),
        (sample(), "nothing wholly"),
    ],
)
def test_what_was_used_up_is_named(seen: Sample, named: str) -> None:
    assert used_up(step(seen, seen)).startswith(named)


def test_the_last_rate_that_held_is_told_and_where_it_bent() -> None:
    steps = [step(sample(), rate=1.0), step(sample(), rate=2.0), step(sample(wait=0.2), rate=3.0)]
    row = rows_of(steps, steps[2], bends(steps[2]))[0]
    assert (row["ours"], row["bends at"], row["why"]) == (2.0, 3.0, "p99 of a write 200 ms")


def test_waits_are_read_from_the_journal_as_it_grows(tmp_path: Path) -> None:
    journal = tmp_path / "journal.jsonl"
    watch = Watch(journal)
    assert watch.ended() == []
    first = {"n": 1, "at": 10.0, "client": "c"}
    journal.write_text(json.dumps(first) + "\n" + json.dumps({"n": 1, "at": 10.5, "status": 201}) + "\n" + '{"n": 2, ')
    assert watch.ended() == [0.5]
    with journal.open("a") as file:
        file.write('"at": 11.0}\n{"n": 2, "at": 11.25, "status": 200}\n')
    assert watch.ended() == [0.25]
