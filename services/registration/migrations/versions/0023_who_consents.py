"""Who gave a consent is kept: the person, who is responsible for the child, or a proxy. Of an earlier one it is not."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

HOW = "how IN ('own', 'by_responsible', 'by_proxy', 'not_recorded')"
REASON = "proxy_reason IS NULL OR proxy_reason IN ('child_alone', 'not_able_to_decide', 'medical_emergency')"
SOMEONE = (
    "(how IN ('own', 'by_responsible')) = (given_by IS NOT NULL) "
    "AND (how = 'by_proxy') = (proxy_name IS NOT NULL) AND (how = 'by_proxy') = (proxy_reason IS NOT NULL)"
)


def upgrade() -> None:
    how = sa.CheckConstraint(HOW, name=op.f("ck_consent_how"))
    op.add_column("consent", sa.Column("how", sa.String(), how, nullable=False, server_default="not_recorded"))
    if op.get_bind().dialect.name == "postgresql":
        op.add_column("consent", sa.Column("given_by", sa.Uuid(), nullable=True))
        op.create_foreign_key(op.f("fk_consent_given_by"), "consent", "individual", ["given_by"], ["id"])
    else:  # SQLite takes a reference with its column alone, and other tables refer to this one: it is not made anew
        op.execute("ALTER TABLE consent ADD COLUMN given_by CHAR(32) REFERENCES individual (id)")
    reason = sa.CheckConstraint(REASON, name=op.f("ck_consent_proxy_reason"))
    op.add_column("consent", sa.Column("proxy_reason", sa.String(), reason, nullable=True))
    someone = sa.CheckConstraint(SOMEONE, name=op.f("ck_consent_given_by_someone"))
    op.add_column("consent", sa.Column("proxy_name", sa.String(), someone, nullable=True))
    op.add_column("consent", sa.Column("child_agrees", sa.Boolean(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("A schema goes forward; a back-up leads back.")
