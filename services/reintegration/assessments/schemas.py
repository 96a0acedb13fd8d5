"""Bodies and answers of assessments."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from shared.fields import Answer, Body, BusinessDate, refused, shown
from shared.occurrence import OnADay

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,39}$")]


class SkillLevel(StrEnum):
    BASIC = "basic"
    GOOD = "good"
    PROFESSIONAL = "professional"


class Dimension(StrEnum):
    """In which dimension reintegration is sustainable or not (domain.md, section 2)."""

    ECONOMIC = "economic"
    SOCIAL = "social"
    PSYCHOSOCIAL = "psychosocial"


class Level(StrEnum):
    """At which level something helps."""

    INDIVIDUAL = "individual"
    COMMUNITY = "community"
    STRUCTURAL = "structural"


class Urgency(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class SkillBody(Body):
    """`code`: such as cooking, welding, bookkeeping. `certified`: shown by a paper that counts in the country."""

    code: Code
    level: SkillLevel
    years: int = Field(default=0, ge=0, le=70)
    certified: bool = False


class NeedBody(Body):
    """`code`: such as housing, school_place, start_capital."""

    code: Code
    dimension: Dimension
    level: Level = Level.INDIVIDUAL
    urgency: Urgency


class AssessmentBody(OnADay):
    """Codes only, and no names. Each code once."""

    model_config = shown(
        {
            "individual_id": "01890a5d-ac96-774b-bcce-b302099a8057",
            "skills": [{"code": "cooking", "level": "professional", "years": 8}],
            "needs": [{"code": "start_capital", "dimension": "economic", "urgency": "high"}],
            "assessed_on": "2021-12-20",
        }
    )

    individual_id: UUID
    skills: list[SkillBody] = Field(default=[], max_length=30)
    needs: list[NeedBody] = Field(default=[], max_length=30)
    assessed_on: BusinessDate

    @model_validator(mode="after")
    def _says_something_once(self) -> Self:
        if not self.skills and not self.needs:
            raise refused("nothing_assessed", "needs a skill or a need")
        for codes in ([each.code for each in self.skills], [each.code for each in self.needs]):
            if len(set(codes)) < len(codes):
                raise refused("stands_twice", "each code may stand once")
        return self


class SkillAnswer(Answer):
    code: str
    level: str
    years: int
    certified: bool


class NeedAnswer(Answer):
    code: str
    dimension: str
    level: str
    urgency: str


class AssessmentAnswer(Answer):
    assessment_id: UUID
    case_id: UUID
    individual_id: UUID
    skills: list[SkillAnswer]
    needs: list[NeedAnswer]
    assessed_on: date
    assessed_by: str
    recorded_at: datetime
