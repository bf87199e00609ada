"""The groups that people have marked as their favourites."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table, with one row per mark."""
    op.create_table(
        "favourites",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("warehouse", sa.String(64), nullable=False),
        sa.Column("user", sa.String(256), nullable=False),
        sa.Column("service_id", sa.String(36), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_favourites"),
        sa.UniqueConstraint(
            "warehouse", "user", "service_id", name="uq_favourites_warehouse_user_service_id"
        ),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("favourites")
