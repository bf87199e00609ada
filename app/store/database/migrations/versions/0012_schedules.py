"""Schedules with their versions, what people ordered besides, and which edges have acted."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the four tables."""
    op.create_table(
        "schedules",
        sa.Column("service_id", sa.String(36), primary_key=True),
        sa.Column("version", sa.Integer),
        sa.Column("latest", sa.Integer, nullable=False),
        sa.Column("paused_until", MOMENT),
    )
    _create_versions()
    op.create_table(
        "schedule_skips",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("service_id", sa.String(36), nullable=False),
        sa.Column("window", sa.String(60), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.UniqueConstraint(
            "service_id", "window", "day", name="uq_schedule_skips_service_id_window_day"
        ),
    )
    _create_edges()


def _create_versions() -> None:
    op.create_table(
        "schedule_versions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("service_id", sa.String(36), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("settings", sa.JSON, nullable=False),
        sa.Column("warehouse", sa.String(64), nullable=False),
        sa.Column("user", sa.String(256), nullable=False),
        sa.Column("roles", sa.JSON, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.UniqueConstraint(
            "service_id", "version", name="uq_schedule_versions_service_id_version"
        ),
    )


def _create_edges() -> None:
    op.create_table(
        "schedule_edges",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("service_id", sa.String(36), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("claimed_at", MOMENT, nullable=False),
        sa.Column("reference", sa.String(16), nullable=False),
        sa.Column("error", sa.String(64), nullable=False),
        sa.UniqueConstraint(
            "service_id", "version", "due_at", name="uq_schedule_edges_service_id_version_due_at"
        ),
    )


def downgrade() -> None:
    """Drop them."""
    for name in ("schedule_edges", "schedule_skips", "schedule_versions", "schedules"):
        op.drop_table(name)
