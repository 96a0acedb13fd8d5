"""Bodies of who joins a case, and who leaves it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.registration.cases.actions import PersonBody
from services.registration.cases.rules import MOST_MEMBERS
from services.registration.memberships.queries import Recorded
from services.registration.memberships.rules import Change, ComesBy
from shared.contracts.registration import AgeBand, Joined, Left, Relation
from shared.fields import Answer, Body, shown
from shared.occurrence import LateReason, Occurrence
from shared.offers import OfferedAction

Responsible = Annotated[list[UUID], Field(max_length=10)]


class JoiningBody(PersonBody, Occurrence):
    """`how`: `born`, `found` (a husband, a child who was elsewhere), `other`; who was in the case before rejoins
    instead. `responsible`: the individuals of the case who are a child's parents. `seen_alike`: individuals who look
    like this person and were looked at; anybody else who does is shown first, and nothing is saved."""

    model_config = shown(
        {
            "how": "born",
            "relation": "child",
            "given_name": "Example",
            "family_name": "Person",
            "birth_date": "2021-12-01",
            "sex": "female",
            "nationality": "IRQ",
            "languages": ["ckb"],
            "responsible": ["01890a5d-ac96-774b-bcce-b302099a8057", "01890a5d-ac96-774b-bcce-b302099a8058"],
        }
    )

    how: ComesBy
    responsible: Responsible = Field(default_factory=list)
    seen_alike: Annotated[list[UUID], Field(max_length=5_000)] = Field(default_factory=list)


class RestatedRelation(Body):
    """What one who stays is, from now on, to the principal applicant."""

    individual_id: UUID
    relation: Relation


class LeavingBody(Occurrence):
    """`how`: to `another_case`, `gone`, `died`, or `entered_by_mistake`. `relations`: where the principal applicant
    leaves, who is it from now on, and what the others are to that one."""

    model_config = shown(
        {"how": "gone"},
        {
            "how": "gone",
            "relations": [
                {"individual_id": "01890a5d-ac96-774b-bcce-b302099a8058", "relation": "principal_applicant"},
                {"individual_id": "01890a5d-ac96-774b-bcce-b302099a8059", "relation": "child"},
            ],
        },
    )

    how: Left
    relations: Annotated[list[RestatedRelation], Field(max_length=MOST_MEMBERS)] = Field(default_factory=list)


class RejoiningBody(Occurrence):
    """As they are now to the principal applicant. `responsible`: as for who joins, beside the child's parents of
    before, who are so again where they are in the case; for a child without these, protection's record says who is.
    `seen_alike`: as for who joins."""

    model_config = shown({"relation": "spouse"})

    relation: Relation
    responsible: Responsible = Field(default_factory=list)
    seen_alike: Annotated[list[UUID], Field(max_length=5_000)] = Field(default_factory=list)


class JoinedAnswer(Answer):
    """`status`: of the case."""

    case_id: UUID
    individual_id: UUID
    age_band: AgeBand
    protection_pending: bool
    documents: list[UUID]
    status: str
    actions: list[OfferedAction]


class LeftAnswer(Answer):
    """`status`: of the case. `protection_pending`: the children who stay for whom nobody is responsible any more, or
    was not before."""

    case_id: UUID
    individual_id: UUID
    status: str
    protection_pending: list[UUID]
    actions: list[OfferedAction]


class MembershipChangeAnswer(Answer):
    """`happened_at`: when they joined or left; `recorded_at`: when it was entered. Names where the caller sees them."""

    individual_id: UUID
    given_name: str | None
    family_name: str | None
    change: Change
    how: Joined | Left
    happened_at: datetime
    recorded_at: datetime
    recorded_by: str
    late_reason: LateReason | None
    evidence: str | None
    actions: list[OfferedAction]


class MembershipAnswer(Answer):
    """Who joined and who left since the case was registered, oldest first."""

    items: Sequence[MembershipChangeAnswer]


def membership_change(recorded: Recorded, actions: list[OfferedAction], *, named: bool) -> MembershipChangeAnswer:
    change, individual, _member = recorded
    return MembershipChangeAnswer.model_validate(
        {
            **change.model_dump(),
            "given_name": individual.given_name if named else None,
            "family_name": individual.family_name if named else None,
            "actions": actions,
        }
    )
