"""Bodies and answers of relief cards."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from services.registration.cards.rules import CARD_CODE, ChangeKind, Need
from shared.fields import Answer, Body, refused, shown
from shared.offers import OfferedAction

CardCode = Annotated[str, StringConstraints(pattern=CARD_CODE)]
Count = Annotated[int, Field(ge=0, le=50)]
Needs = Annotated[list[Need], Field(max_length=6)]


class PeopleBody(Body):
    """Who lives together: adults, children of 2 to 17, infants under 2, and what they need help with."""

    adults: Count
    children: Count = 0
    infants: Count = 0
    needs: Needs = Field(default_factory=list)

    @model_validator(mode="after")
    def _of_somebody(self) -> Self:
        if not self.adults + self.children + self.infants:
            raise refused("household", "adults, children and infants must count at least one person")
        return self


class CardBody(PeopleBody):
    """`household_id` where the household has a return case; without one it is left out."""

    model_config = shown(
        {
            "site_id": "01890a5d-ac96-774b-bcce-b302099a8300",
            "adults": 2,
            "children": 1,
            "infants": 1,
            "needs": ["infant"],
        }
    )

    site_id: UUID
    household_id: UUID | None = None


class CardPeopleBody(PeopleBody):
    """Everybody who is on the card from now on, not only who came or went."""

    model_config = shown({"adults": 2, "children": 2, "reason": "grew_older"})

    reason: Literal["born", "joined", "left", "died", "grew_older", "typing_error"]


class SplitBody(Body):
    """`leaving`: who has a card of their own from now on. `needs`: of those who stay. `household_id`: where those who
    leave have a return case of their own."""

    model_config = shown({"leaving": {"adults": 1, "children": 1}})

    leaving: PeopleBody
    needs: Needs = Field(default_factory=list)
    household_id: UUID | None = None


class ReplacementBody(Body):
    model_config = shown({"reason": "lost"})

    reason: Literal["lost", "stolen", "damaged"]


class CardAnswer(Answer):
    code: str
    site_id: UUID
    adults: int
    children: int
    infants: int
    needs: list[Need]
    issued_at: datetime
    actions: list[OfferedAction]


class SplitAnswer(Answer):
    """`card`: of those who stay, with its number as before. `new_card`: of those who left."""

    card: CardAnswer
    new_card: CardAnswer


class PeopleAnswer(Answer):
    adults: int
    children: int
    infants: int
    needs: list[Need]


class CardChangeAnswer(Answer):
    """What the card was before. `old_code`: the number that is refused since. `new_card`: of those who split."""

    kind: ChangeKind
    reason: str
    before: PeopleAnswer
    old_code: str | None
    new_card: str | None
    changed_at: datetime
    changed_by: str
