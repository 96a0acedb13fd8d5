"""What is copied from a paper manifest, and how it is shown."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, model_validator

from services.travel.paper_flights.rules import Resolution, WhyOnPaper, WrittenOutcome
from shared.contracts.travel import WillingnessAnswer
from shared.fields import Answer, AwareTime, Body, LanguageTag, Line, refused, shown
from shared.offers import OfferedAction

StaffId = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._@-]{0,119}$", description="As in their token")]


class PaperLine(Body):
    """What the paper says of one passenger. `willingness`: as written, left out where nothing is; `asked_alone`: the
    paper says so; `language`: in which it was asked; `at`: when, else at departure. `case_id`: of who departed
    and was in no booking of this flight, so that it is known whose seat that was."""

    individual_id: UUID
    outcome: WrittenOutcome
    willingness: WillingnessAnswer | None = None
    asked_alone: bool = False
    language: LanguageTag = "und"
    at: AwareTime | None = None
    case_id: UUID | None = None

    @model_validator(mode="after")
    def _who_walked_in_departed(self) -> "PaperLine":
        if self.case_id is not None and self.outcome is not WrittenOutcome.DEPARTED:
            raise refused("case_id", "is for somebody without a booking who departed; leave out who did not fly")
        return self


class PaperManifestBody(Body):
    """A flight as the paper tells it: when the aircraft left, why on paper, who worked it, and a line for everyone who
    had a seat. `evidence`: where the paper is kept; needed when it is entered more than a week later."""

    model_config = shown(
        {
            "departed_at": "2021-12-12T07:05:00Z",
            "reason": "network_down",
            "worked_by": "desk-4",
            "evidence": "Manifest MSQ-2021-12-12",
            "lines": [
                {
                    "individual_id": "01890a5d-ac96-774b-bcce-b302099a8057",
                    "outcome": "departed",
                    "willingness": "yes",
                    "asked_alone": True,
                    "language": "ckb",
                },
                {"individual_id": "01890a5d-ac96-774b-bcce-b302099a8058", "outcome": "no_show"},
            ],
        }
    )

    departed_at: AwareTime
    reason: WhyOnPaper
    worked_by: StaffId
    evidence: Line | None = None
    lines: Annotated[tuple[PaperLine, ...], Field(min_length=1, max_length=900)]

    @model_validator(mode="after")
    def _each_once(self) -> "PaperManifestBody":
        if len({each.individual_id for each in self.lines}) < len(self.lines):
            raise refused("lines", "must name each passenger once")
        return self


class ResolutionBody(Body):
    """`record_stands`: the paper was wrong. `departed_too`: those who by the paper left as well did."""

    model_config = shown({"resolution": "record_stands"})

    resolution: Resolution


class DifferenceAnswer(Answer):
    """`what`: outcome, answer or departed_at (then of no passenger)."""

    individual_id: UUID | None
    what: str
    recorded: str | None
    written: str | None


class PaperManifestAnswer(Answer):
    """`entered`: the flight stands as this paper says. `contradicts`: nothing was changed by it; a person must look at
    `differs`. `persons`: who left by it; `not_in_order`: how many of them no clearance would have let pass, so that
    registration opens an incident for each."""

    id: UUID
    version: int
    status: str
    flight_id: UUID
    departed_at: AwareTime
    reason: str
    worked_by: str
    evidence: str | None
    entered_at: AwareTime
    by: str
    persons: int
    not_in_order: int
    differs: list[DifferenceAnswer]
    resolution: str | None
    resolved_at: AwareTime | None
    resolved_by: str | None
    actions: list[OfferedAction]


class PaperManifestList(Answer):
    """In the order in which they were entered."""

    items: list[PaperManifestAnswer]
