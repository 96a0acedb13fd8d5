"""A distribution that was announced may be called off: why, and how those who were told of it were told so."""

import sqlalchemy as sa
from alembic import op

from shared.database import UtcDateTime

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

REASON = (
    "called_off_because IS NULL OR called_off_because IN "
    "('unsafe', 'weather', 'goods_not_there', 'no_access', 'no_place', 'announced_by_mistake')"
)
SOMEBODY = (
    "(called_off_at IS NULL) = (called_off_by IS NULL) AND (called_off_at IS NULL) = (called_off_because IS NULL) "
    "AND (called_off_at IS NULL OR status = 'announced')"
)
WAY = "told_way IS NULL OR told_way IN ('in_person', 'loudspeaker', 'notice_board', 'message', 'committee')"
TOLD = (
    "(told_at IS NULL) = (told_by IS NULL) AND (told_at IS NULL) = (told_way IS NULL) "
    "AND (told_at IS NULL OR called_off_at IS NOT NULL)"
)


def upgrade() -> None:
    reason = sa.CheckConstraint(REASON, name=op.f("ck_distribution_called_off_because"))
    somebody = sa.CheckConstraint(SOMEBODY, name=op.f("ck_distribution_called_off_by_someone"))
    way = sa.CheckConstraint(WAY, name=op.f("ck_distribution_told_way"))
    told = sa.CheckConstraint(TOLD, name=op.f("ck_distribution_told_by_someone"))
    for column in (
        sa.Column("called_off_at", UtcDateTime(), nullable=True),
        sa.Column("called_off_because", sa.String(), reason, nullable=True),
        sa.Column("called_off_by", sa.String(), somebody, nullable=True),
        sa.Column("told_at", UtcDateTime(), nullable=True),
        sa.Column("told_way", sa.String(), way, nullable=True),
        sa.Column("told_by", sa.String(), told, nullable=True),
    ):
        op.add_column("distribution", column)


def downgrade() -> None:
    raise NotImplementedError("A schema goes forward; a back-up leads back.")
