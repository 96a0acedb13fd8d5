"""The tables every service has: where facts leave and arrive, what was asked before, who did what."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    text,
)

from shared.columns import NAMING, JsonColumn, RowId, UtcDateTime

STANDING = MetaData(naming_convention=NAMING)
"""The tables every service has, the same in each. They lie beside the service's own tables in its own database."""

stream = Table(
    "stream",
    STANDING,
    Column("key", String(80), primary_key=True),
    Column("sequence", BigInteger, nullable=False),
    Column("recorded", UtcDateTime, nullable=False),
)
outbox = Table(
    "outbox",
    STANDING,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("event_id", Uuid, nullable=False, unique=True),
    Column("key", String(80), nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("type", String(120), nullable=False),
    Column("subject", String(120)),
    Column("attempt", Integer),
    Column("occurred", UtcDateTime, nullable=False),
    Column("recorded", UtcDateTime, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("position", BigInteger, unique=True),
    Column("sent_at", UtcDateTime),
    UniqueConstraint("key", "sequence"),
    Index("ix_outbox_unplaced", "id", sqlite_where=text("position IS NULL"), postgresql_where=text("position IS NULL")),
    Index(
        "ix_outbox_unsent", "position", sqlite_where=text("sent_at IS NULL"), postgresql_where=text("sent_at IS NULL")
    ),
)
inbox = Table(
    "inbox",
    STANDING,
    Column("source", String(80), primary_key=True),
    Column("key", String(80), primary_key=True),
    Column("sequence", BigInteger, nullable=False),
    CheckConstraint("sequence >= 0", name="sequence"),
)
parked = Table(
    "parked",
    STANDING,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("source", String(80), nullable=False),
    Column("key", String(80), nullable=False),
    Column("sequence", BigInteger),
    Column("type", String(120), nullable=False),
    Column("topic", String(120), nullable=False),
    Column("partition", Integer, nullable=False),
    Column("offset", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("reason", String(500), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("parked_at", UtcDateTime, nullable=False),
    Column("settled_at", UtcDateTime),
    Column("settled_how", String(40)),
    Column("settled_by", String(120)),
    UniqueConstraint("topic", "partition", "offset"),
    Index(
        "ix_parked_waiting",
        "source",
        "key",
        sqlite_where=text("settled_at IS NULL"),
        postgresql_where=text("settled_at IS NULL"),
    ),
)
request_key = Table(
    "request_key",
    STANDING,
    Column("client", String(120), primary_key=True),
    Column("key", String(100), primary_key=True),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("status", Integer),
    Column("headers", JsonColumn),
    Column("body", LargeBinary),
    Column("made_at", UtcDateTime, nullable=False),
)
audit = Table(
    "audit",
    STANDING,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("at", UtcDateTime, nullable=False),
    Column("machine", UtcDateTime, nullable=False),
    Column("by", String(120), nullable=False),
    Column("roles", String(300), nullable=False),
    Column("action", String(80), nullable=False),
    Column("ids", JsonColumn, nullable=False),
    Column("status", Integer, nullable=False),
    Column("cause", Uuid, nullable=False),
    Column("correlation", Uuid, nullable=False),
)
