"""Reads of documents."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import col, select

from services.registration.cases.queries import CaseMember
from services.registration.documents.models import Document
from services.registration.documents.rules import travels_on
from shared.asked import Asked
from shared.database import Session

__all__ = ["Document", "documents_of", "shown_documents", "travels_on"]


async def shown_documents(session: Session, case_id: UUID) -> dict[UUID, list[Document]]:
    """Those of the members of a case, as `documents_of`, to be shown and not changed."""
    found: dict[UUID, list[Document]] = defaultdict(list)
    for (document,) in await _SHOWN(session, case_id=case_id):
        found[document.individual_id].append(document)
    return found


_SHOWN = Asked(
    select(Document)
    .join(CaseMember, col(CaseMember.individual_id) == col(Document.individual_id))
    .where(col(CaseMember.case_id) == bindparam("case_id"))
    .order_by(col(Document.id)),
    Document,
)


async def documents_of(session: Session, individual_ids: Iterable[UUID]) -> dict[UUID, list[Document]]:
    """By individual, oldest first, in one query. Also those that are no longer valid."""
    rows = select(Document).where(col(Document.individual_id).in_(list(individual_ids))).order_by(col(Document.id))
    found: dict[UUID, list[Document]] = defaultdict(list)
    for document in (await session.exec(rows)).all():
        found[document.individual_id].append(document)
    return found
