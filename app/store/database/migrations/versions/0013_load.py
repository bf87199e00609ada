"""The load of groups: what is kept of it, when each was read, and what the key is used for."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

FIGURES = (
    "memory_used_gb",
    "memory_total_gb",
    "cpu_share",
    "cpu_share_least",
    "cpu_cores",
    "queries",
    "memory_failures",
    "failed_queries",
)


def upgrade() -> None:
    """Make both tables, and room for what was read of the load lately."""
    op.create_table(
        "load_targets",
        sa.Column("service_id", sa.String(36), nullable=False),
        sa.Column("watched_at", sa.Double),
        sa.Column("tried_at", sa.Double),
        sa.Column("counted_at", sa.Double),
        sa.Column("counters", sa.JSON, nullable=False),
        sa.Column("hours", sa.JSON, nullable=False),
        sa.Column("error", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("service_id", name="pk_load_targets"),
    )
    op.create_table(
        "load_buckets",
        sa.Column("service_id", sa.String(36), nullable=False),
        sa.Column("starts_at", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("activity", sa.Integer, nullable=False),
        *(sa.Column(name, sa.Double) for name in FIGURES),
        sa.Column("replicas", sa.Integer, nullable=False),
        sa.Column("min_gb", sa.Integer),
        sa.Column("max_gb", sa.Integer),
        sa.PrimaryKeyConstraint("service_id", "starts_at", name="pk_load_buckets"),
        sqlite_with_rowid=False,
    )
    samples = sa.Column("samples", sa.JSON, nullable=False, server_default="[]")
    op.add_column("request_budget", samples)


def downgrade() -> None:
    """Drop them."""
    op.drop_column("request_budget", "samples")
    op.drop_table("load_buckets")
    op.drop_table("load_targets")
