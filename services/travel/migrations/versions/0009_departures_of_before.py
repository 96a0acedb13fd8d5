"""Departures from before there was a ledger of them, and what is counted once where two records are one person."""

import sqlalchemy as sa
from alembic import op

from shared.database import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

STILL = sa.text("undone_event_id IS NULL")
# Ids lie as hex without dashes on SQLite, moments there as microseconds since 1970; a fact names ids with dashes.
SQLITE = {
    "same": "replace({told}, '-', '') = {id}",
    "day": "date({moment} / 1000000, 'unixepoch')",
    "false": "0",
}
POSTGRESQL = {
    "same": "{told} = CAST({id} AS text)",
    "day": "CAST({moment} AT TIME ZONE 'UTC' AS date)",
    "false": "false",
}
FLOWN = "'departed', 'in_transit', 'arrived', 'not_admitted'"


def upgrade() -> None:
    op.create_table(
        "departure_beside",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("departure_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("undone_event_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["departure_id"], ["departure.id"], name=op.f("fk_departure_beside_departure_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_departure_beside")),
        sa.UniqueConstraint("event_id", name=op.f("uq_departure_beside_event_id")),
        sa.UniqueConstraint("undone_event_id", name=op.f("uq_departure_beside_undone_event_id")),
    )
    op.create_index(
        "uq_departure_beside_still",
        "departure_beside",
        ["departure_id"],
        unique=True,
        sqlite_where=STILL,
        postgresql_where=STILL,
    )
    op.create_index(op.f("ix_link_fact_duplicate"), "link_fact", ["duplicate"], unique=False)
    op.create_index(op.f("ix_link_fact_stands"), "link_fact", ["stands"], unique=False)
    words = SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL
    op.execute(_departures(words))
    op.execute(_not_admitted(words))


def downgrade() -> None:
    # The departures of before stay: they happened, and the reports of then are given again from facts already told.
    op.drop_index(op.f("ix_link_fact_stands"), table_name="link_fact")
    op.drop_index(op.f("ix_link_fact_duplicate"), table_name="link_fact")
    op.drop_index(
        "uq_departure_beside_still", table_name="departure_beside", sqlite_where=STILL, postgresql_where=STILL
    )
    op.drop_table("departure_beside")


def _about(words: dict[str, str], kind: str) -> str:
    """The fact of this kind that was told of a passenger `p`, as `o`."""
    return (
        f"outbox o ON o.type = 'homeward.travel.passenger.{kind}.v1' AND o.attempt = p.attempt"
        f" AND {words['same'].format(told='o.subject', id='p.individual_id')}"
        f" AND {words['same'].format(told='o.key', id='p.case_id')}"
    )


def _departures(words: dict[str, str]) -> str:
    """Each departure that was told and is not in the ledger. Its id is the fact's; what is known of the person is what
    is known now, since nothing was kept then."""
    return f"""
        INSERT INTO departure (id, event_id, case_id, individual_id, attempt, flight_id, departed_on, nationality, sex,
            age_group, site_id, destination, flight_kind, from_airport, on_paper, recorded_at)
        SELECT o.event_id, o.event_id, p.case_id, p.individual_id, p.attempt, p.flight_id,
            {words["day"].format(moment="p.departed_at")}, m.nationality, m.sex, m.age_group, c.site_id,
            f.to_country, f.kind, f.from_airport, {words["false"]}, o.recorded
        FROM passenger p
        JOIN flight f ON f.id = p.flight_id
        JOIN {_about(words, "departed")} AND o.occurred = p.departed_at
        LEFT JOIN member_fact m ON m.case_id = p.case_id AND m.individual_id = p.individual_id
        LEFT JOIN case_fact c ON c.case_id = p.case_id
        WHERE p.status IN ({FLOWN})
            AND NOT EXISTS (SELECT 1 FROM departure d WHERE d.event_id = o.event_id)
    """  # noqa: S608  # from this file's own words


def _not_admitted(words: dict[str, str]) -> str:
    return f"""
        INSERT INTO departure_undone (departure_id, event_id, kind, recorded_at)
        SELECT d.id, o.event_id, p.not_admitted_kind, o.recorded
        FROM passenger p
        JOIN departure d ON d.individual_id = p.individual_id AND d.attempt = p.attempt AND d.flight_id = p.flight_id
        JOIN {_about(words, "not_admitted")}
        WHERE p.status = 'not_admitted'
            AND NOT EXISTS (SELECT 1 FROM departure_undone u WHERE u.departure_id = d.id)
    """  # noqa: S608  # from this file's own words
