"""A hold of everyone in the case holds who joins it later. What was placed before names its people."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("hold", sa.Column("everyone", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    raise NotImplementedError("A schema goes forward; a back-up leads back.")
