"""The desk's own: transport, nights near the airport, flights worked on paper."""

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What the desk needs beside the flights."""


def downgrade() -> None:
    """Nothing to take back yet."""
