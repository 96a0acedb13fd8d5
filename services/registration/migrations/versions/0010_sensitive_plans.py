"""Steps of a plan and notes that only protection and their author read; what was there before counts as such."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    hidden = sa.text("true")
    op.add_column(
        "vulnerability_assessment", sa.Column("note_sensitive", sa.Boolean(), nullable=False, server_default=hidden)
    )
    op.add_column("vulnerability_step", sa.Column("sensitive", sa.Boolean(), nullable=False, server_default=hidden))


def downgrade() -> None:
    raise NotImplementedError("A schema goes forward; a back-up leads back.")
