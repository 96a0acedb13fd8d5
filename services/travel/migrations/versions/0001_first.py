"""The first schema: travel's own tables, and the standing tables of every service."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.database import MoneyColumn, UtcDateTime

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attempt_fact",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("individual_id", sa.Uuid(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=True),
        sa.Column("lapsed", sa.Boolean(), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.Column("stated_late_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("case_id", "individual_id", "attempt", name=op.f("pk_attempt_fact")),
    )
    op.create_table(
        "case_fact",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("host_country", sa.String(length=3), nullable=False),
        sa.Column("destination_country", sa.String(length=3), nullable=False),
        sa.Column("destination_area", sa.String(length=200), nullable=True),
        sa.Column("registered_at", UtcDateTime(), nullable=True),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_fact")),
    )
    op.create_table(
        "case_turn",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_turn")),
    )
    op.create_table(
        "check_fact",
        sa.Column("check_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("individual_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("checked_at", UtcDateTime(), nullable=False),
        sa.Column("support", DOCUMENT, nullable=False),
        sa.Column("fly_before", sa.Date(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("check_id", name=op.f("pk_check_fact")),
    )
    op.create_index(op.f("ix_check_fact_case_id"), "check_fact", ["case_id"], unique=False)
    op.create_table(
        "clearance_fact",
        sa.Column("clearance_id", sa.Uuid(), nullable=False),
        sa.Column("individual_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("flight_id", sa.Uuid(), nullable=False),
        sa.Column("cleared", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=True),
        sa.Column("released", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("clearance_id", "individual_id", name=op.f("pk_clearance_fact")),
    )
    op.create_table(
        "decision_fact",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("good_until", sa.Date(), nullable=True),
        sa.Column("attempts", DOCUMENT, nullable=False),
        sa.Column("package", DOCUMENT, nullable=False),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_decision_fact")),
    )
    op.create_table(
        "document_fact",
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("individual_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("issuing_country", sa.String(length=3), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("for_country", sa.String(length=3), nullable=True),
        sa.Column("single_journey", sa.Boolean(), nullable=False),
        sa.Column("valid", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_document_fact")),
    )
    op.create_index(op.f("ix_document_fact_case_id"), "document_fact", ["case_id"], unique=False)
    op.create_table(
        "flight",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("carrier", sa.String(length=80), nullable=False),
        sa.Column("from_airport", sa.String(length=3), nullable=False),
        sa.Column("from_country", sa.String(length=3), nullable=False),
        sa.Column("to_airport", sa.String(length=3), nullable=False),
        sa.Column("to_country", sa.String(length=3), nullable=False),
        sa.Column("departs_at", UtcDateTime(), nullable=False),
        sa.Column("arrives_at", UtcDateTime(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("seats_taken", sa.Integer(), nullable=False),
        sa.Column("seats_lost", sa.Integer(), nullable=False),
        sa.Column("fare", MoneyColumn(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("cut_off_at", UtcDateTime(), nullable=False),
        sa.Column("check_in_opens_at", UtcDateTime(), nullable=False),
        sa.Column("doors_at", UtcDateTime(), nullable=False),
        sa.Column("project_code", sa.String(length=40), nullable=False),
        sa.Column("budget_line", sa.String(length=40), nullable=False),
        sa.Column("closing_at", UtcDateTime(), nullable=True),
        sa.Column("departed_at", UtcDateTime(), nullable=True),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("kind IN ('commercial', 'charter')", name=op.f("ck_flight_kind")),
        sa.CheckConstraint(
            "status IN ('scheduled', 'check_in', 'closing', 'closed', 'departed', 'cancelled')",
            name=op.f("ck_flight_status"),
        ),
        sa.CheckConstraint("fare >= 0", name=op.f("ck_flight_fare")),
        sa.CheckConstraint("seats > 0", name=op.f("ck_flight_seats")),
        sa.CheckConstraint(
            "seats_taken >= 0 AND seats_lost >= 0 AND seats_taken + seats_lost <= seats",
            name=op.f("ck_flight_never_oversold"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flight")),
    )
    op.create_index("ix_flight_departs_at_id", "flight", ["departs_at", "id"], unique=False)
    op.create_table(
        "hold_fact",
        sa.Column("hold_id", sa.Uuid(), nullable=False),
        sa.Column("individual_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("released", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("hold_id", "individual_id", name=op.f("pk_hold_fact")),
    )
    op.create_index(op.f("ix_hold_fact_case_id"), "hold_fact", ["case_id"], unique=False)
    op.create_table(
        "member_fact",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("individual_id", sa.Uuid(), nullable=False),
        sa.Column("nationality", sa.String(length=3), nullable=False),
        sa.Column("adult", sa.Boolean(), nullable=False),
        sa.Column("responsible", DOCUMENT, nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "individual_id", name=op.f("pk_member_fact")),
    )
    op.create_table(
        "paper_rule",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("country", sa.String(length=3), nullable=False),
        sa.Column("applies", sa.String(length=20), nullable=False),
        sa.Column("document", sa.String(length=20), nullable=False),
        sa.Column("nationalities", DOCUMENT, nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("applies IN ('exit', 'transit', 'entry')", name=op.f("ck_paper_rule_applies")),
        sa.CheckConstraint("document IN ('exit_permit', 'visa', 'transit_visa')", name=op.f("ck_paper_rule_document")),
        sa.CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name=op.f("ck_paper_rule_dates")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_rule")),
    )
    op.create_index("ix_paper_rule_country_applies", "paper_rule", ["country", "applies"], unique=False)
    op.create_table(
        "protection_fact",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("individual_id", sa.Uuid(), nullable=False),
        sa.Column("pending", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "individual_id", name=op.f("pk_protection_fact")),
    )
    op.create_table(
        "restriction_fact",
        sa.Column("restriction_id", sa.Uuid(), nullable=False),
        sa.Column("country", sa.String(length=3), nullable=False),
        sa.Column("area", sa.String(length=200), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=400), nullable=False),
        sa.Column("lifted_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("restriction_id", name=op.f("pk_restriction_fact")),
    )
    op.create_index(op.f("ix_restriction_fact_country"), "restriction_fact", ["country"], unique=False)
    op.create_table(
        "booking",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("flight_id", sa.Uuid(), nullable=False),
        sa.Column("split_stated_by", DOCUMENT, nullable=False),
        sa.Column("split_stated_on", sa.Date(), nullable=True),
        sa.Column("cancelled_for", sa.String(length=40), nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "status IN ('waiting', 'held_seats', 'confirmed', 'on_hold', 'closed', 'cancelled')",
            name=op.f("ck_booking_status"),
        ),
        sa.ForeignKeyConstraint(["flight_id"], ["flight.id"], name=op.f("fk_booking_flight_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking")),
    )
    op.create_index(op.f("ix_booking_case_id"), "booking", ["case_id"], unique=False)
    op.create_index(op.f("ix_booking_flight_id"), "booking", ["flight_id"], unique=False)
    op.create_table(
        "flight_leg",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("flight_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("flight_number", sa.String(length=10), nullable=False),
        sa.Column("from_airport", sa.String(length=3), nullable=False),
        sa.Column("from_country", sa.String(length=3), nullable=False),
        sa.Column("to_airport", sa.String(length=3), nullable=False),
        sa.Column("to_country", sa.String(length=3), nullable=False),
        sa.Column("departs", UtcDateTime(), nullable=False),
        sa.Column("arrives", UtcDateTime(), nullable=False),
        sa.CheckConstraint("arrives > departs", name=op.f("ck_flight_leg_in_time_order")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_flight_leg_number")),
        sa.ForeignKeyConstraint(["flight_id"], ["flight.id"], name=op.f("fk_flight_leg_flight_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flight_leg")),
        sa.UniqueConstraint("flight_id", "number", name=op.f("uq_flight_leg_flight_id_number")),
    )
    op.create_table(
        "hand_over",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("flight_id", sa.Uuid(), nullable=False),
        sa.Column("closing_at", UtcDateTime(), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("roles", DOCUMENT, nullable=False),
        sa.Column("correlation", sa.Uuid(), nullable=False),
        sa.Column("traceparent", sa.String(length=55), nullable=True),
        sa.ForeignKeyConstraint(["flight_id"], ["flight.id"], name=op.f("fk_hand_over_flight_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_over")),
        sa.UniqueConstraint("flight_id", name=op.f("uq_hand_over_flight_id")),
    )
    op.create_index(
        "ix_hand_over_waiting",
        "hand_over",
        ["closing_at"],
        unique=False,
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.create_table(
        "passenger",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("flight_id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("individual_id", sa.Uuid(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("adult", sa.Boolean(), nullable=False),
        sa.Column("seat", sa.String(length=10), nullable=False),
        sa.Column("documents", DOCUMENT, nullable=False),
        sa.Column("word", sa.String(length=10), nullable=True),
        sa.Column("word_at", UtcDateTime(), nullable=True),
        sa.Column("ask_again_since", UtcDateTime(), nullable=True),
        sa.Column("checked_in_at", UtcDateTime(), nullable=True),
        sa.Column("boarded_at", UtcDateTime(), nullable=True),
        sa.Column("taken_off_at", UtcDateTime(), nullable=True),
        sa.Column("taken_off_for", sa.String(length=40), nullable=True),
        sa.Column("take_off_wanted", sa.String(length=40), nullable=True),
        sa.Column("clearance_id", sa.Uuid(), nullable=True),
        sa.Column("refused_for", sa.String(length=60), nullable=True),
        sa.Column("departed_at", UtcDateTime(), nullable=True),
        sa.Column("transit_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("ended_airport", sa.String(length=3), nullable=True),
        sa.Column("ended_country", sa.String(length=3), nullable=True),
        sa.Column("met_by", sa.String(length=30), nullable=True),
        sa.Column("not_admitted_kind", sa.String(length=30), nullable=True),
        sa.CheckConstraint("seat IN ('held', 'freed', 'lost')", name=op.f("ck_passenger_seat")),
        sa.CheckConstraint(
            "status IN ('booked', 'checked_in', 'boarded', 'cleared', "
            "'departed', 'in_transit', 'arrived', 'not_admitted', 'no_show', 'offloaded', 'cancelled')",
            name=op.f("ck_passenger_status"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('cleared', 'departed') OR clearance_id IS NOT NULL", name=op.f("ck_passenger_cleared_by")
        ),
        sa.CheckConstraint(
            "word IS NULL OR word IN ('yes', 'no', 'not_sure', 'pressed')", name=op.f("ck_passenger_word")
        ),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_passenger_booking_id")),
        sa.ForeignKeyConstraint(["flight_id"], ["flight.id"], name=op.f("fk_passenger_flight_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passenger")),
    )
    op.create_index(op.f("ix_passenger_booking_id"), "passenger", ["booking_id"], unique=False)
    op.create_index(op.f("ix_passenger_case_id"), "passenger", ["case_id"], unique=False)
    op.create_index("ix_passenger_flight_id_id", "passenger", ["flight_id", "id"], unique=False)
    op.create_index(op.f("ix_passenger_individual_id"), "passenger", ["individual_id"], unique=False)
    op.create_index(
        "uq_passenger_living",
        "passenger",
        ["individual_id"],
        unique=True,
        sqlite_where=sa.text("status IN ('booked', 'checked_in', 'boarded', 'cleared', 'departed', 'in_transit')"),
        postgresql_where=sa.text("status IN ('booked', 'checked_in', 'boarded', 'cleared', 'departed', 'in_transit')"),
    )
    op.create_table(
        "allowance_payment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("individual_id", sa.Uuid(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("flight_id", sa.Uuid(), nullable=False),
        sa.Column("passenger_id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.String(length=120), nullable=False),
        sa.Column("amount", MoneyColumn(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("receipt_number", sa.String(length=40), nullable=False),
        sa.Column("paid_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("late_reason", sa.String(length=30), nullable=True),
        sa.Column("evidence", sa.String(length=200), nullable=True),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_allowance_payment_amount")),
        sa.ForeignKeyConstraint(["flight_id"], ["flight.id"], name=op.f("fk_allowance_payment_flight_id")),
        sa.ForeignKeyConstraint(["passenger_id"], ["passenger.id"], name=op.f("fk_allowance_payment_passenger_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allowance_payment")),
        sa.UniqueConstraint("case_id", "attempt", "line", name=op.f("uq_allowance_payment_case_id_attempt_line")),
        sa.UniqueConstraint("flight_id", "receipt_number", name=op.f("uq_allowance_payment_flight_id_receipt_number")),
    )
    op.create_index(op.f("ix_allowance_payment_passenger_id"), "allowance_payment", ["passenger_id"], unique=False)
    op.create_table(
        "handed_over",
        sa.Column("clearance_id", sa.Uuid(), nullable=False),
        sa.Column("individual_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("passenger_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("willing", sa.String(length=12), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.Column("reason", sa.String(length=60), nullable=True),
        sa.CheckConstraint("outcome IS NULL OR outcome IN ('cleared', 'refused')", name=op.f("ck_handed_over_outcome")),
        sa.CheckConstraint("willing IN ('yes', 'not_asked')", name=op.f("ck_handed_over_willing")),
        sa.ForeignKeyConstraint(["clearance_id"], ["hand_over.id"], name=op.f("fk_handed_over_clearance_id")),
        sa.ForeignKeyConstraint(["passenger_id"], ["passenger.id"], name=op.f("fk_handed_over_passenger_id")),
        sa.PrimaryKeyConstraint("clearance_id", "individual_id", name=op.f("pk_handed_over")),
    )
    op.create_table(
        "willingness_statement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("passenger_id", sa.Uuid(), nullable=False),
        sa.Column("answer", sa.String(length=10), nullable=False),
        sa.Column("asked_alone", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("stated_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("late_reason", sa.String(length=30), nullable=True),
        sa.Column("evidence", sa.String(length=200), nullable=True),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.CheckConstraint(
            "answer IN ('yes', 'no', 'not_sure', 'pressed')", name=op.f("ck_willingness_statement_answer")
        ),
        sa.CheckConstraint("asked_alone OR answer <> 'yes'", name=op.f("ck_willingness_statement_asked_alone")),
        sa.ForeignKeyConstraint(["passenger_id"], ["passenger.id"], name=op.f("fk_willingness_statement_passenger_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_willingness_statement")),
    )
    op.create_index(
        op.f("ix_willingness_statement_passenger_id"), "willingness_statement", ["passenger_id"], unique=False
    )
    op.create_table(
        "audit",
        sa.Column("id", ROW_ID, autoincrement=True, nullable=False),
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
        sa.Column("id", ROW_ID, autoincrement=True, nullable=False),
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
        sa.Column("id", ROW_ID, autoincrement=True, nullable=False),
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
    for table in TABLES:
        op.drop_table(table)


# In the order in which nothing refers to what is dropped.
TABLES = [
    "stream",
    "request_key",
    "parked",
    "outbox",
    "inbox",
    "audit",
    "willingness_statement",
    "handed_over",
    "allowance_payment",
    "passenger",
    "hand_over",
    "flight_leg",
    "booking",
    "restriction_fact",
    "protection_fact",
    "paper_rule",
    "member_fact",
    "hold_fact",
    "flight",
    "document_fact",
    "decision_fact",
    "clearance_fact",
    "check_fact",
    "case_turn",
    "case_fact",
    "attempt_fact",
]
