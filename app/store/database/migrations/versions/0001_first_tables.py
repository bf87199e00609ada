"""Sessions, changes, and times when changes are off."""

import sqlalchemy as sa
from alembic import op

from app.store.schema import UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

IN_FLIGHT = sa.text("state IN ('applying', 'unknown') AND settled_at IS NULL")


def upgrade() -> None:
    """Create the tables and the rule of one change in flight per group."""
    _create_sessions()
    _create_changes()
    _create_freezes()
    op.create_index(
        "uq_changes_one_in_flight",
        "changes",
        ["service_id"],
        unique=True,
        sqlite_where=IN_FLIGHT,
        postgresql_where=IN_FLIGHT,
    )


def _create_sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("is_admin", sa.Boolean, nullable=False),
        sa.Column("warehouse", sa.String(64), nullable=False),
        sa.Column("user", sa.String(256), nullable=False),
        sa.Column("roles", sa.JSON, nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("seen_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
        sa.UniqueConstraint("token_hash", name="uq_sessions_token_hash"),
    )
    op.create_index("ix_sessions_warehouse_user", "sessions", ["warehouse", "user"])


def _create_changes() -> None:
    op.create_table(
        "changes",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("reference", sa.String(16), nullable=False),
        sa.Column("act", sa.String(8), nullable=False),
        sa.Column("service_id", sa.String(36), nullable=False),
        sa.Column("warehouse", sa.String(64), nullable=False),
        sa.Column("user", sa.String(256), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("before", sa.JSON),
        sa.Column("target", sa.JSON),
        sa.Column("patch", sa.JSON, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("sent_at", UtcDateTime),
        sa.Column("settled_at", UtcDateTime),
        sa.Column("settled_by", sa.String(16)),
        sa.Column("settled_note", sa.Text, nullable=False),
        sa.Column("cloud_request_id", sa.String(64)),
        sa.Column("effective_at", UtcDateTime),
        sa.PrimaryKeyConstraint("id", name="pk_changes"),
        sa.UniqueConstraint("reference", name="uq_changes_reference"),
    )
    op.create_index("ix_changes_service_id_created_at", "changes", ["service_id", "created_at"])


def _create_freezes() -> None:
    op.create_table(
        "freezes",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("frozen_by", sa.String(256), nullable=False),
        sa.Column("frozen_at", UtcDateTime, nullable=False),
        sa.Column("lifted_by", sa.String(256)),
        sa.Column("lifted_at", UtcDateTime),
        sa.PrimaryKeyConstraint("id", name="pk_freezes"),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("freezes")
    op.drop_table("changes")
    op.drop_table("sessions")
