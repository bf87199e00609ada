"""Which starts and stops of schedules were acted on. An older version stops and starts nothing."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table, with one row for each due instant."""
    op.create_table(
        "schedule_command_edges",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("service_id", sa.String(36), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reference", sa.String(16), nullable=False),
        sa.Column("error", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_schedule_command_edges"),
        sa.UniqueConstraint(
            "service_id",
            "version",
            "due_at",
            name="uq_schedule_command_edges_service_id_version_due_at",
        ),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("schedule_command_edges")
