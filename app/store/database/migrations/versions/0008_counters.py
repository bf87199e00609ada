"""What all processes count together: the request budget of the key, and attempts to sign in."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables. Their first rows come with the first use."""
    op.create_table(
        "request_budget",
        sa.Column("id", sa.Integer, autoincrement=False),
        sa.Column("reads", sa.JSON, nullable=False),
        sa.Column("changes", sa.JSON, nullable=False),
        sa.Column("reads_closed_until", sa.Double, nullable=False),
        sa.Column("all_closed_until", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_request_budget"),
    )
    op.create_table(
        "sign_in_attempts",
        sa.Column("id", sa.Integer),
        sa.Column("throttle", sa.String(16), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("mark", sa.String(64), nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("blocked_until", sa.Double, nullable=False),
        sa.Column("blocked_before", sa.Double, nullable=False),
        sa.Column("moments", sa.JSON, nullable=False),
        sa.Column("changed_at", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_attempts"),
        sa.UniqueConstraint("mark", name="uq_sign_in_attempts_mark"),
    )
    op.create_index(
        "ix_sign_in_attempts_throttle_kind_changed_at",
        "sign_in_attempts",
        ["throttle", "kind", "changed_at"],
    )
    op.create_table(
        "sign_in_checks",
        sa.Column("id", sa.Integer),
        sa.Column("throttle", sa.String(16), nullable=False),
        sa.Column("name_mark", sa.String(64), nullable=False),
        sa.Column("block_mark", sa.String(64), nullable=False),
        sa.Column("expires_at", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_checks"),
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("sign_in_checks", "sign_in_attempts", "request_budget"):
        op.drop_table(table)
