"""The first schema: programmes, restrictions, standings, answers, decisions, folded facts, and the standing tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.database import MoneyColumn, UtcDateTime

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_fact",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("host_country", sa.String(), nullable=False),
        sa.Column("destination_country", sa.String(), nullable=False),
        sa.Column("destination_area", sa.String(), nullable=True),
        sa.Column("arrived_on", sa.Date(), nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.Column("means", sa.String(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_fact")),
    )
    op.create_index("ix_case_fact_destination", "case_fact", ["destination_country", "case_id"], unique=False)
    op.create_table(
        "member_fact",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("individual_id", sa.Uuid(), nullable=False),
        sa.Column("relation", sa.String(), nullable=False),
        sa.Column("nationality", sa.String(), nullable=False),
        sa.Column("sex", sa.String(), nullable=False),
        sa.Column("age_band", sa.String(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("withdrawn_attempt", sa.Integer(), nullable=False),
        sa.Column("last_assisted_return", sa.Date(), nullable=True),
        sa.Column("belongs", sa.Boolean(), nullable=False),
        sa.CheckConstraint("attempt >= 1", name=op.f("ck_member_fact_attempt")),
        sa.CheckConstraint("withdrawn_attempt >= 0", name=op.f("ck_member_fact_withdrawn_attempt")),
        sa.PrimaryKeyConstraint("case_id", "individual_id", name=op.f("pk_member_fact")),
    )
    op.create_index("ix_member_fact_individual", "member_fact", ["individual_id"], unique=False)
    op.create_table(
        "passage_fact",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("individual_id", sa.Uuid(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("departed_at", UtcDateTime(), nullable=True),
        sa.Column("not_admitted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "individual_id", "attempt", name=op.f("pk_passage_fact")),
    )
    op.create_index("ix_passage_fact_individual", "passage_fact", ["individual_id"], unique=False)
    op.create_table(
        "programme",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("donor", sa.String(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("host_countries", DOCUMENT, nullable=False),
        sa.Column("destination_countries", DOCUMENT, nullable=True),
        sa.Column("latest", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("latest >= 0", name=op.f("ck_programme_latest")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
        sa.UniqueConstraint("code", name=op.f("uq_programme_code")),
    )
    op.create_table(
        "restriction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("country", sa.String(length=3), nullable=False),
        sa.Column("area", sa.String(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("lifted_on", sa.Date(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("set_by", sa.String(), nullable=False),
        sa.Column("set_at", UtcDateTime(), nullable=False),
        sa.Column("lifted_by", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("lifted_on IS NULL OR lifted_on >= valid_from", name=op.f("ck_restriction_lifted")),
        sa.CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name=op.f("ck_restriction_dates")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restriction")),
    )
    op.create_index("ix_restriction_country", "restriction", ["country", "id"], unique=False)
    op.create_table(
        "programme_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_programme_version_number")),
        sa.CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name=op.f("ck_programme_version_dates")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_programme_version_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_version")),
        sa.UniqueConstraint("programme_id", "number", name=op.f("uq_programme_version_programme_id_number")),
    )
    op.create_table(
        "standing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("ended", sa.String(), nullable=True),
        sa.Column("programme_id", sa.Uuid(), nullable=True),
        sa.Column("programme_asked", sa.Boolean(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=True),
        sa.Column("look_since", UtcDateTime(), nullable=True),
        sa.Column("look_cause", sa.Uuid(), nullable=True),
        sa.Column("look_because", sa.String(), nullable=True),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(status = 'undecided') = (decision_id IS NULL)", name=op.f("ck_standing_decided")),
        sa.CheckConstraint(
            "ended IS NULL OR ended IN ('withdrawn', 'departed', 'closed')", name=op.f("ck_standing_ended")
        ),
        sa.CheckConstraint(
            "status IN ('undecided', 'needs_information', 'eligible', 'ineligible')", name=op.f("ck_standing_status")
        ),
        sa.CheckConstraint("(look_since IS NULL) = (look_cause IS NULL)", name=op.f("ck_standing_look")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_standing_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standing")),
    )
    op.create_index(
        "ix_standing_look",
        "standing",
        ["id"],
        unique=False,
        sqlite_where=sa.text("look_since IS NOT NULL"),
        postgresql_where=sa.text("look_since IS NOT NULL"),
    )
    op.create_index("ix_standing_programme", "standing", ["programme_id", "id"], unique=False)
    op.create_index(
        "ix_standing_open",
        "standing",
        ["id"],
        unique=False,
        sqlite_where=sa.text("ended IS NULL"),
        postgresql_where=sa.text("ended IS NULL"),
    )
    op.create_index(
        "ix_standing_ended",
        "standing",
        ["id"],
        unique=False,
        sqlite_where=sa.text("ended IS NOT NULL"),
        postgresql_where=sa.text("ended IS NOT NULL"),
    )
    op.create_index(
        "ix_standing_open_status",
        "standing",
        ["status", "id"],
        unique=False,
        sqlite_where=sa.text("ended IS NULL"),
        postgresql_where=sa.text("ended IS NULL"),
    )
    op.create_index(
        "ix_standing_ended_status",
        "standing",
        ["status", "id"],
        unique=False,
        sqlite_where=sa.text("ended IS NOT NULL"),
        postgresql_where=sa.text("ended IS NOT NULL"),
    )
    op.create_table(
        "decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("evaluated_on", sa.Date(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("good_until", sa.Date(), nullable=True),
        sa.Column("replaces", sa.Uuid(), nullable=True),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("total", MoneyColumn(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("(good_until IS NULL) = (outcome <> 'eligible')", name=op.f("ck_decision_good_until")),
        sa.CheckConstraint(
            "outcome IN ('eligible', 'ineligible', 'needs_information')", name=op.f("ck_decision_outcome")
        ),
        sa.CheckConstraint("total >= 0", name=op.f("ck_decision_total")),
        sa.ForeignKeyConstraint(["case_id"], ["standing.id"], name=op.f("fk_decision_case_id")),
        sa.ForeignKeyConstraint(["replaces"], ["decision.id"], name=op.f("fk_decision_replaces")),
        sa.ForeignKeyConstraint(["version_id"], ["programme_version.id"], name=op.f("fk_decision_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("replaces", name=op.f("uq_decision_replaces")),
    )
    op.create_index("ix_decision_case", "decision", ["case_id", "id"], unique=False)
    op.create_table(
        "given_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("individual_id", sa.Uuid(), nullable=True),
        sa.Column("question", sa.String(length=60), nullable=False),
        sa.Column("value", DOCUMENT, nullable=False),
        sa.Column("answered_by", sa.String(), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("late_reason", sa.String(), nullable=True),
        sa.Column("evidence", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["standing.id"], name=op.f("fk_given_answer_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_given_answer")),
        sa.UniqueConstraint("case_id", "number", name=op.f("uq_given_answer_case_id_number")),
    )
    op.create_index("ix_given_answer_case", "given_answer", ["case_id", "id"], unique=False)
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("machine", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("roles", sa.String(length=300), nullable=False),
        sa.Column("action", sa.String(length=80), nullable=False),
        sa.Column("ids", DOCUMENT, nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("cause", sa.Uuid(), nullable=False),
        sa.Column("correlation", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_table(
        "inbox",
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("sequence >= 0", name=op.f("ck_inbox_sequence")),
        sa.PrimaryKeyConstraint("source", "key", name=op.f("pk_inbox")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.String(length=120), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=True),
        sa.Column("occurred", UtcDateTime(), nullable=False),
        sa.Column("recorded", UtcDateTime(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=True),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("event_id", name=op.f("uq_outbox_event_id")),
        sa.UniqueConstraint("key", "sequence", name=op.f("uq_outbox_key_sequence")),
        sa.UniqueConstraint("position", name=op.f("uq_outbox_position")),
    )
    op.create_index(
        "ix_outbox_unplaced",
        "outbox",
        ["id"],
        unique=False,
        sqlite_where=sa.text("position IS NULL"),
        postgresql_where=sa.text("position IS NULL"),
    )
    op.create_index(
        "ix_outbox_unsent",
        "outbox",
        ["position"],
        unique=False,
        sqlite_where=sa.text("sent_at IS NULL"),
        postgresql_where=sa.text("sent_at IS NULL"),
    )
    op.create_table(
        "parked",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=True),
        sa.Column("type", sa.String(length=120), nullable=False),
        sa.Column("topic", sa.String(length=120), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("parked_at", UtcDateTime(), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.Column("settled_how", sa.String(length=40), nullable=True),
        sa.Column("settled_by", sa.String(length=120), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parked")),
        sa.UniqueConstraint("topic", "partition", "offset", name=op.f("uq_parked_topic_partition_offset")),
    )
    op.create_index(
        "ix_parked_waiting",
        "parked",
        ["source", "key"],
        unique=False,
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.create_table(
        "request_key",
        sa.Column("client", sa.String(length=120), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("headers", DOCUMENT, nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("client", "key", name=op.f("pk_request_key")),
    )
    op.create_table(
        "stream",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("recorded", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_stream")),
    )


def downgrade() -> None:
    op.drop_table("stream")
    op.drop_table("request_key")
    op.drop_index(
        "ix_parked_waiting",
        table_name="parked",
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.drop_table("parked")
    op.drop_index(
        "ix_outbox_unsent",
        table_name="outbox",
        sqlite_where=sa.text("sent_at IS NULL"),
        postgresql_where=sa.text("sent_at IS NULL"),
    )
    op.drop_index(
        "ix_outbox_unplaced",
        table_name="outbox",
        sqlite_where=sa.text("position IS NULL"),
        postgresql_where=sa.text("position IS NULL"),
    )
    op.drop_table("outbox")
    op.drop_table("inbox")
    op.drop_table("audit")
    op.drop_index("ix_given_answer_case", table_name="given_answer")
    op.drop_table("given_answer")
    op.drop_index("ix_decision_case", table_name="decision")
    op.drop_table("decision")
    op.drop_index(
        "ix_standing_ended_status",
        table_name="standing",
        sqlite_where=sa.text("ended IS NOT NULL"),
        postgresql_where=sa.text("ended IS NOT NULL"),
    )
    op.drop_index(
        "ix_standing_open_status",
        table_name="standing",
        sqlite_where=sa.text("ended IS NULL"),
        postgresql_where=sa.text("ended IS NULL"),
    )
    op.drop_index(
        "ix_standing_ended",
        table_name="standing",
        sqlite_where=sa.text("ended IS NOT NULL"),
        postgresql_where=sa.text("ended IS NOT NULL"),
    )
    op.drop_index(
        "ix_standing_open",
        table_name="standing",
        sqlite_where=sa.text("ended IS NULL"),
        postgresql_where=sa.text("ended IS NULL"),
    )
    op.drop_index("ix_standing_programme", table_name="standing")
    op.drop_index(
        "ix_standing_look",
        table_name="standing",
        sqlite_where=sa.text("look_since IS NOT NULL"),
        postgresql_where=sa.text("look_since IS NOT NULL"),
    )
    op.drop_table("standing")
    op.drop_table("programme_version")
    op.drop_index("ix_restriction_country", table_name="restriction")
    op.drop_table("restriction")
    op.drop_table("programme")
    op.drop_index("ix_passage_fact_individual", table_name="passage_fact")
    op.drop_table("passage_fact")
    op.drop_index("ix_member_fact_individual", table_name="member_fact")
    op.drop_table("member_fact")
    op.drop_index("ix_case_fact_destination", table_name="case_fact")
    op.drop_table("case_fact")
