"""What reports count by has a place in the order in which it became known here, so that a report can be given again."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# Of what was there before, the moment of recording is all that tells the order.
BEFORE = """
    INSERT INTO reckoned (what, about, position)
    SELECT what, about, row_number() OVER (ORDER BY at, what, about)
    FROM (
        SELECT DISTINCT 'passage' AS what, event_id AS about, recorded_at AS at FROM passage_fact
        WHERE kind IN ('departed', 'not_admitted')
        UNION ALL SELECT 'link', id, linked_at FROM people_link
        UNION ALL SELECT 'unlink', id, undone_at FROM people_link WHERE undone_at IS NOT NULL
        UNION ALL SELECT DISTINCT 'assessment', assessment_id, recorded_at FROM vulnerability_category
    ) AS before
"""


def upgrade() -> None:
    op.create_table(
        "reckoned",
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("about", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("what IN ('passage', 'link', 'unlink', 'assessment')", name=op.f("ck_reckoned_what")),
        sa.PrimaryKeyConstraint("what", "about", name=op.f("pk_reckoned")),
        sa.UniqueConstraint("position", name=op.f("uq_reckoned_position")),
    )
    waits = sa.text("position IS NULL")
    op.create_index(
        "ix_reckoned_waits", "reckoned", ["what", "about"], unique=False, sqlite_where=waits, postgresql_where=waits
    )
    op.execute(BEFORE)


def downgrade() -> None:
    raise NotImplementedError("A schema goes forward; a back-up leads back.")
