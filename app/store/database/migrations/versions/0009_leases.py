"""Who leads the jobs, when they ran, which processes serve, and what still has to take effect."""

import sqlalchemy as sa
from alembic import op

from app.store.schema import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

EFFECT_NOT_SEEN = sa.text("state = 'applied' AND effective_at IS NULL")


def upgrade() -> None:
    """Make the tables and the index."""
    op.create_table(
        "leases",
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("holder", sa.String(256), nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        sa.Column("round_at", UtcDateTime),
        sa.PrimaryKeyConstraint("name", name="pk_leases"),
    )
    op.create_table(
        "job_runs",
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("holder", sa.String(256), nullable=False),
        sa.Column("ran_at", UtcDateTime, nullable=False),
        sa.Column("next_at", UtcDateTime, nullable=False),
        sa.Column("error", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_job_runs"),
    )
    op.create_table(
        "replicas",
        sa.Column("process", sa.String(256), nullable=False),
        sa.Column("began_at", UtcDateTime, nullable=False),
        sa.Column("seen_at", UtcDateTime, nullable=False),
        sa.Column("rules_hash", sa.String(64), nullable=False),
        sa.Column("rules_since", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("process", name="pk_replicas"),
    )
    op.create_index(
        "ix_changes_effect_not_seen",
        "changes",
        ["settled_at"],
        sqlite_where=EFFECT_NOT_SEEN,
        postgresql_where=EFFECT_NOT_SEEN,
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_changes_effect_not_seen", "changes")
    for table in ("replicas", "job_runs", "leases"):
        op.drop_table(table)
