"""Exceptions for one individual of a case, decisions past their last day, changes carried through cases in steps."""

import sqlalchemy as sa
from alembic import op

from shared.database import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_ALIVE = "status IN ('asked', 'approved')"
_OF_CASE, _OF_ONE = f"{_ALIVE} AND individual_id IS NULL", f"{_ALIVE} AND individual_id IS NOT NULL"


def upgrade() -> None:
    op.add_column("rule_exception", sa.Column("individual_id", sa.Uuid(), nullable=True))
    op.drop_index("uq_rule_exception_alive", table_name="rule_exception")
    rule = ["case_id", "programme", "rule"]
    _index("uq_rule_exception_alive", "rule_exception", rule, _OF_CASE, unique=True)
    _index("uq_rule_exception_alive_of_one", "rule_exception", [*rule, "individual_id"], _OF_ONE, unique=True)
    _index("ix_rule_exception_ends", "rule_exception", ["valid_until", "case_id"], _ALIVE)
    op.add_column("standing", sa.Column("good_until", sa.Date(), nullable=True))
    op.execute(
        "UPDATE standing SET good_until = (SELECT good_until FROM decision WHERE decision.id = standing.decision_id)"
        " WHERE ended IS NULL AND decision_id IS NOT NULL"
    )
    dated = "ended IS NULL AND good_until IS NOT NULL"
    _index("ix_standing_good_until", "standing", ["good_until", "id"], dated)
    op.add_column("coming_change", sa.Column("since", UtcDateTime(), nullable=True))
    op.add_column("coming_change", sa.Column("cause", sa.Uuid(), nullable=True))
    op.add_column("coming_change", sa.Column("reached", sa.Uuid(), nullable=True))
    _index("ix_coming_change_under_way", "coming_change", ["id"], "done_at IS NULL AND since IS NOT NULL")
    _keep_what_waits()


def _index(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


def _keep_what_waits() -> None:
    """Each case that a change had marked to be looked at becomes a change of its own, under way."""
    standing = sa.table(
        "standing",
        sa.column("id", sa.Uuid()),
        sa.column("look_since", UtcDateTime()),
        sa.column("look_cause", sa.Uuid()),
        sa.column("look_because", sa.String()),
    )
    change = sa.table(
        "coming_change",
        sa.column("id", sa.Uuid()),
        sa.column("due_on", sa.Date()),
        sa.column("because", sa.String()),
        sa.column("case_id", sa.Uuid()),
        sa.column("since", UtcDateTime()),
        sa.column("cause", sa.Uuid()),
        sa.column("announced_at", UtcDateTime()),
    )
    marked = standing.c.look_since.is_not(None)
    for row in op.get_bind().execute(sa.select(standing).where(marked)).all():
        values = {
            "id": row.id,
            "due_on": row.look_since.date(),
            "because": row.look_because,
            "case_id": row.id,
            "since": row.look_since,
            "cause": row.look_cause,
            "announced_at": row.look_since,
        }
        op.get_bind().execute(sa.insert(change).values(**values))
    done = {"look_since": None, "look_cause": None, "look_because": None}
    op.get_bind().execute(sa.update(standing).where(marked).values(**done))


def downgrade() -> None:
    raise NotImplementedError("A schema goes forward; a back-up leads back.")
