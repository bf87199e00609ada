"""Keys that programs give their requests."""

import sqlalchemy as sa
from alembic import op

from app.store.schema import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table, with one row per user and key."""
    op.create_table(
        "idempotency_keys",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("warehouse", sa.String(64), nullable=False),
        sa.Column("user", sa.String(256), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("request_hash", sa.String(64), nullable=False),
        sa.Column("change_reference", sa.String(16), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_idempotency_keys"),
        sa.UniqueConstraint(
            "warehouse", "user", "key", name="uq_idempotency_keys_warehouse_user_key"
        ),
    )
    op.create_index(
        "ix_idempotency_keys_change_reference", "idempotency_keys", ["change_reference"]
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("idempotency_keys")
