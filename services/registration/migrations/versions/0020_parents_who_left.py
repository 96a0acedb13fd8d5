"""Whose parent somebody was who left a case is kept, so that who rejoins is so again."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("membership_change", sa.Column("parent_of", JSON, nullable=True))


def downgrade() -> None:
    raise NotImplementedError("A schema goes forward; a back-up leads back.")
