"""Reports are given of editions, one a month: of two positions near each other the difference can be one person."""

import sqlalchemy as sa
from alembic import op

from shared.database import UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report_edition",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_report_edition")),
    )


def downgrade() -> None:
    raise NotImplementedError("A schema goes forward; a back-up leads back.")
