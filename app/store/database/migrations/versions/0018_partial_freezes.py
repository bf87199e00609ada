"""Freezes of one warehouse or one group. An older version beside this one does not know them."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "partial_freezes",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("scope", sa.String(16), nullable=False),
        sa.Column("target", sa.String(64), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("frozen_by", sa.String(256), nullable=False),
        sa.Column("frozen_at", moment, nullable=False),
        sa.Column("lifted_by", sa.String(256)),
        sa.Column("lifted_at", moment),
        sa.PrimaryKeyConstraint("id", name="pk_partial_freezes"),
    )
    op.create_index(
        "uq_partial_freezes_one_in_force",
        "partial_freezes",
        ["scope", "target"],
        unique=True,
        sqlite_where=sa.text("lifted_at IS NULL"),
        postgresql_where=sa.text("lifted_at IS NULL"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("partial_freezes")
