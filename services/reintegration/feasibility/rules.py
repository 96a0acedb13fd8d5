"""The feasibility grid: which way of helping suits, by criteria at three levels. Source: Reintegration Handbook,
Annex 5, as far as domain.md, section 2 has it: cash and in-kind help. The wording of the codes, and what is asked of
services and vouchers, is ours, hence `provisional`."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from shared.problems import Problem


class Finding(StrEnum):
    """What was found of one criterion."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


class Verdict(StrEnum):
    """`open`: something that decides is not known yet."""

    SUITABLE = "suitable"
    NOT_SUITABLE = "not_suitable"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Option:
    """One row of the grid. `useful_when`: one of these must be met; the criteria of the levels: every one."""

    code: str
    useful_when: tuple[str, ...]
    individual: tuple[str, ...]
    community: tuple[str, ...]
    structural: tuple[str, ...]

    @property
    def provided(self) -> tuple[str, ...]:
        return self.individual + self.community + self.structural

    @property
    def criteria(self) -> tuple[str, ...]:
        return self.useful_when + self.provided


@dataclass(frozen=True, slots=True)
class Grid:
    grid: str
    version: int
    source: str
    options: tuple[Option, ...]
    provisional: bool = True

    def option(self, code: str) -> Option | None:
        return next((each for each in self.options if each.code == code), None)


_USEFUL: Final = ("high_unproductive_debt", "no_income", "extreme_vulnerability", "remoteness")
_INDIVIDUAL: Final = ("endangers_nobody", "breaks_the_debt_cycle")
GRID: Final = Grid(
    grid="handbook_annex_five",
    version=2,
    source="IOM Reintegration Handbook (2019), Annex 5, the example of cash and in-kind help; the rest is ours",
    options=(
        Option("cash", _USEFUL, _INDIVIDUAL, ("little_tension",), ("safe_delivery_channel",)),
        Option(
            "in_kind",
            _USEFUL,
            _INDIVIDUAL,
            ("little_tension",),
            ("safe_delivery_channel", "low_procurement_risk", "low_corruption_risk"),
        ),
        Option(
            "service",
            ("health_need", "psychosocial_need", "skill_to_learn", "legal_need"),
            ("endangers_nobody", "person_can_attend"),
            ("little_tension",),
            ("qualified_provider", "service_goes_on_long_enough", "low_procurement_risk"),
        ),
        Option(
            "voucher",
            ("cash_not_safe", "own_choice_of_goods", "extreme_vulnerability", "remoteness"),
            ("endangers_nobody", "person_can_redeem_it"),
            ("little_tension", "market_has_the_goods"),
            ("shops_accept_it", "low_procurement_risk", "low_corruption_risk"),
        ),
    ),
)


class GridDoesNotFit(Problem):
    slug = "grid-does-not-fit"
    status = 422
    title = "The findings do not fit the criteria of that option"
    remedy = (
        "`GET /feasibility-grid` lists the options; each criterion in `criteria` needs a finding, and no other has."
    )


class ModalityNotFeasible(Problem):
    slug = "modality-not-feasible"
    status = 409
    title = "The feasibility grid says that a way of helping in this plan does not suit"
    remedy = "Plan the lines of `modality` in another way, or check again when what was found has changed."


def check_findings(option: str, findings: Mapping[str, Finding], grid: Grid = GRID) -> Option:
    """The row of the grid that the findings answer in full. Raises `GridDoesNotFit`."""
    row = grid.option(option)
    if row is None:
        raise GridDoesNotFit(options=[each.code for each in grid.options])
    if set(findings) != set(row.criteria):
        raise GridDoesNotFit(criteria=list(row.criteria))
    return row


def verdict_of(row: Option, findings: Mapping[str, Finding]) -> Verdict:
    """Suitable when one reason is met and every condition that applies; a condition that fails decides at once."""
    useful = {findings[each] for each in row.useful_when}
    provided = {findings[each] for each in row.provided}
    if Finding.NOT_MET in provided or useful <= {Finding.NOT_MET, Finding.NOT_APPLICABLE}:
        return Verdict.NOT_SUITABLE
    if Finding.MET in useful and Finding.UNKNOWN not in provided:
        return Verdict.SUITABLE
    return Verdict.OPEN


def check_feasible(modalities: Collection[str], unsuitable: Collection[str]) -> None:
    """Raises `ModalityNotFeasible`. What was never checked is not refused."""
    for modality in sorted(set(modalities) & set(unsuitable)):
        raise ModalityNotFeasible(modality=modality)
