"""Links of a record are found by it, those that were undone, too: a report of a month counts by them."""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_people_link_duplicate_id", "people_link", ["duplicate_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_people_link_duplicate_id", table_name="people_link")
