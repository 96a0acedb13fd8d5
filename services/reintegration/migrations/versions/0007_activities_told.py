"""Talks and help right after the arrival are told, and they and visits name the fact that told of them: reports read what
was known when by its position. A visit made before names the fact there was; of earlier talks and help none was.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLES = ("visit", "counselling_session", "post_arrival_help")


def _written(column: str) -> str:
    """An id as it is written in the outbox: SQLite keeps ids without the dashes."""
    if op.get_bind().dialect.name == "postgresql":
        return f"CAST({column} AS text)"
    parts = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
    return " || '-' || ".join(f"substr({column}, {start}, {length})" for start, length in parts)


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("event_id", sa.Uuid(), nullable=True))
    outbox = sa.table("outbox", *(sa.column(name) for name in ("event_id", "key", "type", "subject")))
    visit = sa.table("visit", sa.column("event_id"))
    told = sa.select(outbox.c.event_id).where(
        outbox.c.key == sa.literal_column(_written("visit.case_id")),
        outbox.c.subject == sa.literal_column(_written("visit.id")),
        outbox.c.type == "homeward.reintegration.visit.made.v1",
    )
    op.execute(sa.update(visit).values(event_id=told.scalar_subquery()))


def downgrade() -> None:
    for table in TABLES:
        op.drop_column(table, "event_id")
