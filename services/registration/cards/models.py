"""Tables of relief cards."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from services.registration.cards.rules import ChangeKind
from services.registration.tables import Base, IdList, Listed, one_of
from shared.database import UtcDateTime, versioned


@versioned
class ReliefCard(Base, table=True):
    """A household's card, with a return case or without. `household_id`: where the household is registered, so that it
    has one card; nothing else is taken from there. `covered_by`: receipts of the household that this one split from."""

    __tablename__ = "relief_card"
    __table_args__ = (
        CheckConstraint("adults >= 0 AND children >= 0 AND infants >= 0", name="people"),
        CheckConstraint("adults + children + infants > 0", name="somebody"),
    )

    id: UUID = Field(primary_key=True)
    code: str = Field(unique=True)
    site_id: UUID = Field(foreign_key="site.id")
    household_id: UUID | None = Field(default=None, unique=True)
    adults: int
    children: int
    infants: int
    needs: list[str] = Field(sa_type=Listed)
    covered_by: list[UUID] = Field(default_factory=list, sa_type=IdList)
    issued_at: datetime = Field(sa_type=UtcDateTime)
    issued_by: str
    version: int = 1


class CardChange(Base, table=True):
    """What a card was before it was changed; never changed itself. `old_code`: of the card that was lost, refused from
    then on. `new_card_id`: of those who split from the household."""

    __tablename__ = "relief_card_change"
    __table_args__ = (
        one_of("kind", ChangeKind),
        CheckConstraint("(kind = 'replaced') = (old_code IS NOT NULL)", name="replaced"),
        CheckConstraint("(kind = 'split') = (new_card_id IS NOT NULL)", name="split"),
        Index("ix_relief_card_change_card_id_id", "card_id", "id"),
    )

    id: UUID = Field(primary_key=True)
    card_id: UUID = Field(foreign_key="relief_card.id")
    kind: str
    reason: str
    before: dict[str, Any] = Field(sa_type=Listed)
    old_code: str | None = Field(default=None, unique=True)
    new_card_id: UUID | None = Field(default=None, foreign_key="relief_card.id")
    changed_at: datetime = Field(sa_type=UtcDateTime)
    changed_by: str
