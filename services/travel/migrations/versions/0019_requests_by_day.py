"""All requests for papers are listed in the order in which they are due, those that were settled, too."""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_paper_request_due_on_id", "paper_request", ["due_on", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_paper_request_due_on_id", table_name="paper_request")
