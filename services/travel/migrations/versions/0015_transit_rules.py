"""Rules on transit that are of one airport, or of long stops alone."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("paper_rule", sa.Column("airport", sa.String(3), nullable=True))
    op.add_column("paper_rule", sa.Column("longer_than_hours", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("paper_rule", "longer_than_hours")
    op.drop_column("paper_rule", "airport")
