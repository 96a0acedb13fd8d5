"""The first schema: registration's own tables, and those that every service has."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.database import UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
# Searched by its beginning: in the order of the code points, whatever the server's language.
KEY = sa.String().with_variant(sa.String(collation="C"), "postgresql")
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "assistance_fact",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_assistance_fact")),
    )
    op.create_table(
        "clearance",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("flight_id", sa.Uuid(), nullable=False),
        sa.Column("closing_at", UtcDateTime(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=False),
        sa.Column("answer", JSON, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clearance")),
    )
    op.create_index(op.f("ix_clearance_flight_id"), "clearance", ["flight_id"], unique=False)
    op.create_table(
        "household",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("phone_key", KEY, nullable=False, server_default=""),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household")),
    )
    op.create_index("ix_household_phone_key_id", "household", ["phone_key", "id"], unique=False)
    op.create_table(
        "journey_line",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("cause_id", sa.Uuid(), nullable=False),
        sa.Column("individual_id", sa.Uuid(), nullable=True),
        sa.Column("occurred_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_journey_line")),
    )
    op.create_index("ix_journey_line_case", "journey_line", ["case_id", "occurred_at"], unique=False)
    op.create_table(
        "passage_fact",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("individual_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("flight_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=True),
        sa.Column("clearance_id", sa.Uuid(), nullable=True),
        sa.Column("on_paper", sa.Boolean(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("event_id", "individual_id", name=op.f("pk_passage_fact")),
    )
    op.create_index("ix_passage_fact_case", "passage_fact", ["case_id", "sequence"], unique=False)
    op.create_table(
        "site",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("area", sa.String(), nullable=False),
        sa.Column("managing_agency", sa.String(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('shelter', 'office', 'border_point', 'airport_desk', 'hotel')", name=op.f("ck_site_kind")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site")),
        sa.UniqueConstraint("code", name=op.f("uq_site_code")),
    )
    op.create_table(
        "case_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("host_country", sa.String(), nullable=False),
        sa.Column("destination_country", sa.String(), nullable=False),
        sa.Column("destination_area", sa.String(), nullable=True),
        sa.Column("arrived_in_host_country", sa.Date(), nullable=False),
        sa.Column("bands_told_on", sa.Date(), nullable=False),
        sa.Column("means", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("registered_at", UtcDateTime(), nullable=False),
        sa.Column("registered_by", sa.String(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("closed_reason", sa.String(), nullable=True),
        sa.Column("closed_on_assistance", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_case_file_closed_status")),
        sa.CheckConstraint(
            "channel IN ('office_visit', 'phone', 'online', 'outreach_visit', 'referral', 'airport_desk')",
            name=op.f("ck_case_file_channel"),
        ),
        sa.CheckConstraint(
            "closed_reason IS NULL OR closed_reason IN ('assistance_closed', 'ineligible', 'withdrawn', "
            "'lost_contact', 'left_on_their_own', 'died', 'duplicate')",
            name=op.f("ck_case_file_closed_reason"),
        ),
        sa.CheckConstraint("means IN ('none', 'some', 'unknown')", name=op.f("ck_case_file_means")),
        sa.CheckConstraint(
            "status IN ('open', 'counselled', 'declared', 'cleared', 'departed', 'not_admitted', 'withdrawn', "
            "'closed')",
            name=op.f("ck_case_file_status"),
        ),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (closed_reason IS NULL)", name=op.f("ck_case_file_closed_with_reason")
        ),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"], name=op.f("fk_case_file_household_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_case_file_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_file")),
    )
    op.create_index(op.f("ix_case_file_household_id"), "case_file", ["household_id"], unique=False)
    op.create_index(
        "ix_case_file_bands_told_on_id",
        "case_file",
        ["bands_told_on", "id"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index("ix_case_file_site_id_id", "case_file", ["site_id", "id"], unique=False)
    op.create_index("ix_case_file_site_id_status_id", "case_file", ["site_id", "status", "id"], unique=False)
    op.create_index("ix_case_file_status_id", "case_file", ["status", "id"], unique=False)
    op.create_table(
        "individual",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("given_name", sa.String(), nullable=False),
        sa.Column("family_name", sa.String(), nullable=True),
        sa.Column("given_key", KEY, nullable=False, server_default=""),
        sa.Column("family_key", KEY, nullable=False, server_default=""),
        sa.Column("birth_date", sa.Date(), nullable=False),
        sa.Column("sex", sa.String(), nullable=False),
        sa.Column("nationality", sa.String(), nullable=False),
        sa.Column("other_nationalities", JSON, nullable=False),
        sa.Column("languages", JSON, nullable=False),
        sa.Column("last_assisted_return", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("sex IN ('female', 'male', 'other', 'unknown')", name=op.f("ck_individual_sex")),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"], name=op.f("fk_individual_household_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_individual")),
    )
    op.create_index(op.f("ix_individual_household_id"), "individual", ["household_id"], unique=False)
    for key in ("given_key", "family_key"):
        op.create_index(f"ix_individual_{key}_id", "individual", [key, "id"], unique=False)
        op.create_index(f"ix_individual_birth_date_{key}_id", "individual", ["birth_date", key, "id"], unique=False)
    op.create_table(
        "case_member",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("individual_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("relation", sa.String(), nullable=False),
        sa.Column("responsible", JSON, nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("protection_pending", sa.Boolean(), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.Column("clearance_id", sa.Uuid(), nullable=True),
        sa.Column("flight_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("(status = 'cleared') = (clearance_id IS NOT NULL)", name=op.f("ck_case_member_cleared_by")),
        sa.CheckConstraint(
            "relation IN ('principal_applicant', 'spouse', 'child', 'parent', 'sibling', 'other_relative', "
            "'not_related')",
            name=op.f("ck_case_member_relation"),
        ),
        sa.CheckConstraint(
            "status IN ('open', 'counselled', 'declared', 'cleared', 'departed', 'not_admitted', 'withdrawn')",
            name=op.f("ck_case_member_status"),
        ),
        sa.CheckConstraint("attempt >= 1", name=op.f("ck_case_member_attempt")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_member_case_id")),
        sa.ForeignKeyConstraint(["individual_id"], ["individual.id"], name=op.f("fk_case_member_individual_id")),
        sa.PrimaryKeyConstraint("case_id", "individual_id", name=op.f("pk_case_member")),
    )
    op.create_index(op.f("ix_case_member_individual_id"), "case_member", ["individual_id"], unique=False)
    op.create_table(
        "clearance_passenger",
        sa.Column("clearance_id", sa.Uuid(), nullable=False),
        sa.Column("individual_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("willing", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("released_at", UtcDateTime(), nullable=True),
        sa.Column("departed_at", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "reason IS NULL OR reason IN ('withdrawn', 'held', 'not_declared', 'not_willing', "
            "'protection_pending', 'not_with_those_responsible', 'child_would_stay_alone', 'other_attempt', "
            "'case_closed', 'already_cleared_elsewhere', 'unknown_individual')",
            name=op.f("ck_clearance_passenger_reason"),
        ),
        sa.CheckConstraint(
            "reason IS NULL OR (released_at IS NULL AND departed_at IS NULL)",
            name=op.f("ck_clearance_passenger_refused_or_ended"),
        ),
        sa.CheckConstraint(
            "released_at IS NULL OR departed_at IS NULL", name=op.f("ck_clearance_passenger_ended_once")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_clearance_passenger_case_id")),
        sa.ForeignKeyConstraint(["clearance_id"], ["clearance.id"], name=op.f("fk_clearance_passenger_clearance_id")),
        sa.ForeignKeyConstraint(
            ["individual_id"], ["individual.id"], name=op.f("fk_clearance_passenger_individual_id")
        ),
        sa.PrimaryKeyConstraint("clearance_id", "individual_id", name=op.f("pk_clearance_passenger")),
    )
    op.create_index(op.f("ix_clearance_passenger_case_id"), "clearance_passenger", ["case_id"], unique=False)
    op.create_index(
        "uq_clearance_passenger_stands",
        "clearance_passenger",
        ["individual_id"],
        unique=True,
        sqlite_where=sa.text("reason IS NULL AND released_at IS NULL AND departed_at IS NULL"),
        postgresql_where=sa.text("reason IS NULL AND released_at IS NULL AND departed_at IS NULL"),
    )
    op.create_table(
        "consent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("individual_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("form_version", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("given_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.Column("withdrawn_by", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("form IN ('written', 'oral')", name=op.f("ck_consent_form")),
        sa.CheckConstraint(
            "purpose IN ('reintegration_contact', 'travel_arrangements', 'medical_information', 'referral', "
            "'publication_of_words', 'research')",
            name=op.f("ck_consent_purpose"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_consent_case_id")),
        sa.ForeignKeyConstraint(["individual_id"], ["individual.id"], name=op.f("fk_consent_individual_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index(op.f("ix_consent_case_id"), "consent", ["case_id"], unique=False)
    op.create_index(
        "uq_consent_live",
        "consent",
        ["individual_id", "purpose", "recipient", "form_version"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_table(
        "correction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("individual_id", sa.Uuid(), nullable=True),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("before", JSON, nullable=True),
        sa.Column("after", JSON, nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("corrected_at", UtcDateTime(), nullable=False),
        sa.Column("corrected_by", sa.String(), nullable=False),
        sa.CheckConstraint(
            "reason IN ('typing_error', 'told_otherwise', 'document_seen', 'circumstances_changed')",
            name=op.f("ck_correction_reason"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_correction_case_id")),
        sa.ForeignKeyConstraint(["individual_id"], ["individual.id"], name=op.f("fk_correction_individual_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    op.create_index(op.f("ix_correction_case_id"), "correction", ["case_id"], unique=False)
    op.create_table(
        "counselling_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("individuals", JSON, nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("interpreter", sa.String(), nullable=False),
        sa.Column("topics", JSON, nullable=False),
        sa.Column("understood", sa.Boolean(), nullable=False),
        sa.Column("occurred_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("late_reason", sa.String(), nullable=True),
        sa.Column("evidence", sa.String(), nullable=True),
        sa.CheckConstraint(
            "interpreter IN ('in_person', 'phone', 'none')", name=op.f("ck_counselling_session_interpreter")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_counselling_session_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counselling_session")),
    )
    op.create_index(op.f("ix_counselling_session_case_id"), "counselling_session", ["case_id"], unique=False)
    op.create_table(
        "declaration",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("individual_id", sa.Uuid(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("form_version", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("signed_by", JSON, nullable=False),
        sa.Column("signatures", JSON, nullable=False),
        sa.Column("paper", sa.String(), nullable=True),
        sa.Column("paper_reference", sa.String(), nullable=True),
        sa.Column("paper_why", sa.String(), nullable=True),
        sa.Column("signed_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("late_reason", sa.String(), nullable=True),
        sa.Column("evidence", sa.String(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("ended_how", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "ended_how IS NULL OR ended_how IN ('lapsed', 'withdrawn', 'not_admitted')",
            name=op.f("ck_declaration_ended_how"),
        ),
        sa.CheckConstraint(
            "how IN ('own', 'by_holders_of_parental_responsibility', 'by_representative')",
            name=op.f("ck_declaration_how"),
        ),
        sa.CheckConstraint(
            "paper IS NULL OR paper IN ('court_order', 'power_of_attorney', 'death_certificate', "
            "'written_consent_of_other')",
            name=op.f("ck_declaration_paper"),
        ),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_how IS NULL)", name=op.f("ck_declaration_ended_somehow")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_declaration_case_id")),
        sa.ForeignKeyConstraint(["individual_id"], ["individual.id"], name=op.f("fk_declaration_individual_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declaration")),
    )
    op.create_index(op.f("ix_declaration_case_id"), "declaration", ["case_id"], unique=False)
    op.create_index(
        "uq_declaration_live",
        "declaration",
        ["case_id", "individual_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "departure",
        sa.Column("individual_id", sa.Uuid(), nullable=False),
        sa.Column("flight_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("departed_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("how IN ('cleared', 'on_paper', 'confirmed')", name=op.f("ck_departure_how")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_departure_case_id")),
        sa.ForeignKeyConstraint(["individual_id"], ["individual.id"], name=op.f("fk_departure_individual_id")),
        sa.PrimaryKeyConstraint("individual_id", "flight_id", name=op.f("pk_departure")),
        sa.UniqueConstraint(
            "case_id", "individual_id", "attempt", name=op.f("uq_departure_case_id_individual_id_attempt")
        ),
    )
    op.create_index(op.f("ix_departure_case_id"), "departure", ["case_id"], unique=False)
    op.create_table(
        "document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("individual_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("number_key", KEY, nullable=False, server_default=""),
        sa.Column("issuing_country", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("for_country", sa.String(), nullable=True),
        sa.Column("single_journey", sa.Boolean(), nullable=False),
        sa.Column("valid", sa.Boolean(), nullable=False),
        sa.Column("invalid_reason", sa.String(), nullable=True),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "invalid_reason IS NULL OR invalid_reason IN ('mistake', 'lost', 'taken_away', 'replaced', 'used')",
            name=op.f("ck_document_invalid_reason"),
        ),
        sa.CheckConstraint(
            "kind IN ('passport', 'emergency_travel_document', 'laissez_passer', 'identity_card', "
            "'exit_permit', 'visa', 'transit_visa')",
            name=op.f("ck_document_kind"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_document_case_id")),
        sa.ForeignKeyConstraint(["individual_id"], ["individual.id"], name=op.f("fk_document_individual_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
    )
    op.create_index(op.f("ix_document_case_id"), "document", ["case_id"], unique=False)
    op.create_index(op.f("ix_document_individual_id"), "document", ["individual_id"], unique=False)
    op.create_index("ix_document_number_key_id", "document", ["number_key", "id"], unique=False)
    op.create_table(
        "fitness_check",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("individual_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("support", JSON, nullable=False),
        sa.Column("fly_before", sa.Date(), nullable=True),
        sa.Column("findings", sa.String(), nullable=True),
        sa.Column("checked_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('fit', 'fit_with_support', 'not_fit', 'waived')", name=op.f("ck_fitness_check_outcome")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_fitness_check_case_id")),
        sa.ForeignKeyConstraint(["individual_id"], ["individual.id"], name=op.f("fk_fitness_check_individual_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fitness_check")),
    )
    op.create_index(op.f("ix_fitness_check_case_id"), "fitness_check", ["case_id"], unique=False)
    op.create_table(
        "hold",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("individuals", JSON, nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("placed_at", UtcDateTime(), nullable=False),
        sa.Column("placed_by", sa.String(), nullable=False),
        sa.Column("released_at", UtcDateTime(), nullable=True),
        sa.Column("released_by", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "reason IN ('safety', 'protection', 'medical', 'document', 'capacity', 'other')",
            name=op.f("ck_hold_reason"),
        ),
        sa.CheckConstraint("(released_at IS NULL) = (released_by IS NULL)", name=op.f("ck_hold_released_by_someone")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_hold_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold")),
    )
    op.create_index(op.f("ix_hold_case_id"), "hold", ["case_id"], unique=False)
    op.create_index(
        "ix_hold_open",
        "hold",
        ["case_id"],
        unique=False,
        sqlite_where=sa.text("released_at IS NULL"),
        postgresql_where=sa.text("released_at IS NULL"),
    )
    op.create_table(
        "incident",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("individual_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("about", sa.Uuid(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("happened_at", UtcDateTime(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("resolution", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("resolved_at", UtcDateTime(), nullable=True),
        sa.Column("resolved_by", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('not_sure_at_desk', 'pressed_at_desk', 'paper_contradicts_departure', "
            "'departed_uncleared', 'not_admitted')",
            name=op.f("ck_incident_kind"),
        ),
        sa.CheckConstraint(
            "resolution IS NULL OR resolution IN ('spoken_with', 'referred', 'unfounded', "
            "'departure_confirmed', 'departure_wrong')",
            name=op.f("ck_incident_resolution"),
        ),
        sa.CheckConstraint("(resolved_at IS NULL) = (resolution IS NULL)", name=op.f("ck_incident_resolved_somehow")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_incident_case_id")),
        sa.ForeignKeyConstraint(["individual_id"], ["individual.id"], name=op.f("fk_incident_individual_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
        sa.UniqueConstraint("individual_id", "kind", "about", name=op.f("uq_incident_individual_id_kind_about")),
    )
    op.create_index(op.f("ix_incident_case_id"), "incident", ["case_id"], unique=False)
    op.create_index(
        "ix_incident_open",
        "incident",
        ["id"],
        unique=False,
        sqlite_where=sa.text("resolved_at IS NULL"),
        postgresql_where=sa.text("resolved_at IS NULL"),
    )
    op.create_index(
        "ix_incident_resolved",
        "incident",
        ["id"],
        unique=False,
        sqlite_where=sa.text("resolved_at IS NOT NULL"),
        postgresql_where=sa.text("resolved_at IS NOT NULL"),
    )
    op.create_table(
        "withdrawal_statement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("individual_id", sa.Uuid(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("said_for", sa.Boolean(), nullable=False),
        sa.Column("stated_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("late_reason", sa.String(), nullable=True),
        sa.Column("evidence", sa.String(), nullable=True),
        sa.Column("origin", sa.Uuid(), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "channel IN ('in_person', 'phone', 'paper', 'message', 'desk')",
            name=op.f("ck_withdrawal_statement_channel"),
        ),
        sa.CheckConstraint(
            "outcome IN ('withdrawn', 'too_late_to_undo', 'kept')", name=op.f("ck_withdrawal_statement_outcome")
        ),
        sa.CheckConstraint("attempt >= 1", name=op.f("ck_withdrawal_statement_attempt")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_withdrawal_statement_case_id")),
        sa.ForeignKeyConstraint(
            ["individual_id"], ["individual.id"], name=op.f("fk_withdrawal_statement_individual_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_withdrawal_statement")),
        sa.UniqueConstraint("individual_id", "origin", name=op.f("uq_withdrawal_statement_individual_id_origin")),
    )
    op.create_index(op.f("ix_withdrawal_statement_case_id"), "withdrawal_statement", ["case_id"], unique=False)
    op.create_index(
        "ix_withdrawal_statement_waiting",
        "withdrawal_statement",
        ["case_id"],
        unique=False,
        sqlite_where=sa.text("outcome = 'too_late_to_undo' AND settled_at IS NULL"),
        postgresql_where=sa.text("outcome = 'too_late_to_undo' AND settled_at IS NULL"),
    )
    op.create_table(
        "screening",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("individual_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("notes", sa.String(), nullable=True),
        sa.Column("hold_id", sa.Uuid(), nullable=True),
        sa.Column("screened_at", UtcDateTime(), nullable=False),
        sa.Column("screened_by", sa.String(), nullable=False),
        sa.CheckConstraint(
            "level IN ('individual', 'household', 'community', 'structural')", name=op.f("ck_screening_level")
        ),
        sa.CheckConstraint("outcome IN ('no_concern', 'refer', 'hold')", name=op.f("ck_screening_outcome")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_screening_case_id")),
        sa.ForeignKeyConstraint(["hold_id"], ["hold.id"], name=op.f("fk_screening_hold_id")),
        sa.ForeignKeyConstraint(["individual_id"], ["individual.id"], name=op.f("fk_screening_individual_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screening")),
    )
    op.create_index(op.f("ix_screening_case_id"), "screening", ["case_id"], unique=False)
    op.create_table(
        "audit",
        sa.Column("id", ROW_ID, autoincrement=True, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("machine", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("roles", sa.String(length=300), nullable=False),
        sa.Column("action", sa.String(length=80), nullable=False),
        sa.Column("ids", JSON, nullable=False),
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
        sa.Column("headers", JSON, nullable=True),
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
    for table in (
        "stream",
        "request_key",
        "parked",
        "outbox",
        "inbox",
        "audit",
        "screening",
        "withdrawal_statement",
        "incident",
        "hold",
        "fitness_check",
        "document",
        "departure",
        "declaration",
        "counselling_session",
        "correction",
        "consent",
        "clearance_passenger",
        "case_member",
        "individual",
        "case_file",
        "site",
        "passage_fact",
        "journey_line",
        "household",
        "clearance",
        "assistance_fact",
    ):
        op.drop_table(table)
