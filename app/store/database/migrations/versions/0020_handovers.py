"""Schedules that were given to Cloud. An older version takes their entries for somebody else's."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table, with one row for each group."""
    op.create_table(
        "schedule_handovers",
        sa.Column("service_id", sa.String(36), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("entries", sa.JSON, nullable=False),
        sa.Column("warehouse", sa.String(64), nullable=False),
        sa.Column("user", sa.String(256), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("service_id", name="pk_schedule_handovers"),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("schedule_handovers")
