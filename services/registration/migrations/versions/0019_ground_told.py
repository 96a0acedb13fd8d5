"""The way to the airport, and nights near it, are to be told."""

import sqlalchemy as sa
from alembic import op

from shared.database import UtcDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

ABOUT = (
    "'booking_cancelled', 'booking_on_hold', 'booking_waiting', 'booking_resumed', 'flight_changed', "
    "'seats_offered', 'offer_ended'"
)


def _notice_as_it_was() -> sa.Table:
    """SQLite makes a table anew where one of its constraints changes, and does not tell what its CHECKs were."""
    notice = sa.Table(
        "notice",
        sa.MetaData(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("individual_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("flight_id", sa.Uuid(), nullable=True),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("departs_at", UtcDateTime(), nullable=True),
        sa.Column("answer_by", UtcDateTime(), nullable=True),
        sa.CheckConstraint(f"about IN ({ABOUT})", name=op.f("ck_notice_about")),
        sa.CheckConstraint("status IN ('open', 'told', 'overtaken')", name=op.f("ck_notice_status")),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_notice_attempts")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_notice_case_id")),
        sa.ForeignKeyConstraint(["individual_id"], ["individual.id"], name=op.f("fk_notice_individual_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("event_id", "individual_id", name=op.f("uq_notice_event_id_individual_id")),
    )
    sa.Index("ix_notice_case_id_id", notice.c.case_id, notice.c.id)
    sa.Index("ix_notice_status_id", notice.c.status, notice.c.id)
    return notice


def _change_notice() -> None:
    with op.batch_alter_table("notice", copy_from=_notice_as_it_was()) as table:
        table.drop_constraint(op.f("ck_notice_about"), type_="check")
        table.create_check_constraint(
            op.f("ck_notice_about"), f"about IN ({ABOUT}, 'ground_arranged', 'ground_cancelled')"
        )


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _change_notice()
        return
    # SQLite drops the old table on the way, which no telling may name meanwhile.
    op.execute("CREATE TEMPORARY TABLE tellings AS SELECT * FROM notice_telling")
    op.execute("DELETE FROM notice_telling")
    _change_notice()
    op.execute("INSERT INTO notice_telling SELECT * FROM tellings")
    op.execute("DROP TABLE tellings")


def downgrade() -> None:
    raise NotImplementedError("A schema goes forward; a back-up leads back.")
