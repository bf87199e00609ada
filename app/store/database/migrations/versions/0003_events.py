"""The audit log."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table; two events after the same one are impossible."""
    op.create_table(
        "events",
        sa.Column("seq", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("prev_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("time", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("result", sa.String(16), nullable=False),
        sa.Column("warehouse", sa.String(64), nullable=False),
        sa.Column("user", sa.Text, nullable=False),
        sa.Column("service_id", sa.String(36), nullable=False),
        sa.Column("reference", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_events"),
        sa.UniqueConstraint("prev_hash", name="uq_events_prev_hash"),
    )
    op.create_index("ix_events_service_id_seq", "events", ["service_id", "seq"])
    op.create_index("ix_events_time", "events", ["time"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("events")
