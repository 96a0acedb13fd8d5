"""Waiting lists, groups, fares, embassies, escorts."""

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What waiting lists and changing flights need."""


def downgrade() -> None:
    """Nothing to take back yet."""
