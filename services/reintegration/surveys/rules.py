"""What a survey round needs, and the form in which scores are kept."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Protocol

from shared.problems import Problem


class RoundTaken(Problem):
    slug = "survey-round-taken"
    status = 409
    title = "This individual has been surveyed in this round"
    remedy = "A survey is not changed. Take the next round, or look at the one that is there."


class UnknownScheme(Problem):
    slug = "unknown-survey-scheme"
    status = 422
    title = "There is no such version of that survey scheme"
    remedy = "`GET /survey-schemes` lists the schemes and their versions."


class ScoreMade(Protocol):
    """One score as a scheme gives it."""

    @property
    def value(self) -> Decimal | None: ...
    @property
    def answered_weight_share(self) -> Decimal: ...


def kept_form(dimensions: Mapping[str, ScoreMade], composite: ScoreMade) -> dict[str, Any]:
    """Scores as they are stored: exact decimals as text, null for insufficient data."""
    return {name: _kept(each) for name, each in [*dimensions.items(), ("composite", composite)]}


def _kept(each: ScoreMade) -> dict[str, str | None]:
    return {
        "value": None if each.value is None else f"{each.value:f}",
        "answered_weight_share": f"{each.answered_weight_share:f}",
    }
