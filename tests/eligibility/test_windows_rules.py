"""When a line of a package is paid, and which words somebody reads of it, as plain functions."""

from datetime import timedelta
from typing import Any

import pytest

from services.eligibility.titles.rules import title_in
from services.eligibility.windows.rules import Window, check_window, window_in_words
from services.eligibility.words.queries import texts_by_language
from services.eligibility.words.rules import Reader, said_to
from tests.eligibility.rule_types import ON
from tests.eligibility.test_words_rules import record_of

ONE = timedelta(days=1)
TEXTS = texts_by_language()["en"]


def _faults(**days: Any) -> list[str]:
    found = list(check_window(Window(**days), "/window"))
    assert all(fault.sentence for fault in found)
    return [fault.pointer for fault in found]


@pytest.mark.parametrize(
    ("days", "faults"),
    [
        ({}, ["/window"]),
        ({"from_date": ON, "until_date": ON, "expires_on": ON}, []),
        ({"from_date": ON, "until_date": ON - ONE}, ["/window/until_date"]),
        ({"from_date": ON, "expires_on": ON - ONE}, ["/window/expires_on"]),
        ({"until_date": ON, "expires_on": ON - ONE}, ["/window/expires_on"]),
        ({"from_arrival": "P14D", "until_arrival": "P14D", "expires_after_arrival": "P14D"}, []),
        ({"from_arrival": "P6M", "until_arrival": "P8M"}, []),
        ({"from_arrival": "P14D", "until_arrival": "P13D"}, ["/window/until_arrival"]),
        ({"from_arrival": "P2M", "expires_after_arrival": "P1M"}, ["/window/expires_after_arrival"]),
        ({"until_arrival": "P14D", "expires_after_arrival": "P13D"}, ["/window/expires_after_arrival"]),
        # A month has 28 days at least, and 31 at most: only what can never be is refused.
        ({"from_arrival": "P1M", "until_arrival": "P28D"}, []),
        ({"from_arrival": "P1M", "until_arrival": "P27D"}, ["/window/until_arrival"]),
        ({"from_arrival": "P31D", "until_arrival": "P1M"}, []),
        ({"from_arrival": "P32D", "until_arrival": "P1M"}, ["/window/until_arrival"]),
    ],
)
def test_a_window_that_can_never_be_is_refused_and_one_of_a_single_day_is_not(
    days: dict[str, Any], faults: list[str]
) -> None:
    assert _faults(**days) == faults


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (
            {"from_arrival": "P6M", "until_arrival": "P1M"},
            "from 6 months after the arrival, until 1 month after the arrival",
        ),
        ({"from_date": ON, "from_arrival": "P1D"}, "from 2021-12-09 and 1 day after the arrival"),
        ({"expires_after_arrival": "P14D"}, "lost after 14 days after the arrival"),
    ],
)
def test_an_officer_reads_a_window_in_words(days: dict[str, Any], words: str) -> None:
    assert window_in_words(Window(**days)) == f"paid {words}"


def test_a_title_is_in_the_language_asked_for_or_without_its_region_or_the_versions_own() -> None:
    titles = {"fr": "Outils", "pt-BR": "Ferramentas"}
    found = [title_in(each, titles, "Tools") for each in ("fr", "fr-CA", "pt-BR", "pt", "ar")]
    assert found == ["Outils", "Outils", "Ferramentas", "Tools", "Tools"]


@pytest.mark.parametrize(
    ("window", "when"),
    [
        (None, ""),
        (
            Window(from_arrival="P6M", until_arrival="P14D", expires_on=ON),
            f" {TEXTS.paid_from.format(day=TEXTS.months_after_arrival.format(number=6))}"
            f" {TEXTS.paid_until.format(day=TEXTS.days_after_arrival.format(number=14))}"
            f" {TEXTS.lost_after.format(day='2021-12-09')}",
        ),
    ],
)
def test_a_person_reads_first_which_programme_it_is_and_of_each_line_when_it_is_paid(
    window: Window | None, when: str
) -> None:
    record = record_of()
    line = record.finding.package[0].model_copy(update={"window": window})
    finding = record.finding.model_copy(update={"package": (line,)})
    titled = record.model_copy(update={"finding": finding, "titles": {record.language: "Way home"}})
    first, package, *_ = said_to(Reader.PERSON, titled, TEXTS)
    assert first.lines[:2] == (TEXTS.programme.format(title="Way home"), TEXTS.outcome[finding.outcome])
    said = TEXTS.line.format(
        title=line.title,
        amount=f"{line.amount:f}",
        currency=finding.currency,
        modality=TEXTS.modality[line.modality],
        stage=TEXTS.stage[line.stage],
    )
    assert package.lines[0] == said + when
