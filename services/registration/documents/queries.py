"""Reads of documents."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from sqlmodel import col, select

from services.registration.documents.models import Document
from services.registration.documents.rules import travels_on
from shared.database import Session

__all__ = ["Document", "documents_of", "travels_on"]


async def documents_of(session: Session, individual_ids: Iterable[UUID]) -> dict[UUID, list[Document]]:
    """By individual, oldest first, in one query. Also those that are no longer valid."""
    rows = select(Document).where(col(Document.individual_id).in_(list(individual_ids))).order_by(col(Document.id))
    found: dict[UUID, list[Document]] = defaultdict(list)
    for document in (await session.exec(rows)).all():
        found[document.individual_id].append(document)
    return found
