"""Tables of relief. Stock and distributions are ledgers: movements and receipts are never changed."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from services.registration.relief.rules import CALLED_OFF, OffReason, StockMove, Unit, WayTold
from services.registration.tables import Base, Listed, QuantityColumn, one_of
from shared.database import UtcDateTime, versioned

Quantity: Any = QuantityColumn
ZERO = Decimal(0)


class ReliefItem(Base, table=True):
    __tablename__ = "relief_item"
    __table_args__ = (one_of("unit", Unit),)

    id: UUID = Field(primary_key=True)
    code: str = Field(unique=True)
    name: str
    unit: str
    made_at: datetime = Field(sa_type=UtcDateTime)
    made_by: str


@versioned
class StockLevel(Base, table=True):
    """What is at a site of one item; whoever moves stock locks this row. Never below nothing."""

    __tablename__ = "stock_level"
    __table_args__ = (CheckConstraint("on_hand >= 0", name="on_hand"), UniqueConstraint("site_id", "item_id"))

    id: UUID = Field(primary_key=True)
    site_id: UUID = Field(foreign_key="site.id")
    item_id: UUID = Field(foreign_key="relief_item.id")
    on_hand: Decimal = Field(default=ZERO, sa_type=Quantity)
    version: int = 1


class StockMovement(Base, table=True):
    __tablename__ = "stock_movement"
    __table_args__ = (
        one_of("move", StockMove),
        CheckConstraint("quantity > 0", name="quantity"),
        Index("ix_stock_movement_site_id_id", "site_id", "id"),
    )

    id: UUID = Field(primary_key=True)
    site_id: UUID = Field(foreign_key="site.id")
    item_id: UUID = Field(foreign_key="relief_item.id")
    move: str
    quantity: Decimal = Field(sa_type=Quantity)
    distribution_id: UUID | None = None
    paper: str | None = None
    occurred_at: datetime = Field(sa_type=UtcDateTime)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    recorded_by: str


@versioned
class Distribution(Base, table=True):
    """Announced, opened when it begins, and closed when everything adds up; or called off while it is announced.
    `told_at`: when those whom it was announced to were told that it is called off."""

    __tablename__ = "distribution"
    __table_args__ = (
        CheckConstraint("status IN ('announced', 'open', 'closed')", name="status"),
        one_of("called_off_because", OffReason, optional=True),
        CheckConstraint(
            "(called_off_at IS NULL) = (called_off_by IS NULL) AND (called_off_at IS NULL) = "
            "(called_off_because IS NULL) AND (called_off_at IS NULL OR status = 'announced')",
            name="called_off_by_someone",
        ),
        one_of("told_way", WayTold, optional=True),
        CheckConstraint(
            "(told_at IS NULL) = (told_by IS NULL) AND (told_at IS NULL) = (told_way IS NULL) "
            "AND (told_at IS NULL OR called_off_at IS NOT NULL)",
            name="told_by_someone",
        ),
        Index("ix_distribution_site_id_id", "site_id", "id"),
    )

    id: UUID = Field(primary_key=True)
    site_id: UUID = Field(foreign_key="site.id")
    takes_place_at: datetime = Field(sa_type=UtcDateTime)
    place: str
    to_bring: str
    late_reason: str | None = None
    evidence: str | None = None
    status: str
    announced_at: datetime = Field(sa_type=UtcDateTime)
    announced_by: str
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_by: str | None = None
    called_off_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    called_off_because: str | None = None
    called_off_by: str | None = None
    told_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    told_way: str | None = None
    told_by: str | None = None
    version: int = 1

    @property
    def stands(self) -> str:
        """Its status as it is shown."""
        return self.status if self.called_off_at is None else CALLED_OFF

    @property
    def to_be_told(self) -> bool:
        return self.called_off_at is not None and self.told_at is None


class DistributedItem(Base, table=True):
    """One item of a distribution, changed only while its distribution is locked. It never gives more than it took."""

    __tablename__ = "distributed_item"
    __table_args__ = (
        UniqueConstraint("distribution_id", "item_id"),
        CheckConstraint("issued >= 0 AND lost >= 0 AND damaged >= 0 AND back >= 0", name="quantities"),
        CheckConstraint("issued + lost + damaged + back <= taken", name="never_more_than_taken"),
    )

    id: UUID = Field(primary_key=True)
    distribution_id: UUID = Field(foreign_key="distribution.id")
    item_id: UUID = Field(foreign_key="relief_item.id")
    per_household: Decimal = Field(sa_type=Quantity)
    per_person: Decimal = Field(sa_type=Quantity)
    per_child: Decimal = Field(sa_type=Quantity)
    per_infant: Decimal = Field(sa_type=Quantity)
    only_for: str | None = None
    planned: Decimal = Field(sa_type=Quantity)
    taken: Decimal = Field(default=ZERO, sa_type=Quantity)
    issued: Decimal = Field(default=ZERO, sa_type=Quantity)
    lost: Decimal = Field(default=ZERO, sa_type=Quantity)
    damaged: Decimal = Field(default=ZERO, sa_type=Quantity)
    back: Decimal = Field(default=ZERO, sa_type=Quantity)


class ReliefReceipt(Base, table=True):
    """What one household was given at one distribution: once. `collected_by`: somebody of it, or a proxy, whose name is
    for relief officers alone."""

    __tablename__ = "relief_receipt"
    __table_args__ = (
        UniqueConstraint("distribution_id", "card_id"),
        CheckConstraint("collected_by IN ('household', 'proxy')", name="collected_by"),
        Index("ix_relief_receipt_card_id", "card_id"),
    )

    id: UUID = Field(primary_key=True)
    distribution_id: UUID = Field(foreign_key="distribution.id")
    card_id: UUID = Field(foreign_key="relief_card.id")
    given: dict[str, str] = Field(sa_type=Listed)
    collected_by: str
    proxy_reason: str | None = None
    proxy_name: str | None = None
    given_at: datetime = Field(sa_type=UtcDateTime)
    given_by: str


class SecondAttempt(Base, table=True):
    """Somebody came with a card that had its receipt: refused, and written down."""

    __tablename__ = "relief_second_attempt"

    id: UUID = Field(primary_key=True)
    distribution_id: UUID = Field(foreign_key="distribution.id", index=True)
    receipt_id: UUID = Field(foreign_key="relief_receipt.id")
    at: datetime = Field(sa_type=UtcDateTime)
    seen_by: str
