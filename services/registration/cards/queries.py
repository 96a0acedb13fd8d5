"""Reads of relief cards."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlmodel import col, select

from services.registration.cards.models import CardChange, ReliefCard
from services.registration.cards.rules import CardReplaced, CardUnknown, Household, Need
from shared.database import Session

__all__ = ["ReliefCard", "card_of_household", "card_with", "changes_after", "codes_of", "household_of", "locked_card"]


async def card_with(session: Session, code: str) -> ReliefCard:
    """Raises `CardUnknown`, `CardReplaced`."""
    card = (await session.exec(select(ReliefCard).where(ReliefCard.code == code))).first()
    return card if card is not None else await _gone(session, code)


async def locked_card(session: Session, code: str) -> ReliefCard:
    """Locked until the commit, as it is then. Raises `CardUnknown`, `CardReplaced`."""
    rows = select(ReliefCard).where(ReliefCard.code == code).with_for_update()
    card = (await session.exec(rows.execution_options(populate_existing=True))).first()
    return card if card is not None else await _gone(session, code)


async def _gone(session: Session, code: str) -> ReliefCard:
    lost = (await session.exec(select(CardChange).where(CardChange.old_code == code))).first()
    raise CardReplaced() if lost is not None else CardUnknown()


async def card_of_household(session: Session, household_id: UUID) -> ReliefCard | None:
    return (await session.exec(select(ReliefCard).where(ReliefCard.household_id == household_id))).first()


async def changes_after(session: Session, card_id: UUID, after: UUID | None, limit: int) -> Sequence[CardChange]:
    """Up to `limit` + 1 changes of a card, oldest first."""
    rows = select(CardChange).where(CardChange.card_id == card_id).order_by(col(CardChange.id))
    if after is not None:
        rows = rows.where(col(CardChange.id) > after)
    return (await session.exec(rows.limit(limit + 1))).all()


async def codes_of(session: Session, cards: Iterable[UUID]) -> dict[UUID, str]:
    """The codes that cards have now, in one query."""
    rows = select(ReliefCard.id, ReliefCard.code).where(col(ReliefCard.id).in_(set(cards)))
    return dict((await session.exec(rows)).all())


def household_of(card: ReliefCard) -> Household:
    return Household(card.adults, card.children, card.infants, frozenset(Need(each) for each in card.needs))
