"""A guardianship rests while child or guardian is out of the case, and comes back with who rejoins. What the leaving
of a child had ended is taken for resting, as long as the child is out; whose guardian left is looked at by protection."""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

BY_LEAVING = """
UPDATE guardianship SET ended_at = NULL, ended_by = NULL, version = version + 1
WHERE ended_at IS NOT NULL
  AND EXISTS (
    SELECT 1 FROM membership_change AS c
    WHERE c.case_id = guardianship.case_id AND c.change = 'left' AND c.recorded_at = guardianship.ended_at
      AND c.individual_id = guardianship.individual_id)
  AND EXISTS (
    SELECT 1 FROM case_member AS m
    WHERE m.case_id = guardianship.case_id AND m.left_at IS NOT NULL
      AND m.individual_id = guardianship.individual_id)
  AND NOT EXISTS (
    SELECT 1 FROM guardianship AS later
    WHERE later.case_id = guardianship.case_id AND later.individual_id = guardianship.individual_id
      AND later.guardian_id = guardianship.guardian_id AND later.id > guardianship.id)
"""


def upgrade() -> None:
    op.execute(BY_LEAVING)


def downgrade() -> None:
    raise NotImplementedError("A schema goes forward; a back-up leads back.")
