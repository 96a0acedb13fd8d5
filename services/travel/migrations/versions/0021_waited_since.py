"""A booking knows since when its people have waited for a seat, where that was before it was made."""

import sqlalchemy as sa
from alembic import op

from shared.database import UtcDateTime

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("booking", sa.Column("waited_since", UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("booking", "waited_since")
