"""Where names have signed in before."""

import sqlalchemy as sa
from alembic import op

from app.store.schema import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table, with one row per name and address block."""
    op.create_table(
        "known_addresses",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("mark", sa.String(64), nullable=False),
        sa.Column("name_mark", sa.String(64), nullable=False),
        sa.Column("seen_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_known_addresses"),
        sa.UniqueConstraint("mark", name="uq_known_addresses_mark"),
    )
    op.create_index("ix_known_addresses_name_mark", "known_addresses", ["name_mark"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("known_addresses")
