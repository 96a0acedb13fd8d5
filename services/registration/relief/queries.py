"""Reads of relief."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, or_
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, select

from services.registration.cards.queries import ReliefCard
from services.registration.cards.rules import Need
from services.registration.relief.models import (
    DistributedItem,
    Distribution,
    ReliefItem,
    ReliefReceipt,
    SecondAttempt,
    StockLevel,
    StockMovement,
)
from services.registration.relief.rules import (
    Brought,
    DistributionUnknown,
    ItemUnknown,
    Share,
)
from shared.concurrency import locked
from shared.database import Session, core
from shared.folding import table_of
from shared.problems import NotFound

MOST_ATTEMPTS = 2_000


async def insert_if_new(session: Session, row: ReliefItem | ReliefCard | StockLevel) -> bool:
    """Whether the row was inserted; not where one is there that it must be different from, also where that one is
    committed only now: first insert, then look."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    table = table_of(type(row))
    made = dialect.insert(table).values(**row.model_dump()).on_conflict_do_nothing().returning(table.c.id)
    return (await core(session, made)).first() is not None


async def items_by_code(session: Session, codes: Iterable[str]) -> dict[str, ReliefItem]:
    """Raises `ItemUnknown` where one is not there."""
    wanted = set(codes)
    rows = (await session.exec(select(ReliefItem).where(col(ReliefItem.code).in_(wanted)))).all()
    found = {row.code: row for row in rows}
    if missing := wanted - set(found):
        raise ItemUnknown(items=sorted(missing))
    return found


async def items_by_id(session: Session, ids: Iterable[UUID]) -> dict[UUID, ReliefItem]:
    rows = (await session.exec(select(ReliefItem).where(col(ReliefItem.id).in_(set(ids))))).all()
    return {row.id: row for row in rows}


async def items_after(session: Session, after: UUID | None, limit: int) -> Sequence[ReliefItem]:
    """Up to `limit` + 1 items in the order in which they were added."""
    rows = select(ReliefItem).order_by(col(ReliefItem.id)).limit(limit + 1)
    if after is not None:
        rows = rows.where(col(ReliefItem.id) > after)
    return (await session.exec(rows)).all()


async def levels_locked(session: Session, site_id: UUID, item_ids: Iterable[UUID]) -> dict[UUID, StockLevel]:
    """What there is at a site, locked in the order of the rows' ids. An item that never was there has no row."""
    rows = select(StockLevel).where(StockLevel.site_id == site_id, col(StockLevel.item_id).in_(set(item_ids)))
    rows = rows.order_by(col(StockLevel.id)).with_for_update().execution_options(populate_existing=True)
    return {row.item_id: row for row in (await session.exec(rows)).all()}


async def stock_of(session: Session, site_id: UUID) -> Sequence[StockLevel]:
    """As many rows as there are kinds of items."""
    return (await session.exec(select(StockLevel).where(StockLevel.site_id == site_id))).all()


async def movements_after(session: Session, site_id: UUID, after: UUID | None, limit: int) -> Sequence[StockMovement]:
    rows = select(StockMovement).where(StockMovement.site_id == site_id).order_by(col(StockMovement.id))
    if after is not None:
        rows = rows.where(col(StockMovement.id) > after)
    return (await session.exec(rows.limit(limit + 1))).all()


async def check_distribution(session: Session, distribution_id: UUID | None) -> None:
    """Raises `DistributionUnknown`."""
    if distribution_id is not None and await session.get(Distribution, distribution_id) is None:
        raise DistributionUnknown()


async def distribution_with(session: Session, distribution_id: UUID) -> Distribution:
    """Raises `NotFound`."""
    found = await session.get(Distribution, distribution_id)
    if found is None:
        raise NotFound("distribution")
    return found


async def locked_distribution(session: Session, distribution_id: UUID) -> Distribution:
    """Locked until the commit, and with it its items. Raises `NotFound`."""
    found = await locked(session, Distribution, distribution_id)
    if found is None:
        raise NotFound("distribution")
    return found


async def distributions_after(
    session: Session, site_id: UUID, after: UUID | None, limit: int
) -> Sequence[Distribution]:
    """Up to `limit` + 1 distributions of a site in the order in which they were announced."""
    rows = select(Distribution).where(Distribution.site_id == site_id).order_by(col(Distribution.id))
    if after is not None:
        rows = rows.where(col(Distribution.id) > after)
    return (await session.exec(rows.limit(limit + 1))).all()


async def items_of(session: Session, distribution_id: UUID) -> Sequence[DistributedItem]:
    rows = select(DistributedItem).where(DistributedItem.distribution_id == distribution_id)
    rows = rows.order_by(col(DistributedItem.id)).execution_options(populate_existing=True)
    return (await session.exec(rows)).all()


def shares_of(rows: Iterable[DistributedItem]) -> list[Share]:
    return [
        Share(
            row.item_id,
            row.per_household,
            row.per_person,
            row.per_child,
            row.per_infant,
            Need(row.only_for) if row.only_for else None,
        )
        for row in rows
    ]


def brought(rows: Iterable[DistributedItem]) -> dict[UUID, Brought]:
    return {row.item_id: Brought(row.item_id, row.taken, row.issued, row.lost, row.damaged, row.back) for row in rows}


async def receipt_of(
    session: Session, distribution_id: UUID, card_id: UUID, covered_by: Iterable[UUID]
) -> ReliefReceipt | None:
    """What the household of a card was given at a distribution: its own receipt, or one of those that stand for it."""
    standing = or_(col(ReliefReceipt.card_id) == card_id, col(ReliefReceipt.id).in_(list(covered_by)))
    rows = select(ReliefReceipt).where(ReliefReceipt.distribution_id == distribution_id, standing)
    return (await session.exec(rows)).first()


async def standing_receipts(session: Session, card_id: UUID, covered_by: Iterable[UUID]) -> Sequence[UUID]:
    """The receipts of a household at distributions that go on: its own, and those that stand for it."""
    standing = or_(col(ReliefReceipt.card_id) == card_id, col(ReliefReceipt.id).in_(list(covered_by)))
    rows = select(ReliefReceipt.id).join(Distribution, col(Distribution.id) == col(ReliefReceipt.distribution_id))
    return (await session.exec(rows.where(standing, Distribution.status == "open"))).all()


async def receipts_after(
    session: Session, distribution_id: UUID, after: UUID | None, limit: int
) -> Sequence[tuple[ReliefReceipt, str]]:
    """Up to `limit` + 1 receipts of a distribution with the codes of their cards, in the order in which they were
    given."""
    rows = select(ReliefReceipt, ReliefCard.code).join(ReliefCard, col(ReliefCard.id) == col(ReliefReceipt.card_id))
    rows = rows.where(ReliefReceipt.distribution_id == distribution_id).order_by(col(ReliefReceipt.id))
    if after is not None:
        rows = rows.where(col(ReliefReceipt.id) > after)
    return (await session.exec(rows.limit(limit + 1))).all()


async def attempts_of(session: Session, distribution_id: UUID, receipts: Iterable[UUID]) -> list[SecondAttempt]:
    """The refused attempts at these receipts, in their order: one query, at most `MOST_ATTEMPTS`."""
    rows = select(SecondAttempt).where(
        SecondAttempt.distribution_id == distribution_id, col(SecondAttempt.receipt_id).in_(set(receipts))
    )
    return list((await session.exec(rows.order_by(col(SecondAttempt.id)).limit(MOST_ATTEMPTS))).all())


async def counts_of(session: Session, distribution_id: UUID) -> tuple[int, int]:
    """How many receipts there are, and how many second attempts were refused."""
    receipts = select(func.count()).select_from(ReliefReceipt).where(ReliefReceipt.distribution_id == distribution_id)
    again = select(func.count()).select_from(SecondAttempt).where(SecondAttempt.distribution_id == distribution_id)
    return (await session.exec(receipts)).one(), (await session.exec(again)).one()


def given_of(receipt: ReliefReceipt) -> Mapping[str, Decimal]:
    """What was given, by item code."""
    return {code: Decimal(quantity) for code, quantity in receipt.given.items()}
